"""Evens out the light of a photo as far as it is unlike any that the networks have learned from.

Networks that know a face in the light of rooms and days say little that is true of one under a red
lamp, in a dark room or lit from one side. What such light did to the colours can be told from the
face and taken back by a factor for each pixel and channel; what it has drowned in noise or clipped
cannot. Light of the usual kind is left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo
from backend.vision.light import GAMMA, Cast, FaceLight

_USUAL_CAST: Final = 0.15
"""So strong a cast is left on the photo: red over green, natural logarithm."""
_USUAL_SLOPE: Final = 0.5
"""So much light from one side is left: natural logarithm over half the crop's side."""
_USUAL_WHITE: Final = 100.0
"""Photos are brightened until the white of the eyes is as bright, 0 to 255; of good photos a
fiftieth has darker ones."""
_HIDDEN_EYES: Final = (0.7, 0.9)
"""The white of the eyes beside the skin: below the first dark glasses hide it and nothing can be
said of the exposure, above the second it is seen."""


@dataclass(frozen=True, slots=True)
class LightCorrection:
    """What is taken back of a photo's light.

    Attributes:
        stops: by how much it is brightened, photographic stops, 0 or more.
        cast: which colour is taken out: redder than usual, and yellower, natural logarithms of
            ratios of channels in linear light.
        slope: x, y, how much of the light from one side: natural logarithm over half the crop's
            side, towards where it is brighter on the image.
    """

    stops: float
    cast: Cast
    slope: tuple[float, float]

    @classmethod
    def of(cls, light: FaceLight) -> Self:
        """What has to be taken back of the light on a face."""
        return cls(_stops(light), _cast(light), _beyond(light.brighter, _USUAL_SLOPE))

    @property
    def brightening(self) -> Self:
        """Of it only what brightens the photo."""
        return replace(self, cast=(0.0, 0.0), slope=(0.0, 0.0))

    def seen_brighter(self, light: FaceLight) -> Self:
        """The same with colour and direction of the light as they are told after brightening."""
        return replace(type(self).of(light), stops=self.stops)

    def __bool__(self) -> bool:
        """Whether there is anything to take back."""
        return self.stops > 0 or any(self.cast) or any(self.slope)

    def apply(self, crop: Photo) -> Photo:
        """The crop as it would look in the usual light.

        Args:
            crop: RGB uint8 (S, S, 3), the aligned crop.

        Returns:
            RGB uint8 (S, S, 3); the same where nothing is to be taken back.
        """
        if not self:
            return crop
        half = crop.shape[0] / 2
        along = np.arange(crop.shape[0]) / half - 1
        across, down = (_factor(-slope * along) for slope in self.slope)
        red, yellow = self.cast
        brighter = self.stops * math.log(2)
        channels = _factor(brighter + np.array([-red, 0.0, yellow]))
        factors = (down[:, None] * across)[..., None] * channels
        return np.asarray(cv2.multiply(crop, factors, dtype=cv2.CV_8U), dtype=np.uint8)


def _factor(logarithms: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Factors for what the photo holds, from logarithms of those for linear light."""
    return np.exp(logarithms / GAMMA).astype(np.float32)


def _stops(light: FaceLight) -> float:
    # Where the eyes lie in shade the skin itself shows that there is light enough.
    white = max(light.eye_white, light.brightness, 1.0)
    trusted = float(np.interp(light.white_share, _HIDDEN_EYES, (0.0, 1.0)))
    return trusted * max(0.0, GAMMA * math.log2(_USUAL_WHITE / white))


def _cast(light: FaceLight) -> Cast:
    """What skin and eye whites agree on: red skin is no red lamp, nor are red eyes."""
    red = _agreed(light.of_skin[0], light.of_eyes[0])
    half_yellow = _agreed(light.of_skin[1], light.of_eyes[1])
    red, half_yellow = _beyond((red, half_yellow), _USUAL_CAST)
    return red, 2 * half_yellow


def _agreed(one: float, other: float) -> float:
    """The smaller of two that point the same way, else 0.

    >>> _agreed(-0.4, -0.3), _agreed(0.2, -0.1)
    (-0.3, 0.0)
    """
    return math.copysign(min(abs(one), abs(other)), one) if one * other > 0 else 0.0


def _beyond(vector: tuple[float, float], usual: float) -> tuple[float, float]:
    """What is left of a vector when this length is taken from it.

    >>> _beyond((0.0, -2.0), 0.5), _beyond((0.3, 0.0), 0.5)
    ((0.0, -1.5), (0.0, 0.0))
    """
    length = math.hypot(*vector)
    if length <= usual:
        return 0.0, 0.0
    share = 1 - usual / length
    return share * vector[0], share * vector[1]
