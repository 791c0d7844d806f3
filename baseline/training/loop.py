"""The training loop: one or many processes, on CPU or GPU, resumable to the same numbers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import torch
from accelerate import Accelerator
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from backend.vision.grad_cam import ExplanationRequest
from baseline.dataset import keep_apart, read_folder
from baseline.losses.base import GradeLoss, grades_of
from baseline.losses.erasing import erasing_loss
from baseline.losses.maps import map_loss
from baseline.metrics.penalty_recall import penalty_recall
from baseline.networks.grader import GraderNetwork
from baseline.precision import TrainingPrecision, keep_slow_depthwise_in_float32
from baseline.training.batches import Batches, teachers_of
from baseline.training.network import build_network, frozen_stages
from baseline.training.plan import ATTRIBUTES, Plan
from baseline.training.run_folder import RunFolder
from baseline.training.schedule import learning_rates
from baseline.training.trackers import Tracker, started_accelerator

_LARGEST_GRADIENT: Final = 5.0


def train(
    plan: Plan,
    folder: Path,
    *,
    cpu: bool = False,
    workers: int = 1,
    trackers: Sequence[Tracker] = (Tracker.TENSORBOARD,),
) -> None:
    """Train a network as planned and leave everything about it in a folder.

    A run that was stopped goes on from its last whole epoch and ends with the weights it would
    have had. Under `torchrun` every process takes its share of each batch's photos.

    Args:
        plan: what to train on what.
        folder: for all that `RunFolder` names; a checkpoint of the same plan in it is continued.
        cpu: stay off the GPU.
        workers: processes that prepare crops, per process.
        trackers: who is told of each epoch.

    Raises:
        ValueError: the folder holds a run of another plan, or there are too few photos.
        LabelInvalidError: a label or an image is broken, or somebody is in both folders.
    """
    # The processes that prepare crops are forked: OpenCV's threads, had it any by then, would be
    # missing in them, and they would wait for ever.
    cv2.setNumThreads(1)
    run = RunFolder(folder)
    accelerator = started_accelerator(plan, folder, cpu=cpu, trackers=trackers)
    if accelerator.is_main_process:
        run.claim(plan, precision=str(accelerator.mixed_precision))
    accelerator.wait_for_everyone()
    torch.manual_seed(plan.seed)
    samples = read_folder(plan.data), read_folder(plan.validation)
    keep_apart(*samples)
    with accelerator.main_process_first():
        data = Batches.of(plan, *samples, workers=workers)
    session = _Session.start(plan, accelerator, data, teachers_of(plan, data.training))
    session.resume(run)
    while session.epoch < plan.epochs and not session.stalled(plan.patience):
        row = session.one_epoch()
        if accelerator.is_main_process:
            session.save(run)
            run.summarise(session.history)
            print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        accelerator.log({k: float(v) for k, v in row.items()}, step=session.epoch)
        accelerator.wait_for_everyone()
    accelerator.end_training()


class _Session:
    """A network in training: what changes from step to step."""

    def __init__(
        self,
        plan: Plan,
        accelerator: Accelerator,
        data: Batches,
        teachers: Sequence[GradeLoss],
        network: GraderNetwork,
    ) -> None:
        self._plan, self._accelerator, self._teachers = plan, accelerator, teachers
        self._training, self._order = data.training, data.order
        self._plain = network
        self._average = _moving_average(network, plan.ema_decay)
        optimizer = torch.optim.AdamW(
            [weight for weight in network.parameters() if weight.requires_grad],
            lr=plan.learning_rate,
            weight_decay=plan.weight_decay,
        )
        self._network, self._optimizer, self._batches, self._validation = accelerator.prepare(
            network, optimizer, data.learned, data.checked
        )
        self._base_optimizer = optimizer
        self._schedule = learning_rates(plan, optimizer, steps_of_epoch=len(self._batches))
        self.epoch = 0
        self.history: list[dict[str, float]] = []
        self._best: dict[str, Tensor] | None = None

    @classmethod
    def start(
        cls, plan: Plan, accelerator: Accelerator, data: Batches, teachers: Sequence[GradeLoss]
    ) -> _Session:
        network = build_network(plan)
        in_bfloat16 = accelerator.mixed_precision == TrainingPrecision.BFLOAT16
        if in_bfloat16 and accelerator.device.type == "cpu":
            keep_slow_depthwise_in_float32(network)
        network = network.to(accelerator.device).to(memory_format=torch.channels_last)
        return cls(plan, accelerator, data, teachers, network)

    def one_epoch(self) -> dict[str, float]:
        started = time.monotonic()
        # All that is random in an epoch follows from the seed and its number.
        torch.manual_seed(self._plan.seed + self.epoch)
        self._training.epoch = self._order.epoch = self.epoch
        loss = self._learn()
        self.epoch += 1
        row = {"epoch": self.epoch, "loss": round(loss, 4), **self._validate()}
        row["seconds"] = round(time.monotonic() - started, 1)
        self.history.append(row)
        if self._since_best() == 0:
            self._best = self._copied()
        return row

    def stalled(self, patience: int) -> bool:
        return bool(patience) and self._since_best() >= patience

    def resume(self, run: RunFolder) -> None:
        checkpoint = run.checkpoint()
        if checkpoint is None:
            return
        self._plain.load_state_dict(checkpoint["network"])
        self._base_optimizer.load_state_dict(checkpoint["optimizer"])
        self._schedule.load_state_dict(checkpoint["schedule"])
        if self._average is not None:
            self._average.load_state_dict(checkpoint["average"])
        self.epoch, self.history = checkpoint["epoch"], checkpoint["history"]
        self._best = checkpoint["best"]

    def save(self, run: RunFolder) -> None:
        state = {
            "network": self._plain.state_dict(),
            "optimizer": self._base_optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "average": None if self._average is None else self._average.state_dict(),
            "epoch": self.epoch,
            "history": self.history,
            "best": self._best if self._plan.patience else None,
        }
        kept = self._best if self._plan.patience and self._best else self._copied()
        run.save(state, weights=kept)

    def _learn(self) -> float:
        self._network.train()
        for stage in frozen_stages(self._plain, self._plan.frozen_stages):
            stage.eval()
        losses = []
        quiet = not self._accelerator.is_main_process
        for images, targets, *signs in tqdm(
            self._batches, leave=False, unit="batch", disable=quiet
        ):
            pixels = images.contiguous(memory_format=torch.channels_last)
            if signs:
                outputs, maps = self._network(pixels, with_maps=True)
                loss = self._loss(outputs, targets[:, self._plan.columns])
                loss = loss + self._plan.map_weight * self._map_loss(maps, signs[0])
                if self._plan.erasing_weight:
                    loss = loss + self._plan.erasing_weight * self._erasing_loss(
                        pixels, maps, targets
                    )
            else:
                loss = self._loss(self._network(pixels), targets[:, self._plan.columns])
            self._optimizer.zero_grad(set_to_none=True)
            self._accelerator.backward(loss)
            self._accelerator.clip_grad_norm_(self._network.parameters(), _LARGEST_GRADIENT)
            self._optimizer.step()
            self._schedule.step()
            if self._average is not None:
                self._average.update_parameters(self._plain)
            losses.append(loss.detach())
        every = self._accelerator.gather(torch.stack(losses))
        return float(every.mean())

    def _loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        losses = [
            teacher(outputs[:, index], targets[:, index])
            for index, teacher in enumerate(self._teachers)
        ]
        return torch.stack(losses).mean()

    def _map_loss(self, maps: Tensor, signs: Tensor) -> Tensor:
        losses = [
            map_loss(
                maps[:, index],
                signs[:, column],
                ExplanationRequest().grade_weights(ATTRIBUTES[column]),
            )
            for index, column in enumerate(self._plan.columns)
        ]
        return torch.stack(losses).mean()

    def _erasing_loss(self, pixels: Tensor, maps: Tensor, targets: Tensor) -> Tensor:
        (column,) = self._plan.columns
        weights = ExplanationRequest().grade_weights(ATTRIBUTES[column])
        return erasing_loss(self._network, pixels, maps[:, 0], targets[:, column], weights)

    @torch.inference_mode()
    def _validate(self) -> dict[str, float]:
        """P-Recall of each trained attribute, by argmax, over every photo that is rated."""
        network = self._network if self._average is None else self._average
        network.eval()
        guesses, truths = [], []
        for images, targets in self._validation:
            with self._accelerator.autocast():
                outputs = network(images.contiguous(memory_format=torch.channels_last))
            grades = self._teachers[0].probabilities(outputs).argmax(dim=-1)
            guess, truth = self._accelerator.gather_for_metrics((grades, targets))
            guesses.append(guess.cpu())
            truths.append(truth[:, self._plan.columns].cpu())
        predicted, true = torch.cat(guesses), grades_of(torch.cat(truths))
        scores = {}
        for index, column in enumerate(self._plan.columns):
            rated = true[:, index] >= 0
            recall = penalty_recall(true[rated, index].numpy(), predicted[rated, index].numpy())
            scores[f"p_recall_{ATTRIBUTES[column]}"] = round(recall.value, 4)
        return scores

    def _copied(self) -> dict[str, Tensor]:
        source = self._plain if self._average is None else self._average.module
        return {name: tensor.detach().cpu().clone() for name, tensor in source.state_dict().items()}

    def _since_best(self) -> int:
        values = [_mean_recall(row) for row in self.history]
        return len(values) - 1 - max(range(len(values)), key=values.__getitem__) if values else 0


def _mean_recall(row: dict[str, float]) -> float:
    values = [value for name, value in row.items() if name.startswith("p_recall_")]
    return sum(values) / len(values)


def _moving_average(network: GraderNetwork, decay: float) -> AveragedModel | None:
    if decay == 0:
        return None
    # Statistics of batch normalisation are averaged along, so that none have to be measured anew.
    averaging = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]  # torch leaves it so
    return AveragedModel(network, multi_avg_fn=averaging, use_buffers=True)
