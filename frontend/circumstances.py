"""How a photo was taken, in the model server's numbers, as kept with its visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from frontend.told_numbers import read_number, read_pair, unexpected


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """How a photo was taken; the fields are those of `capture` in the server's answer.

    Attributes:
        photo_px: Width and height of the upright photo, pixels.
        eye_distance_px: Between the eye centres, pixels of the photo as it was analysed.
        yaw: Turn of the head, degrees, positive towards the image's right.
        pitch: Nod, degrees, positive down.
        roll: Tilt, degrees, positive clockwise on the screen.
        focus: Natural logarithm of the fine contrasts of eyes and brows.
        eye_white: Brightness of the white of the eyes, 0 to 255.
        clipped: Share of the skin that is clipped in one channel, and again in all three.
        unevenness: How much more light one part of the skin gets, natural logarithm.
        brighter: x and y, in which direction the skin gets brighter; its length is that logarithm
            over half the crop's side.
        colour: Redder than usual, and yellower, counted half; logarithms of ratios of channels.
        covered: Share of the face that something seems to hide.
        texture: Natural logarithm of the skin's own fine contrasts.
        blocks: How far the borders of JPEG blocks stand out.
    """

    photo_px: tuple[int, int]
    eye_distance_px: float
    yaw: float
    pitch: float
    roll: float
    focus: float
    eye_white: float
    clipped: float
    unevenness: float
    brighter: tuple[float, float]
    colour: tuple[float, float]
    covered: float
    texture: float
    blocks: float

    @classmethod
    def read(cls, told: object) -> Self:
        """Take them from decoded JSON; fields that nobody here asks for are left out.

        Raises:
            ValueError: if it is no object, lacks a field, or a field is no finite number or pair.
        """
        if not isinstance(told, Mapping):
            raise unexpected("capture", "an object", told)
        values = {one.name: _value(one.name, told.get(one.name)) for one in fields(cls)}
        if min(values["photo_px"]) < 1:
            raise unexpected("photo_px", "two numbers above 0", values["photo_px"])
        if values["eye_distance_px"] <= 0:
            raise unexpected("eye_distance_px", "a number above 0", values["eye_distance_px"])
        return cls(**values)

    def written(self) -> dict[str, Any]:
        """The same as values of JSON, which `read` takes back."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(each) if name in _PAIRS else each for name, each in found.items()}


_PAIRS: Final = frozenset({"photo_px", "brighter", "colour"})


def _value(name: str, told: object) -> Any:
    if name not in _PAIRS:
        return read_number(name, told)
    first, second = read_pair(name, told)
    return (int(first), int(second)) if name == "photo_px" else (first, second)
