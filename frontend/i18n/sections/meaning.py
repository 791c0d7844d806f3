"""What each grade means, and how sure the network is of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from frontend.vocabulary import Attribute

Sentences = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The sentences on a score card.

    Attributes:
        grades: What a grade means, by attribute, lowest grade first.
        sure: The network all but leaves no other grade.
        between: It cannot decide between two neighbouring grades, `low` and `high`.
        unsure: It leaves more than two grades open, from `low` to `high`.
    """

    grades: Mapping[Attribute, Sentences]
    sure: str
    between: str
    unsure: str


ENGLISH: Final = Meaning(
    grades={
        Attribute.OIL: (
            "Hardly any shine; the skin may feel tight.",
            "Little shine.",
            "Neither shiny nor dull.",
            "Clearly shiny in places.",
            "Strong shine over much of the face.",
        ),
        Attribute.HYDRATION: (
            "Looks very dry, perhaps flaky.",
            "Looks dry in places.",
            "Neither dry nor moist.",
            "Looks moist and even.",
            "Looks very moist all over.",
        ),
        Attribute.WRINKLE: (
            "Hardly any lines to be seen.",
            "A few fine lines.",
            "Lines in several places.",
            "Lines that are easy to see.",
            "Deep lines in many places.",
        ),
        Attribute.PIGMENTATION: (
            "Hardly any spots to be seen.",
            "A few faint spots.",
            "Spots in several places.",
            "Spots that are easy to see.",
            "Dark spots in many places.",
        ),
        Attribute.SENSITIVITY: (
            "Hardly any redness to be seen.",
            "A little redness.",
            "Redness in several places.",
            "Redness that is easy to see.",
            "Strong redness over much of the face.",
        ),
    },
    sure="Fairly sure.",
    between="Between {low} and {high}.",
    unsure="Not sure: anything from {low} to {high}.",
)

KOREAN: Final = Meaning(
    grades={
        Attribute.OIL: (
            "번들거림이 거의 없어요. 당길 수 있어요.",
            "번들거림이 적어요.",
            "번들거리지도 메마르지도 않아요.",
            "군데군데 번들거려요.",
            "얼굴 넓은 곳이 많이 번들거려요.",
        ),
        Attribute.HYDRATION: (
            "매우 건조해 보이고 각질이 있을 수 있어요.",
            "군데군데 건조해 보여요.",
            "건조하지도 촉촉하지도 않아 보여요.",
            "고르게 촉촉해 보여요.",
            "얼굴 전체가 매우 촉촉해 보여요.",
        ),
        Attribute.WRINKLE: (
            "주름이 거의 보이지 않아요.",
            "잔주름이 조금 보여요.",
            "여러 곳에 주름이 보여요.",
            "주름이 눈에 잘 띄어요.",
            "깊은 주름이 여러 곳에 보여요.",
        ),
        Attribute.PIGMENTATION: (
            "색소가 거의 보이지 않아요.",
            "옅은 색소가 조금 보여요.",
            "여러 곳에 색소가 보여요.",
            "색소가 눈에 잘 띄어요.",
            "짙은 색소가 여러 곳에 보여요.",
        ),
        Attribute.SENSITIVITY: (
            "붉은기가 거의 보이지 않아요.",
            "붉은기가 조금 보여요.",
            "여러 곳에 붉은기가 보여요.",
            "붉은기가 눈에 잘 띄어요.",
            "얼굴 넓은 곳에 붉은기가 짙어요.",
        ),
    },
    sure="꽤 확실해요.",
    between="{low}–{high}등급 사이로 보여요.",
    unsure="뚜렷하지 않아요. {low}–{high}등급일 수 있어요.",
)
