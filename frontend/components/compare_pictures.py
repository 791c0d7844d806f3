"""The faces of two dates side by side, with the same map in the same colours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from frontend.components.face_panel import Pictures, map_html, photo_html
from frontend.components.kept_photo import kept_pictures
from frontend.i18n import write_day
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.vocabulary import Attribute

_PHOTO: Final = "photo"


def show_pictures(
    page: SignedIn, visits: Sequence[Visit], pictures: Sequence[Pictures | None]
) -> None:
    """Draw what is there of two checks.

    A map's colour stands for one strength at every date, so that the two can be compared.

    Args:
        page: The page.
        visits: The two checks, the earlier one first.
        pictures: Their pictures; None where there are none.
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
    captions = (words.compare.before, words.compare.after)
    columns = st.columns(2, wrap=False, gap="small")
    for column, caption, visit, shown in zip(columns, captions, visits, pictures, strict=True):
        day = write_day(words, page.screen.local(visit.taken_at))
        with column:
            st.html(
                f'<figure class="sn-compared">{_face_html(page, shown, str(choice))}'
                f"<figcaption>{escape(caption.format(date=day))}</figcaption></figure>"
            )


def _face_html(page: SignedIn, pictures: Pictures | None, choice: str) -> str:
    words = page.screen.words
    if pictures is None:
        return f'<div class="sn-no-picture"><p>{escape(words.compare.no_picture)}</p></div>'
    if choice == _PHOTO:
        return photo_html(words, pictures)
    return map_html(words, pictures, Attribute(choice))


def pictures_of(page: SignedIn, visit: Visit) -> Pictures | None:
    """The pictures of a check: those just made, or kept ones; None if there are none."""
    return page.screen.memory.pictures_of(visit.id) or kept_pictures(page, visit)
