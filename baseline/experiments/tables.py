"""The original's tables as rows of plans, with its numbers beside, and one of input sizes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from backend.vocabulary import Attribute
from baseline.augmentation import Augmentation
from baseline.losses.registry import LossName
from baseline.networks.grader import Architecture
from baseline.networks.start import Start
from baseline.training.plan import Plan, recipe_for


class Experiment(StrEnum):
    """One table of the original, or of what it left open."""

    MODELS = "models"
    LOSSES = "losses"
    SAMPLER = "sampler"
    AUGMENTATIONS = "augmentations"
    RECIPES = "recipes"
    SIZES = "sizes"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        name: as the table calls it.
        plans: what is trained: one joint plan, or one per attribute.
        original: the original's figures of this row, by attribute or `mean`; empty where it had
            no such row.
    """

    name: str
    plans: tuple[Plan, ...]
    original: Mapping[str, float]


ARCHITECTURES: Final = {
    "Swin V2": Architecture.SWIN_V2,
    "Swin": Architecture.SWIN,
    "Twins": Architecture.TWINS,
    "EfficientNet-B4": Architecture.EFFICIENTNET_B4,
    "EfficientNet-B0": Architecture.EFFICIENTNET_B0,
}
SIZES_PX: Final = (96, 160, 256, 384, 512)
_TWICE: Final = ", input twice as large"


def title(experiment: Experiment) -> str:
    """What stands above the table.

    >>> title(Experiment.LOSSES)
    'Losses'
    """
    return str(_original()[experiment]["title"])


def rows(experiment: Experiment, base: Plan) -> list[Row]:
    """Every row of a table, the original's first, then what has been found since.

    Args:
        experiment: which table.
        base: data, size, epochs and seed of all rows; its attribute is not used.
    """
    kept = _original()[experiment]["rows"]
    plans = dict(_PLANS[experiment](base))
    return [Row(name, its, kept.get(name, {})) for name, its in plans.items()]


def chosen(found: Sequence[Row], names: Sequence[str] | None) -> list[Row]:
    """The rows of these names, in the table's order; every row where no name is given.

    Raises:
        ValueError: there is no row of such a name.
    """
    if names is None:
        return list(found)
    unknown = set(names) - {row.name for row in found}
    if unknown:
        raise ValueError(
            f"expected rows of {', '.join(row.name for row in found)}; "
            f"got {', '.join(sorted(unknown))}"
        )
    return [row for row in found if row.name in names]


def _models(base: Plan) -> Iterator[tuple[str, tuple[Plan, ...]]]:
    # All start untrained: packaged weights are there for one of them alone.
    for name, architecture in ARCHITECTURES.items():
        yield name, (replace(base, architecture=architecture, start=Start.RANDOM),)


def _losses(base: Plan) -> Iterator[tuple[str, tuple[Plan, ...]]]:
    for loss in LossName:
        yield loss.value, (replace(base, loss=loss),)


def _sampler(base: Plan) -> Iterator[tuple[str, tuple[Plan, ...]]]:
    for name, sampler in (("off", False), ("on", True)):
        yield name, tuple(replace(base, attribute=one, sampler=sampler) for one in Attribute)


def _augmentations(base: Plan) -> Iterator[tuple[str, tuple[Plan, ...]]]:
    for name in _original()[Experiment.AUGMENTATIONS]["rows"]:
        one = Augmentation(name.removesuffix(_TWICE))
        side = base.input_px * (2 if name.endswith(_TWICE) else 1)
        yield name, (replace(base, augmentations=(one,), input_px=side),)


def _recipes(base: Plan) -> Iterator[tuple[str, tuple[Plan, ...]]]:
    # The budget is the same for all: size, epochs and batch are not the recipe's here.
    for recipe in ("original_baseline", "original_final", "ours"):
        plans = []
        for attribute in Attribute:
            said: dict[str, Any] = recipe_for(recipe, attribute)
            kept = {key: said[key] for key in _OF_A_RECIPE if key in said}
            plans.append(replace(base, attribute=attribute, **kept))
        yield recipe, tuple(plans)


def _sizes(base: Plan) -> Iterator[tuple[str, tuple[Plan, ...]]]:
    for side in SIZES_PX:
        yield f"{side} px", (replace(base, input_px=side),)


_OF_A_RECIPE: Final = ("loss", "sampler", "augmentations", "schedule", "ema_decay")
_PLANS: Final = {
    Experiment.MODELS: _models,
    Experiment.LOSSES: _losses,
    Experiment.SAMPLER: _sampler,
    Experiment.AUGMENTATIONS: _augmentations,
    Experiment.RECIPES: _recipes,
    Experiment.SIZES: _sizes,
}


@cache
def _original() -> Mapping[str, Any]:
    text = (files("baseline.experiments") / "original.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
