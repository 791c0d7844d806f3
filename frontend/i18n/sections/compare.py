"""Comparing two dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from frontend.grading import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareWords:
    """Comparing two dates.

    Attributes:
        changes: How an attribute changed, in a word or two.
        by_chance: Why a change counts for nothing.
        sentence: The whole card for those who do not see it.
        moved: A card's grades, before and after.
    """

    title: str
    menu: str
    lead: str
    earlier: str
    later: str
    changes: Mapping[Change, str]
    by_chance: str
    sentence: str
    moved: str
    same_date: str
    not_found: str
    marks: str
    before: str
    after: str
    which_map: str
    no_pictures: str
    no_picture: str
    one_check: str
    one_check_why: str
    start: str


ENGLISH: Final = CompareWords(
    title="Compare two checks",
    menu="Compare",
    lead="What changed between two dates, and whether it is more than chance.",
    earlier="Earlier",
    later="Later",
    changes={
        Change.SAME: "About the same",
        Change.GOOD: "Still in a good range",
        Change.IMPROVED: "Improved",
        Change.LOOK: "Worth a look",
        Change.NOT_COMPARABLE: "Not comparable",
    },
    by_chance="Up to {chance} can be chance",
    sentence=(
        "{name}: {change}. Before, grade {grade_before}, {word_before}, score {score_before}; "
        "after, grade {grade_after}, {word_after}, score {score_after}. {direction}."
    ),
    moved="{grade_before} {word_before} → {grade_after} {word_after}",
    same_date="Choose two different checks.",
    not_found="One of the checks in this address can't be found, so others were chosen.",
    marks=(
        "Hollow: earlier. Filled: later. Light and angle change a score: while the pale bars "
        "overlap, the difference can be chance."
    ),
    before="Earlier, {date}",
    after="Later, {date}",
    which_map="Which map to show",
    no_pictures="Pictures of both dates appear here when photos are kept (see Account).",
    no_picture="No picture kept",
    one_check="One check so far",
    one_check_why="Check once more to compare two dates.",
    start="Start a check",
)

KOREAN: Final = CompareWords(
    title="두 날 비교",
    menu="비교",
    lead="두 날 사이에 무엇이 달라졌는지, 우연보다 큰 변화인지 알려 드려요.",
    earlier="먼저",
    later="나중",
    changes={
        Change.SAME: "비슷함",
        Change.GOOD: "그대로 좋은 편",
        Change.IMPROVED: "좋아짐",
        Change.LOOK: "살펴보기",
        Change.NOT_COMPARABLE: "비교하기 어려움",
    },
    by_chance="{chance}등급까지는 우연일 수 있어요",
    sentence=(
        "{name}: {change}. 먼저 {grade_before}등급, {word_before}, 점수 {score_before}. "
        "나중 {grade_after}등급, {word_after}, 점수 {score_after}. {direction}."
    ),
    moved="{grade_before} {word_before} → {grade_after} {word_after}",
    same_date="서로 다른 두 측정을 골라 주세요.",
    not_found="주소에 있는 측정을 찾을 수 없어서 다른 측정을 골랐어요.",
    marks=(
        "빈 동그라미는 먼저, 채운 도형은 나중이에요. 빛과 각도에 따라 점수가 달라져요. 흐린 막대가 "
        "겹치면 우연일 수 있는 차이예요."
    ),
    before="먼저, {date}",
    after="나중, {date}",
    which_map="어떤 지도를 볼까요",
    no_pictures="사진을 보관하면 두 날의 사진을 여기서 나란히 볼 수 있어요. (내 정보에서 설정)",
    no_picture="보관한 사진이 없어요",
    one_check="측정 기록이 하나예요",
    one_check_why="한 번 더 측정하면 두 날을 비교할 수 있어요.",
    start="측정하기",
)
