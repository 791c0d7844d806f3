"""On how many threads this process computes one thing."""

from __future__ import annotations

import sys

import cv2


def limit_threads(count: int) -> None:
    """Let OpenCV, and PyTorch where it is loaded, compute on so many threads for each caller.

    By default either takes every core for each caller: where many call at once, threads by the
    square of the cores fight for them. It counts for the whole process.

    Args:
        count: at least 1.
    """
    cv2.setNumThreads(count)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(count)
