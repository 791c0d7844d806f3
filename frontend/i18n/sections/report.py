"""The report on paper, and what its address answers when there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """The report on paper.

    Attributes:
        page: The foot of each page.
        table: The columns of the table of one check.
        no_picture: Why a report has no maps.
    """

    title: str
    history: str
    person: str
    made: str
    checks: str
    table: tuple[str, str, str, str, str]
    all_checks: str
    maps_of: str
    quality: str
    model: str
    note: str
    no_picture: str
    no_pictures: str
    some_pictures: str
    page: str
    not_medical: str
    experimental: str
    signed_out: str
    not_found: str
    unusable: str


ENGLISH: Final = ReportWords(
    title="Skin report",
    history="History report",
    person="Person",
    made="Made",
    checks="{count} checks, {first} to {last}",
    table=("Attribute", "Grade", "Score", "Likely range", "Status"),
    all_checks="All checks",
    maps_of="Maps of {date}",
    quality="Photo",
    model="Networks {version}",
    note="Note",
    no_picture="No maps: the picture of this check was not kept.",
    no_pictures="No maps: no pictures of these checks were kept.",
    some_pictures="Maps of {count} of these checks; of the others no picture was kept.",
    page="Page {page} of {pages}",
    not_medical=(
        "This is not a medical device and no diagnosis. The grades are a computer's estimate "
        "from a photo; light, angle and make-up change them. If something worries you, show it "
        "to a dermatologist."
    ),
    experimental="Experimental: these grades were checked on simulated skin alone.",
    signed_out="You are signed out. Log in again, then follow the link once more.",
    not_found="There is nothing at this address.",
    unusable="Your history can't be read at the moment. Try again shortly.",
)

KOREAN: Final = ReportWords(
    title="피부 보고서",
    history="기록 보고서",
    person="아이디",
    made="만든 날",
    checks="측정 {count}번, {first} – {last}",
    table=("항목", "등급", "점수", "예상 범위", "상태"),
    all_checks="모든 측정",
    maps_of="{date} 지도",
    quality="사진 상태",
    model="신경망 {version}",
    note="메모",
    no_picture="이 측정의 사진을 보관하지 않아서 지도가 없어요.",
    no_pictures="보관한 사진이 없어서 지도가 없어요.",
    some_pictures="이 가운데 사진이 있는 측정 {count}번의 지도예요.",
    page="{page} / {pages}쪽",
    not_medical=(
        "의료기기가 아니며 진단이 아니에요. 등급은 컴퓨터가 사진을 보고 짐작한 값이고, "
        "빛과 각도, 화장에 따라 달라져요. 걱정되는 것이 있으면 피부과 의사에게 보여 주세요."
    ),
    experimental="실험 단계: 시뮬레이션한 피부 사진으로만 확인한 등급이에요.",
    signed_out="로그아웃된 상태예요. 다시 로그인한 뒤 링크를 한 번 더 눌러 주세요.",
    not_found="이 주소에는 아무것도 없어요.",
    unusable="지금은 기록을 읽을 수 없어요. 잠시 뒤 다시 해 주세요.",
)
