"""The faces of two dates, with the same map in the same colours: side by side, or as one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from html import escape
from typing import Final

import streamlit as st

from frontend.comparable import Comparability, Comparison
from frontend.components.face_panel import (
    Pictures,
    legend_html,
    map_alternative,
    map_html,
    photo_html,
)
from frontend.components.kept_photo import kept_pictures
from frontend.components.region_words import changed_text
from frontend.components.wipe import WipedFace, show_wipe
from frontend.i18n import Words, write_day
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.vocabulary import Attribute

_PHOTO: Final = "photo"


class _View(StrEnum):
    SIDE_BY_SIDE = "side_by_side"
    SLIDER = "slider"


def show_pictures(
    page: SignedIn,
    visits: Sequence[Visit],
    pictures: Sequence[Pictures | None],
    *,
    comparison: Comparison,
) -> None:
    """Draw what is there of two checks, and say where they differ.

    A map's colour stands for one strength at every date, so that the two can be compared.

    Args:
        page: The page.
        visits: The two checks, the earlier one first.
        pictures: Their pictures; None where there are none.
        comparison: Whether they can be compared; if not, nothing is said of where they differ.
    """
    words = page.screen.words
    choice = st.segmented_control(
        words.compare.which_map,
        [*Attribute, _PHOTO],
        default=Attribute.OIL,
        required=True,
        format_func=lambda value: (
            words.result.view_photo if value == _PHOTO else words.attributes[Attribute(value)].short
        ),
        key="compare_map",
        label_visibility="collapsed",
        wrap=False,
    )
    attribute = None if choice == _PHOTO else Attribute(choice)
    captions = [
        caption.format(date=write_day(words, page.screen.local(visit.taken_at)))
        for caption, visit in zip((words.compare.before, words.compare.after), visits, strict=True)
    ]
    earlier, later = pictures
    if earlier is None or later is None:
        _show_side_by_side(words, attribute, captions, pictures)
        return
    if _choose_view(words) == _View.SLIDER:
        _show_as_one(words, attribute, captions, (earlier, later))
    else:
        _show_side_by_side(words, attribute, captions, pictures)
    if attribute is not None:
        text = (
            changed_text(words, attribute, earlier.analysis, later.analysis)
            if comparison.verdict is not Comparability.NOT_COMPARABLE
            else words.differences.not_comparable
        )
        st.html(f'<p class="sn-changed-places">{escape(text)}</p>')


def _choose_view(words: Words) -> str:
    return st.segmented_control(
        words.differences.view,
        list(_View),
        default=_View.SIDE_BY_SIDE,
        required=True,
        format_func={
            _View.SIDE_BY_SIDE: words.differences.side_by_side,
            _View.SLIDER: words.differences.slider,
        }.__getitem__,
        key="compare_view",
        label_visibility="collapsed",
        wrap=False,
    )


def _show_side_by_side(
    words: Words,
    attribute: Attribute | None,
    captions: Sequence[str],
    pictures: Sequence[Pictures | None],
) -> None:
    columns = st.columns(2, wrap=False, gap="small")
    for column, caption, shown in zip(columns, captions, pictures, strict=True):
        with column:
            st.html(
                f'<figure class="sn-compared">{_face_html(words, attribute, shown)}'
                f"<figcaption>{escape(caption)}</figcaption></figure>"
            )


def _face_html(words: Words, attribute: Attribute | None, pictures: Pictures | None) -> str:
    if pictures is None:
        return f'<div class="sn-no-picture"><p>{escape(words.compare.no_picture)}</p></div>'
    if attribute is None:
        return photo_html(words, pictures)
    return map_html(words, pictures, attribute)


def _show_as_one(
    words: Words,
    attribute: Attribute | None,
    captions: Sequence[str],
    pictures: Sequence[Pictures],
) -> None:
    earlier, later = (
        _wiped(words, attribute, caption, shown)
        for caption, shown in zip(captions, pictures, strict=True)
    )
    show_wipe(words, earlier, later)
    legend = "" if attribute is None else legend_html(words)
    st.html(
        f'<div class="sn-wiped">{legend}'
        f'<p class="sn-note">{escape(words.differences.aligned)}</p></div>'
    )


def _wiped(
    words: Words, attribute: Attribute | None, caption: str, pictures: Pictures
) -> WipedFace:
    if attribute is None:
        return WipedFace(
            caption=caption,
            below=pictures.photo(),
            above="",
            alternative=words.result.photo_alternative,
        )
    return WipedFace(
        caption=caption,
        below=pictures.grey(),
        above=pictures.map_of(attribute),
        alternative=map_alternative(words, pictures, attribute),
    )


def pictures_of(page: SignedIn, visit: Visit) -> Pictures | None:
    """The pictures of a check: those just made, or kept ones; None if there are none."""
    fresh = page.screen.memory.pictures_of(visit.id, version=visit.model_version)
    return fresh or kept_pictures(page, visit)
