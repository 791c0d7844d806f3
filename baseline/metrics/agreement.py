"""How alike repeated measurements of one thing are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def intraclass_correlation(groups: Sequence[Sequence[float]]) -> float:
    """Share of the variance that lies between things and not between measurements of one.

    ICC(1,1) of Shrout and Fleiss 1979, doi:10.1037/0033-2909.86.2.420, by one-way analysis of
    variance; groups may differ in size (Donner 1986, doi:10.2307/1403259).

    Args:
        groups: the measurements of each thing.

    Returns:
        At most 1; NaN where nothing varies.

    Raises:
        ValueError: there are fewer than two things, or none was measured twice.

    >>> round(intraclass_correlation([[1.0, 2.0], [4.0, 5.0], [8.0, 9.0]]), 4)
    0.9603
    """
    arrays = [np.asarray(group, dtype=np.float64) for group in groups if len(group)]
    sizes = np.array([len(array) for array in arrays])
    things, total = len(arrays), int(sizes.sum())
    if things < 2 or total == things:
        raise ValueError("expected at least two things, one of them measured twice")
    grand = np.concatenate(arrays).mean()
    means = np.array([array.mean() for array in arrays])
    between = float((sizes * (means - grand) ** 2).sum()) / (things - 1)
    within = sum(float(((a - a.mean()) ** 2).sum()) for a in arrays) / (total - things)
    typical_size = (total - float((sizes**2).sum()) / total) / (things - 1)
    spread = between + (typical_size - 1) * within
    return (between - within) / spread if spread > 0 else float("nan")
