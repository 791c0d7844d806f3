"""What is measured of faces is measured once for each, and of several faces at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backend.vision import map_summary
from backend.vision.aligned_face import AlignedFace
from backend.vision.face import Face
from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vision.map_summary import FaceLayout
from backend.vision.measured import measured
from backend.vision.pose import Pose
from backend.vocabulary import Attribute

PATIENCE_S = 10
MAP = np.zeros((HEATMAP_SIDE_PX, HEATMAP_SIDE_PX), np.float32)


def blank_face() -> AlignedFace:
    face = Face((0.0, 0.0, 1.0, 1.0), np.zeros((189, 2), np.float32), Pose(0.0, 0.0, 0.0))
    return AlignedFace.of_crop(np.zeros((512, 512, 3), np.uint8), face)


def lay_out() -> object:
    return blank_face().layout


def keep_to_skin() -> object:
    return FaceLayout({}, MAP, MAP).on_skin(MAP, Attribute.OIL)


@pytest.mark.parametrize("measure", [lay_out, keep_to_skin])
def test_two_faces_are_measured_at_the_same_time(
    measure: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=PATIENCE_S)

    def meet(*_given: object) -> np.ndarray:
        # Broken where one waits for the other to be done.
        both.wait()
        return MAP

    monkeypatch.setattr(FaceLayout, "of", meet)
    monkeypatch.setattr(map_summary, "_without_spill", meet)
    with ThreadPoolExecutor(2) as threads:
        for found in [threads.submit(measure) for _ in range(2)]:
            found.result()


def test_threads_that_ask_one_face_at_once_are_given_the_same() -> None:
    both = threading.Barrier(2, timeout=PATIENCE_S)

    class One:
        @measured
        def found(self) -> object:
            both.wait()
            return object()

    one = One()
    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(lambda: one.found) for _ in range(2))
    assert first.result() is second.result() is one.found


def test_what_was_measured_of_a_face_is_kept() -> None:
    face = blank_face()
    assert face._points is face._points
    assert face._points is not blank_face()._points
