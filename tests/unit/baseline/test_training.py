from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import mlflow
import pytest
import torch
from torch import nn

import baseline.training.loop
from backend.vision.network import build_grader
from backend.vocabulary import Attribute
from baseline.augmentation import Augmentation
from baseline.losses.registry import LossName, build_loss
from baseline.networks.grader import GraderNetwork, one_of_joint
from baseline.networks.start import Start, copy_lite0
from baseline.precision import Float32Conv2d, keep_slow_depthwise_in_float32
from baseline.training.loop import train
from baseline.training.network import build_network
from baseline.training.plan import Plan, RecipeUnknownError, Schedule, recipe_for, recipe_names
from baseline.training.run_folder import RunFolder
from baseline.training.trackers import MLFLOW_FILE, PROJECT, Tracker, TrackerMissingError

ROOT = Path(__file__).resolve().parents[3]


def _plan(photos: Path, **changes: object) -> Plan:
    facts = {
        "data": photos / "train", "validation": photos / "validation", "input_px": 64, "epochs": 2,
        "batch": 2, "start": Start.RANDOM,
    }  # fmt: skip
    return Plan(**(facts | changes))  # type: ignore[arg-type]  # the test's own words


def _train(plan: Plan, run: Path, **options: object) -> RunFolder:
    train(plan, run, cpu=True, workers=0, **{"trackers": (), **options})  # type: ignore[arg-type]  # the test's own words
    return RunFolder(run)


def test_a_run_leaves_plan_commit_summary_curves_and_weights(photos: Path, tmp_path: Path) -> None:
    run = _train(_plan(photos), tmp_path, trackers=(Tracker.TENSORBOARD,))
    rows = run.summary()
    assert [row["epoch"] for row in rows] == [1, 2]
    assert all(f"p_recall_{attribute}" in rows[0] for attribute in Attribute)
    assert run.plan()["seed"] == 42
    environment = json.loads((tmp_path / "environment.json").read_text())
    assert len(environment["commit"].removesuffix("-changed")) == 40
    assert (tmp_path / "curves.png").stat().st_size > 1000
    assert len(run.weights()) == len(GraderNetwork(start=Start.RANDOM, attributes=5).state_dict())
    assert list(tmp_path.glob("**/events.out.tfevents.*"))


