from __future__ import annotations

from typing import Any

import pytest

from frontend.analysis import AnswerUnreadableError, Severity, parse_analysis
from frontend.vocabulary import Attribute, Evidence, Region, Verdict
from tests.support.answers import PROBABILITIES, REGIONS, analysis_answer, picture


def _with_oil(**changes: Any) -> dict[str, Any]:
    answer = analysis_answer()
    answer["attributes"]["oil"].update(changes)
    return answer


def test_a_whole_answer_becomes_values() -> None:
    analysis = parse_analysis(analysis_answer())

    assert analysis.model_version == "2026.11.0"
    assert analysis.trained_on == "Painted faces."
    assert analysis.quality.verdict is Verdict.GOOD
    assert analysis.quality.checks[0].severity is Severity.OK
    assert analysis.quality.checks[0].advice_key == ""
    assert list(analysis.attributes) == list(Attribute)
    oil = analysis.attributes[Attribute.OIL]
    assert oil.probabilities == tuple(PROBABILITIES)
    assert oil.evidence is Evidence.SIMULATED
    assert oil.heatmap == picture("PNG")
    assert analysis.crop == picture("JPEG")


def test_an_older_server_tells_no_standard_error() -> None:
    oil = parse_analysis(_with_oil(standard_error=None)).attributes[Attribute.OIL]
    assert oil.standard_error is None
    answer = analysis_answer()
    assert parse_analysis(answer).attributes[Attribute.OIL].standard_error == 0.25
    del answer["attributes"]["oil"]["standard_error"]
    assert parse_analysis(answer).attributes[Attribute.OIL].standard_error is None


@pytest.mark.parametrize("told", [{}, {"region_errors": None}, {"region_errors": {"nose": None}}])
def test_the_errors_of_regions_are_those_that_were_measured(told: dict[str, Any]) -> None:
    errors = {"nose": 0.01, "chin": None}
    oil = parse_analysis(_with_oil(region_errors=errors)).attributes[Attribute.OIL]
    assert oil.region_errors == {Region.NOSE: 0.01}
    answer = analysis_answer()
    answer["attributes"]["oil"].pop("region_errors", None)
    answer["attributes"]["oil"].update(told)
    assert parse_analysis(answer).attributes[Attribute.OIL].region_errors == {}


def test_fields_of_a_newer_server_are_ignored() -> None:
    parse_analysis(analysis_answer(pose={"yaw": 3}))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"grade": 5}, "grade"),
        ({"grade": 2.0}, "grade"),
        ({"grade": None}, "grade"),
        ({"score": 4.5}, "score"),
        ({"score": "2"}, "score"),
        ({"score": float("nan")}, "score"),
        ({"standard_error": 0}, "standard_error"),
        ({"standard_error": "0.2"}, "standard_error"),
        ({"probabilities": [0.5, 0.5]}, "probabilities"),
        ({"probabilities": [0.5, 0.5, 0.5, 0.5, 0.5]}, "probabilities"),
        ({"probabilities": [-0.5, 0.5, 0.5, 0.5, 0.0]}, "probabilities"),
        ({"evidence": "hearsay"}, "evidence"),
        ({"heatmap": "not base64!"}, "heatmap"),
        ({"heatmap": ""}, "heatmap"),
        ({"heatmap": 7}, "heatmap"),
        ({"regions": {"nose": 0.5}}, "regions.forehead"),
        ({"regions": dict.fromkeys(REGIONS, 1.5)}, "regions.forehead"),
        ({"region_errors": [0.1]}, "region_errors"),
        ({"region_errors": {"nose": 0}}, "region_errors.nose"),
        ({"region_errors": {"nose": -0.1}}, "region_errors.nose"),
        ({"region_errors": {"nose": "0.1"}}, "region_errors.nose"),
        ({"heatmap_quality": {"skin_share": -1}}, "heatmap_quality.skin_share"),
        ({"heatmap_quality": {"stability": "much"}}, "heatmap_quality.stability"),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_name(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(AnswerUnreadableError, match=rf"attributes\.oil\.{where}: expected"):
        parse_analysis(_with_oil(**changes))


@pytest.mark.parametrize("field", ["model", "quality", "attributes", "crop"])
def test_a_missing_part_is_refused_by_its_name(field: str) -> None:
    answer = analysis_answer()
    del answer[field]

    with pytest.raises(AnswerUnreadableError, match=rf"^{field}: expected"):
        parse_analysis(answer)


def test_the_message_never_holds_a_whole_picture() -> None:
    with pytest.raises(AnswerUnreadableError) as caught:
        parse_analysis(analysis_answer(crop="?" * 100_000))

    assert len(str(caught.value)) < 120
