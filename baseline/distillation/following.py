"""Networks with first stages in common learn to say what their teachers say.

The common stages begin as the mean of the networks', and all learn together to give the logits and
the evidence that their teachers give, on crops changed as in training (Hinton et al. 2015,
arXiv:1503.02531; evidence beside logits as in Zagoruyko and Komodakis 2017, arXiv:1612.03928), with
the severities of the labels beside them, by which teachers are corrected where they err. No mask is
looked at: where a sign is, the networks learn from the teachers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import cv2
import torch
from torch import Tensor, nn
from torch.utils.data import ConcatDataset, DataLoader
from tqdm import tqdm

from backend.vision.engines.graders_graph import GradersGraph
from backend.vocabulary import GRADES, Attribute
from baseline.dataset import NOT_RATED
from baseline.distillation.dataset import DistillationDataset
from baseline.networks.average import mean_of
from baseline.precision import TrainingPrecision, chosen_precision, keep_slow_depthwise_in_float32
from baseline.training.batches import one_thread_each
from baseline.training.schedule import warm_cosine

_SEED: Final = 42
BATCH: Final = 32
_LEARNING_RATE: Final = 1e-3
_WEIGHT_DECAY: Final = 0.01
_LARGEST_GRADIENT: Final = 5.0
_STATISTICS_LEARNED: Final = 0.45
"""For this share of the steps batch normalisation goes by the batch. Then its statistics stay, for
the teachers' answers depend on no other photo, and a batch is never quite like another."""
_SEVERITIES: Final = 0.3
"""What a squared error of one grade counts, where saying nothing of what the teachers say counts
2."""


def batch_count(photos: int) -> int:
    """How many batches, and so steps, one pass over so many photos takes.

    A last batch of one photo would give batch normalisation no spread to measure, and is left out.

    >>> batch_count(64), batch_count(65), batch_count(66)
    (2, 2, 3)
    """
    full, left = divmod(photos, BATCH)
    return full + (left > 1)


def share_first_stages(networks: Sequence[nn.Module], stages: int) -> None:
    """Give networks the stem and so many stages of blocks in common: the mean of all, one module.

    Args:
        networks: EfficientNets of timm with the same layers, changed in place.
        stages: 0 to 7.
    """
    first, *others = networks
    for name in ("conv_stem", "bn1", *(f"blocks.{index}" for index in range(stages))):
        common = first.get_submodule(name)
        common.load_state_dict(
            mean_of([network.get_submodule(name).state_dict() for network in networks])
        )
        parent, _, leaf = name.rpartition(".")
        for network in others:
            setattr(network.get_submodule(parent), leaf, common)


def difference(found: Sequence[Tensor], logits: Tensor, evidence: Tensor) -> Tensor:
    """How far graders are from what their teachers said, as a share of how much that varies.

    What is the same for all five grades changes no probability and no map, and does not count.

    Args:
        found: of each of A graders in turn its logits (N, 5) and its evidence (N, 5, H, W).
        logits: what their teachers gave, (N, A, 5).
        evidence: the same, (N, A, 5, H, W).

    Returns:
        Scalar: mean squared error over variance, mean over graders, of logits and evidence
        together; 2 for who says nothing.
    """
    shares = []
    for place in range(logits.shape[1]):
        said = logits[:, place], evidence[:, place]
        for ours, theirs in zip(found[2 * place : 2 * place + 2], said, strict=True):
            wanted = _over_grades(theirs)
            shares.append(nn.functional.mse_loss(_over_grades(ours), wanted) / wanted.var())
    return 2 * torch.stack(shares).mean()


def severity_error(
    found: Sequence[Tensor], severities: Tensor, temperatures: Sequence[float]
) -> Tensor:
    """How far the graders' scores are from the labels, squared, in grades.

    Args:
        found: as above.
        severities: of the labels, (N, A); `NOT_RATED` where there is none.
        temperatures: by which each grader's logits are divided.

    Returns:
        Scalar; 0 where nothing is rated.
    """
    grades = torch.arange(len(GRADES), device=severities.device, dtype=torch.float32)
    scores = torch.stack([
        (torch.softmax(logits / temperature, dim=1) * grades).sum(dim=1)
        for logits, temperature in zip(found[::2], temperatures, strict=True)
    ], dim=1)  # fmt: skip
    rated = severities != NOT_RATED
    return ((scores - severities)[rated] ** 2).sum() / rated.sum().clamp(min=1)


def _over_grades(values: Tensor) -> Tensor:
    return values - values.mean(dim=1, keepdim=True)


def follow(
    networks: Mapping[Attribute, nn.Module],
    temperatures: Mapping[Attribute, float],
    photos: Sequence[DistillationDataset],
    *,
    stages: int,
    epochs: int,
    workers: int,
) -> None:
    """Change the networks until they follow.

    Args:
        networks: EfficientNets of timm that begin as their teachers, in the order of these'
            answers; changed in place, on the CPU and in evaluation mode afterwards.
        temperatures: the teachers'.
        photos: what they look at, and what their teachers say of it.
        stages: of blocks that all have in common, beside the stem.
        epochs: passes over the photos.
        workers: processes that prepare crops.
    """
    # Forked processes lack the threads that OpenCV has by then, and wait for them for ever.
    cv2.setNumThreads(1)
    torch.manual_seed(_SEED)
    on_gpu = torch.cuda.is_available()
    device = "cuda" if on_gpu else "cpu"
    in_bfloat16 = chosen_precision(TrainingPrecision.AUTO, gpu=on_gpu) is TrainingPrecision.BFLOAT16
    if in_bfloat16 and not on_gpu:
        for network in networks.values():
            keep_slow_depthwise_in_float32(network)
    share_first_stages(list(networks.values()), stages)
    graph = GradersGraph(list(networks.values())).to(device).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(graph.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    batches = _batches(photos, workers=workers)
    steps = epochs * batch_count(sum(map(len, photos)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_cosine(step, steps))
    own = [list(Attribute).index(one) for one in networks]
    divisors = [temperatures[one] for one in networks]
    graph.train()
    shown = tqdm(_items(batches, photos, epochs=epochs), total=steps, unit="batch")
    for step, item in enumerate(shown):
        if step == round(_STATISTICS_LEARNED * steps):
            _keep_statistics(graph)
        images, severities, logits, evidence = (each.to(device) for each in item)
        pixels = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16, enabled=in_bfloat16):
            outputs = graph(pixels)
        found = [each.float() for each in outputs]
        away = difference(found, logits, evidence)
        wrong = severity_error(found, severities[:, own], divisors)
        optimizer.zero_grad(set_to_none=True)
        loss = away + _SEVERITIES * wrong
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it so
        nn.utils.clip_grad_norm_(graph.parameters(), _LARGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        shown.set_postfix(difference=f"{away.item():.4f}", error=f"{wrong.item():.4f}")
    graph.cpu().eval()


def _batches(photos: Sequence[DistillationDataset], *, workers: int) -> DataLoader[Any]:
    every: ConcatDataset[tuple[Tensor, ...]] = ConcatDataset(photos)
    return DataLoader(
        every,
        batch_size=BATCH,
        shuffle=True,
        drop_last=batch_count(len(every)) * BATCH < len(every),
        num_workers=workers,
        worker_init_fn=one_thread_each,
    )


def _items(
    batches: DataLoader[Any], photos: Sequence[DistillationDataset], *, epochs: int
) -> Iterator[list[Tensor]]:
    for epoch in range(epochs):
        for each in photos:
            each.epoch = epoch
        yield from batches


def _keep_statistics(graph: nn.Module) -> None:
    for module in graph.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