def test_a_stopped_run_ends_with_the_weights_it_would_have_had(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(photos, ema_decay=0.9, patience=5)
    whole = _train(plan, tmp_path / "whole")
    save = RunFolder.save

    def save_then_stop(*arguments: object, **named: object) -> None:
        save(*arguments, **named)  # type: ignore[arg-type]  # passed on as they came
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(RunFolder, "save", save_then_stop)
        with pytest.raises(KeyboardInterrupt):
            _train(plan, tmp_path / "stopped")
    resumed = _train(plan, tmp_path / "stopped")
    assert [row["loss"] for row in resumed.summary()] == [row["loss"] for row in whole.summary()]
    expected, found = whole.weights(), resumed.weights()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_a_run_folder_of_another_plan_is_refused(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    with pytest.raises(ValueError, match="another plan"):
        _train(_plan(photos), tmp_path)


def test_patience_stops_a_run_and_keeps_its_best_weights(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    falling = iter([0.5, 0.9, 0.7, 0.6, 0.5, 0.4])
    monkeypatch.setattr(
        baseline.training.loop._Session, "_validate", lambda _: {"p_recall_oil": next(falling)}
    )
    kept = []
    save = RunFolder.save

    def watched(run: RunFolder, checkpoint: dict[str, object], *, weights: object) -> None:
        kept.append(weights)
        save(run, checkpoint, weights=weights)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(RunFolder, "save", watched)
    run = _train(_plan(photos, epochs=6, patience=2), tmp_path)
    assert [row["p_recall_oil"] for row in run.summary()] == [0.5, 0.9, 0.7, 0.6]
    assert kept[1] is kept[2] is kept[3]
    assert kept[0] is not kept[1]


def test_a_grader_starts_as_its_part_of_the_joint_network() -> None:
    joint = GraderNetwork(start=Start.RANDOM, attributes=5).eval()
    images = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    alone = GraderNetwork(start=Start.RANDOM, attributes=1).eval()
    with torch.inference_mode():
        together = joint(images)
        for index in range(5):
            state = one_of_joint(joint.state_dict(), head="classifier", attribute=index)
            alone.load_state_dict(state)
            torch.testing.assert_close(alone(images)[:, 0], together[:, index])


def test_frozen_stages_keep_their_weights_and_statistics(photos: Path, tmp_path: Path) -> None:
    before = _train(_plan(photos, epochs=1), tmp_path / "joint").weights()
    plan = _plan(
        photos, epochs=1, attribute=Attribute.OIL, earlier=(tmp_path / "joint",), frozen_stages=3
    )
    after = _train(plan, tmp_path / "oil").weights()
    for name in ("conv_stem.weight", "bn1.running_mean", "blocks.2.0.conv_dw.weight"):
        torch.testing.assert_close(after[f"network.{name}"], before[f"network.{name}"],
                                   rtol=0, atol=0)  # fmt: skip
    learned = "network.blocks.5.0.conv_dw.weight"
    assert not torch.equal(after[learned], before[learned])


def test_a_grader_goes_on_from_its_own_earlier_run_and_from_no_other(
    photos: Path, tmp_path: Path
) -> None:
    run = RunFolder(tmp_path)
    run.claim(_plan(photos, attribute=Attribute.OIL), precision="no")
    weights = GraderNetwork(start=Start.RANDOM, attributes=1).state_dict()
    run.save({}, weights=weights)
    plan = _plan(photos, attribute=Attribute.OIL, earlier=(tmp_path,))
    started = build_network(plan).state_dict()
    assert all(torch.equal(started[name], weight) for name, weight in weights.items())
    for changed in ({"attribute": Attribute.WRINKLE}, {"loss": LossName.CORN}):
        plan = _plan(photos, **{"attribute": Attribute.OIL, "earlier": (tmp_path,)} | changed)
        with pytest.raises(ValueError, match="is of oil with 5 outputs"):
            build_network(plan)


def test_a_grader_starts_from_the_mean_of_several_runs(photos: Path, tmp_path: Path) -> None:
    own = _plan(photos, attribute=Attribute.OIL)
    weights = []
    for name in ("seventh", "eighth"):
        run = RunFolder(tmp_path / name)
        run.claim(own, precision="no")
        weights.append(GraderNetwork(start=Start.RANDOM, attributes=1).state_dict())
        run.save({}, weights=weights[-1])
    plan = replace(own, earlier=(tmp_path / "seventh", tmp_path / "eighth"))
    started = build_network(plan).state_dict()["network.conv_stem.weight"]
    both = [state["network.conv_stem.weight"] for state in weights]
    torch.testing.assert_close(started, (both[0] + both[1]) / 2)
    assert not torch.equal(both[0], both[1])
    _train(plan, tmp_path / "ninth")
    assert RunFolder(tmp_path / "ninth").plan()["earlier"] == [str(run) for run in plan.earlier]


def test_lite0_fills_everything_but_the_gates_and_the_head() -> None:
    network = build_grader()
    head = network.get_parameter("classifier.weight").clone()
    copy_lite0(network)
    gates = [name for name in network.state_dict() if name.endswith("se.conv_expand.bias")]
    assert len(gates) == 16
    assert torch.sigmoid(network.get_parameter(gates[0])).min().item() == pytest.approx(
        0.9526, abs=1e-4
    )
    torch.testing.assert_close(network.get_parameter("classifier.weight"), head)


@pytest.mark.parametrize("output_stride", [32, 16])
def test_exchanged_convolutions_compute_the_same_and_stay_frozen(output_stride: int) -> None:
    network = build_grader(output_stride=output_stride).eval()
    network.get_submodule("blocks.1").requires_grad_(False)
    images = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        before = network(images)
        keep_slow_depthwise_in_float32(network)
        torch.testing.assert_close(network(images), before)
    exchanged = network.get_submodule("blocks.1.0.conv_dw")
    assert isinstance(exchanged, Float32Conv2d)
    assert not any(weight.requires_grad for weight in exchanged.parameters())
    assert isinstance(network.get_submodule("blocks.0.0.conv_dw"), nn.Conv2d)
    assert not isinstance(network.get_submodule("blocks.0.0.conv_dw"), Float32Conv2d)


@pytest.mark.parametrize("loss", [LossName.FOCAL, LossName.CORAL, LossName.CORN])
def test_a_run_is_taught_by_the_loss_of_its_plan(
    photos: Path, tmp_path: Path, loss: LossName
) -> None:
    run = _train(_plan(photos, loss=loss, epochs=1), tmp_path)
    assert run.plan()["loss"] == loss
    assert len(run.summary()) == 1
    outputs = build_loss(loss, [1] * 5).outputs
    assert outputs == (5 if loss is LossName.FOCAL else 4)


def test_corals_outputs_of_an_attribute_differ_by_a_bias_alone(photos: Path) -> None:
    plan = _plan(photos, loss=LossName.CORAL)
    network = build_network(plan).eval()
    images = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        steps = network(images).diff(dim=-1)
    # The four biases start at 1, .75, .5, .25.
    torch.testing.assert_close(steps, torch.full((3, 5, 3), -0.25))


def test_a_coral_grader_cannot_start_from_a_joint_network(photos: Path, tmp_path: Path) -> None:
    RunFolder(tmp_path).claim(_plan(photos), precision="no")
    plan = _plan(photos, loss=LossName.CORAL, attribute=Attribute.OIL, earlier=(tmp_path,))
    with pytest.raises(ValueError, match="cannot start from a joint network"):
        build_network(plan)


def test_the_sampler_and_the_original_recipe_train_one_attribute(
    photos: Path, tmp_path: Path
) -> None:
    plan = _plan(photos, attribute=Attribute.OIL).following("original_final")
    assert plan.sampler
    assert plan.learning_rate == 1e-4
    assert plan.augmentations[0] is Augmentation.RANDOM_RESIZED_CROP
    small = replace(plan, input_px=64, epochs=1, batch=2)
    assert list(_train(small, tmp_path).summary()[0])[2] == "p_recall_oil"


def test_every_recipe_can_be_read_for_every_attribute() -> None:
    assert {"original_baseline", "original_final", "ours"} <= set(recipe_names())
    for recipe in recipe_names():
        for attribute in (None, *Attribute):
            assert "learning_rate" in recipe_for(recipe, attribute)
    assert recipe_for("original_baseline", None)["schedule"] is Schedule.STEP


def test_an_unknown_recipe_is_refused_with_those_there_are() -> None:
    with pytest.raises(RecipeUnknownError, match="original_baseline"):
        recipe_for("mystery", None)


def test_the_sampler_needs_one_attribute(photos: Path) -> None:
    with pytest.raises(ValueError, match="--attribute"):
        _plan(photos, sampler=True)


def test_a_tracker_that_is_not_installed_is_named(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baseline.training.trackers.find_spec", lambda _: None)
    with pytest.raises(
        TrackerMissingError, match=r"\.venv/bin/pip install -c constraints.txt -e '\.\[trackers\]'"
    ):
        _train(_plan(photos), tmp_path, trackers=(Tracker.WANDB,))


def _run_program(
    photos: Path,
    run: Path,
    *before: str,
    track: Sequence[str] = (),
    options: Sequence[str] = ("--workers", "0"),
) -> str:
    """What the command line says; a process of its own, as trackers talk through sockets."""
    command = [
        sys.executable, *before, "-m", "baseline.training", "--data", str(photos / "train"),
        "--validation", str(photos / "validation"), "--out", str(run), "--input-px", "64",
        "--epochs", "1", "--batch", "2", "--first-weights", "random", "--cpu", *options,
        "--track", *track,
    ]  # fmt: skip
    quiet = {name: value for name, value in os.environ.items() if "MLFLOW" not in name}
    done = subprocess.run(
        command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_mlflow_and_wandb_record_a_run_offline(photos: Path, tmp_path: Path) -> None:
    _run_program(photos, tmp_path / "run", track=["mlflow", "wandb"])
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / MLFLOW_FILE}")
    recorded = mlflow.search_runs(experiment_names=[PROJECT], output_format="list")
    assert [one.info.run_name for one in recorded] == ["run"]
    loss = RunFolder(tmp_path / "run").summary()[0]["loss"]
    assert recorded[0].data.metrics["loss"] == pytest.approx(loss)
    assert recorded[0].data.params["seed"] == "42"
    assert list((tmp_path / "run").glob("wandb/offline-run-*"))


def test_two_processes_train_one_run(photos: Path, tmp_path: Path) -> None:
    twice = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    said = _run_program(photos, tmp_path, *twice)
    assert len(RunFolder(tmp_path).summary()) == 1
    assert said.count("p_recall_oil") == 1


def test_processes_prepare_crops_after_photos_and_signs_were_read_for_the_first_time(
    masked_photos: Path, photos: Path, tmp_path: Path
) -> None:
    shutil.copytree(masked_photos, tmp_path / "train")
    shutil.copytree(photos / "validation", tmp_path / "validation")
    for cache in tmp_path.glob("*/cache"):
        shutil.rmtree(cache)
    # What OpenCV computed on several threads would leave some behind that forked processes lack.
    _run_program(tmp_path, tmp_path / "run", options=["--workers", "1", "--map-weight", "0.5"])
    assert len(RunFolder(tmp_path / "run").summary()) == 1
