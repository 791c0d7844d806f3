"""What a history's address says, and the page that goes by it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from frontend.accounts import User
from frontend.history_address import HistoryChoice, read_choice, write_choice
from frontend.services import Services
from tests.support.visits import save_visit

TODAY = date(2026, 7, 5)


@pytest.mark.parametrize(
    "choice",
    [
        HistoryChoice(),
        HistoryChoice(attribute="all", period="year", page=4),
        HistoryChoice(period="custom", days=(date(2026, 3, 1),)),
        HistoryChoice(period="custom", days=(date(2026, 3, 1), TODAY), page=2),
    ],
)
def test_what_is_written_into_the_address_is_read_from_it(choice: HistoryChoice) -> None:
    assert read_choice(write_choice(choice), today=TODAY) == choice


@pytest.mark.parametrize(
    "query",
    [
        {"attribute": "beauty", "period": "any", "page": "-3"},
        {"attribute": "", "period": "decade", "page": "٤"},
        {"page": "9" * 5000, "from": "2026-03-01"},
        {"page": "0"},
    ],
)
def test_what_nobody_knows_counts_as_not_said(query: dict[str, str]) -> None:
    assert read_choice(query, today=TODAY) == HistoryChoice()


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("yesterday", "2026-07-01", ()),
        ("2026-07-06", "2026-07-07", ()),
        ("2026-07-01", "2026-06-01", (date(2026, 7, 1),)),
        ("2026-07-01", "2026-07-06", (date(2026, 7, 1),)),
    ],
)
def test_a_period_runs_forwards_and_ends_today_at_the_latest(
    since: str, until: str, days: tuple[date, ...]
) -> None:
    query = {"period": "custom", "from": since, "to": until}
    assert read_choice(query, today=TODAY).days == days


def test_the_page_follows_its_address_and_writes_into_it(
    minas: Any, shared: Services, mina: User
) -> None:
    for day in range(10):
        save_visit(shared, mina, day=day)
    page = minas.open("history", attribute="wrinkle", page="2")
    assert page.segmented_control(key="trend_attribute").value == "wrinkle"
    assert page.pagination(key="past_page").value == 2
    assert minas.text(page).count("sn-cell ") == 2 * 5

    page.segmented_control(key="trend_attribute").select("oil").run()
    assert page.query_params == {"page": "2"}
    page.segmented_control(key="period").select("custom").run()
    page.date_input(key="custom_days").set_value((date(2026, 6, 26), date(2026, 6, 28))).run()
    assert page.query_params == {
        "period": "custom",
        "from": "2026-06-26",
        "to": "2026-06-28",
    }
    assert minas.text(page).count("sn-cell ") == 3 * 5


def test_a_page_beyond_the_last_one_is_the_last_one(
    minas: Any, shared: Services, mina: User
) -> None:
    for day in range(10):
        save_visit(shared, mina, day=day)
    page = minas.open("history", attribute="beauty", page="7")
    assert not page.exception
    assert page.pagination(key="past_page").value == 2
    assert page.segmented_control(key="trend_attribute").value == "oil"
