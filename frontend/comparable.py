"""Whether two visits can be compared: how differently their photos were taken, and by what graded.

Two photos of the same skin get different scores when one is blurred, turned or lit from another
side. How far a difference may go was measured on simulated photos of people whom no network had
seen, see `LIMITS`. It is a warning and no proof: of everyday photos many that differ much in how
they were taken have the same scores, and some that differ little have not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from frontend.circumstances import Circumstances
from frontend.store import Visit
from frontend.vocabulary import Verdict


class Comparability(StrEnum):
    """How far two visits can be compared; later ones are worse."""

    COMPARABLE = "comparable"
    WITH_CARE = "with_care"
    NOT_COMPARABLE = "not_comparable"


class Reason(StrEnum):
    """What makes two visits hard to compare."""

    POOR_PHOTO = "poor_photo"
    POSE = "pose"
    SIZE = "size"
    SHARPNESS = "sharpness"
    LIGHT_SIDE = "light_side"
    LIGHT_AMOUNT = "light_amount"
    LIGHT_COLOUR = "light_colour"
    COVERED = "covered"
    PROCESSING = "processing"
    CAMERA = "camera"
    MODEL = "model"
    UNKNOWN = "unknown"


MOST_PX: Final = 224.0
"""The largest distance between the eyes that `LIMITS` were measured with; a larger one counts as
that. What is told beyond it depends on the format: of a large JPEG a smaller copy is measured, of
other files their own pixels."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a difference is too much.

    Attributes:
        care: Beyond it a comparison needs care.
        never: Beyond it there is none.
    """

    care: float
    never: float

    def judge(self, difference: float) -> Comparability:
        """What follows from a difference.

        >>> Limits(10, 20).judge(12).value
        'with_care'
        """
        if difference > self.never:
            return Comparability.NOT_COMPARABLE
        return Comparability.WITH_CARE if difference > self.care else Comparability.COMPARABLE


LIMITS: Final[Mapping[str, Limits]] = {
    "yaw": Limits(17, 50),
    "pitch": Limits(24, 41),
    "roll": Limits(45, 70),
    "size": Limits(1.1, 1.6),
    "sharpness": Limits(0.12, 0.53),
    "exposure": Limits(0.48, 1.05),
    "clipping": Limits(0.14, 0.45),
    "light_side": Limits(1.3, 2.4),
    "unevenness": Limits(1.1, 3.0),
    "colour": Limits(1.0, 1.6),
    "covered": Limits(0.04, 0.2),
    "smoothing": Limits(0.42, 0.73),
    "compression": Limits(0.59, 1.4),
}
"""Read off pairs of photos of the same skin of ten validation people, each made worse on purpose:
where one in ten pairs differs by more than half a grade, and where every other one does. A test
holds them equal to `baseline/gate/pairs.py`; `baseline/results/comparable.md` tells how well they
serve."""
_REASONS: Final[Mapping[str, Reason]] = {
    "yaw": Reason.POSE,
    "pitch": Reason.POSE,
    "roll": Reason.POSE,
    "size": Reason.SIZE,
    "sharpness": Reason.SHARPNESS,
    "exposure": Reason.LIGHT_AMOUNT,
    "clipping": Reason.LIGHT_AMOUNT,
    "light_side": Reason.LIGHT_SIDE,
    "unevenness": Reason.LIGHT_SIDE,
    "colour": Reason.LIGHT_COLOUR,
    "covered": Reason.COVERED,
    "smoothing": Reason.PROCESSING,
    "compression": Reason.PROCESSING,
}
_OF_ONE_VERSION: Final = frozenset({"sharpness", "smoothing"})
"""Of photos measured by two versions these say nothing: up to 2026.11.14 the server told them by
the brightness of eyes and skin, and of light skin otherwise than of dark; since then by
contrasts."""
_OTHER_SIDE: Final = 1.5
"""Photos whose longer sides differ by this factor are of another camera, or of another of its
modes; nobody measured what that does to a score."""
_OTHER_SHAPE: Final = 1.1
"""The same for the ratio of their sides."""
_ORDER: Final = tuple(Comparability)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two visits can be compared.

    Attributes:
        verdict: The short answer.
        reasons: What speaks against it, worst first; empty where nothing does.
    """

    verdict: Comparability
    reasons: tuple[Reason, ...]


def compare(one: Visit, other: Visit) -> Comparison:
    """Judge two visits, in either order."""
    found: dict[Reason, Comparability] = {}

    def note(reason: Reason, judged: Comparability) -> None:
        if judged is not Comparability.COMPARABLE:
            found[reason] = max(found.get(reason, judged), judged, key=_ORDER.index)

    poor = [each.quality_verdict is Verdict.RETAKE for each in (one, other)]
    # Measured with the limits: where the differences alone speak against nothing, of validation
    # people's pairs with one such photo about one in five differed, with two about half; of test
    # people's one in forty and four fifths, but there were few.
    if any(poor):
        note(
            Reason.POOR_PHOTO,
            Comparability.NOT_COMPARABLE if all(poor) else Comparability.WITH_CARE,
        )
    if one.circumstances is None or other.circumstances is None:
        note(Reason.UNKNOWN, Comparability.WITH_CARE)
    else:
        measured_alike = _measured_by(one) == _measured_by(other)
        for name, difference in differences(one.circumstances, other.circumstances).items():
            if name not in _OF_ONE_VERSION or measured_alike:
                note(_REASONS[name], LIMITS[name].judge(difference))
        if one.source != other.source or _other_camera(one.circumstances, other.circumstances):
            note(Reason.CAMERA, Comparability.WITH_CARE)
    if one.model_version != other.model_version:
        note(Reason.MODEL, Comparability.WITH_CARE)
    reasons = sorted(found, key=lambda reason: -_ORDER.index(found[reason]))
    worst = found[reasons[0]] if reasons else Comparability.COMPARABLE
    return Comparison(worst, tuple(reasons))


def differences(one: Circumstances, other: Circumstances) -> dict[str, float]:
    """How differently two photos were taken, by the names of `LIMITS`; at least 0."""
    return {
        "yaw": abs(one.yaw - other.yaw),
        "pitch": abs(one.pitch - other.pitch),
        "roll": abs(one.roll - other.roll),
        "size": abs(math.log(_telling_px(one) / _telling_px(other))),
        "sharpness": abs(one.focus - other.focus),
        "exposure": abs(math.log((one.eye_white + 1) / (other.eye_white + 1))),
        "clipping": abs(one.clipped - other.clipped),
        "light_side": math.dist(one.brighter, other.brighter),
        "unevenness": abs(one.unevenness - other.unevenness),
        "colour": math.dist(one.colour, other.colour),
        "covered": abs(one.covered - other.covered),
        "smoothing": abs(one.texture - other.texture),
        "compression": abs(one.blocks - other.blocks),
    }


def _telling_px(circumstances: Circumstances) -> float:
    return min(circumstances.eye_distance_px, MOST_PX)


def _measured_by(visit: Visit) -> str:
    """The version that measured how the photo was taken; grading it anew leaves that as it was."""
    return visit.graded_before[0].model_version if visit.graded_before else visit.model_version


def _other_camera(one: Circumstances, other: Circumstances) -> bool:
    (long, short), (other_long, other_short) = (
        sorted(each.photo_px, reverse=True) for each in (one, other)
    )
    sides = abs(math.log(long / other_long))
    shapes = abs(math.log(long / short) - math.log(other_long / other_short))
    return sides > math.log(_OTHER_SIDE) or shapes > math.log(_OTHER_SHAPE)
