"""How the server starts: without training or plotting packages, and not at all on bad weights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import free_port
from tests.support.models import edit_manifest

ROOT = Path(__file__).resolve().parents[3]
UNWANTED = (
    "albumentations",
    "matplotlib",
    "mlflow",
    "pytorch_grad_cam",
    "skimage",
    "sklearn",
    "streamlit",
    "tensorboard",
)


FAILING_GPU = """
import sys, time
import numpy as np
from fastapi.testclient import TestClient
import backend.__main__, backend.app
from backend.vision.engines.gathering import Gatherer
from backend.settings import Settings

class FailingNetwork:
    def launch(self, inputs):
        raise RuntimeError("CUDA error: an illegal memory access")

class AnalyserOnGpu:
    batches = {}
    def __init__(self):
        self.gatherer = Gatherer({"oil": FailingNetwork()})
    @property
    def broken(self):
        return self.gatherer.broken

analyser = AnalyserOnGpu()
backend.app.load_analyser = backend.__main__.load_analyser = lambda settings: analyser
analyser.gatherer.ask("oil", np.zeros((1, 3, 8, 8), np.float32))

def serve(app):
    with TestClient(app):
        time.sleep(60)
    sys.exit("it went on")
"""


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository's root."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_started_server_has_loaded_no_training_or_plotting_package(tiny_models: Path) -> None:
    program = (
        "import sys, backend.__main__\n"
        "from backend.app import create_app, load_analyser\n"
        "from backend.settings import load_settings\n"
        "settings = load_settings()\n"
        "create_app(settings, analyser=load_analyser(settings))\n"
        f"print([name for name in {UNWANTED!r} if name in sys.modules])"
    )
    done = run_python("-c", program, SKINXAI_MODELS_DIR=str(tiny_models))
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_changed_weights_stop_the_start_with_one_sentence(own_models: Path) -> None:
    edit_manifest(
        own_models, lambda manifest: manifest["attributes"]["oil"].update(sha256="0" * 64)
    )
    done = run_python("-m", "backend", SKINXAI_MODELS_DIR=str(own_models))
    assert done.returncode == 2
    assert done.stderr.startswith("skin-xai server: the weights in ")
    assert "oil.safetensors cannot be used: expected sha256 000" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unusable_setting_stops_the_start_with_one_sentence() -> None:
    done = run_python("-m", "backend", SKINXAI_PORT="http")
    assert done.returncode == 2
    assert done.stderr.startswith("skin-xai server: SKINXAI_PORT cannot be used: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "serve",
    [
        "sys.exit(backend.__main__.main())",
        "serve(backend.__main__.build_app())",
        "from backend.cluster import replica_app; serve(replica_app(Settings()))",
    ],
    ids=["the server", "by another web server", "a replica"],
)
def test_a_gpu_that_fails_for_good_ends_the_process(serve: str) -> None:
    done = run_python("-c", FAILING_GPU + serve, SKINXAI_PORT=str(free_port()))
    assert done.returncode == 1, done.stderr
    assert "has failed for good (CUDA error: an illegal memory access)" in (
        done.stdout + done.stderr
    )
    assert "it went on" not in done.stderr
