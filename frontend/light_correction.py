"""What the model server took back of a photo's light before it graded it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from frontend.told_numbers import read_number, read_pair, unexpected

_TOLD_STOPS: Final = 0.3
_TOLD_CAST: Final = 0.1
_TOLD_SLOPE: Final = 0.2
"""What is less is not told."""


class Evened(StrEnum):
    """One thing that was evened out; the screen has a sentence for each."""

    DARKNESS = "darkness"
    COLOUR = "colour"
    SIDE = "side"


@dataclass(frozen=True, slots=True, kw_only=True)
class LightCorrection:
    """The fields are those of `correction` in the server's answer.

    Attributes:
        stops: By how much the photo was brightened, photographic stops.
        cast: Which colour was taken out: redder than usual, and yellower, natural logarithms.
        slope: x and y, how much of the light from one side, natural logarithm over half the
            crop's side.
    """

    stops: float = 0.0
    cast: tuple[float, float] = (0.0, 0.0)
    slope: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def read(cls, told: object) -> Self:
        """Take it from decoded JSON.

        Raises:
            ValueError: if it is no object, or a field is no finite number or pair of them.
        """
        if not isinstance(told, Mapping):
            raise unexpected("correction", "an object", told)
        return cls(
            stops=read_number("stops", told.get("stops")),
            cast=read_pair("cast", told.get("cast")),
            slope=read_pair("slope", told.get("slope")),
        )

    def written(self) -> dict[str, Any]:
        """The same as values of JSON, which `read` takes back."""
        return {"stops": self.stops, "cast": list(self.cast), "slope": list(self.slope)}

    @property
    def evened(self) -> tuple[Evened, ...]:
        """What is worth telling the person of it."""
        much = {
            Evened.DARKNESS: self.stops >= _TOLD_STOPS,
            Evened.COLOUR: math.hypot(*self.cast) >= _TOLD_CAST,
            Evened.SIDE: math.hypot(*self.slope) >= _TOLD_SLOPE,
        }
        return tuple(one for one, is_told in much.items() if is_told)
