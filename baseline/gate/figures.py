"""How well each check tells fit photos from unfit ones, and where its limits lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from backend.vision.quality import Verdict, assess, value_of
from backend.vision.quality_limits import Check, Preset
from baseline.gate.degradations import Degradation
from baseline.gate.trials import Trial
from baseline.metrics.bootstrap import Rows, over_people

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOVED: Final = 0.5
"""Grades by which a degradation has to move a score for the photo to be called unfit."""
LOST: Final = 0.08
"""Mean error of the face's landmarks, eye distances, from which they are called broken: the worst
of the good photos has 0.06."""
TELLS: Final[Mapping[Check, Degradation]] = {
    Check.FACE_SIZE: Degradation.SMALL,
    Check.CUT_OFF: Degradation.CUT,
    Check.YAW: Degradation.TURNED,
    Check.PITCH: Degradation.NODDING,
    Check.ROLL: Degradation.TILTED,
    Check.EYES: Degradation.EYES_CLOSED,
    Check.SHARPNESS: Degradation.BLURRED,
    Check.DARKNESS: Degradation.DARK,
    Check.OVEREXPOSURE: Degradation.BRIGHT,
    Check.UNEVEN_LIGHT: Degradation.UNEVEN,
    Check.COLOUR_CAST: Degradation.TINTED,
    Check.COVERED: Degradation.COVERED,
    Check.SMOOTHING: Degradation.SMOOTHED,
    Check.COMPRESSION: Degradation.COMPRESSED,
}
FEW: Final = 5
"""With fewer unfit photos nothing is said of a check."""
GROUPS: Final = ("dark", "middle", "light")


def is_unfit(trial: Trial) -> bool:
    """Whether what was done to a photo spoiled it."""
    return trial.moved > MOVED or trial.landmark_error > LOST


@dataclass(frozen=True, slots=True)
class Separation:
    """How one check separates.

    Attributes:
        photos: that were analysed, good ones among them.
        refused: photos of the degradation that the server refuses without looking at quality.
        unfit: of those that were analysed.
        area: under the curve of hits and false alarms; NaN where too few are unfit.
        interval: 95 % over people.
        by_strength: the area that the true strength of the degradation has: who knows that and
            not the face cannot do much better.
    """

    photos: int
    refused: int
    unfit: int
    area: float
    interval: tuple[float, float]
    by_strength: float


def separation(trials: Sequence[Trial], check: Check) -> Separation:
    """How a check separates the fit from the unfit photos of its degradation and the good ones."""
    made = [trial for trial in trials if trial.kind is TELLS[check]]
    values, unfit, looked_at = _values(trials, check)
    strengths = np.array([trial.strength for trial in looked_at])
    nothing = (float("nan"), float("nan"))
    refused = sum(trial.capture is None for trial in made)
    if int(unfit.sum()) < FEW:
        return Separation(len(unfit), refused, int(unfit.sum()), nothing[0], nothing, nothing[0])
    # A value that falls as photos get worse is turned round.
    worse = values * np.sign(np.corrcoef(values, strengths)[0, 1])
    area, interval = area_under(worse, unfit, [trial.person for trial in looked_at])
    return Separation(
        photos=len(unfit),
        refused=refused,
        unfit=int(unfit.sum()),
        area=area,
        interval=interval,
        by_strength=float(roc_auc_score(unfit, strengths)),
    )


def limits_at(trials: Sequence[Trial], check: Check, shares: Sequence[float]) -> list[float]:
    """The check's values at which these shares of the photos are unfit, by logistic regression.

    NaN where too few are.
    """
    values, unfit, _ = _values(trials, check)
    return values_at(values, unfit, shares)


def area_under(
    values: Numbers, bad: Flags, persons: Sequence[str]
) -> tuple[float, tuple[float, float]]:
    """Area under the curve of hits and false alarms, and its 95 % interval over people.

    Args:
        values: N numbers, the larger the worse.
        bad: which of the N it should tell.
        persons: whose face each shows.
    """

    def area(rows: Rows) -> list[float]:
        some = bad[rows]
        return [float(roc_auc_score(some, values[rows])) if 0 < some.sum() < some.size else np.nan]

    low, high = over_people(area, [(person,) for person in persons])[0]
    return float(roc_auc_score(bad, values)), (float(low), float(high))


def values_at(values: Numbers, bad: Flags, shares: Sequence[float]) -> list[float]:
    """The values at which these shares are bad, by logistic regression; NaN where too few are."""
    if int(bad.sum()) < FEW:
        return [float("nan")] * len(shares)
    middle, spread = values.mean(), values.std()
    fitted = LogisticRegression(C=100.0).fit(((values - middle) / spread)[:, None], bad)
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    odds = np.log(np.asarray(shares) / (1 - np.asarray(shares)))
    return [float(one) for one in middle + spread * (odds - offset) / slope]


def good_values(trials: Sequence[Trial], check: Check) -> tuple[float, float, float]:
    """A check's values on good photos: 2 %, half and 98 % lie below."""
    values = [
        value_of(trial.capture, check)
        for trial in trials
        if trial.kind is None and trial.capture is not None
    ]
    low, middle, high = np.quantile(values, (0.02, 0.5, 0.98))
    return float(low), float(middle), float(high)


@dataclass(frozen=True, slots=True)
class Refused:
    """What becomes of the fit photos of people of one skin lightness.

    Attributes:
        group: dark, middle or light third of the people.
        photos: fit ones.
        retake: share of them whose verdict is to take another.
        good: share whose verdict is good.
    """

    group: str
    photos: int
    retake: float
    good: float


def refused_by_tone(trials: Sequence[Trial], preset: Preset) -> list[Refused]:
    """The share of fit photos that a preset refuses, by thirds of the skin's lightness."""
    fit = [trial for trial in trials if trial.capture is not None and not is_unfit(trial)]
    lightness = np.array([trial.lightness for trial in fit])
    good = np.array([trial.lightness for trial in trials if trial.kind is None])
    third = thirds(lightness, good)
    verdicts = np.array(
        [assess(trial.capture, preset).verdict for trial in fit if trial.capture is not None]
    )
    return [
        Refused(
            group=name,
            photos=int((third == index).sum()),
            retake=float((verdicts[third == index] == Verdict.RETAKE).mean()),
            good=float((verdicts[third == index] == Verdict.GOOD).mean()),
        )
        for index, name in enumerate(GROUPS)
    ]


def thirds(lightness: Numbers, good: Numbers) -> Rows:
    """In which third of the good photos' lightness each lies: 0 dark, 1 middle, 2 light.

    >>> thirds(np.array([30.0, 50.0, 70.0]), np.array([28.0, 52.0, 71.0])).tolist()
    [0, 1, 2]
    """
    return np.searchsorted(np.quantile(good, (1 / 3, 2 / 3)), lightness, side="left")


def _values(trials: Sequence[Trial], check: Check) -> tuple[Numbers, Flags, list[Trial]]:
    looked_at = [
        trial
        for trial in trials
        if trial.capture is not None and trial.kind in (None, TELLS[check])
    ]
    values = np.array([value_of(one.capture, check) for one in looked_at if one.capture])
    return values, np.array([is_unfit(one) for one in looked_at]), looked_at
