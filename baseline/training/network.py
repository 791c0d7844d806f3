"""The network of a plan, and which of its stages learn."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from backend.vocabulary import GRADES
from baseline.losses.registry import LossName, build_loss
from baseline.networks.average import mean_of
from baseline.networks.grader import GraderNetwork, head_of, one_of_joint
from baseline.networks.start import Start
from baseline.training.plan import Plan
from baseline.training.run_folder import RunFolder


def build_network(plan: Plan) -> GraderNetwork:
    """The network of a plan with its first weights; frozen stages do not learn.

    Raises:
        ValueError: the earlier run was taught by another kind of loss, or another attribute.
    """
    outputs = build_loss(plan.loss, [1] * len(GRADES)).outputs
    network = GraderNetwork(
        plan.architecture,
        attributes=len(plan.columns),
        outputs=outputs,
        start=Start.RANDOM if plan.earlier else plan.start,
        input_px=plan.input_px,
        output_stride=plan.output_stride,
        drop_rate=plan.drop_rate,
        coral=plan.loss is LossName.CORAL,
    )
    if plan.earlier:
        states = [_weights_of(run, plan, outputs, network) for run in plan.earlier]
        network.load_state_dict(mean_of(states))
    for stage in frozen_stages(network, plan.frozen_stages):
        stage.requires_grad_(requires_grad=False)
    return network


def _weights_of(
    earlier: Path, plan: Plan, outputs: int, network: GraderNetwork
) -> dict[str, Tensor]:
    run = RunFolder(earlier)
    facts = run.plan()
    if facts["attribute"] is None:
        if outputs != len(GRADES):
            raise ValueError(f"a grader taught by {plan.loss} cannot start from a joint network")
        head = head_of(network.network)
        return one_of_joint(run.weights(), head=head, attribute=plan.columns[0])
    taught = build_loss(LossName(facts["loss"]), [1] * len(GRADES)).outputs
    if (facts["attribute"], taught) != (plan.attribute, outputs):
        raise ValueError(
            f"{earlier} is of {facts['attribute']} with {taught} outputs; "
            f"expected {plan.attribute} with {outputs}"
        )
    return run.weights()


def frozen_stages(network: GraderNetwork, stages: int) -> list[nn.Module]:
    """The first so many of an EfficientNet's seven stages, and what comes before them."""
    if stages == 0:
        return []
    blocks = network.network.get_submodule("blocks")
    stem = [network.network.get_submodule(name) for name in ("conv_stem", "bn1")]
    return [*stem, *(blocks.get_submodule(str(index)) for index in range(stages))]
