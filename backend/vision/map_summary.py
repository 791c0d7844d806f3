"""Heat maps on the face: kept to its skin, and in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo
from backend.vision.grad_cam import HEATMAP_SIDE_PX, Heatmap
from backend.vision.measured import measured
from backend.vision.regions import Region, region_masks
from backend.vision.skin_mask import Mask, lip_mask, skin_mask
from backend.vocabulary import Attribute

_DIGITS: Final = 4
_SPILL_PX: Final = 3 * HEATMAP_SIDE_PX // 32
"""How far from the skin evidence may be that belongs to it. The graders' maps have 16 cells a side:
the centre of one that an edge runs through lies up to half a cell beyond it, and its evidence is
drawn up to a whole one from there."""


@dataclass(frozen=True, slots=True)
class MapSummary:
    """Where the evidence of one map lies.

    Attributes:
        regions: share of the map's evidence in each region, 0 to 1; what lies in none of them is
            missing from their sum. All 0 of an empty map.
        peak_region: the region of the strongest evidence; None where it lies in none of them, or
            the map is empty.
        skin_share: share of the evidence that lay on skin before the map was kept to it, not on
            hair, eyes, brows or background, 0 to 1; None of an empty map.
    """

    regions: Mapping[Region, float]
    peak_region: Region | None
    skin_share: float | None


@dataclass(frozen=True)
class FaceLayout:
    """Which cells of a heat map are which part of the face.

    Attributes:
        regions: per region bool (128, 128); no cell is in two.
        skin: float32 (128, 128) in [0, 1].
        lips: float32 (128, 128) in [0, 1], with the mouth between them; they are no skin.
    """

    regions: Mapping[Region, npt.NDArray[np.bool_]]
    skin: Mask
    lips: Mask

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
        return cls(
            region_masks(points, side_px=HEATMAP_SIDE_PX),
            skin_mask(small, points),
            lip_mask(points, side_px=HEATMAP_SIDE_PX),
        )

    def where(self, attribute: Attribute) -> Mask:
        """How far each cell is skin that an attribute shows on; dryness shows on lips too.

        Returns:
            float32 (128, 128) in [0, 1].
        """
        return np.maximum(self.skin, self.lips) if attribute is Attribute.HYDRATION else self.skin

    def on_skin(self, heatmap: Heatmap, attribute: Attribute) -> Heatmap:
        """A map without what its coarse cells spill over the edges of the skin.

        Evidence further away than they reach is no spill and stays: a map that lights up the
        background says something that has to be seen.

        Args:
            heatmap: float32 (128, 128), at least 0, on the crop.
            attribute: whose.

        Returns:
            float32 (128, 128).
        """
        kept = self._kept_with_lips if attribute is Attribute.HYDRATION else self._kept_of_skin
        return np.asarray(heatmap * kept, dtype=np.float32)

    @measured
    def _kept_of_skin(self) -> Mask:
        return _without_spill(self.skin)

    @measured
    def _kept_with_lips(self) -> Mask:
        return _without_spill(np.maximum(self.skin, self.lips))

    def summarise(self, heatmap: Heatmap, attribute: Attribute) -> MapSummary:
        """Say in numbers where a map's evidence lies.

        Args:
            heatmap: float32 (128, 128), at least 0, on the crop, before it was kept to the skin.
            attribute: whose.
        """
        shown = self.on_skin(heatmap, attribute)
        total = float(shown.sum())
        if total <= 0:
            return MapSummary(dict.fromkeys(Region, 0.0), None, None)
        shares = {
            region: round(float(shown[cells].sum()) / total, _DIGITS)
            for region, cells in self.regions.items()
        }
        highest = np.unravel_index(int(shown.argmax()), shown.shape)
        peak = [region for region, cells in self.regions.items() if cells[highest]]
        on_skin = float((heatmap * self.where(attribute)).sum()) / float(heatmap.sum())
        return MapSummary(shares, peak[0] if peak else None, round(on_skin, _DIGITS))


def _without_spill(skin: Mask) -> Mask:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _SPILL_PX + 1,) * 2)
    return np.asarray(np.maximum(skin, 1 - cv2.dilate(skin, disc)), dtype=np.float32)
