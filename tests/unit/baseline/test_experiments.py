"""Tables that are replayed: their rows, their resuming, their numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import baseline.experiments.runs
from backend.vocabulary import Attribute
from baseline.experiments.report import measured, write_table
from baseline.experiments.runs import Said, run_row
from baseline.experiments.tables import SIZES_PX, Experiment, Row, chosen, rows
from baseline.losses.registry import LossName
from baseline.metrics.bootstrap import Shown
from baseline.networks.start import Start
from baseline.training.plan import Plan

BASE = Plan(Path("data"), Path("validation"), input_px=64, epochs=1, batch=2, start=Start.RANDOM)


def _said(predicted: dict[Attribute, list[int]], seed: int = 1) -> Said:
    truth = {attribute: [0, 1, 2, 3, 4, -1] for attribute in predicted}
    people: list[Shown] = [(person,) for person in "aabbcc"]
    return Said("photos", seed, 1_000_000, 60.0, truth, predicted, people)


def test_tables_begin_with_the_originals_rows_and_its_numbers() -> None:
    losses = rows(Experiment.LOSSES, BASE)
    assert [row.name for row in losses[:2]] == ["cross_entropy", "label_smoothing"]
    assert losses[2].original["oil"] == 0.7627
    assert {plan.loss for row in losses for plan in row.plans} == set(LossName)
    models = rows(Experiment.MODELS, BASE)
    assert models[-1].original["mean"] == 0.5002
    assert [len(row.plans) for row in rows(Experiment.SAMPLER, BASE)] == [5, 5]


def test_every_table_keeps_size_epochs_and_data_of_the_base() -> None:
    for experiment in set(Experiment) - {Experiment.SIZES}:
        for row in rows(experiment, BASE):
            for plan in row.plans:
                twice = row.name.endswith("twice as large")
                assert plan.input_px == (128 if twice else 64)
                assert (plan.epochs, plan.batch, plan.data) == (1, 2, BASE.data)


def test_sizes_differ_by_their_size_alone() -> None:
    found = [row.plans for row in rows(Experiment.SIZES, BASE)]
    assert [plan.input_px for (plan,) in found] == list(SIZES_PX)
    assert {replace(plan, input_px=64) for (plan,) in found} == {BASE}


def test_rows_are_chosen_by_name_in_the_tables_order() -> None:
    found = rows(Experiment.RECIPES, BASE)
    names = [row.name for row in chosen(found, ["ours", "original_final"])]
    assert names == ["original_final", "ours"]
    assert chosen(found, None) == found
    with pytest.raises(ValueError, match="got theirs"):
        chosen(found, ["theirs"])


def test_recipes_differ_by_what_they_say_alone() -> None:
    found = {row.name: row.plans for row in rows(Experiment.RECIPES, BASE)}
    oil = list(Attribute).index(Attribute.OIL)
    final, ours = found["original_final"][oil], found["ours"][oil]
    assert final.sampler
    assert final.loss is LossName.FOCAL
    alike = replace(final, loss=ours.loss, sampler=ours.sampler, schedule=ours.schedule,
                    augmentations=ours.augmentations)  # fmt: skip
    assert alike == ours


def test_p_recall_is_averaged_over_seeds_and_leaves_out_the_unrated() -> None:
    right, off = [0, 1, 2, 3, 4, 0], [1, 2, 3, 4, 3, 0]
    said = [_said({Attribute.OIL: right}), _said({Attribute.OIL: off}, seed=2)]
    found = measured(said, Attribute.OIL)
    assert found.value == pytest.approx(0.75)
    assert (found.low, found.high) == (0.75, 0.75)


def test_an_attribute_that_no_network_grades_is_refused() -> None:
    with pytest.raises(ValueError, match="grades wrinkle"):
        measured([_said({Attribute.OIL: [0] * 6})], Attribute.WRINKLE)


def test_a_table_stands_beside_the_originals_numbers(tmp_path: Path) -> None:
    everything = _said({attribute: [0, 1, 2, 3, 4, 0] for attribute in Attribute})
    row = Row("focal", (BASE,), {"oil": 0.7627})
    path = write_table(Experiment.LOSSES, {"focal": (row, [everything])}, tmp_path, how="Here.")
    text = path.read_text()
    assert "| focal | 1.000 (1.000 to 1.000) / 0.763 |" in text
    assert text.splitlines()[-1].endswith("| 1.000 / 0.763 |")
    assert "after the stroke" in text
    assert (tmp_path / "losses.png").stat().st_size > 1000


def test_a_table_that_the_original_has_not_names_no_figures_of_it(tmp_path: Path) -> None:
    everything = _said({attribute: [0, 1, 2, 3, 4, 0] for attribute in Attribute})
    done = {"64 px": (Row("64 px", (BASE,), {}), [everything])}
    text = write_table(Experiment.SIZES, done, tmp_path, how="Here.").read_text()
    assert "original" not in text
    assert text.splitlines()[-1].endswith("| 1.000 | 1.0 M | 60 s |")


def test_a_row_takes_the_best_learning_rate_and_is_not_trained_twice(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(
        BASE, data=photos / "train", validation=photos / "validation", attribute=Attribute.OIL
    )
    row = Row("off", (plan,), {})
    options = {"test": photos / "validation", "seeds": [1, 2], "rates": [1e-3, 1e-5], "workers": 0}
    first = run_row(row, tmp_path, **options)  # type: ignore[arg-type]  # the test's own words
    assert [one.seed for one in first] == [1, 2]
    assert len(list(tmp_path.glob("oil/lr*/seed*/said.json"))) == 3
    monkeypatch.setattr(baseline.experiments.runs, "train", None)
    assert run_row(row, tmp_path, **options) == first  # type: ignore[arg-type]  # as above
