"""Skin colour as light that passes two pigments, after the Beer-Lambert law.

Two layers (Tsumura et al. 2003, doi:10.1145/882262.882344; Jacques 2013,
doi:10.1088/0031-9155/58/11/R37): light crosses the epidermis with its melanin, is scattered back by
the dermis with its haemoglobin, and crosses the epidermis again. More of a pigment multiplies the
linear light by exp(-absorbance x amount), so a spot is faint on dark skin without a rule for it. A
little light turns back before it has reached any blood; on dark skin that is a large share of what
is seen, which is why redness looks fainter and browner there.

Since a logarithm turns the products into sums, three channels give back three amounts: melanin,
haemoglobin and shading (`Pigments`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

Light = npt.NDArray[np.float32]
"""Linear light, RGB float32 (H, W, 3); 1 is the photo's white."""
Field = npt.NDArray[np.float32]
"""One value per pixel, float32 (H, W)."""

MELANIN: Final = np.array([0.43, 0.64, 0.83], np.float32)
"""Relative absorbance of melanin for R, G, B: wavelength to the power -3.33 (Jacques 2013) at 610,
540 and 450 nm, scaled to 1.9 in sum; red and green raised and blue lowered because red light
travels farther through the pigment and blue less."""
DENSE_MELANIN: Final = np.array([0.53, 0.64, 0.73], np.float32)
"""The same where there is much of it, as in a whole dark face: the channels draw nearer, since the
blue light that would still be absorbed is gone."""
HAEMOGLOBIN: Final = np.array([0.10, 1.00, 0.80], np.float32)
"""Relative absorbance of blood at 70 % oxygen for R, G, B: extinctions averaged over each channel
(Jacques 2013), blue lowered because it reaches less deep into the dermis."""
EPIDERMAL_RETURN: Final = 0.01
"""Light that turns back above the blood, as a share of white."""
_DARKEST: Final = np.float32(1e-3)
_FROM_DENSITY: Final = np.linalg.inv(
    np.stack([MELANIN, HAEMOGLOBIN, np.ones(3, np.float32)], axis=1).astype(np.float64)
).astype(np.float32)


def to_linear(srgb: npt.NDArray[np.uint8]) -> Light:
    """SRGB uint8 (H, W, 3) to linear light (IEC 61966-2-1, gamma 2.2 approximation)."""
    table = np.power(np.arange(256, dtype=np.float32) / 255, np.float32(2.2))
    return np.asarray(table[srgb], dtype=np.float32)


def encoded(light: Light) -> Light:
    """Linear light as a file stores it, float32 (H, W, 3) in [0, 255]; what is over white clips."""
    levels = np.power(np.clip(light, 0, 1), np.float32(1 / 2.2)) * np.float32(255)
    return np.asarray(levels, dtype=np.float32)


def to_srgb(light: Light) -> npt.NDArray[np.uint8]:
    """Linear light to sRGB uint8 (H, W, 3); what is over white clips."""
    return np.asarray(encoded(light) + np.float32(0.5), dtype=np.uint8)


def absorb(light: Light, amount: Field, absorbance: npt.NDArray[np.float32]) -> Light:
    """Light after passing an added `amount` of a pigment.

    Args:
        light: linear RGB float32 (H, W, 3).
        amount: float32 (H, W); 0 changes nothing, negative takes pigment away.
        absorbance: float32 (3,), `MELANIN` or `HAEMOGLOBIN`.
    """
    return np.asarray(light * np.exp(-amount[..., None] * absorbance), dtype=np.float32)


def add_blood(light: Light, amount: Field) -> Light:
    """Light of skin whose dermis holds more blood, float32 (H, W); the epidermis keeps its own."""
    returned = np.minimum(np.float32(EPIDERMAL_RETURN), 0.5 * light)
    reddened = absorb(light - returned, amount, HAEMOGLOBIN) + returned
    return np.asarray(reddened, dtype=np.float32)


def luminance(light: Light) -> Field:
    """Relative luminance of linear RGB light (ITU-R BT.709 weights), float32 (H, W)."""
    return np.asarray(light @ np.array([0.2126, 0.7152, 0.0722], np.float32), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Pigments:
    """What a picture of skin is made of; each float32 (H, W), in units of added absorbance.

    Attributes:
        melanin: brown pigment.
        haemoglobin: blood.
        shading: what darkens all channels alike: form and shadow; shine lowers it.
    """

    melanin: Field
    haemoglobin: Field
    shading: Field

    @classmethod
    def of(cls, light: Light) -> Self:
        """Separate a picture, linear RGB float32 (H, W, 3)."""
        density = -np.log(np.maximum(light, _DARKEST))
        melanin, haemoglobin, shading = np.moveaxis(density @ _FROM_DENSITY.T, -1, 0)
        return cls(melanin, haemoglobin, shading)

    def light(self) -> Light:
        """The picture again, linear RGB float32 (H, W, 3)."""
        density = (
            self.melanin[..., None] * MELANIN
            + self.haemoglobin[..., None] * HAEMOGLOBIN
            + self.shading[..., None]
        )
        return np.asarray(np.exp(-density), dtype=np.float32)
