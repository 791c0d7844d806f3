"""The words everything else is spelled with: the five attributes and their grades."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Attribute(StrEnum):
    """A graded property of facial skin.

    The grade is the amount of the named thing: oil 0 matte to 4 very oily, hydration 0 very dry
    to 4 well hydrated, wrinkle, pigmentation and sensitivity 0 none to 4 heavy.
    """

    OIL = "oil"
    HYDRATION = "hydration"
    WRINKLE = "wrinkle"
    PIGMENTATION = "pigmentation"
    SENSITIVITY = "sensitivity"

    @property
    def label_key(self) -> str:
        """The key of this attribute in a label file, which calls sensitivity `sensitive`.

        >>> Attribute.SENSITIVITY.label_key
        'sensitive'
        """
        return "sensitive" if self is Attribute.SENSITIVITY else self.value


GRADES: Final = (0, 1, 2, 3, 4)
"""Every grade there is, lowest first. A label file writes below 0 for "not rated"."""
