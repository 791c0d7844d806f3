"""How the server starts: without training or plotting packages, and not at all on bad weights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
