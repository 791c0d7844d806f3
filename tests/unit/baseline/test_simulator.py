"""What the simulator paints, where, and how it follows the severity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.vocabulary import Attribute
from baseline.faces.folder import FacesUnusableError, list_faces
from baseline.faces.morph import morph
from baseline.synthetic.canvas import NO_SHINE, Canvas, CanvasMaker, OwnShine
from baseline.synthetic.cleaning import clean
from baseline.synthetic.lighting import Lighting, lamp_at
from baseline.synthetic.noise import blur
from baseline.synthetic.optics import (
    HAEMOGLOBIN,
    MELANIN,
    Pigments,
    absorb,
    add_blood,
    luminance,
    to_linear,
    to_srgb,
)
from baseline.synthetic.relief import shading_of
from baseline.synthetic.severity import Severities, clear
from baseline.synthetic.signs.painting import Painting
from baseline.synthetic.signs.wrinkle import carve_wrinkles, with_smile
from baseline.synthetic.simulator import PAINTERS, Simulator, paint_all


def _sign_strength(attribute: Attribute, strength: float) -> float:
    """The severity that paints a sign of this strength; dryness is low hydration."""
    return 4.0 - strength if attribute is Attribute.HYDRATION else strength


def _painted(canvas: Canvas, attribute: Attribute, strength: float, seed: int = 3) -> Painting:
    severity = _sign_strength(attribute, strength)
    return PAINTERS[attribute](canvas, severity, np.random.default_rng(seed))


def test_light_passing_one_unit_of_melanin_keeps_e_to_the_minus_absorbance() -> None:
    light = np.ones((1, 1, 3), np.float32)
    seen = absorb(light, np.ones((1, 1), np.float32), MELANIN)
    np.testing.assert_allclose(seen[0, 0], np.exp([-0.43, -0.64, -0.83]), rtol=1e-5)


def test_blood_takes_more_green_than_red_and_melanin_most_of_the_blue() -> None:
    assert HAEMOGLOBIN[1] > 5 * HAEMOGLOBIN[0]
    assert MELANIN.argmax() == 2


def test_the_same_blood_shows_less_on_dark_skin() -> None:
    amount = np.full((1, 1), 0.5, np.float32)
    light, dark = (np.full((1, 1, 3), level, np.float32) for level in (0.5, 0.05))
    fade = [float((add_blood(skin, amount) / skin)[0, 0, 1]) for skin in (light, dark)]
    assert fade[0] < fade[1] < 1


def test_pigments_that_are_added_are_found_again() -> None:
    skin = np.broadcast_to(np.array([0.5, 0.3, 0.2], np.float32), (4, 4, 3))
    more = np.full((4, 4), 0.3, np.float32)
    before, after = Pigments.of(skin), Pigments.of(absorb(skin, more, MELANIN))
    np.testing.assert_allclose(after.melanin - before.melanin, 0.3, atol=1e-4)
    np.testing.assert_allclose(after.haemoglobin, before.haemoglobin, atol=1e-4)
    np.testing.assert_allclose(before.light(), skin, rtol=1e-4)


def test_srgb_survives_the_way_to_linear_light_and_back() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    np.testing.assert_array_equal(to_srgb(to_linear(levels)), levels)


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_clear_face_has_an_empty_mask(canvas: Canvas, attribute: Attribute) -> None:
    assert _painted(canvas, attribute, 0.0).mask.max() == 0


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_stronger_sign_changes_more_of_the_face(canvas: Canvas, attribute: Attribute) -> None:
    paintings = [_painted(canvas, attribute, strength) for strength in (0.0, 1.0, 2.0, 3.0, 4.0)]
    masses = [float(painting.mask.mean()) for painting in paintings]
    assert masses == sorted(masses)
    assert masses[0] == 0 < masses[1]
    changes = [float(np.abs(painting.light - canvas.light).mean()) for painting in paintings]
    assert changes[4] > changes[2] > changes[0]


@pytest.mark.parametrize(
    "attribute", [Attribute.WRINKLE, Attribute.PIGMENTATION, Attribute.SENSITIVITY, Attribute.OIL]
)
def test_a_sign_that_grows_keeps_its_places(canvas: Canvas, attribute: Attribute) -> None:
    milder, stronger = (_painted(canvas, attribute, strength).mask for strength in (2.0, 2.6))
    elsewhere = _painted(canvas, attribute, 2.6, seed=77).mask
    same = np.corrcoef(milder.ravel(), stronger.ravel())[0, 1]
    other = np.corrcoef(milder.ravel(), elsewhere.ravel())[0, 1]
    assert same > max(0.7, other)


@pytest.mark.parametrize("attribute", [Attribute.PIGMENTATION, Attribute.SENSITIVITY])
def test_pigments_only_darken(canvas: Canvas, attribute: Attribute) -> None:
    painted = _painted(canvas, attribute, 2.0).light
    # Papules carry a small highlight; everything else of a pigment takes light away.
    assert (painted <= canvas.light + 1e-6).mean() > 0.98


def test_shine_moves_with_the_lamp(canvas: Canvas) -> None:
    def middle_of_shine(azimuth_deg: float) -> float:
        lamp = lamp_at(azimuth_deg=azimuth_deg, elevation_deg=20, strength=0.7)
        lit = replace(canvas, lighting=Lighting((lamp,), ambient=0.3))
        mask = _painted(lit, Attribute.OIL, 3.0).mask
        return float((mask * np.arange(mask.shape[1])).sum() / mask.sum())

    assert middle_of_shine(-50) < middle_of_shine(0) < middle_of_shine(50)


def test_films_of_oil_are_of_many_kinds_from_a_whole_sheen_to_glints(canvas: Canvas) -> None:
    fineness = []
    for seed in range(12):
        shine = luminance(_painted(canvas, Attribute.OIL, 3.0, seed).light - canvas.light)
        detail = shine - blur(shine, 0.03 * canvas.anatomy.unit)
        fineness.append(float(np.abs(detail).sum() / shine.sum()))
    assert max(fineness) > 2 * min(fineness)


def test_the_wall_of_a_furrow_that_faces_the_lamp_is_the_brighter(canvas: Canvas) -> None:
    rows, columns = np.mgrid[: canvas.anatomy.shape[0], : canvas.anatomy.shape[1]]
    x, y = np.round(canvas.anatomy.forehead).astype(int)
    furrow = np.exp(-0.5 * ((columns - x) / 2.0) ** 2) * (np.abs(rows - y) < 8)
    lamp = lamp_at(azimuth_deg=60, elevation_deg=0, strength=0.9)
    lit = replace(canvas, lighting=Lighting((lamp,), ambient=0.1))
    shade = shading_of(lit, furrow.astype(np.float32))
    # The lamp is on the right: it falls on the furrow's left wall, which looks to the right.
    assert shade[y, x - 2] > shade[y, x + 2]


def test_what_is_painted_lies_on_the_skin_and_the_lips(canvas: Canvas) -> None:
    strongest = {a: _sign_strength(a, 4.0) for a in Attribute}
    masks = paint_all(canvas, strongest, np.random.default_rng(2), smile=1.0).masks
    outside = (canvas.skin == 0) & (canvas.lips == 0)
    for mask in masks.values():
        assert mask[outside].max() < 0.01


def test_a_smile_draws_folds_and_counts_as_wrinkles(canvas: Canvas) -> None:
    calm = carve_wrinkles(canvas, 0.0, np.random.default_rng(1))
    smiling = carve_wrinkles(canvas, 0.0, np.random.default_rng(1), smile=1.0)
    assert calm.mask.max() == 0 < smiling.mask.max()
    assert with_smile(1.0, 0.5) > 1.0


def test_a_severity_beyond_four_is_refused(canvas: Canvas) -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        PAINTERS[Attribute.OIL](canvas, 4.5, np.random.default_rng(0))


def test_faces_of_every_tone_are_made(faces_folder: Path) -> None:
    maker = CanvasMaker(list_faces(faces_folder)[:1], side_px=192)
    tones = []
    for seed in range(12):
        made = maker.make(np.random.default_rng(seed))
        tones.append(float(np.median(luminance(made.light)[made.skin > 0.8])))
    assert min(tones) < 0.15
    # A face can be made darker at will, but hardly lighter than it is.
    assert max(tones) > 2 * min(tones)


def test_the_shine_that_is_left_on_a_face_is_white_and_lies_where_it_shone(canvas: Canvas) -> None:
    shiny = PAINTERS[Attribute.OIL](canvas, 4.0, np.random.default_rng(0))
    matte, left = (
        clean(shiny.light, canvas.skin, canvas.anatomy, strength=1.0, own_shine=share)
        for share in (0.0, 1.0)
    )
    added = left - matte
    assert added.min() >= 0
    np.testing.assert_allclose(added[..., 0], added[..., 2], atol=1e-6)
    dull = (shiny.mask < 0.05) & (canvas.skin > 0.8)
    assert added[shiny.mask > 0.5].mean() > 5 * added[dull].mean()


def test_a_share_of_the_canvases_keeps_up_to_the_most_of_a_faces_own_shine() -> None:
    rng = np.random.default_rng(0)
    left = np.array([OwnShine(0.8, on=0.25).draw(rng) for _ in range(2000)])
    assert (left > 0).mean() == pytest.approx(0.25, abs=0.03)
    assert left[left > 0].mean() == pytest.approx(0.4, abs=0.03)
    assert left.max() <= 0.8


def test_nothing_is_drawn_where_every_canvas_is_matte() -> None:
    rng, untouched = np.random.default_rng(3), np.random.default_rng(3)
    assert NO_SHINE.draw(rng) == 0
    assert rng.random() == untouched.random()


def test_the_same_seed_draws_the_same_photo_and_another_seed_another(faces_folder: Path) -> None:
    canvases = CanvasMaker(list_faces(faces_folder)[:2], side_px=256)
    simulator = Simulator(canvases, severities=Severities.BALANCED)
    first, again, other = (simulator.draw(np.random.default_rng(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.photo, again.photo)
    assert first.severities == again.severities
    assert first.photo.shape != other.photo.shape or not np.array_equal(first.photo, other.photo)


def test_a_morph_of_a_face_with_itself_is_that_face(canvas: Canvas) -> None:
    portrait = (canvas.light, canvas.anatomy.points)
    light, points = morph([portrait, portrait], [0.5, 0.5])
    np.testing.assert_allclose(points, canvas.anatomy.points)
    assert np.abs(light - canvas.light).mean() < 0.005


def test_a_clear_face_is_well_hydrated() -> None:
    assert clear(Attribute.HYDRATION) == 4
    assert clear(Attribute.OIL) == 0


def test_a_folder_without_faces_is_named(tmp_path: Path) -> None:
    with pytest.raises(FacesUnusableError, match=str(tmp_path)):
        list_faces(tmp_path)
