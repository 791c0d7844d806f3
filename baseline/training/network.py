"""The network of a plan, and which of its stages learn."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from backend.vision.manifest import MANIFEST_NAME, Manifest, read_manifest
from backend.vision.network import load_grader
from backend.vocabulary import GRADES, Attribute
from baseline.losses.registry import LossName, build_loss
from baseline.networks.average import mean_of
from baseline.networks.grader import GraderNetwork, head_of, one_of_joint
from baseline.networks.start import Start
from baseline.training.plan import ATTRIBUTES, Plan
from baseline.training.run_folder import RunFolder


def build_network(plan: Plan) -> GraderNetwork:
    """The network of a plan with its first weights; frozen stages do not learn.

    Raises:
        ValueError: the earlier run was taught by another kind of loss, or another attribute, or
            stages are to be shared that it does not share.
        WeightsUnusableError: the models folder it goes on from cannot be used.
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
        states = [_weights_of(earlier, plan, outputs, network) for earlier in plan.earlier]
        network.load_state_dict(mean_of(states))
    for stage in frozen_stages(network, plan.unchanged_stages):
        stage.requires_grad_(requires_grad=False)
    return network


def frozen_stages(network: GraderNetwork, stages: int) -> list[nn.Module]:
    """The first so many of an EfficientNet's seven stages, and what comes before them."""
    return [network.get_submodule(name) for name in _stage_names(stages)]


def _stage_names(stages: int) -> list[str]:
    if stages == 0:
        return []
    first = ["network.conv_stem", "network.bn1"]
    return [*first, *(f"network.blocks.{index}" for index in range(stages))]


def _weights_of(
    earlier: Path, plan: Plan, outputs: int, network: GraderNetwork
) -> dict[str, Tensor]:
    if (earlier / MANIFEST_NAME).exists():
        return _shipped_weights(earlier, plan)
    run = RunFolder(earlier)
    facts = run.plan()
    # Plans of before there was a choice do not say it.
    if plan.shared_stages > facts.get("shared_stages", 0):
        raise ValueError(
            f"{earlier} shares {facts.get('shared_stages', 0)} stages with other graders, not "
            f"{plan.shared_stages}: begin to share them from a models folder"
        )
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


def _shipped_weights(models: Path, plan: Plan) -> dict[str, Tensor]:
    """Those of the plan's own grader; of the stages to be shared, the mean of all five."""
    manifest = read_manifest(models)
    # Always in the same order, so that the mean is the same to the last digit.
    states = {one: _grader_weights(models, manifest, one) for one in ATTRIBUTES}
    mean = mean_of(list(states.values()))
    begins = tuple(f"{name}." for name in _stage_names(plan.shared_stages))
    return {
        name: mean[name] if name.startswith(begins) else tensor
        for name, tensor in states[ATTRIBUTES[plan.columns[0]]].items()
    }


def _grader_weights(models: Path, manifest: Manifest, attribute: Attribute) -> dict[str, Tensor]:
    entry = manifest.attributes[attribute]
    network = load_grader(models / entry.file, entry.architecture)
    return {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
