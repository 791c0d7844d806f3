"""What was taken back of the light, there and back, and what of it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frontend.analysis import AnswerUnreadableError, parse_analysis
from frontend.light_correction import Evened, LightCorrection
from tests.support.answers import analysis_answer

MUCH = LightCorrection(stops=1.2, cast=(-0.3, 0.1), slope=(0.4, -0.2))


def test_what_is_written_as_json_is_read_again() -> None:
    assert LightCorrection.read(json.loads(json.dumps(MUCH.written()))) == MUCH


def test_much_is_told_and_next_to_nothing_is_not() -> None:
    assert MUCH.evened == (Evened.DARKNESS, Evened.COLOUR, Evened.SIDE)
    assert LightCorrection(stops=0.1, cast=(0.05, 0.0), slope=(0.1, 0.1)).evened == ()
    assert LightCorrection(cast=(0.0, -0.2)).evened == (Evened.COLOUR,)


def test_a_server_that_does_not_tell_it_corrected_nothing_that_is_known() -> None:
    answer = analysis_answer()
    del answer["correction"]
    assert parse_analysis(answer).correction == LightCorrection()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("stops", None), ("stops", float("inf")), ("cast", 0.1), ("slope", [0.1, "left"])],
)
def test_what_is_no_number_is_refused_by_its_name(field: str, wrong: Any) -> None:
    told = {**MUCH.written(), field: wrong}
    with pytest.raises(AnswerUnreadableError, match=f"correction.{field}"):
        parse_analysis(analysis_answer(correction=told))


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(AnswerUnreadableError, match="expected an object"):
        parse_analysis(analysis_answer(correction="brighter"))
