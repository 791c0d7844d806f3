"""The history in files that other programs read."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import pytest

from frontend.accounts import User
from frontend.export import CSV_COLUMNS, history_csv, history_json, safe_cell
from frontend.store import Repository, Visit
from tests.unit.frontend.data.test_repository import NOON, new_visit


@pytest.fixture
def visit(repository: Repository, minji: User) -> Visit:
    saved = repository.save_visit(minji.id, new_visit())
    repository.write_note(minji.id, saved.id, '새 크림, "Cica"\n둘째 줄')
    (found,) = repository.visits(minji.id)
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_columns_are_the_ones_that_were_promised() -> None:
    assert CSV_COLUMNS[:8] == (
        "visit_id",
        "taken_at",
        "saved_at",
        "source",
        "model_version",
        "quality_verdict",
        "quality_score",
        "note",
    )
    assert CSV_COLUMNS[8:18] == (
        "oil_grade",
        "oil_score",
        "oil_likely_low",
        "oil_likely_high",
        "oil_evidence",
        "oil_p0",
        "oil_p1",
        "oil_p2",
        "oil_p3",
        "oil_p4",
    )
    assert len(CSV_COLUMNS) == 8 + 5 * 10 + 5
    assert CSV_COLUMNS[57:59] == ("sensitivity_p4", "oil_standard_error")
    assert CSV_COLUMNS[-1] == "sensitivity_standard_error"


def test_a_check_is_one_row_with_everything_in_it(visit: Visit) -> None:
    (row,) = rows(history_csv([visit]))
    assert row["visit_id"] == visit.id
    assert row["taken_at"] == "2026-11-23T12:00:00+00:00"
    assert row["note"] == '새 크림, "Cica"\n둘째 줄'
    assert (row["wrinkle_grade"], row["wrinkle_score"]) == ("2", "1.87")
    assert [row[f"oil_p{grade}"] for grade in range(5)] == ["0.1", "0.23", "0.4", "0.24", "0.03"]
    # A tenth of the belief lies below and above: at 0 + 0.5 and 2.5 + 0.17 / 0.24.
    assert float(row["oil_likely_low"]) == pytest.approx(0.5)
    assert float(row["oil_likely_high"]) == pytest.approx(2.5 + 0.17 / 0.24)
    assert row["oil_standard_error"] == ""


def test_a_standard_error_is_in_both_files(visit: Visit) -> None:
    results = {
        attribute: dataclasses.replace(result, standard_error=0.2)
        for attribute, result in visit.results.items()
    }
    told = dataclasses.replace(visit, results=results)
    (row,) = rows(history_csv([told]))
    assert row["sensitivity_standard_error"] == "0.2"
    content = json.loads(history_json([told], login_id="minji", made_at=NOON))
    assert content["visits"][0]["attributes"]["oil"]["standard_error"] == 0.2


def test_excel_recognises_hangul_by_the_first_bytes(visit: Visit) -> None:
    assert history_csv([visit]).startswith(b"\xef\xbb\xbfvisit_id,")


def test_an_empty_history_is_a_row_of_names() -> None:
    assert rows(history_csv([])) == []


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\uff1d1",
        "  =1",
        "|calc",
        "%x",
        "=cmd|' /C calc'!A0",
    ],
)
def test_no_note_is_a_formula(visit: Visit, formula: str) -> None:
    (row,) = rows(history_csv([dataclasses.replace(visit, note=formula)]))
    assert row["note"] == f"'{formula}"


@pytest.mark.parametrize("text", ["cream = good", "", "-", "한글", "a\n=b"])
def test_other_notes_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == (f"'{text}" if text == "-" else text)


def test_json_has_every_text_as_it_is(visit: Visit) -> None:
    formula = dataclasses.replace(visit, note="=1+1 </script> 한글")
    content = json.loads(history_json([formula], login_id="minji", made_at=NOON))
    assert content["format"] == "skin-notes-history"
    assert content["version"] == 1
    assert content["made_at"] == "2026-11-23T12:00:00+00:00"
    assert content["login_id"] == "minji"
    (found,) = content["visits"]
    assert found["note"] == "=1+1 </script> 한글"
    assert found["attributes"]["sensitivity"]["grade"] == 4
    assert found["attributes"]["oil"]["probabilities"] == [0.1, 0.23, 0.4, 0.24, 0.03]
    assert found["quality"] == {"verdict": "good", "score": 88.5}
