"""The result page at addresses that name nothing, and where its times are shown."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.accounts import User
from frontend.i18n import Language, catalogue
from frontend.services import Services
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)


@pytest.fixture
def minas(tabs: Any, mina: User) -> Any:
    """Tabs of a browser in which Mina is signed in."""
    tabs.user = mina
    return tabs


@pytest.mark.parametrize(
    "visit_id",
    ["", "\x00", "a" * 10_000, "' OR 1=1 --", "<script>alert(1)</script>", "기록", "../account"],
)
def test_an_id_that_names_nothing_is_said_so_with_a_way_on(minas: Any, visit_id: str) -> None:
    page = minas.open("result", id=visit_id)

    assert not page.exception
    assert KOREAN.result.not_found in minas.text(page)
    assert "<script>alert" not in minas.text(page)
    page.button(key="to_history").click().run()
    assert page.title[0].value == KOREAN.history.title


def test_a_reopened_result_has_no_times(minas: Any, shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)

    page = minas.open("result", id=visit.id)

    assert page.title[0].value == KOREAN.result.title_earlier
    assert KOREAN.progress.timings not in [expander.label for expander in page.expander]
