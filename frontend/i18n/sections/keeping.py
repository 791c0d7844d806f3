"""Keeping photos: the switch, what it does, and deleting what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The sentences about kept photos.

    Attributes:
        title: Heading on the person's own page.
        switch: The switch's label.
        explanation: What the switch does.
        count: Of how many checks photos are kept.
        none: Said where none is kept.
        none_yet: Said in its place while the switch is on: it tells that the switch was taken.
        delete_all: Button that deletes all of them.
        delete_all_title: Question before it.
        delete_text: What deleting all of them means.
        delete: Button that confirms.
        stop_title: Question before switching off.
        stop: Button that confirms switching off.
        cancel: Button that leaves everything as it is.
        deleted: Said when they are deleted.
        deleted_later: Said in its place while their store is away.
        promise: On the page of the check, while the switch is on.
        kept_here: Below a result whose photo is kept.
        not_kept_here: Below the map of one whose photo is not.
        to_setting: Link to the switch.
        delete_one: Button that deletes this photo.
        delete_one_title: Question before it.
        delete_one_text: What deleting it means.
    """

    title: str
    switch: str
    explanation: str
    count: str
    none: str
    none_yet: str
    delete_all: str
    delete_all_title: str
    delete_text: str
    delete: str
    stop_title: str
    stop: str
    cancel: str
    deleted: str
    deleted_later: str
    promise: str
    kept_here: str
    not_kept_here: str
    to_setting: str
    delete_one: str
    delete_one_title: str
    delete_one_text: str


ENGLISH: Final = Keeping(
    title="Photos",
    switch="Keep photos of my checks",
    explanation=(
        "While this is on, the photo of your face and its five maps are kept with each check. "
        "They are encrypted, and nobody but you is shown them. Otherwise only the numbers are "
        "kept."
    ),
    count="Checks with a kept photo: {count}",
    none="No photo is kept.",
    none_yet="Photos are kept from your next check on. None is kept yet.",
    delete_all="Delete all photos",
    delete_all_title="Delete all photos?",
    delete_text=(
        "Checks with a kept photo: {count}. Their photos and maps can't be brought back. "
        "Dates, grades and scores stay."
    ),
    delete="Delete",
    stop_title="Stop keeping photos?",
    stop="Stop and delete",
    cancel="Cancel",
    deleted="All kept photos are deleted.",
    deleted_later=(
        "No photo is kept any more. The place where they lay doesn't answer right now; "
        "they are erased there as soon as it does."
    ),
    promise=(
        "The photo of your face and its maps are kept with this check, encrypted. "
        "You can change that on your account page."
    ),
    kept_here="This photo is kept. Nobody but you is shown it.",
    not_kept_here="This picture is not kept: it is gone after a reload.",
    to_setting="Photo settings",
    delete_one="Delete photo",
    delete_one_title="Delete this photo?",
    delete_one_text=(
        "The photo and its maps can't be brought back. The date, grades and scores stay."
    ),
)

KOREAN: Final = Keeping(
    title="사진 보관",
    switch="측정 사진 보관하기",
    explanation=(
        "켜 두는 동안 측정하는 얼굴 사진과 다섯 지도를 기록과 함께 보관해요. "
        "암호화해서 저장하고 본인에게만 보여 드려요. 켜지 않으면 숫자만 남아요."
    ),
    count="사진을 보관 중인 측정: {count}번",
    none="보관 중인 사진이 없어요.",
    none_yet="다음 측정부터 사진을 보관할게요. 아직 보관 중인 사진은 없어요.",
    delete_all="사진 모두 지우기",
    delete_all_title="사진을 모두 지울까요?",
    delete_text=(
        "사진을 보관 중인 측정: {count}번. 지운 사진과 지도는 되살릴 수 없어요. "
        "날짜와 등급·점수는 남아요."
    ),
    delete="지우기",
    stop_title="사진을 그만 보관할까요?",
    stop="그만 보관하고 지우기",
    cancel="취소",
    deleted="보관하던 사진을 모두 지웠어요.",
    deleted_later=(
        "보관하던 사진을 모두 뺐어요. 지금은 사진 저장소가 응답하지 않아, "
        "다시 연결되는 대로 그곳에서도 지울게요."
    ),
    promise="얼굴 사진과 지도를 암호화해서 함께 보관해요. 내 정보에서 바꿀 수 있어요.",
    kept_here="보관 중인 사진이에요. 본인에게만 보여요.",
    not_kept_here="보관하지 않는 사진이에요. 새로고침하면 사라져요.",
    to_setting="사진 보관 설정",
    delete_one="사진 지우기",
    delete_one_title="이 사진을 지울까요?",
    delete_one_text="지운 사진과 지도는 되살릴 수 없어요. 날짜와 등급·점수는 남아요.",
)
