"""What a training run leaves: plan, versions and commit, summary table, curves, weights."""

from __future__ import annotations

import csv
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from safetensors.torch import load_file, save_file
from torch import Tensor

from baseline.training.plan import Plan


class RunFolder:
    """The files of one run.

    `plan.json` says what was asked for and `environment.json` where it ran; `summary.csv` has a row
    per epoch and `curves.png` draws it; `weights.safetensors` is what the run was for, and
    `checkpoint.pt` is what goes on from.
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when a run claims it."""
        self.folder = folder

    def claim(self, plan: Plan, *, precision: str) -> None:
        """Make the folder, or see that it holds a run of the same plan.

        Args:
            plan: of the run.
            precision: what is computed in here, where the plan leaves it open.

        Raises:
            ValueError: it holds a run of another plan.
        """
        self.expect(plan)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._plan_path.write_text(_as_text(plan.facts()), encoding="utf-8")
        environment = {
            "commit": commit(),
            "python": platform.python_version(),
            "machine": platform.processor() or platform.machine(),
            "precision": precision,
            "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
            **{name: version(name) for name in ("torch", "timm", "albumentations")},
        }
        path = self.folder / "environment.json"
        path.write_text(_as_text(environment), encoding="utf-8")

    def expect(self, plan: Plan) -> None:
        """See that it holds no run of another plan.

        Raises:
            ValueError: it does.
        """
        path = self._plan_path
        if path.exists() and path.read_text(encoding="utf-8") != _as_text(plan.facts()):
            raise ValueError(f"{path} is of another plan; choose another run folder")

    @property
    def _plan_path(self) -> Path:
        return self.folder / "plan.json"

    def plan(self) -> dict[str, Any]:
        """The facts of the plan."""
        facts: dict[str, Any] = json.loads(self._plan_path.read_text(encoding="utf-8"))
        return facts

    def weights(self) -> dict[str, Tensor]:
        """The state of the run's `GraderNetwork`, on the CPU.

        Raises:
            FileNotFoundError: no epoch was finished.
        """
        return load_file(self.folder / "weights.safetensors")

    def checkpoint(self) -> dict[str, Any] | None:
        """All of the last whole epoch, on the CPU; None before there is one."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return None
        found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return found

    def save(self, checkpoint: Mapping[str, Any], *, weights: Mapping[str, Tensor]) -> None:
        """Write an epoch. Each file is written beside and moved, so a kill leaves a whole one."""
        partial = self.folder / "weights.safetensors.part"
        save_file({name: tensor.contiguous() for name, tensor in weights.items()}, partial)
        partial.rename(self.folder / "weights.safetensors")
        partial = self.folder / "checkpoint.pt.part"
        torch.save(dict(checkpoint), partial)
        partial.rename(self.folder / "checkpoint.pt")

    def summarise(self, history: Sequence[Mapping[str, float]]) -> None:
        """Write the table of epochs and draw it."""
        with (self.folder / "summary.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(history[0]))
            writer.writeheader()
            writer.writerows(history)
        epochs = [row["epoch"] for row in history]
        figure = Figure(figsize=(8, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(epochs, [row["loss"] for row in history], marker=".")
        left.set(xlabel="epoch", ylabel="loss")
        for name in history[0]:
            if name.startswith("p_recall_"):
                label = name.removeprefix("p_recall_")
                right.plot(epochs, [row[name] for row in history], marker=".", label=label)
        right.set(xlabel="epoch", ylabel="P-Recall, validation")
        right.legend()
        figure.savefig(self.folder / "curves.png")

    def summary(self) -> list[dict[str, float]]:
        """The table of epochs, one dictionary each."""
        with (self.folder / "summary.csv").open(newline="", encoding="utf-8") as file:
            return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def commit() -> str:
    """The commit of the code, hexadecimal, with `-changed` where the work tree differs from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=-changed"],
        capture_output=True, text=True, check=True, timeout=30, cwd=Path(__file__).parent,
    )  # fmt: skip
    return found.stdout.strip()


def _as_text(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, indent=2) + "\n"
