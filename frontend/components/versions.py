"""Checks of earlier networks: how they are marked, and the card that has them graded anew."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from frontend.client import ServerAwayError, ServerError
from frontend.components.notice import done_html, waiting_html
from frontend.errors import KeptPhotosError, PhotoStoreUnusableError
from frontend.i18n import Words, problem_text
from frontend.regrading import outdated, regrade
from frontend.screen import SignedIn
from frontend.serving_version import last_version
from frontend.store import Visit

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_log = logging.getLogger(__name__)

_PLACE: Final = "regrade"


def current_version(page: SignedIn, visits: Sequence[Visit]) -> str:
    """Version of the networks that grade now; where their server never told, the last check's.

    Args:
        page: The page.
        visits: At least one, in any order.
    """
    told = page.screen.services.serving_version.ask(page.screen.server)
    return last_version(visits) if told is None else told


def old_version_html(words: Words, visit: Visit) -> str:
    """A note on a result that earlier networks graded."""
    told = words.comparable.old_version_hint.format(version=visit.model_version)
    return f'<p class="sn-note" data-version="{escape(visit.model_version)}">{escape(told)}</p>'


def show_regrading(page: SignedIn, visits: Sequence[Visit], *, version: str) -> None:
    """Offer to grade kept photos of earlier networks anew; nothing where there are none.

    Args:
        page: The page.
        visits: All of the person.
        version: Of the networks that grade now.
    """
    words = page.screen.words.comparable
    done = page.screen.memory.heard_at(_PLACE)
    if done is not None:
        st.html(done_html(done))
    pictured = page.screen.services.repository.pictured(page.user.id)
    old = outdated(visits, pictured=pictured, version=version)
    if not old:
        return
    with st.container(border=True, key="regrade_card"):
        st.html(
            f'<h2 class="sn-name">{escape(words.regrade_title)}</h2>'
            f'<p class="sn-note">{escape(words.regrade_why.format(count=len(old)))}</p>'
        )
        place = st.empty()
        with place.container():
            pressed = st.button(words.regrade, key="regrade")
        if pressed:
            _regrade_all(page, old, place)


def _regrade_all(page: SignedIn, old: Sequence[Visit], place: DeltaGenerator) -> None:
    words, services = page.screen.words, page.screen.services
    limits = {"max_mb": services.settings.max_photo_mb}
    done, problem = 0, None
    for number, visit in enumerate(old, start=1):
        told = words.comparable.regrading.format(done=number, count=len(old))
        place.html(waiting_html(told))
        try:
            if regrade(services, page.screen.server, visit):
                done += 1
                # The page may still hold the maps that went with the old grades.
                page.screen.memory.forget_pictures(visit.id)
        except (ServerError, KeptPhotosError) as error:
            _log.warning("visit %s was not graded anew: %s", visit.id, error)
            problem = problem_text(words, error.code, {**limits, **error.params}).what
            if isinstance(error, ServerAwayError | PhotoStoreUnusableError):
                # The others would fail alike.
                break
    sentences = [words.comparable.regraded.format(count=done)]
    if problem is not None:
        left = len(old) - done
        sentences.append(words.comparable.regrade_failed.format(count=left, why=problem))
    page.screen.memory.said = (_PLACE, " ".join(sentences))
    st.rerun()
