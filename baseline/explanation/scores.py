"""What one heat map is worth against the region of the sign. Every map is float32 (128, 128)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from backend.vision.grad_cam import Heatmap
from baseline.explanation.truth import Region


def pointing(heatmap: Heatmap, region: Region) -> float:
    """1 where the map's highest cell lies on the sign, else 0; an empty map points nowhere.

    The pointing game of Zhang et al. 2018, doi:10.1007/s11263-017-1059-x. Of several equally high
    cells the share that lies on the sign.

    >>> pointing(np.array([[0.0, 2.0]], np.float32), np.array([[False, True]]))
    1.0
    """
    highest = float(heatmap.max())
    if highest <= 0:
        return 0.0
    return float(region[heatmap >= highest].mean())


def energy_inside(heatmap: Heatmap, region: Region) -> float:
    """Share of the map's mass that lies on a region; 0 of an empty map.

    The energy-based pointing game of Wang et al. 2020, doi:10.1109/CVPRW50498.2020.00020.

    >>> energy_inside(np.array([[1.0, 3.0]], np.float32), np.array([[False, True]]))
    0.75
    """
    total = float(heatmap.sum())
    return float(heatmap[region].sum()) / total if total > 0 else 0.0


def overlap(heatmap: Heatmap, region: Region, *, threshold: float) -> float:
    """Intersection over union of a region and the cells above a threshold; 0 of an empty map.

    >>> overlap(np.array([[0.6, 0.9]], np.float32), np.array([[False, True]]), threshold=0.5)
    0.5
    """
    lit = heatmap > threshold
    union = int((lit | region).sum())
    return int((lit & region).sum()) / union if union else 0.0


def similarity(one: Heatmap, other: Heatmap, within: npt.NDArray[np.bool_]) -> float:
    """Spearman's rank correlation of two maps, cell by cell; NaN where one of them is flat.

    Args:
        one: a map.
        other: another.
        within: which cells count: those that both leave empty for good are alike in any two maps.

    >>> one, other = np.array([[0.1, 0.2, 0.3, 0.0]]), np.array([[1.0, 2.0, 3.0, 0.0]])
    >>> similarity(one, other, one > 0)
    1.0
    """
    ours, theirs = one[within], other[within]
    if ours.size == 0 or np.ptp(ours) == 0 or np.ptp(theirs) == 0:
        return float("nan")
    return float(spearmanr(ours, theirs).statistic)


def brightest(heatmap: Heatmap, within: npt.NDArray[np.bool_], *, share: float) -> Region:
    """The cells of highest evidence that make up a share of a region.

    >>> cells = np.array([[0.1, 0.5, 0.9, 0.7]], np.float32)
    >>> brightest(cells, np.array([[True, True, False, True]]), share=0.34).tolist()
    [[False, False, False, True]]
    """
    wanted = max(1, round(share * int(within.sum())))
    order = np.argsort(np.where(within, -heatmap, np.inf), axis=None, kind="stable")
    chosen = np.zeros(heatmap.size, np.bool_)
    chosen[order[:wanted]] = True
    return chosen.reshape(heatmap.shape)
