"""What is typed to start replicas, and what Ray Serve is asked for then. No Ray runs here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from pydantic import SecretStr
from ray.exceptions import RayError

from backend import cluster
from backend.errors import SettingInvalidError
from backend.fleet import Fleet, parse_fleet
from backend.settings import Settings
from backend.vision.engines import graphs
from tests.support.models import edit_manifest

ROOT = Path(__file__).resolve().parents[3]


def typed(*words: str) -> Fleet:
    return parse_fleet(words, description="")


def test_nothing_typed_is_one_replica_with_as_many_cores_as_workers() -> None:
    fleet = typed()
    assert fleet == Fleet(least=1, most=1, cpus=None, gpus=0.0)
    assert fleet.cpus_for(Settings(workers=3)) == 3
    assert str(fleet) == "1 replica"


def test_everything_typed_is_understood() -> None:
    words = ("--replicas", "2-8", "--cpus", "1.5", "--gpus", "0.25", "--surge", "--local")
    assert typed(*words) == Fleet(least=2, most=8, cpus=1.5, gpus=0.25, surge=True, local=True)


@pytest.mark.parametrize("replicas", ["0", "-1", "8-1", "0-3", "two", "1-", "1-2-3", "²", ""])
def test_replicas_that_make_no_sense_are_refused(
    replicas: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        typed(f"--replicas={replicas}")
    assert ended.value.code == 2
    assert f"expected a number from 1 on, or two as in 1-8, got {replicas!r}" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("--gpus=1.5", "a part of a GPU as in 0.25, or a whole number of them, got '1.5'"),
        ("--gpus=-1", "a part of a GPU as in 0.25, or a whole number of them, got '-1'"),
        ("--gpus=inf", "expected a number, got 'inf'"),
        ("--cpus=0", "expected a number above 0, got '0'"),
        ("--cpus=all", "expected a number, got 'all'"),
    ],
)
def test_cores_and_gpus_that_make_no_sense_are_refused(
    option: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        typed(option)
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(("device", "gpus"), [("cuda", 0.0), ("cpu", 0.5)])
def test_a_device_that_was_not_booked_is_refused(device: str, gpus: float) -> None:
    settings = Settings.model_validate({"device": device})
    with pytest.raises(SettingInvalidError, match=f"SKINXAI_DEVICE is {device}, but --gpus is"):
        cluster.replica_settings(settings, Fleet(gpus=gpus))


@pytest.mark.parametrize(
    ("wished", "gpus", "complaint"),
    [
        (
            {"precision": "float16"},
            0.0,
            "with --gpus 0 no replica could start: float16 is for GPUs alone: set the precision "
            "to float32 or bfloat16, or book GPUs with --gpus",
        ),
        (
            {"engine": "openvino"},
            0.25,
            "with --gpus 0.25 no replica could start: OpenVINO runs on CPUs alone: set the engine "
            "to torch or auto, or leave out --gpus",
        ),
    ],
)
def test_what_no_replica_could_load_is_refused(
    wished: dict[str, str], gpus: float, complaint: str
) -> None:
    with pytest.raises(SettingInvalidError) as refusal:
        cluster.replica_settings(Settings.model_validate(wished), Fleet(gpus=gpus))
    assert str(refusal.value) == complaint
    assert cluster.replica_settings(Settings.model_validate(wished), Fleet(gpus=1 - bool(gpus)))


def test_what_no_replica_could_load_stops_none(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "join", lambda **_given: pytest.fail("a cluster was joined"))
    monkeypatch.setenv("SKINXAI_MODELS_DIR", str(tiny_models))
    monkeypatch.setenv("SKINXAI_PRECISION", "float16")
    assert cluster.main([]) == 2
    assert "float16 is for GPUs alone" in capsys.readouterr().err


def test_replicas_compute_where_they_booked_and_find_their_folders_from_anywhere() -> None:
    settings = Settings(models_dir=Path("models"), graphs_dir=Path("graphs"), workers=2)
    found = cluster.replica_settings(settings, Fleet())
    on_a_gpu = cluster.replica_settings(settings, Fleet(gpus=1, cpus=0.5))
    assert (found.device, on_a_gpu.device) == ("cpu", "cuda")
    assert (found.threads, on_a_gpu.threads) == (2, 1)
    assert (found.models_dir, found.graphs_dir) == (
        Path.cwd() / "models",
        Path.cwd() / "graphs",
    )


def test_ray_is_asked_for_what_was_typed() -> None:
    settings = Settings(workers=2, max_waiting=16, upload_timeout_s=30, max_wait_s=30)
    options = cluster.deployment_options(settings, Fleet(least=3, most=3, gpus=0.25))
    assert options["num_replicas"] == 3
    assert "autoscaling_config" not in options
    actor = options["ray_actor_options"]
    assert (actor["num_cpus"], actor["num_gpus"]) == (2, 0.25)
    # 18 places and 32 for what is refused; in a proxy as many again for each of three.
    assert (options["max_ongoing_requests"], options["max_queued_requests"]) == (50, 150)
    # 30 s to arrive, 30 s to wait, 60 s to be analysed.
    assert options["graceful_shutdown_timeout_s"] == 120
    assert options["max_surge_percent"] == 0


def test_between_two_numbers_replicas_follow_the_photos_at_work() -> None:
    settings = Settings(workers=2)
    options = cluster.deployment_options(settings, Fleet(least=1, most=8, surge=True))
    scaling = options["autoscaling_config"]
    assert (scaling.min_replicas, scaling.max_replicas) == (1, 8)
    assert scaling.target_ongoing_requests == 2
    assert "num_replicas" not in options
    assert options["max_surge_percent"] == 1


def test_a_proxy_that_does_not_start_is_told_in_a_sentence(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def start(**_given: object) -> NoReturn:
        raise RayError("The actor died unexpectedly.\n\tclass_name: ProxyActor")

    monkeypatch.setattr(cluster, "join", lambda **_given: None)
    monkeypatch.setattr(cluster, "make_graphs", lambda *_given: None)
    monkeypatch.setattr("ray.shutdown", lambda: None)
    monkeypatch.setattr("ray.serve.start", start)
    monkeypatch.setenv("SKINXAI_MODELS_DIR", str(tiny_models))
    assert cluster.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("skin-xai cluster: Ray Serve's proxy did not start: run the same")
    assert "RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S=60" in said
    assert said.endswith("; The actor died unexpectedly.)\n")


def test_a_key_is_in_no_variable_that_ray_is_given() -> None:
    settings = Settings(api_key=SecretStr("a-key-of-enough-length"))
    assert cluster.build_application(settings, Fleet(least=1, most=8, gpus=0.5))
    options = cluster.deployment_options(settings, Fleet())
    assert "a-key-of" not in repr(options)
    assert not [name for name in _variables(options) if name.startswith("SKINXAI_")]


def _variables(options: dict[str, dict[str, dict[str, dict[str, str]]]]) -> dict[str, str]:
    return options["ray_actor_options"]["runtime_env"]["env_vars"]


def test_weights_that_none_can_load_are_refused_before_a_cluster_is_looked_for(
    own_models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_manifest(
        own_models, lambda manifest: manifest["attributes"]["oil"].update(sha256="0" * 64)
    )
    monkeypatch.setenv("SKINXAI_MODELS_DIR", str(own_models))
    assert cluster.main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("skin-xai cluster: the weights in ")
    assert "oil.safetensors cannot be used" in said


@pytest.mark.parametrize(
    ("words", "variables", "made"),
    [
        ((), {}, ["graphs"]),
        ((), {"SKINXAI_ENGINE": "torch"}, []),
        (("--gpus", "1"), {}, []),
    ],
    ids=["OpenVINO", "PyTorch", "a GPU"],
)
def test_graphs_are_there_before_a_replica_is_replaced(
    tiny_models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    variables: dict[str, str],
    made: list[str],
) -> None:
    done: list[str] = []

    def ensure(models_dir: Path, _manifest: object, folder: Path) -> None:
        assert (models_dir, folder) == (tiny_models, tmp_path)
        done.append("graphs")

    def roll_out(*_given: object) -> NoReturn:
        done.append("replicas")
        raise cluster.RollOutFailedError("no Ray runs here")

    monkeypatch.setattr(graphs, "ensure", ensure)
    monkeypatch.setattr(cluster, "join", lambda **_given: None)
    monkeypatch.setattr(cluster, "roll_out", roll_out)
    monkeypatch.setenv("SKINXAI_MODELS_DIR", str(tiny_models))
    monkeypatch.setenv("SKINXAI_GRAPHS_DIR", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cluster.main(words) == 1
    assert done == [*made, "replicas"]


def test_graphs_that_cannot_be_made_stop_no_replica(
    tiny_models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(cluster, "join", lambda **_given: None)
    monkeypatch.setattr(cluster, "roll_out", lambda *_given: pytest.fail("replicas were replaced"))
    monkeypatch.setenv("SKINXAI_MODELS_DIR", str(tiny_models))
    monkeypatch.setenv("SKINXAI_GRAPHS_DIR", str(tmp_path / "file" / "graphs"))
    assert cluster.main([]) == 2
    assert "skin-xai cluster: the graphs in " in capsys.readouterr().err


def test_without_ray_one_sentence_tells_how_to_install_it() -> None:
    program = """
import runpy, sys
sys.modules["ray"] = None  # what makes an import fail
runpy.run_module("backend.cluster", run_name="__main__")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "skin-xai cluster: a cluster needs the Python package ray, which is not installed. It "
        "comes with .venv/bin/pip install -c constraints.txt -e '.[cluster]'.\n"
    )


def test_without_a_cluster_it_is_said_how_to_start_one(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find_none(**given: object) -> NoReturn:
        assert given == {"address": "auto"}
        raise ConnectionError("Could not find any running Ray instance.")

    # Some other Ray may run on this machine, and would be found.
    monkeypatch.setattr("ray.init", find_none)
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "1")
    monkeypatch.setenv("SKINXAI_MODELS_DIR", str(tiny_models))
    assert cluster.main([]) == 2
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    said = capsys.readouterr().err
    assert "no Ray cluster can be joined: start one with `ray start --head" in said
    assert "(Could not find any running Ray instance.)" in said
