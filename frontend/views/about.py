"""How to read the grades, what the service cannot do, and what happens to the data."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend.components.notice import paragraphs_html
from frontend.grading import direction_of, status_of
from frontend.i18n import Words
from frontend.screen import Screen
from frontend.vocabulary import GRADES, Attribute


def show(screen: Screen, *, signed_in: bool) -> None:
    """Draw the page.

    Args:
        screen: The page.
        signed_in: Whether somebody is; visitors get a way back to the form.
    """
    words = screen.words
    st.title(words.about.title, anchor=False)
    st.html(f'<p class="sn-lead">{escape(words.not_medical)}</p>')
    st.header(words.about.scale_title, anchor=False)
    st.html(paragraphs_html([words.about.scale]) + scale_html(words))
    for title, paragraphs in (
        (words.about.map_title, words.about.map),
        (words.about.limits_title, words.about.limits),
        (words.about.data_title, words.about.data),
        (words.about.licences_title, words.about.licences),
    ):
        st.header(title, anchor=False)
        st.html(paragraphs_html(paragraphs))
    if not signed_in and st.button(words.login.log_in, key="to_login", type="primary"):
        st.switch_page(screen.pages.check)


def scale_html(words: Words) -> str:
    """The words of all grades as a table, with the shape of how each stands."""
    head = "".join(f'<th scope="col">{grade}</th>' for grade in GRADES)
    rows = []
    for attribute in Attribute:
        spoken = words.attributes[attribute]
        cells = "".join(
            f'<td class="sn-status sn-{status_of(attribute, grade)}" data-grade="{grade}">'
            f'<i class="sn-shape"></i>{escape(spoken.grades[grade])}</td>'
            for grade in GRADES
        )
        rows.append(
            f'<tr><th scope="row">{escape(spoken.name)}'
            f"<small>{escape(words.directions[direction_of(attribute)])}</small></th>{cells}</tr>"
        )
    return (
        '<div class="sn-scroll" tabindex="0"><table class="sn-scale-table"><thead><tr>'
        f'<th scope="col">{escape(words.about.scale_grade)}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
