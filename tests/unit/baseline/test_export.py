"""What export makes of training runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.vocabulary import Attribute
from baseline.export import export
from baseline.landmarks.entry import of_summary, taken_over
from baseline.model_card import load_manifest
from baseline.networks.grader import GraderNetwork
from baseline.networks.start import Start
from baseline.training.plan import Plan
from tests.support.labelled import write_clear_signs
from tests.support.models import LANDMARKS, SHIPPED

MIDDLE = 2


def _pass(folder: Path, photos: Path, *, bias: float) -> Path:
    """Five runs of one pass, whose last layers' biases tell it from another."""
    torch.manual_seed(0)
    network = GraderNetwork(attributes=1, start=Start.RANDOM, input_px=64)
    weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    weights["network.classifier.bias"] = torch.full((5,), bias)
    for attribute in Attribute:
        run = folder / attribute.value
        run.mkdir(parents=True)
        save_file(weights, run / "weights.safetensors")
        plan = Plan(photos, photos, attribute=attribute, input_px=64)
        (run / "plan.json").write_text(json.dumps(plan.facts()), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    photos = write_clear_signs(root / "photos")
    runs = [_pass(root / name, photos, bias=bias) for name, bias in (("one", 1.0), ("two", 3.0))]
    runs.append(_pass(root / "three", photos, bias=5.0))
    shutil.rmtree(runs[-1] / "wrinkle")
    last = {Attribute.PIGMENTATION: 1, Attribute.SENSITIVITY: 2}
    models = root / "models"
    landmarks = taken_over(SHIPPED, models)
    export(runs, models, validation=photos, landmarks=landmarks, version="1.2.3", last=last)
    return models


def _bias(models: Path, attribute: Attribute) -> float:
    weights = load_file(models / f"{attribute.value}.safetensors")
    return float(weights["classifier.bias"][MIDDLE])


def test_the_mean_of_the_passes_that_a_grader_took_part_in_is_exported(exported: Path) -> None:
    assert _bias(exported, Attribute.WRINKLE) == 2.0
    assert _bias(exported, Attribute.OIL) == 3.0


def test_of_a_grader_that_is_named_so_many_last_passes_are_averaged(exported: Path) -> None:
    assert _bias(exported, Attribute.PIGMENTATION) == 5.0
    assert _bias(exported, Attribute.SENSITIVITY) == 4.0


def test_a_folder_without_any_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere holds no run"):
        export([tmp_path / "nowhere"], tmp_path, validation=tmp_path, landmarks={}, version="1.2.3")


def test_a_fresh_export_claims_nothing_yet(exported: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["model_version"] == "1.2.3"
    entry = manifest["attributes"]["sensitivity"]
    assert (entry["input_px"], entry["temperature"]) == (64, 1.0)
    assert entry["interval"] == {"mass": 1.0, "coverage": 0.999}
    assert entry["data_version"] == "made-up"
    assert "metrics" not in entry


def test_the_landmark_network_of_another_folder_is_taken_over(exported: Path) -> None:
    assert (exported / LANDMARKS).read_bytes() == (SHIPPED / LANDMARKS).read_bytes()
    assert load_manifest(exported)["landmarks"] == load_manifest(SHIPPED)["landmarks"]


def test_the_summary_of_its_training_tells_the_same(exported: Path, tmp_path: Path) -> None:
    landmarks = load_manifest(exported)["landmarks"]
    summary = tmp_path / "summary.json"
    summary.write_text(json.dumps(landmarks), encoding="utf-8")
    assert of_summary(exported, summary) == landmarks
