"""Train the landmark network: `python -m baseline.landmarks.train --faces FOLDER --run FOLDER`.

Stopped at any time, the same command goes on from the last checkpoint.
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch.utils.data import DataLoader

from backend.vision.geometry import FloatArray
from backend.vision.landmark_network import LandmarkNetwork
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE
from baseline.faces.photos import TRAINING_SIDE_PX, load_photos
from baseline.landmarks.dataset import (
    AugmentedFaces,
    Sample,
    fixed_samples,
    on_level_face,
    sources_of,
)
from baseline.landmarks.metric import ErrorSummary, landmark_loss, point_weights, summarise
from baseline.landmarks.points import mean_shape, mirror_permutation
from baseline.landmarks.pose import fit_pose
from baseline.landmarks.start import lite0_file, load_lite0
from baseline.splits import Split, people

logger = logging.getLogger(__name__)

CHECKPOINT: Final = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What decides the outcome of a training.

    Attributes:
        seed: of the weights' start and of the samples.
        steps: number of batches.
        batch: samples in one.
        learning_rate: the decoder's peak.
        body_share: the ImageNet layers' learning rate as a share of the decoder's.
        frozen_blocks: the stem and so many first blocks keep their ImageNet weights, which are
            the edges and blobs that faces are made of too; it saves half the time of a step.
        weight_decay: of AdamW.
        morphs: faces between two people, beside the photos themselves.
        average: share of the running average of the weights that a step keeps.
    """

    seed: int = 42
    steps: int = 3400
    batch: int = 48
    learning_rate: float = 2e-3
    body_share: float = 0.5
    frozen_blocks: int = 3
    weight_decay: float = 1e-4
    morphs: int = 104
    average: float = 0.995


