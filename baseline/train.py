"""Trains graders: one joint network first, then each attribute's own from it.

`python -m baseline.train joint ...` and `python -m baseline.train grader --attribute oil ...`.
A run that was stopped goes on from its last whole epoch when it is started again.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from backend.vision.preprocess import InputSpec
from backend.vocabulary import GRADES, Attribute
from baseline.augmentation import default_augmentation
from baseline.dataset import CropCache, CropDataset, read_folder
from baseline.losses.base import GradeLoss, grades_of
from baseline.losses.registry import LossName, build_loss
from baseline.metric import penalty_recall
from baseline.model import JointGrader, Start, grader_from_joint
from baseline.precision import keep_slow_depthwise_in_float32

ATTRIBUTES = tuple(Attribute)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a run's result.

    Attributes:
        data: folder of training photos.
        validation: folder of photos to choose by.
        input_px: side of the network's input.
        epochs: passes over the data.
        batch: photos a step.
        learning_rate: AdamW's peak; it rises for a tenth of the steps, then falls as a cosine.
        weight_decay: AdamW's.
        drop_rate: share of pooled features dropped.
        frozen_stages: how many of B0's seven stages keep their weights and statistics.
        seed: of weights, order and augmentation.
        start: where the first weights come from.
        attribute: the one that is trained, or None for all five jointly.
        joint: the run folder of the joint network that a single grader starts from.
        loss: what it is taught by; one that needs five outputs.
    """

    data: Path
    validation: Path
    input_px: int = 256
    epochs: int = 5
    batch: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    drop_rate: float = 0.2
    frozen_stages: int = 0
    seed: int = 42
    start: Start = Start.LITE0
    attribute: Attribute | None = None
    joint: Path | None = None
    loss: LossName = LossName.MASKED_LABEL_SMOOTHING

    @property
    def columns(self) -> list[int]:
        """Which columns of the grades this run's logits stand for."""
        wanted = ATTRIBUTES if self.attribute is None else (self.attribute,)
        return [ATTRIBUTES.index(attribute) for attribute in wanted]

    def facts(self) -> dict[str, Any]:
        """The plan as plain values, for the run folder and the exported manifest."""
        return {key: str(v) if isinstance(v, Path) else v for key, v in asdict(self).items()}


@dataclass(slots=True)
class _Progress:
    epoch: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)


def train(plan: Plan, run: Path, *, device: torch.device, workers: int = 1) -> None:
    """Train a network as planned and leave everything about it in a folder.

    Args:
        plan: what to train on what.
        run: folder for `plan.json`, `checkpoint.pt`, `history.json` and the curves; a checkpoint
            of the same plan in it is continued.
        device: where to compute.
        workers: processes that prepare crops.

    Raises:
        ValueError: the folder holds a run of another plan.
    """
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, plan)
    torch.manual_seed(plan.seed)
    network = _build(plan)
    if device.type == "cpu":
        keep_slow_depthwise_in_float32(network)
    network = network.to(device).to(memory_format=torch.channels_last)
    training, validation = _loaders(plan, workers)
    optimizer = torch.optim.AdamW(
        [weight for weight in network.parameters() if weight.requires_grad],
        lr=plan.learning_rate,
        weight_decay=plan.weight_decay,
    )
    steps = plan.epochs * len(training)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _warm_cosine(step, steps))
    progress = _resume(run, network, optimizer, schedule)
    teacher = _teacher(plan, training)
    with SummaryWriter(str(run)) as curves:
        while progress.epoch < plan.epochs:
            started = time.monotonic()
            torch.manual_seed(plan.seed + progress.epoch)
            loss = _one_epoch(network, plan, teacher, training, optimizer, schedule, device)
            progress.epoch += 1
            row = {
                "epoch": progress.epoch,
                "loss": round(loss, 4),
                "seconds": round(time.monotonic() - started, 1),
                **validate(network, plan, validation, device),
            }
            progress.history.append(row)
            for name, value in row.items():
                curves.add_scalar(name, value, progress.epoch)
            _save(run, network, optimizer, schedule, progress)
            print(json.dumps(row), flush=True)


def _build(plan: Plan) -> nn.Module:
    if plan.attribute is None:
        return JointGrader(plan.start, drop_rate=plan.drop_rate)
    if plan.joint is None:
        raise ValueError("a single grader starts from a joint run: give its folder with --joint")
    joint = JointGrader(Start.RANDOM)
    joint.load_state_dict(load_network_state(plan.joint))
    grader = grader_from_joint(joint, plan.attribute, drop_rate=plan.drop_rate)
    for stage in _frozen(grader, plan.frozen_stages):
        stage.requires_grad_(False)
    return grader


def _frozen(network: nn.Module, stages: int) -> list[nn.Module]:
    if stages == 0:
        return []
    blocks = network.get_submodule("blocks")
    stem = [network.get_submodule(name) for name in ("conv_stem", "bn1")]
    return [*stem, *(blocks.get_submodule(str(index)) for index in range(stages))]


def load_network_state(run: Path) -> dict[str, Tensor]:
    """The newest weights of a run folder, on the CPU."""
    checkpoint = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    state: dict[str, Tensor] = checkpoint["network"]
    return state


