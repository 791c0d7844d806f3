"""A database that fails is told in our words, wherever Streamlit runs a piece of a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from frontend.components.notice import problem_html
from frontend.i18n import Words, problem_text
from frontend.store.failures import DATABASE_FAILURES

_log = logging.getLogger(__name__)


@contextmanager
def telling_of_a_failing_database(words: Words) -> Iterator[None]:
    """In the block, a failing database ends what is drawn with a card that says so.

    A dialog or a fragment that reads or writes needs a block of its own: Streamlit draws it anew
    without the page around it.
    """
    try:
        yield
    except DATABASE_FAILURES:
        _log.exception("the database failed while a page was drawn")
        problem = problem_text(words, "database_unusable", {})
        st.html(problem_html(problem, code="database_unusable"))
