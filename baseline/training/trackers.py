"""Who is told how a run goes: TensorBoard, MLflow, Weights & Biases, each on this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import torch
from accelerate import Accelerator, DataLoaderConfiguration

from backend.errors import SkinXaiError
from baseline.precision import chosen_precision
from baseline.training.plan import Plan

PROJECT: Final = "skin-xai"
MLFLOW_FILE: Final = "mlflow.db"


class Tracker(StrEnum):
    """A program that records runs."""

    TENSORBOARD = "tensorboard"
    """Writes beside the run; `tensorboard --logdir runs` shows it."""
    MLFLOW = "mlflow"
    """Writes into `mlflow.db` beside the run folder, unless MLFLOW_TRACKING_URI names a server."""
    WANDB = "wandb"
    """Writes offline beside the run, unless WANDB_MODE says otherwise."""


class TrackerMissingError(SkinXaiError):
    """A tracker is asked for that is not installed; the message says how to."""


def started_accelerator(
    plan: Plan, folder: Path, *, cpu: bool, trackers: Sequence[Tracker]
) -> Accelerator:
    """The device, processes and precision of a run, with its trackers told of the plan.

    Raises:
        TrackerMissingError: a tracker is not installed.
    """
    for tracker in trackers:
        if find_spec(tracker.value) is None:
            raise TrackerMissingError(
                f"{tracker} is not installed: .venv/bin/pip install -c constraints.txt "
                "-e '.[trackers]', or leave it out"
            )
    gpu = torch.cuda.is_available() and not cpu
    accelerator = Accelerator(
        cpu=cpu,
        mixed_precision=chosen_precision(plan.precision, gpu=gpu).value,
        log_with=[tracker.value for tracker in trackers] or None,
        project_dir=folder,
        dataloader_config=DataLoaderConfiguration(even_batches=True),
    )
    if Tracker.MLFLOW in trackers and "MLFLOW_TRACKING_URI" not in os.environ:
        import mlflow  # heavy, and not installed unless asked for

        mlflow.set_tracking_uri(f"sqlite:///{folder.absolute().parent / MLFLOW_FILE}")
    facts = {name: value if isinstance(value, int | float) else str(value)
             for name, value in plan.facts().items()}  # fmt: skip
    accelerator.init_trackers(
        PROJECT,
        config=facts,
        init_kwargs={
            "mlflow": {"run_name": folder.name},
            "wandb": {
                "name": folder.name,
                "dir": str(folder),
                "mode": os.environ.get("WANDB_MODE", "offline"),
            },
        },
    )
    return accelerator
