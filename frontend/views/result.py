"""One result: five grades, and where on the face they come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Literal

import streamlit as st

from frontend.accounts import User
from frontend.components.face_panel import Pictures, show_face
from frontend.components.kept_photo import kept_pictures, show_kept_photo, show_not_kept
from frontend.components.notice import empty_html, quality_html
from frontend.components.progress import show_timings
from frontend.components.score_card import score_cards_html, summary_html
from frontend.components.typed_notes import hold_typed_notes, is_note_sent, typed_note
from frontend.components.undo_bar import do_as_pressed, offer_undo
from frontend.components.versions import current_version, old_version_html
from frontend.components.visit_actions import show_visit_actions
from frontend.moments import utc_now
from frontend.screen import Screen, SignedIn
from frontend.store import AttributeResult, Visit
from frontend.vocabulary import Attribute, Evidence, Verdict

QUERY = "id"
_Weight = Literal["primary", "secondary"]


def show(page: SignedIn) -> None:
    """Draw the visit that the address names, if it is this person's."""
    screen, words = page.screen, page.screen.words
    visit_id = st.query_params.get(QUERY, "")
    visit = screen.services.repository.visit(page.user.id, visit_id)
    if visit is None:
        # The offer to bring it back may just have been taken.
        do_as_pressed(page)
        visit = screen.services.repository.visit(page.user.id, visit_id)
    if visit is None:
        _show_not_found(page, visit_id)
        return
    if is_note_sent(visit.id):
        # Another press may stop this run before it comes to saving it.
        hold_typed_notes(screen.services, page.user.id)
    fresh = screen.memory.pictures_of(visit.id, version=visit.model_version)
    if fresh is not None:
        screen.services.shown_pictures.show(page.user.id, visit.id, fresh)
    show_heading(_title(screen, visit, is_fresh=fresh is not None), screen.when(visit))
    show_not_kept(page, visit)
    pictures = kept_pictures(page, visit) if fresh is None else fresh
    st.html(summary_html(words, visit.results))
    if visit.quality_verdict is not Verdict.GOOD:
        advice = () if pictures is None else advice_of(pictures)
        st.html(quality_html(words, visit.quality_verdict, advice))
    is_kept = screen.services.kept_photos.has(page.user.id, visit.id)
    show_picture_and_scores(
        screen,
        pictures,
        visit.results,
        _before(page, visit),
        version=visit.model_version,
        owner=page.user,
        offer_keeping=not is_kept,
    )
    if visit.model_version != current_version(page, [visit]):
        st.html(old_version_html(words, visit))
    show_kept_photo(page, visit)
    trend, retake = _weights(visit.quality_verdict)
    with st.container(horizontal=True, key="actions", wrap=False):
        if st.button(words.result.see_trend, key="see_trend", type=trend, width="stretch"):
            st.switch_page(screen.pages.history)
        if st.button(words.result.retake, key="retake", type=retake, width="stretch"):
            # Pressed before the page stood, it must not be taken for a press of the page before.
            screen.memory.saved_capture = None
            st.switch_page(screen.pages.check)
    show_visit_actions(page, visit, leave=partial(st.switch_page, screen.pages.history))
    show_timings(words, fresh)


