"""Everything that decides a training run's result, and the recipes that say it by name."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Self

from backend.errors import SkinXaiError
from backend.vision.network import ARCHITECTURE, OUTPUT_STRIDE
from backend.vision.preprocess import InputSpec
from backend.vocabulary import Attribute
from baseline.augmentation import Augmentation
from baseline.losses.registry import LossName
from baseline.networks.start import Start
from baseline.precision import TrainingPrecision

ATTRIBUTES = tuple(Attribute)


class Schedule(StrEnum):
    """How the learning rate changes."""

    WARM_COSINE = "warm_cosine"
    """Rises for a tenth of the steps, then falls to nothing as a cosine."""
    STEP = "step"
    """Halved every 20 epochs, as the original's."""


class RecipeUnknownError(SkinXaiError):
    """There is no such recipe, or it names something that a plan does not have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A training run.

    Attributes:
        data: folder of training photos.
        validation: folder of photos to choose by.
        attribute: the one that is trained, or None for all five jointly.
        earlier: the run folders whose weights a single grader starts from: the joint network's,
            or those of the same attribute that learned from other photos; of several the mean.
        architecture: one of `Architecture` or any other name that timm knows.
        start: where the first weights come from, where there is no earlier run.
        loss: what it is taught by.
        severities: severities are learned where labels tell them; else the whole grades alone.
        sampler: photos of rare grades are drawn more often; of one attribute alone.
        augmentations: how crops are changed, in this order.
        input_px: side of the network's input.
        epochs: passes over the data.
        batch: photos a step and process.
        learning_rate: AdamW's, at its peak.
        weight_decay: AdamW's.
        schedule: how the learning rate changes.
        drop_rate: share of pooled features dropped.
        output_stride: input pixels to a cell of the last features, and so of the maps.
        map_weight: of the loss on the maps, beside that on the grades; 0 leaves them free.
        erasing_weight: of the loss on what is left of the score when its map is erased; 0 leaves
            it out. One attribute's alone, and only where maps are taught.
        frozen_stages: how many of an EfficientNet's seven stages keep their weights and statistics.
        ema_decay: the shipped weights are a moving average with this decay; 0 for the last ones.
        patience: stop after so many epochs without a better P-Recall, and keep the best; 0 never.
        precision: what the network computes in.
        seed: of weights, order and augmentation.
    """

    data: Path
    validation: Path
    attribute: Attribute | None = None
    earlier: tuple[Path, ...] = ()
    architecture: str = ARCHITECTURE
    start: Start = Start.LITE0
    loss: LossName = LossName.MASKED_LABEL_SMOOTHING
    severities: bool = True
    sampler: bool = False
    augmentations: tuple[Augmentation, ...] = (Augmentation.ALIGNMENT, Augmentation.LAMP)
    input_px: int = 256
    epochs: int = 5
    batch: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    schedule: Schedule = Schedule.WARM_COSINE
    drop_rate: float = 0.2
    output_stride: int = OUTPUT_STRIDE
    map_weight: float = 0.0
    erasing_weight: float = 0.0
    frozen_stages: int = 0
    ema_decay: float = 0.0
    patience: int = 0
    precision: TrainingPrecision = TrainingPrecision.AUTO
    seed: int = 42

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: the sampler is wanted for five attributes, or an earlier run for them; or
                maps are to be erased that nobody teaches.
        """
        if self.attribute is None and self.sampler:
            raise ValueError("the sampler balances one attribute's grades: give --attribute")
        if self.attribute is None and self.earlier:
            raise ValueError("a joint network starts from no earlier run: give --attribute")
        if self.erasing_weight and (self.attribute is None or not self.map_weight):
            raise ValueError("what maps show is erased where one attribute's maps are taught")

    @property
    def columns(self) -> list[int]:
        """Which columns of the targets this run's outputs stand for."""
        wanted = ATTRIBUTES if self.attribute is None else (self.attribute,)
        return [ATTRIBUTES.index(attribute) for attribute in wanted]

    @property
    def input_spec(self) -> InputSpec:
        """Size and normalisation of the input."""
        return InputSpec(self.input_px)

    def facts(self) -> dict[str, Any]:
        """The plan as plain values, for the run folder and the exported manifest."""
        facts = {
            key: str(value) if isinstance(value, Path) else value
            for key, value in asdict(self).items()
        }
        return {**facts, "earlier": [str(run) for run in self.earlier]}

    def following(self, recipe: str) -> Self:
        """The same run by a recipe: what the recipe says is changed, everything else stays.

        Args:
            recipe: the name of a file in `baseline/recipes`, such as `original_final`.

        Raises:
            RecipeUnknownError: there is no such recipe, or it does not fit this plan.
        """
        return replace(self, **recipe_for(recipe, self.attribute))


def recipe_names() -> list[str]:
    """Every recipe.

    >>> "original_baseline" in recipe_names()
    True
    """
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in files("baseline.recipes").iterdir()
        if entry.name.endswith(".toml")
    )


def recipe_for(recipe: str, attribute: Attribute | None) -> dict[str, Any]:
    """What a recipe says of one attribute's run, or of the joint one's, as a plan's values.

    A recipe is a TOML file with a table `common` and one per attribute or `joint`, which go before.

    Raises:
        RecipeUnknownError: there is no such recipe, or it names something that a plan has not.

    >>> recipe_for("original_final", Attribute.OIL)["loss"]
    <LossName.FOCAL: 'focal'>
    """
    if recipe not in recipe_names():
        raise RecipeUnknownError(
            f"expected one of the recipes {', '.join(recipe_names())}, got {recipe}"
        )
    tables = _recipe(recipe)
    own = "joint" if attribute is None else attribute.value
    said = {**tables.get("common", {}), **tables.get(own, {})}
    unknown = set(said) - _CONVERTERS.keys() - _PLAIN
    if unknown:
        raise RecipeUnknownError(f"{recipe}: a plan has no {', '.join(sorted(unknown))}")
    return {
        name: _CONVERTERS[name](value) if name in _CONVERTERS else value
        for name, value in said.items()
    }


@cache
def _recipe(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("baseline.recipes") / f"{name}.toml").read_text(encoding="utf-8"))


def _augmentations(names: Sequence[str]) -> tuple[Augmentation, ...]:
    return tuple(Augmentation(name) for name in names)


_CONVERTERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "start": Start,
    "loss": LossName,
    "schedule": Schedule,
    "precision": TrainingPrecision,
    "augmentations": _augmentations,
}
_PLAIN: Final = {field.name for field in fields(Plan)} - {
    "data",
    "validation",
    "attribute",
    "earlier",
}
