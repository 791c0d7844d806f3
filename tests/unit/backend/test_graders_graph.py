"""Graders together say what each says alone, and what they have in common is computed once."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from backend.vision.engines.graders_graph import GradersGraph
from backend.vision.network import build_grader
from tests.support.models import random_grader

INPUTS = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(3)) * 2 - 1
STAGES = 9
STEM_AND_THREE = ("conv_stem", "bn1", "blocks.0", "blocks.1", "blocks.2")


def _alike(*names: str) -> list[nn.Module]:
    """Three graders that have the named parts in common."""
    first, *others = (random_grader(seed) for seed in (1, 2, 3))
    for other in others:
        for name in names:
            other.get_submodule(name).load_state_dict(first.get_submodule(name).state_dict())
    return [first, *others]


@torch.inference_mode()
def _check_against_each_alone(graph: GradersGraph, networks: list[nn.Module]) -> None:
    found = graph(INPUTS)
    assert len(found) == 2 * len(networks)
    for index, network in enumerate(networks):
        untyped: Any = network  # timm's methods have no types
        logits, evidence = found[2 * index : 2 * index + 2]
        torch.testing.assert_close(logits, network(INPUTS))
        weights = untyped.classifier.weight
        cells = untyped.forward_features(INPUTS)
        expected = torch.einsum("kc,nchw->nkhw", weights, cells) / cells[0, 0].numel()
        torch.testing.assert_close(evidence, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("common", "shared"), [((), 0), (STEM_AND_THREE, 4), (("blocks.0", "blocks.1"), 0)]
)
def test_graders_together_say_what_each_says_alone(common: tuple[str, ...], shared: int) -> None:
    networks = _alike(*common)
    graph = GradersGraph(networks).eval()
    assert graph.computed_stages == shared + 3 * (STAGES - shared)
    _check_against_each_alone(graph, networks)


def test_what_graders_have_in_common_is_computed_once_whoever_stands_between_them() -> None:
    networks = _alike(*STEM_AND_THREE)
    networks.insert(1, random_grader(seed=7))
    runs: list[str] = []
    for network in networks:
        for name in ("blocks.2", "blocks.3"):
            network.get_submodule(name).register_forward_hook(
                lambda *_given, name=name: runs.append(name)
            )
    graph = GradersGraph(networks).eval()
    _check_against_each_alone(graph, networks)
    assert graph.computed_stages == 4 + 3 * (STAGES - 4) + STAGES
    runs.clear()
    graph(INPUTS)
    # Once for the three, once for the one between them, and the next ones four times.
    assert sorted(runs) == ["blocks.2"] * 2 + ["blocks.3"] * 4


def test_two_of_three_may_have_more_in_common_than_all() -> None:
    networks = _alike("conv_stem", "bn1", "blocks.0")
    first, _, third = networks
    for name in ("blocks.1", "blocks.2"):
        third.get_submodule(name).load_state_dict(first.get_submodule(name).state_dict())
    graph = GradersGraph(networks).eval()
    assert graph.computed_stages == 2 + 2 + 7 + 2 * 5
    _check_against_each_alone(graph, networks)


def test_graders_that_differ_in_nothing_but_their_last_layer_are_computed_once() -> None:
    networks = _alike("conv_stem", "bn1", "blocks", "conv_head", "bn2")
    graph = GradersGraph(networks).eval()
    assert graph.computed_stages == STAGES
    _check_against_each_alone(graph, networks)


def test_one_other_number_and_nothing_more_is_shared_with_the_others() -> None:
    networks = _alike(*STEM_AND_THREE)
    mean = networks[1].get_buffer("blocks.1.0.bn2.running_mean")
    mean[0] += 1e-6
    graph = GradersGraph(networks).eval()
    # All share two stages; the two others go on together up to the fourth.
    assert graph.computed_stages == 2 + 2 + 2 * (STAGES - 4) + (STAGES - 2)
    _check_against_each_alone(graph, networks)


def test_the_same_weights_with_other_strides_are_not_shared() -> None:
    coarse, fine = build_grader().eval(), build_grader(output_stride=16).eval()
    for network in (coarse, fine):
        network.load_state_dict(random_grader(seed=4).state_dict())
    graph = GradersGraph([coarse, fine]).eval()
    # From the sixth stage of blocks on one has strides where the other is dilated.
    assert graph.computed_stages == 6 + 2 * (STAGES - 6)
    _check_against_each_alone(graph, [coarse, fine])


def test_a_grader_alone_shares_nothing() -> None:
    network = random_grader(seed=4)
    graph = GradersGraph([network]).eval()
    assert graph.computed_stages == STAGES
    _check_against_each_alone(graph, [network])
