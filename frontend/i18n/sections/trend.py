"""The trend of the scores, and what of it can be chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendWords:
    """The trend of the scores.

    Attributes:
        alternative: A chart's text for those who do not see it; `told` is one of the sentences.
        since: Above the short sentences of several attributes.
        steady, risen, fallen: What is told of one attribute.
        steady_short, risen_short, fallen_short: The same beside its name.
        no_line: Where all photos are of one day, and those that count of one moment.
        too_few_fit: Where the photos that count give no line, and others were better taken again.
        poor: A point whose photo should have been taken again, in the chart's legend.
        margin, line, baseline: What is drawn, in the chart's legend.
        drawn: The same for the report on paper.
        hover: A point's grade and margin.
        rule: What is called a change.
        other_model: Where networks of several versions graded the checks.
    """

    title: str
    alternative: str
    since: str
    steady: str
    risen: str
    fallen: str
    steady_short: str
    risen_short: str
    fallen_short: str
    no_line: str
    too_few_fit: str
    poor: str
    one_more: str
    good_zone: str
    margin: str
    line: str
    baseline: str
    drawn: str
    hover: str
    rule: str
    other_model: str


ENGLISH: Final = TrendWords(
    title="Trend",
    alternative=(
        "Trend of the {name} score: {count} checks from {first} to {last}, last score {score}. "
        "{told}"
    ),
    since="Since {first}",
    steady="About the same since {first}. A change of up to {chance} grades can be chance.",
    risen="Up by {change} grades since {first}, more than the {chance} that can be chance.",
    fallen="Down by {change} grades since {first}, more than the {chance} that can be chance.",
    steady_short="About the same (chance: up to {chance})",
    risen_short="Up by {change} (chance: up to {chance})",
    fallen_short="Down by {change} (chance: up to {chance})",
    no_line="These photos are of the same day.",
    too_few_fit="Too few of these photos are good enough to tell a trend.",
    poor="Photo better taken again, not counted",
    one_more="Check once more to see a trend.",
    good_zone="Good range",
    margin="Margin of one photo",
    line="Trend line",
    baseline="Your start (first 3 checks)",
    drawn=(
        "Pale: the margin of one photo. Violet: the trend line, thick where something changed. "
        "Dashed: your start, the middle one of the first three checks. Hollow: photos better taken "
        "again, which do not count."
    ),
    hover="{name} {grade} · {word}<br>Score {score}, margin {low}–{high}",
    rule=(
        "Light and angle change a score. Where the margins of two checks overlap, their "
        "difference can be chance; of several checks the trend line decides."
    ),
    other_model=(
        "Different versions of the networks graded these checks. Small changes may come from that."
    ),
)

KOREAN: Final = TrendWords(
    title="변화",
    alternative="{name} 점수의 변화. {first}부터 {last}까지 {count}번, 마지막 점수 {score}. {told}",
    since="{first}부터",
    steady="{first}부터 비슷해요. {chance}등급까지는 우연일 수 있어요.",
    risen="{first}부터 {change}등급 올랐어요. 우연일 수 있는 {chance}등급보다 큰 변화예요.",
    fallen="{first}부터 {change}등급 내렸어요. 우연일 수 있는 {chance}등급보다 큰 변화예요.",
    steady_short="비슷해요 (우연: {chance}까지)",
    risen_short="{change} 올랐어요 (우연: {chance}까지)",
    fallen_short="{change} 내렸어요 (우연: {chance}까지)",
    no_line="모두 같은 날 찍은 사진이에요.",
    too_few_fit="변화를 알 수 있을 만큼 좋은 사진이 아직 적어요.",
    poor="다시 찍는 것이 나은 사진 (추세에서 제외)",
    one_more="한 번 더 측정하면 변화가 보여요.",
    good_zone="좋은 범위",
    margin="사진 한 장의 오차 범위",
    line="추세선",
    baseline="처음 상태 (첫 3번)",
    drawn=(
        "흐린 띠는 사진 한 장의 오차 범위, 보라색 선은 추세선이에요. 변화가 있으면 굵게 그려요. "
        "점선은 처음 상태로, 첫 세 번의 가운데 점수예요. 빈 동그라미는 다시 찍는 것이 나은 "
        "사진이라 추세에서 빼요."
    ),
    hover="{name} {grade} · {word}<br>점수 {score}, 오차 범위 {low}–{high}",
    rule=(
        "빛과 각도에 따라 점수가 달라져요. 두 측정의 오차 범위가 겹치면 우연일 수 있어요. "
        "여러 번 측정했을 때는 추세선으로 판단해요."
    ),
    other_model=(
        "서로 다른 버전의 신경망으로 분석한 측정이 섞여 있어요. 작은 차이는 그 때문일 수 있어요."
    ),
)
