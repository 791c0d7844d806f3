"""The manifest: what is accepted, and that every mismatch is refused by naming the file."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.errors import ManifestInvalidError, WeightsUnusableError
from backend.vision.manifest import Decision, Evidence, read_manifest, verify_files
from backend.vision.regions import Region
from backend.vocabulary import Attribute
from tests.support.models import Json, edit_manifest


def test_a_complete_manifest_is_read(tiny_models: Path) -> None:
    manifest = read_manifest(tiny_models)
    verify_files(manifest, tiny_models)
    oil = manifest.attributes[Attribute.OIL]
    assert manifest.created_at == datetime(2026, 11, 23, tzinfo=UTC)
    assert set(manifest.attributes) == set(Attribute)
    assert (oil.decision, oil.evidence) == (Decision.ARGMAX, Evidence.SIMULATED)
    assert (oil.input_spec.input_px, oil.input_spec.mean) == (64, (0.5, 0.5, 0.5))


def _set(path: str, value: object) -> object:
    def edit(manifest: Json) -> None:
        *parents, last = path.split(".")
        for name in parents:
            manifest = manifest[name]
        manifest[last] = value

    return edit


def _remove(path: str) -> object:
    def edit(manifest: Json) -> None:
        *parents, last = path.split(".")
        for name in parents:
            manifest = manifest[name]
        del manifest[last]

    return edit


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (_set("schema_version", 2), "expected schema_version 1, got 2"),
        (_remove("attributes.wrinkle"), "no network for wrinkle"),
        (_set("attributes.acne", {}), "attributes.acne"),
        (_set("attributes.oil.grades", [0, 1, 2, 3]), "oil: expected the grades"),
        (_set("attributes.oil.grades", [4, 3, 2, 1, 0]), "oil: expected the grades"),
        (_set("attributes.oil.decision", "dice"), "attributes.oil.decision"),
        (_set("attributes.oil.interpolation", "nearest"), "attributes.oil.interpolation"),
        (_set("attributes.oil.temperature", 0), "attributes.oil.temperature"),
        (_set("attributes.oil.bias", [0, 0, 0, 0]), "attributes.oil.bias"),
        (_set("attributes.oil.interval.mass", 1.5), "attributes.oil.interval.mass"),
        (_set("attributes.oil.interval.coverage", 1.0), "attributes.oil.interval.coverage"),
        (_set("attributes.oil.class_shares", [1, 0, 0, 0, 0]), "attributes.oil.class_shares"),
        (_set("attributes.oil.heatmap_scale", 0), "attributes.oil.heatmap_scale"),
        (_set("attributes.oil.file", "../oil.safetensors"), "attributes.oil.file"),
        (_remove("attributes.oil.sha256"), "attributes.oil.sha256"),
        (_set("steadiness.oil.deviation", 0), "steadiness.oil.deviation"),
        (_set("steadiness.acne", {"deviation": 0.2}), "steadiness.acne"),
        (_set("steadiness.oil.slope", "steep"), "steadiness.oil.slope"),
        (_set("steadiness.oil.good", {"deviation": 0.2}), "steadiness.oil.good"),
        (_set("steadiness.oil.regions.nose", -0.1), "steadiness.oil.regions.nose"),
        (_set("steadiness.oil.regions.ear", 0.1), "steadiness.oil.regions.ear"),
        (_set("attributes.wrinkle.input_px", 96), "wrinkle: expected the input of the first"),
        (_set("attributes.wrinkle.std", [1, 1, 1]), "wrinkle: expected the input of the first"),
        (_set("crop.eye_distance", 0.4), "expected the crop"),
        (_set("created_at", "2026-11-23T00:00:00"), "created_at"),
    ],
)
def test_a_mismatch_is_refused(own_models: Path, edit: object, complaint: str) -> None:
    assert callable(edit)
    edit_manifest(own_models, edit)
    with pytest.raises(ManifestInvalidError, match=r"manifest\.json") as refusal:
        read_manifest(own_models)
    assert complaint in str(refusal.value)


def test_a_score_whose_steadiness_was_not_measured_has_no_standard_error(own_models: Path) -> None:
    assert read_manifest(own_models).standard_error(Attribute.OIL) == 0.2
    remove = _remove("steadiness.oil")
    assert callable(remove)
    edit_manifest(own_models, remove)
    assert read_manifest(own_models).standard_error(Attribute.OIL) is None
    assert read_manifest(own_models).standard_error(Attribute.WRINKLE) == 0.2
    remove = _remove("steadiness")
    assert callable(remove)
    edit_manifest(own_models, remove)
    assert read_manifest(own_models).standard_error(Attribute.WRINKLE) is None


def test_regions_have_an_error_also_where_nothing_ever_showed(own_models: Path) -> None:
    errors = read_manifest(own_models).region_errors(Attribute.OIL)
    assert errors is not None
    assert set(errors) == set(Region)
    assert (errors[Region.NOSE], errors[Region.GLABELLA]) == (0.01, 0.0002)


@pytest.mark.parametrize("path", ["steadiness.oil.regions", "steadiness.oil", "steadiness"])
def test_an_older_manifest_knows_no_errors_of_regions(own_models: Path, path: str) -> None:
    remove = _remove(path)
    assert callable(remove)
    edit_manifest(own_models, remove)
    assert read_manifest(own_models).region_errors(Attribute.OIL) is None


def test_the_figures_within_good_photos_are_read_and_not_served(own_models: Path) -> None:
    good = {
        "deviation": 0.125,
        "intraclass": 0.97,
        "detectable_change": 0.346,
        "slope": 0.9,
        "faces": 12,
        "photos": 40,
    }
    edit = _set("steadiness.oil.good", good)
    assert callable(edit)
    edit_manifest(own_models, edit)
    manifest = read_manifest(own_models)
    measured = manifest.steadiness[Attribute.OIL]
    assert measured.good is not None
    assert dataclasses.asdict(measured.good) == good
    assert measured.good_or_usable is None
    assert manifest.standard_error(Attribute.OIL) == 0.2


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalidError, match="No such file"):
        read_manifest(tmp_path)


def test_a_manifest_that_is_no_json_is_refused(own_models: Path) -> None:
    (own_models / "manifest.json").write_text("{")
    with pytest.raises(ManifestInvalidError, match="JSON"):
        read_manifest(own_models)


def test_one_changed_byte_of_weights_is_refused(own_models: Path) -> None:
    path = own_models / "wrinkle.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(WeightsUnusableError, match=r"wrinkle\.safetensors.*expected sha256"):
        verify_files(read_manifest(own_models), own_models)


def test_missing_weights_are_refused(own_models: Path) -> None:
    (own_models / "landmarks.safetensors").unlink()
    with pytest.raises(WeightsUnusableError, match=r"landmarks\.safetensors.*cannot be read"):
        verify_files(read_manifest(own_models), own_models)
