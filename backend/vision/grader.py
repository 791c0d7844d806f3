"""One grader: what it reads on a photo, why, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import softmax

from backend.vision.decision import decide, expected_grade, grade_interval
from backend.vision.engines.base import Array, GraderOutput, GradersEngine
from backend.vision.grad_cam import (
    CamMethod,
    ExplanationRequest,
    Heatmap,
    class_activation,
    common_share,
    on_scale,
    to_display,
)
from backend.vision.manifest import Evidence, GraderEntry
from backend.vocabulary import Attribute


@dataclass(frozen=True, slots=True)
class AttributeResult:
    """What one grader says.

    Attributes:
        grade: 0 to 4, chosen by the manifest's decision rule.
        score: the expected grade, 0.0 to 4.0.
        probabilities: of the five grades, lowest first; they sum to 1.
        interval: lowest and highest grade of the calibrated interval.
        evidence: what this attribute's grades were checked on.
        heatmap: float32 (128, 128) in [0, 1], on the crop; of an analysis kept to the skin.
        stability: how far the map agrees with that of the mirror image, 0 to 1; None where nobody
            asked for it, or both are empty.
    """

    grade: int
    score: float
    probabilities: tuple[float, ...]
    interval: tuple[int, int]
    evidence: Evidence
    heatmap: Heatmap
    stability: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One grader's forward pass.

    Attributes:
        probabilities: (5,).
        inputs: float32 (1, 3, S, S).
        evidence: float32 (5, H, W), of each grade.
        mirrored: that of the mirror image, where it was looked at.
    """

    probabilities: tuple[float, ...]
    inputs: Array
    evidence: Array
    mirrored: Array | None

    def averaged_with(self, others: Sequence[Reading]) -> Reading:
        """The same with the mean of its probabilities and those of others."""
        rows = [self.probabilities, *(other.probabilities for other in others)]
        return replace(self, probabilities=tuple(np.mean(rows, axis=0).tolist()))


@dataclass(frozen=True, slots=True)
class Grader:
    """What the manifest says of a network, and what runs it. Holds no state of any photo.

    Attributes:
        attribute: what it grades.
        entry: the manifest's.
        engine: runs the network.
    """

    attribute: Attribute
    entry: GraderEntry
    engine: GradersEngine

    def reading(self, inputs: Array, said: GraderOutput, of_mirror: GraderOutput | None) -> Reading:
        """What the network said of a crop, float32 (1, 3, S, S), and of its mirror image."""
        scaled = said.logits[0].astype(np.float64) / self.entry.temperature
        probabilities = softmax(scaled + np.asarray(self.entry.bias))
        mirrored = None if of_mirror is None else of_mirror.evidence[0]
        return Reading(tuple(probabilities.tolist()), inputs, said.evidence[0], mirrored)

    def explain(
        self, reading: Reading, wish: ExplanationRequest, still_wanted: Callable[[], None]
    ) -> tuple[Heatmap, float | None]:
        """The map, and how far that of the mirror image agrees with it.

        Args:
            reading: what the network said.
            wish: which map.
            still_wanted: see `GradersEngine.explain`.
        """
        weights = wish.grade_weights(self.attribute)
        if wish.method is not CamMethod.GRADCAM:
            drawn = self.engine.explain(
                self.attribute,
                reading.inputs,
                method=wish.method,
                grade_weights=weights,
                still_wanted=still_wanted,
            )
            return to_display(drawn), None
        own = class_activation(reading.evidence, weights)
        stability = None
        if reading.mirrored is not None:
            other = class_activation(reading.mirrored, weights)
            stability = common_share(own, other[:, ::-1])
        return to_display(on_scale(own, scale=self.entry.heatmap_scale)), stability

    def result(
        self, reading: Reading, heatmap: Heatmap, stability: float | None
    ) -> AttributeResult:
        """What the grader says: decision, score and interval of a reading, and its map."""
        grade = decide(
            reading.probabilities, self.entry.decision, class_shares=self.entry.class_shares
        )
        low, high = grade_interval(reading.probabilities, mass=self.entry.interval.mass)
        return AttributeResult(
            grade=grade,
            score=expected_grade(reading.probabilities),
            probabilities=reading.probabilities,
            # Two peaks may put the decision between them; nobody is told a grade outside its own
            # interval.
            interval=(min(low, grade), max(high, grade)),
            evidence=self.entry.evidence,
            heatmap=heatmap,
            stability=stability,
        )