def show_heading(title: str, when: str | None) -> None:
    """The title, with the moment of the photo beside it, if it has one."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="heading"):
        st.title(title, anchor=False)
        if when is not None:
            st.html(f'<p class="sn-when">{escape(when)}</p>')


def show_picture_and_scores(
    screen: Screen,
    pictures: Pictures | None,
    results: Mapping[Attribute, AttributeResult],
    before: Visit | None,
    *,
    owner: User | None,
    version: str = "",
    offer_keeping: bool = False,
) -> None:
    """The face on the left and the cards on the right; on phones the face comes first.

    Args:
        screen: The page.
        pictures: The face and its maps, or None where they are gone.
        results: What the check said.
        before: The check to hold it against, drawn hollow, or None.
        version: Of the networks that graded the results; said where others graded `before`.
        owner: Who alone may see it; None for what everybody may.
        offer_keeping: Whether to say that the pictures do not stay, and where that is changed.
    """
    words = screen.words
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(key="face_column"):
        if pictures is None:
            _show_no_picture(screen, offer_keeping=offer_keeping)
        else:
            show_face(words, pictures, owner=owner, sessions=screen.services.sessions)
            if offer_keeping:
                st.html(f'<p class="sn-note">{escape(words.keeping.not_kept_here)}</p>')
                _link_to_keeping(screen)
    with right:
        st.html(score_cards_html(words, results, None if before is None else before.results))
        if before is not None:
            told = f"{words.result.before}: {screen.when(before)}"
            if before.model_version != version:
                told = f"{told}. {words.trend.other_model}"
            st.html(f'<p class="sn-note sn-key-before"><i></i>{escape(told)}</p>')
        notes = [words.result.range_note]
        if any(result.evidence is Evidence.SIMULATED for result in results.values()):
            notes.append(words.result.simulated_note)
        evened = () if pictures is None else pictures.analysis.correction.evened
        if evened:
            what = ", ".join(words.result.evened[one] for one in evened)
            notes.append(words.result.evened_note.format(what=what))
        st.html("".join(f'<p class="sn-note">{escape(note)}</p>' for note in notes))


def _show_no_picture(screen: Screen, *, offer_keeping: bool) -> None:
    words = screen.words.result
    with st.container(key="no_picture", horizontal_alignment="center", gap="xsmall"):
        st.html(
            '<div class="sn-no-picture"><i class="sn-oval"></i>'
            f"<strong>{escape(words.no_picture)}</strong>"
            f"<p>{escape(words.no_picture_why)}</p></div>"
        )
        if offer_keeping:
            _link_to_keeping(screen)


def _link_to_keeping(screen: Screen) -> None:
    with st.container(key="to_keeping", width="content"):
        st.page_link(screen.pages.account, label=screen.words.keeping.to_setting)


def advice_of(pictures: Pictures) -> list[str]:
    """The advice keys of the checks that the photo did not pass."""
    return [check.advice_key for check in pictures.analysis.quality.checks if check.advice_key]


def _title(screen: Screen, visit: Visit, *, is_fresh: bool) -> str:
    titles = screen.words.result
    if not is_fresh:
        return titles.title_earlier
    is_of_today = screen.local(visit.taken_at).date() == screen.local(utc_now()).date()
    return titles.title if is_of_today else titles.title_other_day


def _weights(verdict: Verdict) -> tuple[_Weight, _Weight]:
    """How the two buttons look: to the trend, and to another photo, which a poor one asks for."""
    return ("secondary", "primary") if verdict is Verdict.RETAKE else ("primary", "secondary")


def _before(page: SignedIn, visit: Visit) -> Visit | None:
    """The last check before this one whose photo counts."""
    repository, earlier = page.screen.services.repository, [visit]
    while earlier := repository.visits(page.user.id, before=earlier[0], limit=1):
        if earlier[0].quality_verdict is not Verdict.RETAKE:
            return earlier[0]
    return None


def _show_not_found(page: SignedIn, visit_id: str) -> None:
    words, shared = page.screen.words, page.screen.services
    st.title(words.menu.result, anchor=False)
    typed = typed_note(visit_id)
    deleted = shared.repository.recently_deleted(page.user.id)
    mine = next((each for each in deleted if each.visit.id == visit_id), None)
    if mine is not None:
        if typed is not None and typed.strip() != mine.visit.note:
            shared.held_notes.hold(page.user.id, visit_id, typed)
        offer_undo(page, mine)
    elif typed is not None:
        # It stood here until now, so it cannot be somebody else's.
        st.html(empty_html(words.visit.gone, ""))
    else:
        st.html(empty_html(words.result.not_found, words.result.not_found_do))
    if st.button(words.result.to_history, key="to_history", type="primary"):
        st.switch_page(page.screen.pages.history)
