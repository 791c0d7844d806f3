"""The history's page: rows, pages of them, periods, and the trend that is chosen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from frontend.accounts import User
from frontend.i18n import Language, catalogue
from frontend.services import Services
from frontend.vocabulary import Verdict
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)


def _days(page: AppTest) -> list[str]:
    labels = [link.value for link in page.page_link]
    return [label.split()[0] for label in labels if label.startswith("20")]


def _heading(text: str) -> str:
    found = re.search('<h2 class="sn-heading">(.*?)</h2>', text)
    assert found is not None
    return found[1]


def test_an_empty_history_invites_to_the_first_check(minas: Any) -> None:
    page = minas.open("history")

    assert KOREAN.history.empty in minas.text(page)
    assert "start" in minas.buttons(page)


def test_one_check_is_a_dot_and_a_hint(minas: Any, shared: Services, mina: User) -> None:
    save_visit(shared, mina)

    page = minas.open("history")

    assert not page.exception
    assert KOREAN.trend.one_more in minas.text(page)


def test_the_history_has_eight_checks_on_a_page_newest_first(
    minas: Any, shared: Services, mina: User
) -> None:
    for day in range(10):
        save_visit(shared, mina, day=day)

    page = minas.open("history")
    assert minas.text(page).count("sn-cell ") == 8 * 5
    assert _days(page)[0] == "2026.07.05"

    page.pagination(key="past_page").set_value(2).run()
    assert _days(page) == ["2026.06.27", "2026.06.26"]


def test_a_period_limits_the_checks_shown(minas: Any, shared: Services, mina: User) -> None:
    save_visit(shared, mina)
    page = minas.open("history")

    page.segmented_control(key="period").select("custom").run()
    page.date_input(key="custom_days").set_value(
        (datetime(2026, 6, 1, tzinfo=UTC).date(), datetime(2026, 6, 25, tzinfo=UTC).date())
    ).run()
    assert KOREAN.history.none_in_period in minas.text(page)

    # The 26th in Seoul, where it began nine hours before the 26th of UTC.
    page.date_input(key="custom_days").set_value(
        (datetime(2026, 6, 26, tzinfo=UTC).date(), datetime(2026, 6, 26, tzinfo=UTC).date())
    ).run()
    assert _days(page) == ["2026.06.26"]


def test_all_trends_together_begin_with_the_first_photo_that_counts(
    minas: Any, shared: Services, mina: User
) -> None:
    save_visit(shared, mina, day=0, verdict=Verdict.RETAKE)
    save_visit(shared, mina, day=4)
    assert "<small>" not in _heading(minas.text(minas.open("history", attribute="all")))
    assert KOREAN.trend.title in _heading(minas.text(minas.open("history", attribute="all")))

    save_visit(shared, mina, day=9)
    heading = _heading(minas.text(minas.open("history", attribute="all")))
    assert KOREAN.trend.since.format(first="2026.06.30") in heading


@pytest.mark.parametrize("choice", ["all", "oil", "sensitivity"])
def test_each_trend_can_be_chosen(minas: Any, shared: Services, mina: User, choice: str) -> None:
    save_visit(shared, mina, day=0)
    save_visit(shared, mina, day=1)
    page = minas.open("history")

    page.segmented_control(key="trend_attribute").select(choice).run()

    assert not page.exception
    assert page.get("plotly_chart")
