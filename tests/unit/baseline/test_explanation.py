"""What the measures of heat maps say of maps whose worth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.vision.engines.base import Device
from backend.vision.map_summary import FaceLayout
from backend.vocabulary import Attribute
from baseline.dataset import read_folder
from baseline.explanation import drawing, measuring
from baseline.explanation.checks import check, inpainted
from baseline.explanation.drawing import Drawer
from baseline.explanation.figures import best_threshold, localised
from baseline.explanation.graders import Graders
from baseline.explanation.measuring import Material, Measured, maps_of, read_or_measure
from baseline.explanation.methods import Maps, Method, draw
from baseline.explanation.report import write_report
from baseline.explanation.scores import energy_inside, overlap, pointing, similarity
from baseline.explanation.subjects import Subject, read_subjects
from baseline.explanation.truth import sign_region
from baseline.masks import MaskMissingError, painted_on_crop
from tests.support.models import write_models

SIDE = 128
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.fixture(scope="module")
def graders(tmp_path_factory: pytest.TempPathFactory) -> Graders:
    return Graders.load(write_models(tmp_path_factory.mktemp("m")), device=Device.CPU)


def all_skin() -> FaceLayout:
    ones = np.ones((SIDE, SIDE), np.float32)
    return FaceLayout({}, skin=ones, lips=np.zeros_like(ones))


def subject(grade: int, region: np.ndarray) -> Subject:
    """A photo with the same sign of every attribute in one place."""
    return Subject(
        crop=np.full((SIDE, SIDE, 3), 128, np.uint8),
        layout=all_skin(),
        regions=dict.fromkeys(Attribute, region),
        strengths=dict.fromkeys(Attribute, float(grade)),
        grades=dict.fromkeys(Attribute, grade),
        people=(f"{grade}",),
    )


def left_half() -> np.ndarray:
    region = np.zeros((SIDE, SIDE), np.bool_)
    region[:, : SIDE // 2] = True
    return region


def test_an_empty_map_points_nowhere_and_has_no_energy() -> None:
    empty = np.zeros((SIDE, SIDE), np.float32)
    assert pointing(empty, left_half()) == 0.0
    assert energy_inside(empty, left_half()) == 0.0
    assert overlap(empty, left_half(), threshold=0.0) == 0.0


def test_a_flat_map_points_by_chance() -> None:
    flat = np.ones((SIDE, SIDE), np.float32)
    assert pointing(flat, left_half()) == 0.5
    assert energy_inside(flat, left_half()) == 0.5
    assert np.isnan(similarity(flat, flat, left_half()))


def test_maps_are_like_each_other_by_what_they_say_of_the_skin_alone() -> None:
    noise = np.random.default_rng(0)
    one, other = (
        np.where(left_half(), noise.random((SIDE, SIDE)), 0).astype(np.float32) for _ in range(2)
    )
    assert similarity(one, other, np.ones_like(left_half())) > 0.5
    assert abs(similarity(one, other, left_half())) < 0.05


def test_a_sign_is_widened_by_two_hundredths_of_the_side() -> None:
    painted = np.zeros((500, 500), np.float32)
    painted[250, 250] = 1.0
    rows = np.flatnonzero(sign_region(painted, Attribute.OIL).any(axis=1))
    # Ten of 500 pixels to each side are 21 in all: five cells of 128, each 3.9 pixels high.
    assert len(rows) == 5


def test_paint_below_a_quarter_of_the_strongest_is_no_sign() -> None:
    faint = np.full((256, 256), 0.2, np.float32)
    assert not sign_region(faint, Attribute.SENSITIVITY).any()


def test_flakes_are_closed_into_the_region_they_fill_and_wrinkles_are_not() -> None:
    painted = np.zeros((500, 500), np.float32)
    # Gaps of 30 pixels: widening by 10 to each side leaves 10, closing up to 40 leaves none.
    painted[100:400, 100:200] = painted[100:400, 230:330] = 1.0
    lined, dry = (sign_region(painted, a) for a in (Attribute.WRINKLE, Attribute.HYDRATION))
    middle = (64, round(215 / 500 * SIDE))
    assert not lined[middle]
    assert dry[middle]


def test_a_perfect_map_gets_everything_and_one_of_the_other_half_nothing() -> None:
    region = left_half()
    subjects = [subject(grade, region) for grade in (0, 2, 4)]
    strengths = (0.0, 0.5, 1.0)
    right = [region.astype(np.float32) * np.float32(s) for s in strengths]
    wrong = [(~region).astype(np.float32) * np.float32(s) for s in strengths]
    threshold = best_threshold(subjects, right, Attribute.OIL)
    good, bad = (
        localised(subjects, maps, Attribute.OIL, threshold=threshold, milliseconds=[1.0, 3.0, 9.0])
        for maps in (right, wrong)
    )
    assert (good.pointing.value, good.energy.value, good.overlap.value) == (1.0, 1.0, 1.0)
    assert (bad.pointing.value, bad.energy.value, bad.overlap.value) == (0.0, 0.0, 0.0)
    assert (good.empty, good.follows, good.milliseconds, good.photos) == (0.0, 1.0, 3.0, 2)


def test_mass_beside_the_skin_is_counted() -> None:
    subjects = [subject(grade, left_half()) for grade in (0, 4)]
    maps = [np.ones((SIDE, SIDE), np.float32)] * 2
    for one in subjects:
        one.layout.skin[:, SIDE // 4 :] = 0.0
    found = localised(subjects, maps, Attribute.OIL, threshold=0.5, milliseconds=[0.0])
    assert found.outside_skin == pytest.approx(0.75)
    assert found.empty == 1.0


def test_without_a_clear_sign_nothing_is_claimed() -> None:
    subjects = [subject(0, left_half())]
    maps = [np.ones((SIDE, SIDE), np.float32)]
    with pytest.raises(ValueError, match="clear sign of oil"):
        best_threshold(subjects, maps, Attribute.OIL)
    with pytest.raises(ValueError, match="clear sign of oil"):
        localised(subjects, maps, Attribute.OIL, threshold=0.5, milliseconds=[0.0])


def test_masks_lie_on_the_crop_where_the_sign_lies_on_the_photo(masked_photos: Path) -> None:
    sample = next(one for one in read_folder(masked_photos) if one.grades[Attribute.WRINKLE] > 1)
    whole = painted_on_crop(sample.path, Attribute.WRINKLE, IDENTITY, side_px=512)
    with Image.open(masked_photos / "masks" / f"{sample.path.stem}.wrinkle.png") as mask:
        np.testing.assert_allclose(whole * 255, np.asarray(mask), atol=1e-4)
    shifted = np.array([[1.0, 0.0, 100.0], [0.0, 1.0, 0.0]])
    moved = painted_on_crop(sample.path, Attribute.WRINKLE, shifted, side_px=512)
    np.testing.assert_array_equal(moved[:, :400], whole[:, 100:500])


def test_photos_without_masks_are_refused_with_what_to_do(photos: Path) -> None:
    sample = read_folder(photos / "train")[0]
    with pytest.raises(MaskMissingError, match="without --no-masks"):
        painted_on_crop(sample.path, Attribute.OIL, IDENTITY, side_px=64)


def test_every_method_draws_five_maps(graders: Graders) -> None:
    rng = np.random.default_rng(0)
    crop = np.asarray(rng.integers(0, 255, (64, 64, 3)), dtype=np.uint8)
    for method in Method:
        if method is Method.SCORECAM:  # a forward pass per channel: 1280 of each network
            continue
        maps, milliseconds = draw(method, graders.analyser, crop, layout=all_skin(), rng=rng)
        assert set(maps) == set(Attribute)
        assert milliseconds >= 0
        for heatmap in maps.values():
            assert heatmap.shape == (SIDE, SIDE)
            assert heatmap.min() >= 0
            assert heatmap.max() <= 1


def test_inpainting_changes_the_erased_cells_alone() -> None:
    rng = np.random.default_rng(0)
    crop = np.asarray(rng.integers(0, 255, (256, 256, 3)), dtype=np.uint8)
    cells = np.zeros((SIDE, SIDE), np.bool_)
    cells[10:20, 10:20] = True
    changed = (inpainted(crop, cells, rng) != crop).any(axis=2)
    assert changed[20:40, 20:40].mean() > 0.9
    changed[20:40, 20:40] = False
    assert not changed.any()


def test_inpainting_carries_on_what_lies_round_about_without_edges() -> None:
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (256, 256, 3))
    cells = np.zeros((SIDE, SIDE), np.bool_)
    cells[30:60, 30:60] = True
    filled = inpainted(np.ascontiguousarray(ramp), cells, np.random.default_rng(0))
    off = filled.astype(np.float64) - ramp
    assert abs(off.mean()) < 0.5
    # The noise alone: 1 % of white.
    assert off[60:120, 60:120].std() == pytest.approx(2.55, rel=0.1)


def test_photos_go_from_bytes_to_a_report(
    masked_photos: Path, graders: Graders, tmp_path: Path
) -> None:
    subjects = read_subjects(graders.analyser, read_folder(masked_photos))
    assert 4 <= len(subjects) <= 6
    rng = np.random.default_rng(0)
    untrained = graders.untrained([one.crop for one in subjects[:2]], seed=1)
    stood = check(Drawer(Method.GRADCAM, tmp_path), graders, untrained, subjects[:2], rng)
    assert stood
    for its in stood.values():
        assert 0 <= its.least_mirrored <= its.mirrored <= 1
        assert 0 <= its.erased <= 1
        assert its.photos <= 2
    region = left_half()
    made_up = [subject(grade, region) for grade in (0, 4)]
    maps = [region.astype(np.float32)] * 2
    located = {
        attribute: localised(made_up, maps, attribute, threshold=0.5, milliseconds=[2.0])
        for attribute in Attribute
    }
    path = tmp_path / "report.md"
    write_report(path, {Method.GRADCAM: located}, {Method.GRADCAM: stood}, how="Made up.")
    text = path.read_text(encoding="utf-8")
    assert text.count("\n| gradcam | 1.00 (1.00-1.00) |") == len(Attribute)


def test_maps_of_untrained_graders_can_be_held_against_others(
    masked_photos: Path, graders: Graders, tmp_path: Path
) -> None:
    subjects = read_subjects(graders.analyser, read_folder(masked_photos)[:2])
    crops = [one.crop for one in subjects]
    one, other = (graders.untrained(crops, seed=seed) for seed in (1, 2))
    rng = np.random.default_rng(0)
    stood = check(Drawer(Method.GRADCAM, tmp_path), one, other, subjects, rng).values()
    told = [its.random_weights for its in stood if not np.isnan(its.random_weights)]
    assert len(told) >= len(stood) / 2
    assert all(-1 <= value < 1 for value in told)


def made_up_figures(material: Material) -> Measured:
    made_up = [subject(grade, left_half()) for grade in (0, 4)]
    maps = [left_half().astype(np.float32)] * 2
    located = {
        attribute: localised(made_up, maps, attribute, threshold=0.5, milliseconds=[2.0])
        for attribute in material.graders.analyser.attributes
    }
    return located, {}


def test_what_was_measured_is_read_and_the_rest_is_measured(
    graders: Graders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Attribute, ...]] = []

    def measure(_method: Method, material: Material) -> Measured:
        asked.append(material.graders.analyser.attributes)
        return made_up_figures(material)

    monkeypatch.setattr(measuring, "measure", measure)
    material = Material(graders, graders.untrained([], seed=1), [], [], 0, tmp_path)
    kept = {attribute: tmp_path / attribute for attribute in Attribute}
    first = read_or_measure(Method.CENTRE, material, kept=kept)
    kept[Attribute.OIL] = tmp_path / "oil of other weights"
    assert read_or_measure(Method.CENTRE, material, kept=kept) == first
    assert asked == [tuple(Attribute), (Attribute.OIL,)]


def test_a_map_that_takes_minutes_is_drawn_once(
    masked_photos: Path, graders: Graders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = read_subjects(graders.analyser, read_folder(masked_photos)[:2])
    drawn: list[Method] = []

    def draw_something(method: Method, *_given: object, **_named: object) -> tuple[Maps, float]:
        drawn.append(method)
        return {Attribute.OIL: np.full((SIDE, SIDE), len(drawn), np.float32)}, 7.0

    monkeypatch.setattr(drawing, "draw", draw_something)
    oil, drawer = graders.only([Attribute.OIL]), Drawer(Method.SCORECAM, tmp_path)
    rng = np.random.default_rng(0)
    first = maps_of(drawer, oil, subjects, rng)
    again = maps_of(drawer, oil, subjects, rng)
    assert len(drawn) == len(subjects)
    untrained = graders.untrained([], seed=1).only([Attribute.OIL])
    drawer.draw(untrained, subjects[0].crop, subjects[0].layout, rng)
    assert len(drawn) == len(subjects) + 1
    np.testing.assert_array_equal(first[0][Attribute.OIL], again[0][Attribute.OIL])
    assert again[1] == [7.0] * len(subjects)
