"""The result page at addresses that name nothing, and where its times are shown."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.i18n import Language, catalogue
from frontend.light_correction import Evened
from frontend.services import Services
from tests.support.answers import analysis_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)


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


@pytest.mark.parametrize("stops", [0.0, 1.5])
def test_light_that_was_evened_out_is_told(
    minas: Any, shared: Services, mina: User, stops: float
) -> None:
    visit = save_visit(shared, mina)
    shared.kept_photos.switch(mina.id, True)
    told = {"stops": stops, "cast": [0.0, 0.0], "slope": [0.0, 0.0]}
    pictures = Pictures(parse_analysis(analysis_answer(correction=told)))
    shared.kept_photos.keep(mina.id, visit.id, pictures)

    page = minas.open("result", id=visit.id)

    note = KOREAN.result.evened_note.format(what=KOREAN.result.evened[Evened.DARKNESS])
    assert (note in minas.text(page)) == (stops > 0)
