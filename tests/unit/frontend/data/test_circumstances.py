"""How a photo was taken, there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frontend.circumstances import Circumstances
from tests.support.answers import analysis_answer
from tests.support.visits import FACING


def test_what_is_written_as_json_is_read_again() -> None:
    assert Circumstances.read(json.loads(json.dumps(FACING.written()))) == FACING


def test_fields_that_nobody_asks_for_are_left_out() -> None:
    assert "outside" in analysis_answer()["capture"]
    assert Circumstances.read(analysis_answer()["capture"]) == FACING


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("yaw", None),
        ("yaw", "3"),
        ("yaw", True),
        ("focus", float("nan")),
        ("brighter", [0.1]),
        ("brighter", 0.1),
        ("brighter", [0.1, None]),
        ("photo_px", [0, 100]),
        ("eye_distance_px", 0),
    ],
)
def test_what_is_no_number_is_refused_by_its_name(field: str, wrong: Any) -> None:
    with pytest.raises(ValueError, match=field):
        Circumstances.read({**FACING.written(), field: wrong})


@pytest.mark.parametrize("told", [None, [], "capture"])
def test_what_is_no_object_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="expected an object"):
        Circumstances.read(told)
