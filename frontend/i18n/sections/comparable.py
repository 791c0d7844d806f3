"""Whether two checks can be compared, and grading old photos anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from frontend.comparable import Comparability, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparableWords:
    """Whether two checks can be compared.

    Attributes:
        verdicts: The short answers.
        fine: Said where nothing speaks against it.
        reasons: What does, each a sentence.
        advice: What to do for the next check.
        old_version: Of an old check, in the chart of the history.
        old_version_mark: The same in the narrow column of its row.
        old_version_hint: What that means; `version` graded it.
        regrade_title, regrade_why: Above the button; `count` checks can be graded anew.
        regrade: The button.
        regrading: While it is done; `done` of `count`.
        regraded: How many were.
        regrade_failed: How many were not, and why.
    """

    verdicts: Mapping[Comparability, str]
    fine: str
    reasons: Mapping[Reason, str]
    advice: str
    old_version: str
    old_version_mark: str
    old_version_hint: str
    regrade_title: str
    regrade_why: str
    regrade: str
    regrading: str
    regraded: str
    regrade_failed: str


ENGLISH: Final = ComparableWords(
    verdicts={
        Comparability.COMPARABLE: "Comparable",
        Comparability.WITH_CARE: "Compare with care",
        Comparability.NOT_COMPARABLE: "Not comparable",
    },
    fine="Both photos were taken much the same way.",
    reasons={
        Reason.POOR_PHOTO: "At least one of the photos would better have been taken again.",
        Reason.POSE: "The head is turned or tilted differently.",
        Reason.SIZE: "The face is much larger in one photo, counted in pixels.",
        Reason.SHARPNESS: "One photo is sharper than the other.",
        Reason.LIGHT_SIDE: "The light comes from another side.",
        Reason.LIGHT_AMOUNT: "One photo is brighter than the other.",
        Reason.LIGHT_COLOUR: "The light has another colour.",
        Reason.COVERED: "Hair, cloth or glasses cover more of the face in one photo.",
        Reason.PROCESSING: "A filter or compression changed one photo more than the other.",
        Reason.CAMERA: "They seem to come from different cameras.",
        Reason.MODEL: (
            "They were graded by different versions of the networks. Small changes may come from "
            "that."
        ),
        Reason.UNKNOWN: "How at least one of the photos was taken was not kept at that time.",
    },
    advice="Change is seen best in photos taken in the same place, the same way.",
    old_version="Earlier version",
    old_version_mark="Old\N{NO-BREAK SPACE}version",
    old_version_hint="Graded by an earlier version of the networks ({version}).",
    regrade_title="Graded by an earlier version",
    regrade_why=(
        "Checks with a kept photo that an earlier version of the networks graded: {count}. They "
        "can be graded anew, so that all are on one scale. The old grades stay in the JSON file "
        "that you can download."
    ),
    regrade="Grade them anew",
    regrading="Grading anew: {done} of {count}",
    regraded="Checks graded anew: {count}.",
    regrade_failed="Checks that keep their old grades: {count}. {why}",
)

KOREAN: Final = ComparableWords(
    verdicts={
        Comparability.COMPARABLE: "비교할 수 있어요",
        Comparability.WITH_CARE: "참고로만 비교해 주세요",
        Comparability.NOT_COMPARABLE: "비교하기 어려워요",
    },
    fine="두 사진 모두 비슷하게 찍었어요.",
    reasons={
        Reason.POOR_PHOTO: "다시 찍는 것이 나은 사진이 있어요.",
        Reason.POSE: "고개 방향이나 기울기가 달라요.",
        Reason.SIZE: "사진 속 얼굴 크기(픽셀)가 많이 달라요.",
        Reason.SHARPNESS: "한 사진이 더 선명해요.",
        Reason.LIGHT_SIDE: "빛이 오는 방향이 달라요.",
        Reason.LIGHT_AMOUNT: "한 사진이 더 밝아요.",
        Reason.LIGHT_COLOUR: "조명 색이 달라요.",
        Reason.COVERED: "한 사진에서 머리카락, 천, 안경이 얼굴을 더 가려요.",
        Reason.PROCESSING: "필터나 압축으로 한 사진이 더 많이 바뀌었어요.",
        Reason.CAMERA: "서로 다른 카메라로 찍은 것 같아요.",
        Reason.MODEL: (
            "두 측정은 서로 다른 버전의 신경망으로 분석했어요. 작은 차이는 그 때문일 수 있어요."
        ),
        Reason.UNKNOWN: "어떻게 찍었는지 기록되지 않은 예전 사진이 있어요.",
    },
    advice="같은 곳에서 같은 방법으로 찍으면 변화가 가장 잘 보여요.",
    old_version="이전 버전",
    old_version_mark="이전\N{NO-BREAK SPACE}버전",
    old_version_hint="이전 버전의 신경망으로 분석했어요. ({version})",
    regrade_title="이전 버전으로 분석한 측정",
    regrade_why=(
        "사진을 보관했고 이전 버전의 신경망으로 분석한 측정: {count}번. 다시 분석하면 모두 같은 "
        "기준으로 볼 수 있어요. 예전 등급은 내려받는 JSON 파일에 남아요."
    ),
    regrade="다시 분석하기",
    regrading="다시 분석하고 있어요: {count}번 중 {done}번",
    regraded="다시 분석한 측정: {count}번.",
    regrade_failed="예전 등급 그대로인 측정: {count}번. {why}",
)
