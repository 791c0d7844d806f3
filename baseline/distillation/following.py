"""Networks with first stages in common learn to say what their teachers say.

The common stages begin as the mean of the networks', and all learn together to give the logits and
the evidence that their teachers give, on crops changed as in training (Hinton et al. 2015,
arXiv:1503.02531; evidence beside logits as in Zagoruyko and Komodakis 2017, arXiv:1612.03928). No
grade and no mask of a photo is looked at: what the teachers learned from them, the networks learn
from the teachers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import cv2
import torch
from torch import Tensor, nn
from torch.utils.data import ConcatDataset, DataLoader
from tqdm import tqdm

from backend.vision.engines.base import GraderOutput, GradersEngine
from backend.vision.engines.graders_graph import GradersGraph
from backend.vocabulary import Attribute
from baseline.crops import CropDataset
from baseline.networks.average import mean_of
from baseline.precision import Precision, chosen_precision, keep_slow_depthwise_in_float32
from baseline.training.batches import one_thread_each
from baseline.training.schedule import warm_cosine

SEED: Final = 42
_BATCH: Final = 32
_LEARNING_RATE: Final = 1e-3
_WEIGHT_DECAY: Final = 0.01
_LARGEST_GRADIENT: Final = 5.0
_STATISTICS_LEARNED: Final = 0.6
"""For this share of the steps batch normalisation goes by the batch. Then its statistics stay, for
the teachers' answers depend on no other photo, and a batch is never quite like another."""


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


def difference(found: Sequence[Tensor], said: Mapping[Attribute, GraderOutput]) -> Tensor:
    """How far graders are from what their teachers said, as a share of how much that varies.

    What is the same for all five grades changes no probability and no map, and does not count.

    Args:
        found: of each grader in turn its logits (N, 5) and its evidence (N, 5, H, W).
        said: what their teachers gave, in the same order.

    Returns:
        Scalar: mean squared error over variance, of logits and evidence, mean of all.
    """
    shares = []
    for place, theirs in enumerate(said.values()):
        pairs = zip(found[2 * place : 2 * place + 2], (theirs.logits, theirs.evidence), strict=True)
        for ours, given in pairs:
            wanted = _over_grades(torch.from_numpy(given).to(ours.device))
            error = nn.functional.mse_loss(_over_grades(ours), wanted)
            shares.append(error / wanted.var())
    return torch.stack(shares).mean()


def _over_grades(values: Tensor) -> Tensor:
    return values - values.mean(dim=1, keepdim=True)


def follow(
    leading: GradersEngine,
    networks: Mapping[Attribute, nn.Module],
    crops: Sequence[CropDataset],
    *,
    stages: int,
    epochs: int,
    workers: int,
) -> None:
    """Change the networks until they follow.

    Args:
        leading: the teachers.
        networks: EfficientNets of timm that begin as their teachers; changed in place, on the CPU
            and in evaluation mode afterwards.
        crops: what teachers and networks look at.
        stages: of blocks that all have in common, beside the stem.
        epochs: passes over the crops.
        workers: processes that prepare crops.

    Raises:
        ValueError: there are too few crops.
    """
    if (photos := sum(map(len, crops))) < 2:
        raise ValueError(f"expected at least two photos to learn from, got {photos}")
    # Forked processes lack the threads that OpenCV has by then, and wait for them for ever.
    cv2.setNumThreads(1)
    torch.manual_seed(SEED)
    on_gpu = torch.cuda.is_available()
    device = "cuda" if on_gpu else "cpu"
    in_bfloat16 = chosen_precision(Precision.AUTO, gpu=on_gpu) is Precision.BFLOAT16
    if in_bfloat16 and not on_gpu:
        for network in networks.values():
            keep_slow_depthwise_in_float32(network)
    share_first_stages(list(networks.values()), stages)
    graph = GradersGraph(list(networks.values())).to(device).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(graph.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    batches = _batches(crops, workers=workers)
    steps = epochs * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_cosine(step, steps))
    graph.train()
    shown = tqdm(_images(batches, crops, epochs=epochs), total=steps, unit="batch")
    for step, images in enumerate(shown):
        if step == round(_STATISTICS_LEARNED * steps):
            _keep_statistics(graph)
        said = leading.start(images.numpy())()
        pixels = images.to(device, memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16, enabled=in_bfloat16):
            found = graph(pixels)
        loss = difference([each.float() for each in found], {one: said[one] for one in networks})
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it so
        nn.utils.clip_grad_norm_(graph.parameters(), _LARGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        shown.set_postfix(difference=f"{loss.item():.4f}")
    graph.cpu().eval()


def _batches(crops: Sequence[CropDataset], *, workers: int) -> DataLoader[Any]:
    photos: ConcatDataset[tuple[Tensor, ...]] = ConcatDataset(crops)
    return DataLoader(
        photos,
        batch_size=_BATCH,
        shuffle=True,
        # A last batch of one photo would give batch normalisation no spread to measure.
        drop_last=len(photos) % _BATCH == 1,
        num_workers=workers,
        worker_init_fn=one_thread_each,
    )


def _images(
    batches: DataLoader[Any], crops: Sequence[CropDataset], *, epochs: int
) -> Iterator[Tensor]:
    for epoch in range(epochs):
        for each in crops:
            each.epoch = epoch
        for images, _targets in batches:
            yield images


def _keep_statistics(graph: nn.Module) -> None:
    for module in graph.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