def _loaders(plan: Plan, workers: int) -> tuple[DataLoader[Any], DataLoader[Any]]:
    spec = InputSpec(plan.input_px)
    loaders = []
    for folder, shuffled in ((plan.data, True), (plan.validation, False)):
        samples = read_folder(folder)
        crops = CropCache(samples, folder / "cache")
        augment = default_augmentation(plan.seed) if shuffled else None
        loaders.append(
            DataLoader(
                CropDataset(samples, crops, spec, augment=augment),
                batch_size=plan.batch,
                shuffle=shuffled,
                # A last batch of one photo would give batch normalisation no spread to measure.
                drop_last=shuffled,
                num_workers=workers,
                persistent_workers=workers > 0,
            )
        )
    return loaders[0], loaders[1]


def _warm_cosine(step: int, steps: int) -> float:
    warm = max(1, steps // 10)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _teacher(plan: Plan, training: DataLoader[Any]) -> GradeLoss:
    targets = cast(CropDataset, training.dataset).targets[:, plan.columns]
    counts = torch.bincount(grades_of(targets[targets >= 0]), minlength=len(GRADES)).tolist()
    teacher = build_loss(plan.loss, counts)
    if teacher.outputs != len(GRADES):
        raise ValueError(f"{plan.loss} needs {teacher.outputs} outputs; this network has 5")
    return teacher


def _one_epoch(
    network: nn.Module,
    plan: Plan,
    teacher: GradeLoss,
    batches: Iterable[tuple[Tensor, Tensor]],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    device: torch.device,
) -> float:
    network.train()
    for stage in _frozen(network, plan.frozen_stages):
        stage.eval()
    losses = []
    for images, targets in tqdm(batches, leave=False, unit="batch"):
        logits = _forward(network, images, device)
        loss = teacher(logits, targets[:, plan.columns].to(device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves this method untyped
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def _forward(network: nn.Module, images: Tensor, device: torch.device) -> Tensor:
    images = images.to(device, memory_format=torch.channels_last)
    with torch.autocast(device.type, torch.bfloat16):
        logits: Tensor = network(images)
    # A single grader's logits (N, 5) become (N, 1 attribute, 5), like the joint network's.
    return logits.float() if logits.ndim == 3 else logits.float()[:, None]


@torch.inference_mode()
def validate(
    network: nn.Module,
    plan: Plan,
    batches: Iterable[tuple[Tensor, Tensor]],
    device: torch.device,
) -> dict[str, float]:
    """P-Recall of each trained attribute, by argmax, over every photo that is rated."""
    network.eval()
    guesses, truths = [], []
    for images, targets in batches:
        guesses.append(_forward(network, images, device).argmax(dim=-1).cpu())
        truths.append(targets[:, plan.columns])
    predicted, true = torch.cat(guesses), grades_of(torch.cat(truths))
    scores = {}
    for index, column in enumerate(plan.columns):
        rated = true[:, index] >= 0
        recall = penalty_recall(true[rated, index].numpy(), predicted[rated, index].numpy())
        scores[f"p_recall_{ATTRIBUTES[column]}"] = round(recall.value, 4)
    return scores


def _claim(run: Path, plan: Plan) -> None:
    path = run / "plan.json"
    text = json.dumps(plan.facts(), indent=2) + "\n"
    if path.exists() and path.read_text() != text:
        raise ValueError(f"{path} is of another plan; choose another run folder")
    path.write_text(text)


def _resume(
    run: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> _Progress:
    path = run / "checkpoint.pt"
    if not path.exists():
        return _Progress()
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(checkpoint["network"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    schedule.load_state_dict(checkpoint["schedule"])
    return _Progress(epoch=checkpoint["epoch"], history=checkpoint["history"])


def _save(
    run: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    progress: _Progress,
) -> None:
    checkpoint = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "epoch": progress.epoch,
        "history": progress.history,
    }
    # Written beside and moved, so that a kill in the middle leaves the last whole epoch.
    partial = run / "checkpoint.pt.part"
    torch.save(checkpoint, partial)
    partial.rename(run / "checkpoint.pt")
    (run / "history.json").write_text(json.dumps(progress.history, indent=1) + "\n")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m baseline.train", description=__doc__)
    parser.add_argument("kind", choices=["joint", "grader"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--validation", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--attribute", type=Attribute, choices=ATTRIBUTES)
    parser.add_argument("--joint", type=Path, help="run folder of the joint network")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--input-px", type=int, default=256)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--frozen-stages", type=int, default=0)
    parser.add_argument(
        "--loss", type=LossName, choices=list(LossName), default=LossName.MASKED_LABEL_SMOOTHING
    )
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--start", type=Start, choices=list(Start), default=Start.LITE0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=1)
    given = vars(parser.parse_args())
    if (given.pop("kind") == "grader") != (given["attribute"] is not None):
        parser.error("a grader needs --attribute and --joint; a joint network takes neither")
    run, device, workers = given.pop("run"), given.pop("device"), given.pop("workers")
    train(Plan(**given), run, device=torch.device(device), workers=workers)


if __name__ == "__main__":
    main()
