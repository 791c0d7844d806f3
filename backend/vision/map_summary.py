"""Heat maps in numbers: how much of the evidence lies in each region of the face, and on skin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo
from backend.vision.grad_cam import HEATMAP_SIDE_PX, Heatmap
from backend.vision.regions import Region, region_masks
from backend.vision.skin_mask import Mask, skin_mask

_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class MapSummary:
    """Where the evidence of one map lies.

    Attributes:
        regions: share of the map's evidence in each region, 0 to 1; what lies in none of them is
            missing from their sum. All 0 of an empty map.
        peak_region: the region of the strongest evidence; None where it lies in none of them, or
            the map is empty.
        skin_share: share of the evidence that lies on skin, not on hair, eyes, brows, lips or
            background, 0 to 1; None of an empty map.
    """

    regions: Mapping[Region, float]
    peak_region: Region | None
    skin_share: float | None


@dataclass(frozen=True, slots=True)
class FaceLayout:
    """Which cells of a heat map are which part of the face.

    Attributes:
        regions: per region bool (128, 128); no cell is in two.
        skin: float32 (128, 128) in [0, 1].
    """

    regions: Mapping[Region, npt.NDArray[np.bool_]]
    skin: Mask

    @classmethod
    def of(cls, crop: Photo, landmarks: npt.ArrayLike) -> Self:
        """Lay out a face.

        Args:
            crop: RGB uint8 (S, S, 3), the aligned crop.
            landmarks: (189, 2), x and y, pixels of the crop.
        """
        cell_px = crop.shape[0] / HEATMAP_SIDE_PX
        # Pixel centres lie at whole numbers, on the crop and on the map.
        points = (np.asarray(landmarks, dtype=np.float64) + 0.5) / cell_px - 0.5
        size = (HEATMAP_SIDE_PX, HEATMAP_SIDE_PX)
        small = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        return cls(region_masks(points, side_px=HEATMAP_SIDE_PX), skin_mask(small, points))

    def summarise(self, heatmap: Heatmap) -> MapSummary:
        """Say in numbers where a map's evidence lies.

        Args:
            heatmap: float32 (128, 128), at least 0, on the crop.
        """
        total = float(heatmap.sum())
        if total <= 0:
            return MapSummary(dict.fromkeys(Region, 0.0), None, None)
        shares = {
            region: round(float(heatmap[cells].sum()) / total, _DIGITS)
            for region, cells in self.regions.items()
        }
        highest = np.unravel_index(int(heatmap.argmax()), heatmap.shape)
        peak = [region for region, cells in self.regions.items() if cells[highest]]
        on_skin = float((heatmap * self.skin).sum()) / total
        return MapSummary(shares, peak[0] if peak else None, round(on_skin, _DIGITS))
