"""Two faces over each other, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from frontend.vocabulary import Attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWords:
    """How a sign is said to have grown or shrunk in `places`.

    Attributes:
        more: It grew there.
        less: It shrank there.
        then_more: The same as `more`, after what shrank.
        then_less: The same as `less`, after what grew.
    """

    more: str
    less: str
    then_more: str
    then_less: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencesWords:
    """Two faces over each other, and where they differ.

    Attributes:
        view: What is chosen between the two ways of looking at the faces.
        slider_name: Name of the slider for those who do not see it, with both dates.
        slider_value: How many percent of the picture each date has.
        aligned: How the faces lie and what to do with them.
        signs: By attribute; of hydration, the sign is dryness.
        comma: What stands between the places but for the last two.
        both: What grew and what shrank, the stronger first.
        others: What `changed`, where more places did than are named.
        none: No place changed by more than chance.
        unknown: Nobody measured what can be chance.
        other_model: The two maps are of different scales.
        not_comparable: The two photos were taken too differently.
    """

    view: str
    side_by_side: str
    slider: str
    slider_name: str
    slider_value: str
    aligned: str
    signs: Mapping[Attribute, SignWords]
    comma: str
    both: str
    others: str
    none: str
    unknown: str
    other_model: str
    not_comparable: str


ENGLISH: Final = DifferencesWords(
    view="How to look at both faces",
    side_by_side="Side by side",
    slider="Slider",
    slider_name="Slide from {before} to {after}",
    slider_value="Earlier {earlier}%, later {later}%",
    aligned="Both faces are aligned by the eyes. Slide across them to see what changed.",
    signs={
        Attribute.OIL: SignWords(
            more="More shine {places}",
            less="Less shine {places}",
            then_more="more {places}",
            then_less="less {places}",
        ),
        Attribute.HYDRATION: SignWords(
            more="More dryness {places}",
            less="Less dryness {places}",
            then_more="more {places}",
            then_less="less {places}",
        ),
        Attribute.WRINKLE: SignWords(
            more="More lines {places}",
            less="Fewer lines {places}",
            then_more="more {places}",
            then_less="fewer {places}",
        ),
        Attribute.PIGMENTATION: SignWords(
            more="More spots {places}",
            less="Fewer spots {places}",
            then_more="more {places}",
            then_less="fewer {places}",
        ),
        Attribute.SENSITIVITY: SignWords(
            more="More redness {places}",
            less="Less redness {places}",
            then_more="more {places}",
            then_less="less {places}",
        ),
    },
    comma=", ",
    both="{first}, {second}",
    others="{changed}; other places changed too",
    none="No place changed beyond chance",
    unknown="Where it changed can't be told for these photos",
    other_model=(
        "Different versions of the networks drew these maps, so where it changed can't be told"
    ),
    not_comparable="These photos were taken too differently to tell where something changed",
)

KOREAN: Final = DifferencesWords(
    view="두 얼굴을 어떻게 볼까요",
    side_by_side="나란히",
    slider="밀어 보기",
    slider_name="두 얼굴 밀어 보기: {before}, {after}",
    slider_value="먼저 {earlier}%, 나중 {later}%",
    aligned="두 얼굴은 눈의 위치에 맞춰 겹쳤어요. 좌우로 밀면 달라진 곳이 보여요.",
    signs={
        Attribute.OIL: SignWords(
            more="번들거림이 늘어난 곳: {places}",
            less="번들거림이 줄어든 곳: {places}",
            then_more="늘어난 곳: {places}",
            then_less="줄어든 곳: {places}",
        ),
        Attribute.HYDRATION: SignWords(
            more="더 건조해 보이는 곳: {places}",
            less="덜 건조해 보이는 곳: {places}",
            then_more="더 건조해 보이는 곳: {places}",
            then_less="덜 건조해 보이는 곳: {places}",
        ),
        Attribute.WRINKLE: SignWords(
            more="주름이 늘어난 곳: {places}",
            less="주름이 줄어든 곳: {places}",
            then_more="늘어난 곳: {places}",
            then_less="줄어든 곳: {places}",
        ),
        Attribute.PIGMENTATION: SignWords(
            more="색소가 늘어난 곳: {places}",
            less="색소가 줄어든 곳: {places}",
            then_more="늘어난 곳: {places}",
            then_less="줄어든 곳: {places}",
        ),
        Attribute.SENSITIVITY: SignWords(
            more="붉은기가 늘어난 곳: {places}",
            less="붉은기가 줄어든 곳: {places}",
            then_more="늘어난 곳: {places}",
            then_less="줄어든 곳: {places}",
        ),
    },
    comma=", ",
    both="{first} · {second}",
    others="{changed} · 이 밖에도 달라진 곳이 있어요",
    none="우연보다 크게 달라진 곳은 없어요",
    unknown="이 사진들로는 어디가 달라졌는지 알 수 없어요",
    other_model="두 지도를 그린 신경망의 버전이 달라서 어디가 달라졌는지 알 수 없어요",
    not_comparable="두 사진을 찍은 방법이 너무 달라서 어디가 달라졌는지 알 수 없어요",
)
