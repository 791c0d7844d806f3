"""The steps of `make train` fit together: what one reads, an earlier one wrote."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from backend.vocabulary import Attribute
from baseline.pipeline import AVERAGED, FOLLOWED, PASSES, Command, commands


def after(command: Command, option: str) -> list[str]:
    """The words that follow an option, up to the next one."""
    if option not in command:
        return []
    rest = command[command.index(option) + 1 :]
    end = next((index for index, word in enumerate(rest) if word.startswith("--")), len(rest))
    return rest[:end]


STEPS = list(commands(Path("faces"), Path("runs"), Path("models")))


def test_every_pass_starts_from_runs_that_were_trained_before_it() -> None:
    trained: set[str] = set()
    for step in STEPS:
        if step[0] == "baseline.training":
            assert set(after(step, "--from")) <= trained
            trained.update(after(step, "--out"))
    assert len(trained) == 1 + sum(len(one.attributes) for one in PASSES)


def test_photos_are_painted_before_they_are_read_with_masks_where_maps_are_taught() -> None:
    painted: dict[str, bool] = {}
    for step in STEPS:
        if step[0] == "baseline.synthetic":
            painted[step[-1]] = "--no-masks" not in step
        elif step[0] == "baseline.training":
            (data,), (recipe,) = after(step, "--data"), after(step, "--recipe")
            assert painted[data] or "map" not in recipe
            assert after(step, "--validation")[0] in painted


def test_no_pass_sees_the_photos_of_another_but_those_that_teach_erasing() -> None:
    seeds = [one.seed for one in PASSES if one.recipe != "ours_erasing_pass"]
    seeds += [one.seed for one in FOLLOWED]
    assert len(set(seeds)) == len(seeds)


def test_the_mean_of_the_last_passes_is_followed_by_what_is_shipped() -> None:
    export = next(step for step in STEPS if step[0] == "baseline.export")
    names = [Path(run).name for run in after(export, "--runs")]
    assert names == [one.name for one in PASSES[-AVERAGED:]]
    # An export takes every grader from the first folder.
    assert PASSES[-AVERAGED].attributes == tuple(Attribute)
    following = next(step for step in STEPS if step[0] == "baseline.distillation")
    # Scores, which follow the labels beside the teachers, need the teachers' temperatures.
    assert STEPS[STEPS.index(export) + 1][0] == "baseline.calibration"
    assert after(STEPS[STEPS.index(export) + 1], "--models") == after(export, "--models")
    assert STEPS.index(following) == STEPS.index(export) + 2
    assert after(following, "--teachers") == after(export, "--models") != ["models"]
    landmarks = next(step for step in STEPS if step[0] == "baseline.landmarks.export")
    (out,) = after(landmarks, "--out")
    assert [str(Path(out).parent)] == after(following, "--teachers")
    assert after(following, "--data") == [f"runs/data/{one.name}" for one in FOLLOWED]
    for step in STEPS[STEPS.index(following) :]:
        assert after(step, "--models") in ([], ["models"])


def test_a_pass_from_the_mean_of_several_names_the_last_of_them_last() -> None:
    several = [step for step in STEPS if len(after(step, "--from")) > 1]
    assert len(several) == sum(len(one.attributes) for one in PASSES if one.mean_of > 1)
    order = [one.name for one in PASSES]
    for step in several:
        places = [order.index(Path(run).parent.name) for run in after(step, "--from")]
        assert all(later == earlier + 1 for earlier, later in pairwise(places))
