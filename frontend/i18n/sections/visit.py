"""What can be done with a past check: a note, its day, deleting and undoing it, files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWords:
    """What can be done with a past check.

    Attributes:
        more: Name of the button that opens all this for one row of the history.
        note_hint: What a note may be about.
        day_saved: Said once its day was corrected, with the `date` that it has now.
        note_most: How long it may be.
        note_empty: Said where there is nothing to save.
        note_held: Said where a note stands that was typed before and could not be saved.
        deleted: Said right after deleting, with the check's `date`.
    """

    more: str
    more_title: str
    note: str
    note_hint: str
    note_most: str
    note_save: str
    note_saved: str
    note_empty: str
    note_held: str
    note_key: str
    day_save: str
    day_saved: str
    open: str
    report: str
    delete: str
    delete_why: str
    deleted: str
    deleted_why: str
    undo: str
    forget: str
    restored: str
    gone: str
    export_title: str
    export_why: str
    export_csv: str
    export_json: str
    export_pdf: str


ENGLISH: Final = VisitWords(
    more="Note, report, delete and more: {date}",
    more_title="Check of {date}",
    note="Note",
    note_hint="New cream, a cold, little sleep…",
    note_most="Up to {maximum} characters",
    note_save="Save note",
    note_saved="Note saved.",
    note_empty="The note is empty.",
    note_held="What you had typed is still here. Save it to keep it.",
    note_key="Note",
    day_save="Save day",
    day_saved="Day saved: {date}.",
    open="See the result",
    report="PDF report",
    delete="Delete this check",
    delete_why="For {minutes} minutes after deleting, you can undo it.",
    deleted="Check of {date} deleted",
    deleted_why="It can be brought back until {time}. Then it is gone for good.",
    undo="Undo",
    forget="Delete for good now",
    restored="The check of {date} is back.",
    gone="This check is gone; it may have been deleted in another window.",
    export_title="Download your history",
    export_why=(
        "All your checks with their notes. The PDF has pictures where they are kept; the other "
        "two are for spreadsheets and programs."
    ),
    export_csv="CSV",
    export_json="JSON",
    export_pdf="PDF report",
)

KOREAN: Final = VisitWords(
    more="메모·보고서·삭제 등: {date}",
    more_title="{date} 측정",
    note="메모",
    note_hint="새 크림, 감기, 부족한 잠…",
    note_most="{maximum}자까지",
    note_save="메모 저장",
    note_saved="메모를 저장했어요.",
    note_empty="메모가 비어 있어요.",
    note_held="쓰던 메모를 그대로 뒀어요. 저장해야 남아요.",
    note_key="메모",
    day_save="날짜 저장",
    day_saved="날짜를 저장했어요: {date}",
    open="결과 보기",
    report="PDF 보고서",
    delete="이 측정 지우기",
    delete_why="지운 뒤 {minutes}분 안에는 되돌릴 수 있어요.",
    deleted="{date} 측정을 지웠어요",
    deleted_why="{time}까지 되돌릴 수 있고, 그 뒤에는 완전히 지워져요.",
    undo="되돌리기",
    forget="지금 완전히 지우기",
    restored="{date} 측정을 되돌렸어요.",
    gone="이 측정은 더 이상 없어요. 다른 창에서 지웠을 수 있어요.",
    export_title="기록 내려받기",
    export_why=(
        "모든 측정을 메모와 함께 받아요. PDF에는 보관한 사진이 있으면 함께 담기고, "
        "나머지 둘은 표 계산이나 다른 프로그램에서 쓰기 좋아요."
    ),
    export_csv="CSV",
    export_json="JSON",
    export_pdf="PDF 보고서",
)
