"""Heat maps kept to the skin of a face, and what is said of them in numbers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vision.map_summary import FaceLayout
from backend.vision.regions import EYE_CENTRES, LIPS, Region, region_masks
from backend.vocabulary import Attribute

SIDE_PX = 256


def full() -> np.ndarray:
    """A map that is everywhere alike."""
    return np.full((HEATMAP_SIDE_PX, HEATMAP_SIDE_PX), 0.5, np.float32)


def cell(point: np.ndarray) -> tuple[int, int]:
    """Row and column of the map's cell at a point of the crop."""
    column, row = np.round(point * HEATMAP_SIDE_PX / SIDE_PX).astype(int)
    return int(row), int(column)


def test_evidence_on_one_region_is_all_that_regions(sample: tuple[np.ndarray, np.ndarray]) -> None:
    crop, landmarks = sample
    layout = FaceLayout.of(crop, landmarks)
    for region, cells in layout.regions.items():
        found = layout.summarise(cells.astype(np.float32), Attribute.OIL)
        assert found.regions == {one: float(one is region) for one in Region}
        assert found.peak_region is region
    # The same layout at the crop's own size, shrunk: landmarks moved along with the pixels.
    cheek = region_masks(landmarks, side_px=SIDE_PX)[Region.CHEEK_LEFT].astype(np.float32)
    small = cv2.resize(cheek, (HEATMAP_SIDE_PX,) * 2, interpolation=cv2.INTER_AREA)
    assert (
        layout.summarise(np.asarray(small, np.float32), Attribute.OIL).regions[Region.CHEEK_LEFT]
        > 0.97
    )


def test_evidence_beside_the_face_lies_in_no_region_and_on_no_skin(
    sample: tuple[np.ndarray, np.ndarray],
) -> None:
    layout = FaceLayout.of(*sample)
    corner = np.zeros((HEATMAP_SIDE_PX, HEATMAP_SIDE_PX), np.float32)
    corner[:4, :4] = 0.5
    found = layout.summarise(corner, Attribute.OIL)
    assert (sum(found.regions.values()), found.peak_region, found.skin_share) == (0, None, 0)
    half = layout.skin / layout.skin.sum() + corner / corner.sum()
    share = layout.summarise(np.asarray(half, np.float32), Attribute.OIL).skin_share
    assert share == pytest.approx(0.5, abs=0.05)


def test_an_empty_map_has_evidence_nowhere(sample: tuple[np.ndarray, np.ndarray]) -> None:
    empty = np.zeros((HEATMAP_SIDE_PX, HEATMAP_SIDE_PX), np.float32)
    found = FaceLayout.of(*sample).summarise(empty, Attribute.OIL)
    assert set(found.regions.values()) == {0.0}
    assert (found.peak_region, found.skin_share) == (None, None)


def test_what_coarse_cells_spill_over_the_edges_of_the_skin_is_left_out(
    sample: tuple[np.ndarray, np.ndarray],
) -> None:
    crop, landmarks = sample
    layout = FaceLayout.of(crop, landmarks)
    shown = layout.on_skin(full(), Attribute.WRINKLE)
    for point in (*landmarks[list(EYE_CENTRES)], landmarks[list(LIPS)].mean(axis=0)):
        assert shown[cell(point)] < 0.02
    bare = layout.skin > 0.99
    np.testing.assert_allclose(shown[bare], full()[bare], rtol=0.01)


def test_evidence_far_from_the_skin_stays_to_be_seen(
    sample: tuple[np.ndarray, np.ndarray],
) -> None:
    shown = FaceLayout.of(*sample).on_skin(full(), Attribute.OIL)
    np.testing.assert_array_equal(shown[:4, :4], full()[:4, :4])


def test_dryness_shows_on_lips_and_nothing_else_does(
    sample: tuple[np.ndarray, np.ndarray],
) -> None:
    crop, landmarks = sample
    layout = FaceLayout.of(crop, landmarks)
    mouth = cell(landmarks[list(LIPS)].mean(axis=0))
    for attribute in Attribute:
        shown = layout.on_skin(full(), attribute)
        assert (shown[mouth] > 0.49) == (attribute is Attribute.HYDRATION)
    shares = {one: layout.summarise(layout.lips, one).skin_share for one in Attribute}
    assert shares[Attribute.HYDRATION] == pytest.approx(1, abs=0.1)
    assert shares[Attribute.OIL] == pytest.approx(0, abs=0.1)
