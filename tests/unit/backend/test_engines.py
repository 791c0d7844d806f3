"""OpenVINO gives what PyTorch gives, without loading it; graphs are made once and never stale."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
import torch

from backend.errors import EngineMissingError, GraphsUnusableError
from backend.vision.engines import choice, graphs, openvino_engine
from backend.vision.engines import reference as reference_engine
from backend.vision.engines.base import Device, EngineName, Precision
from backend.vision.engines.choice import EngineWish
from backend.vision.engines.library import TELEMETRY
from backend.vision.grad_cam import CamMethod, ExplanationRequest
from backend.vision.manifest import read_manifest
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from benchmarks.precisions import precisions_here
from tests.support.graphs import export_nothing
from tests.support.models import edit_manifest, write_models
from tests.support.photos import face_photo

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "models"


@pytest.fixture(scope="module")
def reference() -> Analyser:
    """The shipped weights: random ones make so much of a last digit that it can be seen."""
    return Analyser.load(MODELS)


@pytest.fixture(scope="module")
def fast(graphs_dir: Path) -> Analyser:
    return Analyser.load(MODELS, EngineWish(EngineName.OPENVINO, graphs_dir=graphs_dir))


@pytest.fixture(scope="module")
def crops() -> list[np.ndarray]:
    photo = face_photo()
    return [np.ascontiguousarray(photo[top : top + 512, :512]) for top in (0, 40, 80, 120)]


def test_grades_and_maps_of_a_crop_are_those_of_the_reference(
    reference: Analyser, fast: Analyser, crops: list[np.ndarray]
) -> None:
    for crop in crops:
        wish = ExplanationRequest(mirror=True)
        expected, found = (each.grade(crop, wish) for each in (reference, fast))
        for attribute in Attribute:
            one, other = expected[attribute], found[attribute]
            assert other.grade == one.grade
            np.testing.assert_allclose(other.probabilities, one.probabilities, atol=1e-4)
            np.testing.assert_allclose(other.heatmap, one.heatmap, atol=1e-3)
            assert other.stability == pytest.approx(one.stability, abs=1e-3)


def test_landmarks_and_scores_of_a_photo_are_those_of_the_reference(
    reference: Analyser, fast: Analyser
) -> None:
    expected, found = (each.analyse(face_photo()) for each in (reference, fast))
    assert np.abs(found.face.landmarks - expected.face.landmarks).max() < 0.01
    for attribute in Attribute:
        one, other = expected.attributes[attribute], found.attributes[attribute]
        assert other.score == pytest.approx(one.score, abs=0.01)


def test_a_map_by_the_library_is_that_of_the_reference(
    reference: Analyser, fast: Analyser, crops: list[np.ndarray]
) -> None:
    wish = ExplanationRequest(CamMethod.HIRESCAM, grade=3)
    one, other = (each.grade(crops[0], wish)[Attribute.WRINKLE] for each in (reference, fast))
    assert one.heatmap.max() > 0
    np.testing.assert_allclose(other.heatmap, one.heatmap, atol=1e-4)


def test_threads_give_what_one_call_gives(fast: Analyser, crops: list[np.ndarray]) -> None:
    alone = [fast.grade(crop) for crop in crops] * 3
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(fast.grade, crops * 3))
    for one, other in zip(alone, together, strict=True):
        for attribute in Attribute:
            assert one[attribute].probabilities == other[attribute].probabilities
            np.testing.assert_array_equal(one[attribute].heatmap, other[attribute].heatmap)


def test_graphs_are_made_once_and_anew_for_other_weights(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def export(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        graphs.export(Path(command[-3]), Path(command[-1]))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", export)
    monkeypatch.setattr(graphs, "_export", export_nothing)
    graphs.ensure(tiny_models, read_manifest(tiny_models), tmp_path)
    graphs.ensure(tiny_models, read_manifest(tiny_models), tmp_path)
    assert len(asked) == 1
    assert len(list(tmp_path.glob("*.xml"))) == 2
    others = write_models(tmp_path / "others", seed=43)
    graphs.ensure(others, read_manifest(others), tmp_path)
    assert len(asked) == 2
    # The landmark network is the same.
    assert len(list(tmp_path.glob("*.xml"))) == 3


def test_a_network_is_traced_once_for_its_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[torch.Size] = []
    load = reference_engine.load_landmarks_graph

    class Counted(torch.nn.Module):
        def __init__(self, network: torch.nn.Module) -> None:
            super().__init__()
            self.network = network

        def forward(self, crops: torch.Tensor) -> torch.Tensor:
            passes.append(crops.shape)
            found: torch.Tensor = self.network(crops)
            return found

    monkeypatch.setattr(
        reference_engine, "load_landmarks_graph", lambda *given: Counted(load(*given)).eval()
    )
    manifest = read_manifest(MODELS)
    graphs._export([graphs.Part.LANDMARKS], MODELS, manifest, tmp_path)
    assert passes == [(1, 3, 128, 128)]
    made, lacking = (graphs.graph_path(tmp_path, manifest, part) for part in graphs.Part)
    assert made.with_suffix(".sha256").exists()
    assert not lacking.exists()


def test_the_same_weights_with_other_strides_are_another_graph(
    own_models: Path, tmp_path: Path
) -> None:
    def path() -> Path:
        return graphs.graph_path(tmp_path, read_manifest(own_models), graphs.Part.GRADERS)

    before = path()
    edit_manifest(own_models, lambda its: its["attributes"]["oil"].update(output_stride=16))
    assert path() != before


def test_who_comes_second_waits_for_the_graphs_and_exports_none(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphs, "_export", lambda *_given: pytest.fail("exported a second time"))
    with (tmp_path / "export.lock").open("w") as lock, ThreadPoolExecutor(1) as thread:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = thread.submit(graphs.export, tiny_models, tmp_path)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        export_nothing(list(graphs.Part), tiny_models, read_manifest(tiny_models), tmp_path)
        fcntl.flock(lock, fcntl.LOCK_UN)
        second.result(timeout=30)


def test_bfloat16_is_close_and_told_only_where_the_processor_has_it(
    graphs_dir: Path, reference: Analyser, caplog: pytest.LogCaptureFixture
) -> None:
    wish = EngineWish(EngineName.OPENVINO, precision=Precision.BFLOAT16, graphs_dir=graphs_dir)
    rough = Analyser.load(MODELS, wish)
    told = precisions_here()[-1]
    assert rough.runs.precision is told
    warned = "has no bfloat16: float32 is computed" in caplog.text
    assert warned is (told is Precision.FLOAT32)
    one, other = (each.analyse(face_photo()).attributes for each in (reference, rough))
    for attribute in Attribute:
        assert other[attribute].score == pytest.approx(one[attribute].score, abs=0.2)


def test_the_server_loads_no_torch_when_openvino_runs_the_networks(
    fast: Analyser, graphs_dir: Path
) -> None:
    assert fast.manifest
    program = f"""