class Trainer:
    """The state of one training: network, its running average, optimiser and step."""

    def __init__(self, options: TrainingOptions, shape: FloatArray, device: torch.device) -> None:
        """Start the body from ImageNet and the decoder from chance."""
        torch.manual_seed(options.seed)
        self.options = options
        self.device = device
        self.step = 0
        network = LandmarkNetwork()
        load_lite0(network, lite0_file())
        network.mean_shape.copy_(torch.from_numpy(shape))
        network.mirror.copy_(torch.from_numpy(mirror_permutation(shape)))
        self.network = network.to(memory_format=torch.channels_last).to(device)
        self.frozen = [network.stem, *list(network.blocks)[: options.frozen_blocks]]
        for part in self.frozen:
            part.requires_grad_(False)
        self.averaged = copy.deepcopy(self.network).requires_grad_(False)
        body = [weight for weight in network.blocks.parameters() if weight.requires_grad]
        decoder = (network.top, network.to_middle, network.to_fine, network.head)
        fresh = [weight for part in decoder for weight in part.parameters()]
        self.optimizer = torch.optim.AdamW(
            [{"params": body, "share": options.body_share}, {"params": fresh, "share": 1.0}],
            weight_decay=options.weight_decay,
        )
        self.weights = point_weights().to(device)

    def teach_pose(self, weights: FloatArray) -> None:
        """Put weights of `fit_pose` into the networks; nothing else learns from them."""
        for network in (self.network, self.averaged):
            network.pose_weights.copy_(torch.from_numpy(weights))

    def learn(self, crops: torch.Tensor, truth: torch.Tensor) -> float:
        """Take one step on a batch; returns its loss."""
        rate = self.options.learning_rate * schedule(self.step / self.options.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["share"]
        self.network.train()
        for part in self.frozen:
            part.eval()
        predicted = self.network(prepare(crops, self.device))
        loss = landmark_loss(predicted, truth.to(self.device), self.weights)
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self._average()
        self.step += 1
        return float(loss.detach())

    def _average(self) -> None:
        # Early averages would remember the untrained head for long: keep less of them.
        kept = min(self.options.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, value in zip(
                self.averaged.state_dict().values(),
                self.network.state_dict().values(),
                strict=True,
            ):
                if mean.is_floating_point():
                    mean.lerp_(value, 1 - kept)
                else:
                    mean.copy_(value)

    def save(self, path: Path) -> None:
        """Write everything that `load` needs; a crash while writing leaves the old file."""
        state = {
            "options": asdict(self.options),
            "step": self.step,
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises:
            ValueError: it belongs to a training with other options.
        """
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["options"] != asdict(self.options):
            raise ValueError(
                f"expected a checkpoint of {asdict(self.options)} in {path}, "
                f"got {state['options']}: choose another --run folder"
            )
        self.step = int(state["step"])
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])


def schedule(progress: float, *, warm_up: float = 0.05) -> float:
    """Share of the peak learning rate: a linear rise, then half a cosine down to zero.

    >>> [round(schedule(progress), 3) for progress in (0.0, 0.025, 0.05, 0.525, 1.0)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    if progress < warm_up:
        return progress / warm_up
    return 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))


def prepare(crops: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Scale crops uint8 (N, 3, S, S) to float32 in [-1, 1] on a device, channels last."""
    scaled = crops.to(device).float() / 127.5 - 1.0
    return scaled.contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def validate(network: LandmarkNetwork, samples: Sample, device: torch.device) -> ErrorSummary:
    """Errors of one pass on fixed crops."""
    network.eval()
    crops, truth = samples
    off = network(prepare(crops, device)).points.cpu() - truth
    between = truth[:, RIGHT_EYE] - truth[:, LEFT_EYE]
    unit = torch.linalg.vector_norm(between, dim=1)
    errors = torch.linalg.vector_norm(off, dim=2) / unit[:, None]
    return summarise(errors.numpy())


def train(faces: Path, run: Path, options: TrainingOptions, *, device: torch.device) -> Trainer:
    """Train to the end, from the run folder's checkpoint if there is one.

    Args:
        faces: the London Set's folder.
        run: where `checkpoint.pt` and `log.jsonl` go.
        options: what decides the outcome.
        device: where to compute.

    Returns:
        The finished trainer; its `averaged` network is the result.
    """
    photos = load_photos(faces, people(Split.TRAIN), side_px=TRAINING_SIDE_PX)
    held_out = load_photos(faces, people(Split.VALIDATION), side_px=TRAINING_SIDE_PX)
    shape = mean_shape([photo.landmarks for photo in photos])
    permutation = mirror_permutation(shape).tolist()
    fixed = fixed_samples(held_out, shape=shape, permutation=permutation, seed=options.seed)
    trainer = Trainer(options, shape, device)
    faces_alone = [photo.landmarks for photo in photos]
    trainer.teach_pose(fit_pose(faces_alone, mean_face=on_level_face(shape), seed=options.seed))
    run.mkdir(parents=True, exist_ok=True)
    checkpoint = run / CHECKPOINT
    if checkpoint.exists():
        trainer.load(checkpoint)
        logger.info("going on from step %d of %s", trainer.step, checkpoint)
    # A resumed training draws new samples instead of repeating the first ones.
    samples = AugmentedFaces(
        sources_of(photos, morphs=options.morphs, seed=options.seed),
        shape=shape,
        permutation=permutation,
        seed=options.seed + trainer.step,
    )
    batches = iter(_loader(samples, options.batch))
    started = time.monotonic()
    losses: list[float] = []
    while trainer.step < options.steps:
        losses.append(trainer.learn(*next(batches)))
        if trainer.step % 100 == 0 or trainer.step == options.steps:
            trainer.save(checkpoint)
            summary = validate(trainer.averaged, fixed, device)
            entry = {
                "step": trainer.step,
                "loss": round(float(np.mean(losses)), 5),
                "seconds": round(time.monotonic() - started, 1),
                "validation": asdict(summary),
            }
            losses.clear()
            with (run / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(entry) + "\n")
            logger.info("%s", entry)
    return trainer


def _loader(samples: AugmentedFaces, batch: int) -> DataLoader[Sample]:
    return DataLoader(samples, batch_size=batch, num_workers=1, prefetch_factor=4)


def main() -> None:
    """Read the command line, train, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="folder of the London Set")
    parser.add_argument("--run", type=Path, default=Path("runs/landmarks"), help="run folder")
    parser.add_argument("--device", default="cpu")
    defaults = TrainingOptions()
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--steps", type=int, default=defaults.steps)
    parser.add_argument("--batch", type=int, default=defaults.batch)
    parser.add_argument("--threads", type=int, default=1, help="torch's own on the CPU")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(arguments.threads)
    options = TrainingOptions(seed=arguments.seed, steps=arguments.steps, batch=arguments.batch)
    train(arguments.faces, arguments.run, options, device=torch.device(arguments.device))


if __name__ == "__main__":
    main()
