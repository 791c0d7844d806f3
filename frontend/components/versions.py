"""Checks of earlier networks: how they are marked, and the card that has them graded anew."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from frontend.client import ModelServer, ServerAwayError, ServerError
from frontend.components.notice import done_html, waiting_html
from frontend.errors import KeptPhotosError, PhotoStoreUnusableError
from frontend.i18n import Words, problem_text
from frontend.regrading import outdated, regrade
from frontend.screen import SignedIn
from frontend.store import Visit

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_log = logging.getLogger(__name__)

_PLACE: Final = "regrade"
_REMEMBERED_S: Final = 300


def current_version(page: SignedIn, visits: Sequence[Visit]) -> str:
    """Version of the networks that grade now; while their server is away, the last check's.

    Args:
        page: The page.
        visits: At least one, newest first.
    """
    server = page.screen.server
    try:
        return _version_of(server.url, _server=server)
    except ServerError as error:
        _log.warning("the version of the networks is not known: %s", error)
        return visits[0].model_version


@st.cache_data(ttl=_REMEMBERED_S, show_spinner=False)
def _version_of(url: str, *, _server: ModelServer) -> str:
    """Asked once in a while, not for every page; remembered by the server's address."""
    return _server.version()


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
            done += regrade(services, page.screen.server, visit)
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
