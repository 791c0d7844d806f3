"""Whether training waits for its photos: images a second, fed and with the data already in place.

    python -m benchmarks.training --data runs/data/train --photos 2000 --workers 16

The same steps of the shipped recipe's networks, once on the batches of the training kit (read,
changed at random, moved to the device), once over and over on one batch that lies there already.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from backend.vocabulary import Attribute
from baseline.dataset import read_folder
from baseline.losses.registry import build_loss
from baseline.networks.start import Start
from baseline.precision import TrainingPrecision, chosen_precision
from baseline.training.batches import Batches
from baseline.training.network import build_network
from baseline.training.plan import Plan
from benchmarks.reporting import describe_setup

_WARM_UP: Final = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled photos")
    parser.add_argument("--photos", type=int, default=2000, help="the first ones")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 512], help="input, pixels")
    options = parser.parse_args(arguments)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    precision = chosen_precision(TrainingPrecision.AUTO, gpu=device.type == "cuda")
    where = torch.cuda.get_device_name() if device.type == "cuda" else "no GPU"
    print(f"Measured on {describe_setup()}, {where}, {precision}, {options.workers} workers.\n")
    print("| Input | Images a second, fed | In place | Fed of in place |")
    print("|---|---|---|---|")
    for side_px in options.sizes:
        plan = Plan(options.data, options.data, Attribute.OIL, start=Start.RANDOM, input_px=side_px)
        samples = read_folder(options.data)[: options.photos]
        batches = Batches.of(plan, samples, samples[:2], workers=options.workers)
        step = _Step(plan, device, in_bfloat16=precision is TrainingPrecision.BFLOAT16)
        fed = step.images_per_second(batches.learned)
        one = next(iter(batches.learned))
        in_place = step.images_per_second(
            itertools.repeat([part.to(device) for part in one], len(batches.learned))
        )
        print(f"| {side_px} px | {fed:.0f} | {in_place:.0f} | {fed / in_place:.2f} |", flush=True)
    return 0


class _Step:
    """A network, its loss and its optimiser on a device."""

    def __init__(self, plan: Plan, device: torch.device, *, in_bfloat16: bool) -> None:
        self._column = plan.columns[0]
        self._device = device
        self._in_bfloat16 = in_bfloat16
        network = build_network(plan).to(device).to(memory_format=torch.channels_last)
        self._network: Any = network.train()
        self._loss = build_loss(plan.loss, [1] * 5)
        self._optimizer = torch.optim.AdamW(network.parameters(), lr=plan.learning_rate)

    def images_per_second(self, batches: Iterable[Sequence[Tensor]]) -> float:
        """Over all steps but the first few."""
        times_s, size = [], 0
        began = time.perf_counter()
        for images, targets in batches:
            size = max(size, len(images))
            self._learn(images.to(self._device, non_blocking=True), targets.to(self._device))
            now = time.perf_counter()
            times_s.append(now - began)
            began = now
        # Workers that are started, and what they have ready before the first step, are not the
        # rate at which they deliver: the whole of the rest is.
        rest = times_s[_WARM_UP:]
        return size * len(rest) / sum(rest)

    def _learn(self, images: Tensor, targets: Tensor) -> None:
        pixels = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._in_bfloat16):
            outputs = self._network(pixels)
        loss = self._loss(outputs[:, 0].float(), targets[:, self._column])
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it so
        self._optimizer.step()
        # Waiting for the step is what a training does that logs its loss now and then; without it
        # the queue of launched steps would be measured.
        float(loss)


if __name__ == "__main__":
    sys.exit(main())
