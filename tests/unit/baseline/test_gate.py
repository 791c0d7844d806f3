"""What makes a photo worse, and what the figures say of trials whose outcome is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceFinder
from backend.vision.quality_limits import LIMITS, Check, Preset
from baseline.faces.photos import LabelledPhoto
from baseline.gate.degradations import Degradation, degrade
from baseline.gate.figures import TELLS, is_unfit, limits_at, refused_by_tone, separation
from baseline.gate.report import write_report
from baseline.gate.trials import Trial
from tests.support.captures import GOOD
from tests.support.photos import face_photo

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def photo() -> LabelledPhoto:
    pixels = face_photo()
    finder = FaceFinder(load_locator(ROOT / "models" / "landmarks.safetensors"))
    return LabelledPhoto("001", pixels, np.asarray(finder.find(pixels).landmarks, np.float64))


@pytest.mark.parametrize("kind", list(Degradation))
def test_strength_0_leaves_the_photo_nearly_as_it_is(
    photo: LabelledPhoto, kind: Degradation
) -> None:
    same = degrade(photo, kind, 0.0, np.random.default_rng(1))
    if same.pixels.shape != photo.pixels.shape:
        assert kind is Degradation.CUT
        return
    off = np.abs(same.pixels.astype(int) - photo.pixels)
    # Noise of the sensor and a JPEG of quality 95 remain.
    assert np.median(off) <= 3
    np.testing.assert_allclose(same.landmarks, photo.landmarks, atol=0.5)


@pytest.mark.parametrize("kind", list(Degradation))
def test_full_strength_changes_the_photo(photo: LabelledPhoto, kind: Degradation) -> None:
    worse = degrade(photo, kind, 1.0, np.random.default_rng(1))
    if worse.pixels.shape == photo.pixels.shape:
        assert np.abs(worse.pixels.astype(int) - photo.pixels).max() > 40
    else:
        assert kind in {Degradation.SMALL, Degradation.CUT}
        assert worse.pixels.size < 0.8 * photo.pixels.size


def test_a_photo_made_smaller_keeps_its_landmarks_on_the_face(photo: LabelledPhoto) -> None:
    small = degrade(photo, Degradation.SMALL, 1.0, np.random.default_rng(1))
    eyes = small.landmarks[[0, 1]]
    assert float(np.hypot(*(eyes[1] - eyes[0]))) == pytest.approx(41, abs=1)


def trial(yaw_deg: float, *, moved: float, person: str = "001", lightness: float = 50) -> Trial:
    capture = replace(GOOD, yaw_deg=yaw_deg)
    return Trial(
        person, 0, Degradation.TURNED, abs(yaw_deg) / 40, lightness, capture, {}, moved, 0.03
    )


def test_a_moved_score_or_lost_landmarks_make_a_photo_unfit() -> None:
    fit = trial(1, moved=0.5)
    assert not is_unfit(fit)
    assert is_unfit(replace(fit, moved=0.51))
    assert is_unfit(replace(fit, landmark_error=0.09))


def test_a_check_that_orders_every_pair_rightly_has_area_1() -> None:
    trials = [trial(yaw, moved=0.1 if yaw < 20 else 0.9, person=f"{yaw:03}") for yaw in range(40)]
    found = separation([*trials, replace(trials[0], capture=None)], Check.YAW)
    assert (found.photos, found.refused, found.unfit) == (40, 1, 20)
    assert found.area == 1.0
    (middle,) = limits_at(trials, Check.YAW, [0.5])
    assert middle == pytest.approx(19.5, abs=0.5)


def test_a_check_that_knows_nothing_has_area_one_half() -> None:
    trials = [trial(yaw, moved=0.9 * (yaw % 2)) for yaw in range(1, 41) for _ in range(2)]
    assert separation(trials, Check.YAW).area == pytest.approx(0.5, abs=0.03)


def test_with_few_unfit_photos_nothing_is_said() -> None:
    trials = [trial(yaw, moved=0.9 if yaw > 36 else 0.0) for yaw in range(40)]
    assert np.isnan(separation(trials, Check.YAW).area)
    assert np.isnan(limits_at(trials, Check.YAW, [0.5])[0])


def test_fit_photos_that_are_refused_are_counted_by_lightness() -> None:
    good = [replace(trial(0, moved=0, lightness=tone), kind=None) for tone in (30, 50, 70)]
    turned = [trial(60, moved=0.1, lightness=30), trial(60, moved=0.9, lightness=70)]
    shares = refused_by_tone([*good, *turned], Preset.NORMAL)
    assert [(its.group, its.photos, its.retake) for its in shares] == [
        ("dark", 2, 0.5),
        ("middle", 1, 0.0),
        ("light", 1, 0.0),
    ]


def test_the_report_has_a_row_for_every_check(tmp_path: Path) -> None:
    good = [replace(trial(0, moved=0, lightness=tone), kind=None) for tone in (30, 50, 70)]
    smooth = replace(GOOD, texture=LIMITS[Preset.NORMAL][Check.SMOOTHING].warning - 0.01)
    write_report(tmp_path / "gate.md", good, [GOOD, smooth], how="Made up.")
    text = (tmp_path / "gate.md").read_text(encoding="utf-8")
    assert all(text.count(f"\n| {check.value} | ") == 2 for check in Check)
    assert set(TELLS) == set(Check)
    assert "\n| normal | 2 | 1 | 1 | 0 | smoothing 1 |" in text
    assert "\n| relaxed | 2 | 2 | 0 | 0 | - |" in text
