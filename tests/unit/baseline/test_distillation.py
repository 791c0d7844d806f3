"""Graders with first stages in common follow their teachers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.errors import ManifestInvalidError
from backend.vision.engines.graders_graph import GradersGraph
from backend.vision.engines.reference import load_graders_graph
from backend.vision.manifest import read_manifest
from backend.vocabulary import Attribute
from baseline.dataset import NOT_RATED, LabelInvalidError
from baseline.distillation import following
from baseline.distillation.following import difference, severity_error, share_first_stages
from baseline.distillation.models_folder import distil
from tests.support.labelled import write_clear_signs
from tests.support.models import (
    edit_manifest,
    random_grader,
    read_manifest_json,
    write_manifest,
    write_models,
)

INPUTS = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(3)) * 2 - 1
SEED = 4
"""With it every map of the strongest sign shows something."""
Distil = Callable[..., None]


@pytest.fixture(scope="module")
def teachers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Graders as alike as those that were one network once, but for their last layer."""
    folder = write_models(tmp_path_factory.mktemp("teachers"), input_px=64, seed=SEED)
    states = {one: load_file(folder / f"{one.value}.safetensors") for one in Attribute}
    chance = torch.Generator().manual_seed(9)
    for attribute, own in states.items():
        alike = {
            name: tensor
            * (0.97 + 0.06 * torch.rand(tensor.shape, generator=chance)).to(tensor.dtype)
            for name, tensor in states[Attribute.OIL].items()
        }
        path = folder / f"{attribute.value}.safetensors"
        save_file({**alike, **{n: t for n, t in own.items() if n.startswith("classifier")}}, path)
        manifest = read_manifest_json(folder)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        manifest["attributes"][attribute.value]["sha256"] = digest
        write_manifest(folder, manifest)
    return folder


@pytest.fixture(scope="module")
def distil_from_teachers(teachers: Path, graphs_dir: Path) -> Distil:
    """`distil` by these teachers, with three stages in common where nothing else is said."""
    return partial(distil, teachers, version="1.2.3", stages=3, graphs=graphs_dir, workers=0)


@pytest.fixture(scope="module")
def four_photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clear_signs(tmp_path_factory.mktemp("distillation") / "photos", count=4)