import sys
from pathlib import Path
from backend.app import create_app, load_analyser
from backend.settings import Settings
settings = Settings(models_dir=Path({str(MODELS)!r}), graphs_dir=Path({str(graphs_dir)!r}),
                    engine="openvino", device="cpu")
create_app(settings, analyser=load_analyser(settings))
print([name for name in ("torch", "timm", "pytorch_grad_cam") if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr


def test_openvino_cannot_report_to_anybody(fast: Analyser) -> None:
    assert fast.runs.name is EngineName.OPENVINO
    assert dict(sys.modules).get(TELEMETRY, "absent") is None
    stub = sys.modules["openvino.tools.ovc.telemetry_utils"].tm.__name__
    assert stub == "openvino.tools.ovc.telemetry_stub"


def test_graphs_that_cannot_be_made_are_said_with_the_folder(
    tiny_models: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "graphs"
    with pytest.raises(GraphsUnusableError, match=f"the graphs in {folder} cannot be made"):
        graphs.ensure(tiny_models, read_manifest(tiny_models), folder)


def test_an_engine_that_is_not_there_is_refused_and_by_itself_another_is_taken(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    with pytest.raises(EngineMissingError, match="torch or auto"):
        Analyser.load(tiny_models, EngineWish(EngineName.OPENVINO))
    by_itself = Analyser.load(tiny_models, EngineWish(engine=None))
    assert by_itself.runs.name is EngineName.TORCH


def test_an_analysis_computes_on_as_many_threads_as_are_wished_for(
    graphs_dir: Path, tiny_models: Path, reference: Analyser, crops: list[np.ndarray]
) -> None:
    before = (torch.get_num_threads(), cv2.getNumThreads())
    try:
        Analyser.load(tiny_models, EngineWish(threads=3))
        assert (torch.get_num_threads(), cv2.getNumThreads()) == (3, 3)
        alone = EngineWish(EngineName.OPENVINO, graphs_dir=graphs_dir, threads=1)
        found = Analyser.load(MODELS, alone).grade(crops[0])
        assert (torch.get_num_threads(), cv2.getNumThreads()) == (1, 1)
    finally:
        torch.set_num_threads(before[0])
        cv2.setNumThreads(before[1])
    for attribute, expected in reference.grade(crops[0]).items():
        assert found[attribute].score == pytest.approx(expected.score, abs=1e-3)


@pytest.mark.parametrize(("threads", "expected"), [(1, {1}), (None, {None})])
def test_openvino_is_told_on_how_many_threads_to_compute(
    graphs_dir: Path, monkeypatch: pytest.MonkeyPatch, threads: int | None, expected: set[int]
) -> None:
    core = Mock()
    core.compile_model.return_value.outputs = ()
    core.compile_model.return_value.get_property.return_value.to_string.return_value = "f32"
    monkeypatch.setattr(openvino_engine, "_core", lambda: core)
    openvino_engine.load(
        MODELS, read_manifest(MODELS),
        folder=graphs_dir, precision=Precision.FLOAT32, threads=threads,
    )  # fmt: skip
    hints = [call.args[2] for call in core.compile_model.call_args_list]
    assert {one.get("INFERENCE_NUM_THREADS") for one in hints} == expected
    assert len(hints) == 2


def test_openvino_on_a_gpu_is_refused(tiny_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "gpu_count", lambda: 1)
    with pytest.raises(EngineMissingError, match="CPUs alone"):
        Analyser.load(tiny_models, EngineWish(EngineName.OPENVINO, device=Device.CUDA))
