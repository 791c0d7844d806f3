"""The analyser: five networks in one call, on every device, by several threads at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.errors import (
    DeviceMissingError,
    FaceNotFoundError,
    FaceSeveralError,
    ManifestInvalidError,
    WeightsUnusableError,
)
from backend.vision import prediction
from backend.vision.engines import choice
from backend.vision.engines.base import Array, Device, Engines, GraderOutput
from backend.vision.engines.choice import EngineWish, load_engines
from backend.vision.grad_cam import NOTHING, CamMethod, ExplanationRequest
from backend.vision.manifest import Manifest, read_manifest
from backend.vision.network import load_grader, to_tensor
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from tests.support.models import Json, edit_manifest
from tests.support.photos import face_photo, two_faces


@pytest.fixture(scope="module")
def analyser(tiny_models: Path) -> Analyser:
    """An analyser with random networks."""
    return Analyser.load(tiny_models)


def test_the_same_face_gets_probabilities_of_the_network_alone(
    analyser: Analyser, tiny_models: Path
) -> None:
    analysis = analyser.analyse(face_photo())
    manifest = read_manifest(tiny_models)
    for attribute in Attribute:
        entry = manifest.attributes[attribute]
        network = load_grader(tiny_models / entry.file)
        with torch.inference_mode():
            logits = network(to_tensor(analysis.graded, entry.input_spec)[None])
        expected = torch.softmax(logits[0], dim=0).numpy()
        result = analysis.attributes[attribute]
        assert np.allclose(result.probabilities, expected, atol=1e-5)
        assert result.grade == int(expected.argmax())
        assert result.score == pytest.approx(float(expected @ np.arange(5)), abs=1e-5)


def test_an_analysis_has_all_five_and_its_timings(analyser: Analyser) -> None:
    analysis = analyser.analyse(face_photo())
    assert list(analysis.attributes) == list(Attribute)
    assert set(analysis.timings_ms) == {"detect", "predict", "explain"}
    assert analysis.crop.pixels.shape == (512, 512, 3)
    for result in analysis.attributes.values():
        assert sum(result.probabilities) == pytest.approx(1.0)
        assert result.heatmap.shape == (128, 128)
        assert 0 <= result.heatmap.min() <= result.heatmap.max() <= 1


def test_temperature_two_halves_the_logits(own_models: Path, analyser: Analyser) -> None:
    edit_manifest(own_models, lambda manifest: manifest["attributes"]["oil"].update(temperature=2))
    cooler = Analyser.load(own_models)
    crop = np.full((512, 512, 3), 90, np.uint8)
    sharp = np.array(analyser.grade(crop)[Attribute.OIL].probabilities)
    soft = np.array(cooler.grade(crop)[Attribute.OIL].probabilities)
    assert np.allclose(soft, np.sqrt(sharp) / np.sqrt(sharp).sum(), atol=1e-6)


def test_a_bias_multiplies_a_grades_probability_against_the_others(
    own_models: Path, analyser: Analyser
) -> None:
    bias = [0, 0, float(np.log(3)), 0, 0]
    edit_manifest(own_models, lambda manifest: manifest["attributes"]["oil"].update(bias=bias))
    crop = np.full((512, 512, 3), 90, np.uint8)
    plain = np.array(analyser.grade(crop)[Attribute.OIL].probabilities)
    biased = np.array(Analyser.load(own_models).grade(crop)[Attribute.OIL].probabilities)
    wanted = plain * [1, 1, 3, 1, 1]
    np.testing.assert_allclose(biased, wanted / wanted.sum(), rtol=1e-9)


def test_half_the_heatmap_scale_doubles_what_a_map_shows(
    own_models: Path, analyser: Analyser
) -> None:
    crop = analyser.analyse(face_photo()).crop.pixels
    edit_manifest(own_models, lambda content: _set_scale(content, 4.0, *Attribute))
    fainter = Analyser.load(own_models).grade(crop)
    edit_manifest(own_models, lambda content: _set_scale(content, 2.0, Attribute.OIL))
    brighter = Analyser.load(own_models).grade(crop)
    oil = brighter[Attribute.OIL].heatmap
    assert oil.max() > 0
    faint = fainter[Attribute.OIL].heatmap
    # Not at the edges of what is shown, where a cell of nothing is enlarged with one of something.
    inside = (faint > 0.1) & (oil < 1)
    ratio = (oil[inside] * (1 - NOTHING) + NOTHING) / (faint[inside] * (1 - NOTHING) + NOTHING)
    assert np.median(ratio) == pytest.approx(2, abs=0.02)
    assert np.abs(ratio - 2).max() < 0.3
    assert np.array_equal(brighter[Attribute.WRINKLE].heatmap, fainter[Attribute.WRINKLE].heatmap)


def _set_scale(manifest: Json, scale: float, *attributes: Attribute) -> None:
    for attribute in attributes:
        manifest["attributes"][attribute.value]["heatmap_scale"] = scale


def test_another_method_changes_the_map_and_not_the_grade(analyser: Analyser) -> None:
    default = analyser.analyse(face_photo())
    other = analyser.analyse(face_photo(), ExplanationRequest(CamMethod.HIRESCAM, grade=3))
    for attribute in Attribute:
        one, two = default.attributes[attribute], other.attributes[attribute]
        assert one.probabilities == two.probabilities
        assert two.heatmap.shape == (128, 128)


def test_a_mirror_image_tells_how_stable_maps_are_and_changes_nothing_else(
    analyser: Analyser,
) -> None:
    crop = np.ascontiguousarray(face_photo()[:512, :512])
    wish = ExplanationRequest(mirror=True)
    plain, looked = analyser.grade(crop), analyser.grade(crop, wish)
    other = analyser.grade(np.ascontiguousarray(crop[:, ::-1]), wish)
    assert any(result.stability for result in looked.values())
    for attribute in Attribute:
        assert plain[attribute].stability is None
        assert looked[attribute].stability == pytest.approx(other[attribute].stability, abs=1e-4)
        assert plain[attribute].probabilities == looked[attribute].probabilities
        np.testing.assert_array_equal(plain[attribute].heatmap, looked[attribute].heatmap)


def test_a_map_drawn_by_the_library_has_no_stability_and_the_mirror_image_is_not_looked_at(
    analyser: Analyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[Array] = []
    engine = analyser._engine
    start = engine.start

    def counted(inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
        passes.append(inputs)
        return start(inputs)

    monkeypatch.setattr(engine, "start", counted)
    crop = np.ascontiguousarray(face_photo()[:512, :512])
    results = analyser.grade(crop, ExplanationRequest(CamMethod.HIRESCAM, mirror=True))
    assert {result.stability for result in results.values()} == {None}
    assert len(passes) == 1
    analyser.grade(crop, ExplanationRequest(mirror=True))
    assert len(passes) == 3


def test_every_network_runs_once_before_the_analyser_is_there(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, list[tuple[int, ...]]] = {"graders": [], "landmarks": []}

    def watched(models_dir: Path, manifest: Manifest, wish: EngineWish) -> Engines:
        engines = load_engines(models_dir, manifest, wish)
        start, run = engines.graders.start, engines.landmarks.run

        def watched_start(inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
            seen["graders"].append(inputs.shape)
            return start(inputs)

        def watched_run(crops: Array) -> Array:
            seen["landmarks"].append(crops.shape)
            return run(crops)

        monkeypatch.setattr(engines.graders, "start", watched_start)
        monkeypatch.setattr(engines.landmarks, "run", watched_run)
        return engines

    monkeypatch.setattr(prediction, "load_engines", watched)
    Analyser.load(tiny_models)
    assert seen == {"graders": [(1, 3, 64, 64)], "landmarks": [(1, 3, 128, 128)]}


def test_threads_give_what_one_call_gives(analyser: Analyser) -> None:
    photos = [face_photo(), np.ascontiguousarray(face_photo()[:, ::-1])] * 3
    alone = [analyser.analyse(photo) for photo in photos[:2]] * 3
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(analyser.analyse, photos))
    for one, other in zip(alone, together, strict=True):
        for attribute in Attribute:
            expected, found = one.attributes[attribute], other.attributes[attribute]
            assert np.allclose(expected.probabilities, found.probabilities, atol=1e-6)
            assert np.allclose(expected.heatmap, found.heatmap, atol=1e-5)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_gives_what_the_cpu_gives(analyser: Analyser, tiny_models: Path) -> None:
    crop = analyser.analyse(face_photo()).crop.pixels
    expected = analyser.grade(crop)
    found = Analyser.load(tiny_models, EngineWish(device=Device.CUDA)).grade(crop)
    for attribute in Attribute:
        one, other = expected[attribute], found[attribute]
        assert np.allclose(one.probabilities, other.probabilities, atol=1e-4)
        assert np.allclose(one.heatmap, other.heatmap, atol=1e-3)


def test_a_photo_without_a_face_is_refused(analyser: Analyser) -> None:
    with pytest.raises(FaceNotFoundError):
        analyser.analyse(np.full((480, 640, 3), 128, np.uint8))


def test_a_photo_of_two_faces_is_refused(analyser: Analyser) -> None:
    with pytest.raises(FaceSeveralError) as refusal:
        analyser.analyse(two_faces())
    assert refusal.value.params == {"count": 2}


def test_weights_of_another_shape_are_refused_by_name(own_models: Path) -> None:
    manifest = read_manifest(own_models)
    landmarks = own_models / manifest.landmarks.file
    (own_models / "oil.safetensors").write_bytes(landmarks.read_bytes())
    edit_manifest(
        own_models,
        lambda content: content["attributes"]["oil"].update(sha256=manifest.landmarks.sha256),
    )
    with pytest.raises(WeightsUnusableError, match=r"oil\.safetensors"):
        Analyser.load(own_models)


def test_another_landmark_network_is_refused(own_models: Path) -> None:
    edit_manifest(own_models, lambda manifest: manifest["landmarks"].update(points=68))
    with pytest.raises(ManifestInvalidError, match="landmarks: expected"):
        Analyser.load(own_models)


def test_a_gpu_that_is_not_there_is_refused_and_auto_does_without(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "gpu_count", lambda: 0)
    assert EngineWish(device=None).chosen_device is Device.CPU
    with pytest.raises(DeviceMissingError, match="auto or cpu"):
        Analyser.load(tiny_models, EngineWish(device=Device.CUDA))
