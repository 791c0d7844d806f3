"""Skin colour as light absorbed by two pigments, after the Beer-Lambert law.

Skin is taken as a scattering base behind two absorbers, melanin in the epidermis and haemoglobin
in the dermis (Tsumura et al. 2003, doi:10.1145/882262.882344). More of a pigment multiplies the
linear light by exp(-absorbance x amount), so the same spot is faint on dark skin and strong on
light skin without any rule for it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Light = npt.NDArray[np.float32]
"""Linear light, RGB float32 (H, W, 3); 1 is the photo's white."""
Field = npt.NDArray[np.float32]
"""One value per pixel, float32 (H, W)."""

MELANIN: Final = np.array([0.43, 0.64, 0.83], np.float32)
"""Relative absorbance of melanin for R, G, B: wavelength to the power -3.33 (Jacques 2013,
doi:10.1088/0031-9155/58/11/R37) at 610, 540 and 450 nm, scaled to 1.9 in sum; red and green
raised and blue lowered because red light travels farther through the pigment and blue less."""
HAEMOGLOBIN: Final = np.array([0.10, 1.00, 0.80], np.float32)
"""Relative absorbance of blood at 70 % oxygen for R, G, B: extinctions averaged over each channel
(same source), blue lowered because it reaches less deep into the dermis."""


def to_linear(srgb: npt.NDArray[np.uint8]) -> Light:
    """SRGB uint8 (H, W, 3) to linear light (IEC 61966-2-1, gamma 2.2 approximation)."""
    table = np.power(np.arange(256, dtype=np.float32) / 255, np.float32(2.2))
    return np.asarray(table[srgb], dtype=np.float32)


def to_srgb(light: Light) -> npt.NDArray[np.uint8]:
    """Linear light to sRGB uint8 (H, W, 3); what is over white clips."""
    encoded = np.power(np.clip(light, 0, 1), np.float32(1 / 2.2))
    return (encoded * 255 + 0.5).astype(np.uint8)


def absorb(light: Light, amount: Field, absorbance: npt.NDArray[np.float32]) -> Light:
    """Light after passing an added `amount` of a pigment.

    Args:
        light: linear RGB float32 (H, W, 3).
        amount: float32 (H, W); 0 changes nothing, negative takes pigment away.
        absorbance: float32 (3,), `MELANIN` or `HAEMOGLOBIN`.
    """
    return np.asarray(light * np.exp(-amount[..., None] * absorbance), dtype=np.float32)


def luminance(light: Light) -> Field:
    """Relative luminance of linear RGB light (ITU-R BT.709 weights), float32 (H, W)."""
    return np.asarray(light @ np.array([0.2126, 0.7152, 0.0722], np.float32), dtype=np.float32)