@pytest.fixture(scope="module")
def models(
    distil_from_teachers: Distil, four_photos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("models")
    distil_from_teachers([four_photos] * 2, folder, validation=four_photos)
    return folder


def _graph(models: Path) -> GradersGraph:
    return load_graders_graph(models, list(read_manifest(models).attributes.values()))


def test_networks_share_the_mean_of_their_first_stages_and_keep_the_rest() -> None:
    networks = [random_grader(seed) for seed in (1, 2, 3)]
    before = [{n: t.clone() for n, t in one.state_dict().items()} for one in networks]
    share_first_stages(networks, 2)
    for name in ("conv_stem.weight", "bn1.running_mean", "blocks.1.0.conv_pw.weight"):
        mean = torch.stack([state[name] for state in before]).mean(dim=0)
        for network in networks:
            torch.testing.assert_close(network.state_dict()[name], mean)
    for network, state in zip(networks, before, strict=True):
        for name in ("blocks.2.0.conv_pw.weight", "conv_head.weight", "classifier.weight"):
            assert torch.equal(network.state_dict()[name], state[name])
    assert networks[0].get_submodule("blocks.1") is networks[2].get_submodule("blocks.1")


def test_who_says_the_same_differs_by_nothing_and_who_says_nothing_by_all(teachers: Path) -> None:
    with torch.inference_mode():
        found = list(_graph(teachers)(INPUTS))
    said = torch.stack(found[::2], dim=1), torch.stack(found[1::2], dim=1)
    same = [output + 3.0 for output in found]  # alike for all grades: changes nothing
    nothing = [torch.zeros_like(output) for output in found]
    assert float(difference(found, *said)) == pytest.approx(0, abs=1e-6)
    assert float(difference(same, *said)) == pytest.approx(0, abs=1e-6)
    assert float(difference(nothing, *said)) == pytest.approx(2, abs=0.3)


def test_a_score_is_held_against_the_severity_where_one_is_known() -> None:
    sure = torch.tensor([[0.0, 0, 0, 50, 0], [0, 50.0, 0, 0, 0]])  # scores of 3 and 1
    found = [sure, torch.zeros(2, 5, 4, 4)] * 2
    severities = torch.tensor([[2.5, NOT_RATED], [NOT_RATED, 3.0]])
    # Squared .5 of the first grader, 2 of the second.
    assert float(severity_error(found, severities, [1.0, 1.0])) == pytest.approx((0.25 + 4) / 2)
    assert float(severity_error(found, torch.full((2, 2), NOT_RATED), [1.0, 1.0])) == 0
    flat = [torch.tensor([[0.0, 0, 0, 0, 1e3], [0, 0, 0, 0, 1e3]]), found[1]]
    assert float(severity_error(flat, torch.full((2, 1), 2.0), [1e9])) == pytest.approx(0, abs=1e-3)


def test_what_is_written_is_computed_once_and_claims_nothing_yet(
    models: Path, teachers: Path
) -> None:
    graph = _graph(models)
    assert graph.computed_stages == 4 + 5 * 5
    manifest, theirs = read_manifest_json(models), read_manifest_json(teachers)
    assert manifest["model_version"] == "1.2.3"
    assert manifest["landmarks"] == theirs["landmarks"]
    assert (models / "landmarks.safetensors").exists()
    assert "steadiness" not in manifest
    for name, entry in manifest["attributes"].items():
        assert "metrics" not in entry
        assert entry["class_shares"] == [0.2] * 5
        assert entry["interval"] == {"mass": 1.0, "coverage": 0.999}
        assert entry["heatmap_scale"] not in (0.0, theirs["attributes"][name]["heatmap_scale"])
        assert manifest["distilled"]["teachers"][name] == theirs["attributes"][name]["sha256"]
    assert [photos["count"] for photos in manifest["distilled"]["photos"]] == [4, 4]
    assert manifest["distilled"]["steps"] == 1


def test_the_same_teachers_photos_and_stages_are_not_followed_twice(
    models: Path,
    distil_from_teachers: Distil,
    four_photos: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = (models / "oil.safetensors").stat().st_mtime_ns
    distil_from_teachers([four_photos] * 2, models, validation=four_photos)
    assert "already" in capsys.readouterr().out
    edit_manifest(models, lambda manifest: manifest["distilled"].update(stages=2))
    distil_from_teachers([four_photos] * 2, models, validation=four_photos)
    assert (models / "oil.safetensors").stat().st_mtime_ns > before


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How far graders are from their teachers, one number for each step that is taken."""
    differences: list[float] = []

    def told(
        found: Sequence[torch.Tensor], logits: torch.Tensor, evidence: torch.Tensor
    ) -> torch.Tensor:
        loss = difference(found, logits, evidence)
        differences.append(float(loss.detach()))
        return loss

    monkeypatch.setattr(following, "difference", told)
    return differences


def test_the_steps_told_are_those_taken_and_a_photo_left_alone_is_no_batch(
    distil_from_teachers: Distil,
    four_photos: Path,
    tmp_path: Path,
    apart: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "BATCH", 3)
    distil_from_teachers([four_photos], tmp_path, validation=four_photos, epochs=2)
    # Four photos are one batch of three and one photo, twice.
    assert len(apart) == 2
    assert read_manifest_json(tmp_path)["distilled"]["steps"] == 2


def test_graders_come_closer_to_their_teachers(
    distil_from_teachers: Distil,
    tmp_path: Path,
    apart: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photos = write_clear_signs(tmp_path / "photos", count=8)
    monkeypatch.setattr(following, "BATCH", 8)
    # Twelve batches are too few for statistics that may stay.
    monkeypatch.setattr(following, "_STATISTICS_LEARNED", 1.0)
    distil_from_teachers([photos] * 12, tmp_path / "models", validation=photos)
    assert len(apart) == 12
    assert np.mean(apart[-3:]) < 0.8 * np.mean(apart[:3])
    one = load_file(tmp_path / "models/oil.safetensors")
    other = load_file(tmp_path / "models/wrinkle.safetensors")
    assert torch.equal(one["blocks.2.0.conv_pw.weight"], other["blocks.2.0.conv_pw.weight"])
    assert not torch.equal(one["blocks.3.0.conv_pw.weight"], other["blocks.3.0.conv_pw.weight"])


def test_from_some_step_on_statistics_stay_and_weights_go_on_learning(
    teachers: Path,
    distil_from_teachers: Distil,
    four_photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "_STATISTICS_LEARNED", 0.0)
    distil_from_teachers([four_photos], tmp_path, validation=four_photos, stages=0)
    before = load_file(teachers / "oil.safetensors")
    after = load_file(tmp_path / "oil.safetensors")
    name = "blocks.3.0.bn1.running_mean"
    assert torch.equal(after[name], before[name])
    assert not torch.equal(after["blocks.3.0.conv_pw.weight"], before["blocks.3.0.conv_pw.weight"])


def test_a_folder_without_teachers_is_refused(tmp_path: Path) -> None:
    photos = write_clear_signs(tmp_path / "photos")
    with pytest.raises(ManifestInvalidError):
        distil(tmp_path, [photos], tmp_path / "models", validation=photos, version="1.2.3",
               graphs=tmp_path / "graphs")  # fmt: skip
    assert not (tmp_path / "models").exists()


def test_what_is_too_little_is_refused_before_anything_is_learned(
    distil_from_teachers: Distil, tmp_path: Path
) -> None:
    one, two = (write_clear_signs(tmp_path / name, count=2) for name in ("one", "two"))
    (one / "b.json").unlink()
    (one / "b.png").unlink()

    def try_it() -> None:
        distil_from_teachers([one], tmp_path / "models", validation=two)

    with pytest.raises(ValueError, match="at least two photos to learn from, got 1"):
        try_it()
    for label in two.glob("[ab].json"):
        label.write_text(label.read_text().replace('"oil": 4', '"oil": 3'))
    with pytest.raises(ValueError, match="no photo of oil grade 4"):
        try_it()
    assert not (tmp_path / "models").exists()


def test_the_teachers_own_folder_is_refused_however_it_is_spelled(
    distil_from_teachers: Distil, teachers: Path, four_photos: Path
) -> None:
    same = teachers / ".." / teachers.name
    with pytest.raises(ValueError, match="name another folder"):
        distil_from_teachers([four_photos], same, validation=four_photos)


def test_nobody_is_learned_from_and_in_validation(
    distil_from_teachers: Distil, tmp_path: Path
) -> None:
    photos = write_clear_signs(tmp_path / "photos", count=4, parents=["001"])
    with pytest.raises(LabelInvalidError, match="001"):
        distil_from_teachers([photos], tmp_path / "models", validation=photos)
