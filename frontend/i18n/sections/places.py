"""Where on the face a map is strongest, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from frontend.vocabulary import Region

Place = tuple[Region, ...]
"""One region, or both of a pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesWords:
    """How a map's places are spoken of.

    Attributes:
        names: Of every region, and of both of a pair.
        joined_by: What stands between two places.
        mostly: What was `seen`, and the `places` that hold most of it.
        spread: What was `seen`, where no two places hold most of it.
        weak: What was `seen`, where much of it lies beside the skin.
        unsteady: What was `seen`, where the mirror image's map shows it in other places.
    """

    names: Mapping[Place, str]
    joined_by: str
    mostly: str
    spread: str
    weak: str
    unsteady: str


ENGLISH: Final = PlacesWords(
    names={
        (Region.FOREHEAD,): "on the forehead",
        (Region.GLABELLA,): "between the brows",
        (Region.UNDER_EYE_LEFT,): "under your left eye",
        (Region.UNDER_EYE_RIGHT,): "under your right eye",
        (Region.UNDER_EYE_LEFT, Region.UNDER_EYE_RIGHT): "under both eyes",
        (Region.NOSE,): "on the nose",
        (Region.CHEEK_LEFT,): "on your left cheek",
        (Region.CHEEK_RIGHT,): "on your right cheek",
        (Region.CHEEK_LEFT, Region.CHEEK_RIGHT): "on both cheeks",
        (Region.MOUTH,): "around the mouth",
        (Region.CHIN,): "on the chin",
    },
    joined_by=" and ",
    mostly="{seen}, mostly {places}",
    spread="{seen}, in several places",
    weak="{seen}, but much of it beside the skin: rely less on this map",
    unsteady="{seen}, but elsewhere in the mirror image: rely less on this map",
)

KOREAN: Final = PlacesWords(
    names={
        (Region.FOREHEAD,): "이마",
        (Region.GLABELLA,): "미간",
        (Region.UNDER_EYE_LEFT,): "왼쪽 눈 밑",
        (Region.UNDER_EYE_RIGHT,): "오른쪽 눈 밑",
        (Region.UNDER_EYE_LEFT, Region.UNDER_EYE_RIGHT): "양쪽 눈 밑",
        (Region.NOSE,): "코",
        (Region.CHEEK_LEFT,): "왼쪽 볼",
        (Region.CHEEK_RIGHT,): "오른쪽 볼",
        (Region.CHEEK_LEFT, Region.CHEEK_RIGHT): "양 볼",
        (Region.MOUTH,): "입가",
        (Region.CHIN,): "턱",
    },
    joined_by=", ",
    mostly="{seen} · 주로 {places}",
    spread="{seen} · 여러 곳",
    weak="{seen} · 피부 밖도 많이 짚었으니 참고만 하세요",
    unsteady="{seen} · 좌우를 뒤집은 사진에서는 다른 곳을 짚었으니 참고만 하세요",
)
