"""Two dates side by side: what changed, and whether it is more than chance."""

from __future__ import annotations

from collections import Counter
from html import escape

import streamlit as st

from frontend.comparable import Comparability, Comparison, compare
from frontend.components.comparable_card import comparable_html
from frontend.components.compare_card import compare_cards_html
from frontend.components.compare_pictures import pictures_of, show_pictures
from frontend.components.notice import empty_html
from frontend.i18n import Words, write_day
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.taken import is_day_alone

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
    comparison = compare(earlier, later)
    pictures = [pictures_of(page, visit) for visit in (earlier, later)]
    if all(one is None for one in pictures):
        st.html(f'<p class="sn-note">{escape(words.compare.no_pictures)}</p>')
        # Nothing stands beside them, so the cards have the whole width.
        with st.container(key="changes_alone"):
            _show_changes(words, earlier, later, comparison)
        return
    beside, cards = st.columns([5, 6], gap="medium")
    with beside:
        show_pictures(page, (earlier, later), pictures, comparison=comparison)
    with cards:
        _show_changes(words, earlier, later, comparison)


def _show_changes(words: Words, earlier: Visit, later: Visit, comparison: Comparison) -> None:
    can_be_compared = comparison.verdict is not Comparability.NOT_COMPARABLE
    st.html(
        comparable_html(words, comparison)
        + compare_cards_html(words, earlier.results, later.results, can_be_compared=can_be_compared)
        + f'<p class="sn-note">{escape(words.compare.marks)}</p>'
    )


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
    # The newest has the first place.
    places = [visit.id for visit in visits]
    if places.index(earlier.id) < places.index(later.id):
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
    words = page.screen.words
    names = _names(page, list(by_id.values()))
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
                format_func=names.__getitem__,
                key=_key(name),
                filter_mode=None,
                on_change=_put_into_address,
            )
    return earlier, later


def _names(page: SignedIn, visits: list[Visit]) -> dict[str, str]:
    """What each check is called, by ID: no two alike, or a select could not tell which is meant.

    The time stands only where it tells two checks of one day apart: phones have little room. Where
    nobody knows it, a number does that.
    """
    words = page.screen.words
    moments = {visit.id: page.screen.local(visit.taken_at) for visit in visits}
    days = {each: write_day(words, moment) for each, moment in moments.items()}
    minutes = {visit.id: page.screen.when(visit) for visit in visits}
    seconds = {
        visit.id: minutes[visit.id]
        if is_day_alone(visit)
        else f"{minutes[visit.id]}:{moments[visit.id]:%S}"
        for visit in visits
    }
    numbered = {each: f"{seconds[each]} · {place}" for place, each in enumerate(moments, start=1)}
    often = [Counter(names.values()) for names in (days, minutes, seconds)]
    return {
        each: next(
            (
                names[each]
                for names, count in zip((days, minutes, seconds), often, strict=True)
                if count[names[each]] == 1
            ),
            numbered[each],
        )
        for each in moments
    }


def _put_into_address() -> None:
    for name in (EARLIER, LATER):
        st.query_params[name] = st.session_state[_key(name)]


def _key(name: str) -> str:
    return f"compare_{name}"
