"""Networks by name."""

from __future__ import annotations

import pytest
import torch

from baseline.networks.grader import Architecture, ArchitectureUnknownError, GraderNetwork
from baseline.networks.start import Start, StartUnavailableError

SMALL = "mobilenetv3_small_050"


@pytest.mark.parametrize("name", [Architecture.SWIN, Architecture.EFFICIENTNET_B4, SMALL])
def test_any_network_of_timm_gives_five_logits_for_each_of_five(name: str) -> None:
    network = GraderNetwork(name, attributes=5, start=Start.RANDOM, input_px=64).eval()
    with torch.inference_mode():
        assert network(torch.zeros(1, 3, 64, 64)).shape == (1, 5, 5)


def test_a_misspelt_network_is_refused_with_some_alike() -> None:
    with pytest.raises(ArchitectureUnknownError, match="efficientnet_b0"):
        GraderNetwork("efficientnet_b99", attributes=1)


def test_packaged_weights_fit_b0_alone() -> None:
    with pytest.raises(StartUnavailableError, match="efficientnet_b0 alone"):
        GraderNetwork(SMALL, attributes=1, start=Start.LITE0)


def test_a_hub_that_cannot_be_reached_is_said_with_what_else_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The library reads its setting once, so another test may have had it read before.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(StartUnavailableError, match="--first-weights lite0"):
        GraderNetwork(SMALL, attributes=1, start=Start.TIMM)
