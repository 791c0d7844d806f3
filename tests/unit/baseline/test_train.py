from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

import baseline.train
from backend.vision.network import build_grader
from backend.vocabulary import Attribute
from baseline.losses.registry import LossName
from baseline.model import JointGrader, Start, copy_lite0, grader_from_joint
from baseline.precision import Float32Conv2d, keep_slow_depthwise_in_float32
from baseline.splits import Split
from baseline.synthetic.generate import DataSetPlan, generate
from baseline.synthetic.severity import Severities
from baseline.train import Plan, train

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def photos(faces_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four simulated photos with their labels."""
    folder = tmp_path_factory.mktemp("photos")
    plan = DataSetPlan(
        faces_folder,
        Split.TRAIN,
        4,
        seed=3,
        side_px=192,
        severities=Severities.BALANCED,
        masks=False,
    )
    generate(folder, plan, workers=1)
    return folder


def _plan(photos: Path, **changes: object) -> Plan:
    facts = {"data": photos, "validation": photos, "input_px": 64, "epochs": 2, "batch": 2,
             "start": Start.RANDOM}  # fmt: skip
    return Plan(**(facts | changes))  # type: ignore[arg-type]  # the test's own words


def _history(run: Path) -> list[dict[str, float]]:
    rows: list[dict[str, float]] = json.loads((run / "history.json").read_text())
    return rows


def test_a_run_leaves_its_plan_weights_history_and_curves(photos: Path, tmp_path: Path) -> None:
    train(_plan(photos), tmp_path, device=CPU, workers=0)
    rows = _history(tmp_path)
    assert [row["epoch"] for row in rows] == [1, 2]
    assert all(f"p_recall_{attribute}" in rows[0] for attribute in Attribute)
    assert json.loads((tmp_path / "plan.json").read_text())["seed"] == 42
    assert list(tmp_path.glob("events.out.tfevents.*"))


def test_a_stopped_run_goes_on_from_its_last_whole_epoch(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = baseline.train._save

    def save_then_stop(*arguments: object) -> None:
        save(*arguments)  # type: ignore[arg-type]  # passed on as they came
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(baseline.train, "_save", save_then_stop)
        with pytest.raises(KeyboardInterrupt):
            train(_plan(photos), tmp_path, device=CPU, workers=0)
    first = _history(tmp_path)
    assert len(first) == 1
    train(_plan(photos), tmp_path, device=CPU, workers=0)
    assert _history(tmp_path)[:1] == first
    assert len(_history(tmp_path)) == 2


def test_a_run_folder_of_another_plan_is_refused(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    with pytest.raises(ValueError, match="another plan"):
        train(_plan(photos), tmp_path, device=CPU, workers=0)


def test_a_grader_starts_as_its_part_of_the_joint_network() -> None:
    joint = JointGrader(Start.RANDOM).eval()
    images = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        together = joint(images)
        for index, attribute in enumerate(Attribute):
            alone = grader_from_joint(joint, attribute, drop_rate=0.0).eval()(images)
            torch.testing.assert_close(alone, together[:, index])


def test_frozen_stages_keep_their_weights_and_statistics(photos: Path, tmp_path: Path) -> None:
    joint_run, run = tmp_path / "joint", tmp_path / "oil"
    train(_plan(photos, epochs=1), joint_run, device=CPU, workers=0)
    plan = _plan(photos, epochs=1, attribute=Attribute.OIL, joint=joint_run, frozen_stages=3)
    train(plan, run, device=CPU, workers=0)
    before = baseline.train.load_network_state(joint_run)
    after = baseline.train.load_network_state(run)
    for name in ("conv_stem.weight", "bn1.running_mean", "blocks.2.0.conv_dw.weight"):
        torch.testing.assert_close(after[name], before[f"network.{name}"], rtol=0, atol=0)
    assert not torch.equal(after["blocks.5.0.conv_dw.weight"],
                           before["network.blocks.5.0.conv_dw.weight"])  # fmt: skip


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


def test_exchanged_convolutions_compute_the_same_and_stay_frozen() -> None:
    network = build_grader().eval()
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


@pytest.mark.parametrize("loss", [LossName.FOCAL, LossName.CLASS_BALANCED_CROSS_ENTROPY])
def test_a_run_is_taught_by_the_loss_of_its_plan(
    photos: Path, tmp_path: Path, loss: LossName
) -> None:
    train(_plan(photos, loss=loss, epochs=1), tmp_path, device=CPU, workers=0)
    assert json.loads((tmp_path / "plan.json").read_text())["loss"] == loss
    assert len(_history(tmp_path)) == 1


def test_a_loss_with_other_outputs_is_refused(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="corn needs 4 outputs"):
        train(_plan(photos, loss=LossName.CORN), tmp_path, device=CPU, workers=0)
