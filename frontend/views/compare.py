"""Two dates side by side: what changed, and whether it is more than chance."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend.components.compare_card import compare_cards_html
from frontend.components.compare_pictures import pictures_of, show_pictures
from frontend.components.notice import empty_html
from frontend.i18n import Words, write_day, write_day_and_time
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.vocabulary import Verdict

EARLIER = "a"
LATER = "b"


def show(page: SignedIn) -> None:
    """Draw the comparison that the address names, or of the last two checks."""
    words = page.screen.words
    st.title(words.compare.title, anchor=False)
    visits = page.screen.services.repository.visits(page.user.id)
    if len(visits) < 2:
        _ask_for_checks(page, visits)
        return
    st.html(f'<p class="sn-lead">{escape(words.compare.lead)}</p>')
    earlier, later = _choose(page, visits)
    if earlier.id == later.id:
        st.html(empty_html(words.compare.same_date, ""))
        return
    pictures = [pictures_of(page, visit) for visit in (earlier, later)]
    if all(one is None for one in pictures):
        st.html(f'<p class="sn-note">{escape(words.compare.no_pictures)}</p>')
        # Nothing stands beside them, so the cards have the whole width.
        with st.container(key="changes_alone"):
            _show_changes(words, earlier, later)
        return
    beside, cards = st.columns([5, 6], gap="medium")
    with beside:
        show_pictures(page, (earlier, later), pictures)
    with cards:
        _show_changes(words, earlier, later)


def _show_changes(words: Words, earlier: Visit, later: Visit) -> None:
    st.html(compare_cards_html(words, earlier.results, later.results))
    notes = [words.compare.marks]
    if earlier.model_version != later.model_version:
        notes.append(words.compare.other_model)
    if Verdict.RETAKE in (earlier.quality_verdict, later.quality_verdict):
        notes.insert(0, words.compare.poor_photo)
    st.html("".join(f'<p class="sn-note">{escape(note)}</p>' for note in notes))


def _ask_for_checks(page: SignedIn, visits: list[Visit]) -> None:
    words = page.screen.words
    if visits:
        st.html(empty_html(words.compare.one_check, words.compare.one_check_why))
    else:
        st.html(empty_html(words.history.empty, words.history.empty_why))
    label = words.compare.start if visits else words.history.start
    if st.button(label, key="start", type="primary"):
        st.switch_page(page.screen.pages.check)


def _choose(page: SignedIn, visits: list[Visit]) -> tuple[Visit, Visit]:
    """The two checks, the one taken first first; the address always names them.

    Args:
        page: The page.
        visits: At least two, newest first.
    """
    by_id = {visit.id: visit for visit in visits}
    asked = [st.query_params.get(name) for name in (EARLIER, LATER)]
    if any(visit_id is not None and visit_id not in by_id for visit_id in asked):
        st.html(
            f'<p class="sn-note" role="status">{escape(page.screen.words.compare.not_found)}</p>'
        )
    chosen = [visit_id if visit_id in by_id else None for visit_id in asked]
    later = by_id[chosen[1]] if chosen[1] else next(v for v in visits if v.id != chosen[0])
    earlier = by_id[chosen[0]] if chosen[0] else _before(visits, later)
    if earlier.taken_at > later.taken_at:
        earlier, later = later, earlier
    return _select(page, by_id, earlier, later)


def _before(visits: list[Visit], later: Visit) -> Visit:
    """The check before this one, or where it is the first, the one after it."""
    place = visits.index(later)
    return visits[place + 1] if place + 1 < len(visits) else visits[place - 1]


def _select(
    page: SignedIn, by_id: dict[str, Visit], earlier: Visit, later: Visit
) -> tuple[Visit, Visit]:
    """Two selects that show a pair and change the address, which the next run reads."""
    words, screen = page.screen.words, page.screen
    days = [write_day(words, screen.local(visit.taken_at)) for visit in by_id.values()]

    def write(visit_id: str) -> str:
        moment = screen.local(by_id[visit_id].taken_at)
        day = write_day(words, moment)
        # The time only where it tells two checks of one day apart: phones have little room.
        return write_day_and_time(words, moment) if days.count(day) > 1 else day

    shown = {EARLIER: earlier.id, LATER: later.id}
    for name, visit_id in shown.items():
        st.session_state[_key(name)] = visit_id
    st.query_params.update(shown)
    labels = {EARLIER: words.compare.earlier, LATER: words.compare.later}
    for column, (name, label) in zip(st.columns(2, wrap=False), labels.items(), strict=True):
        with column:
            st.selectbox(
                label,
                list(by_id),
                format_func=write,
                key=_key(name),
                filter_mode=None,
                on_change=_put_into_address,
            )
    return earlier, later


def _put_into_address() -> None:
    for name in (EARLIER, LATER):
        st.query_params[name] = st.session_state[_key(name)]


def _key(name: str) -> str:
    return f"compare_{name}"
