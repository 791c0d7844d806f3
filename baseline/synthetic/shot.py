"""Photographs a painted face: background, light, head turn and smile, framing, lens and file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, Photo, invert, transform_points
from backend.vision.regions import OUTLINE
from baseline.faces.accessories import random_glasses
from baseline.faces.changes import as_jpeg
from baseline.faces.mouth import MouthOpening, paint_teeth
from baseline.faces.view import HeadView, random_view
from baseline.faces.warp import Bump, Deformation, FaceChange
from baseline.synthetic.anatomy import Anatomy
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.lighting import STUDIO, Lighting, random_lighting
from baseline.synthetic.noise import blur, edge_preserving, octaves
from baseline.synthetic.nuisance import Circumstances, Nuisance
from baseline.synthetic.optics import Field, Light, encoded, luminance, to_linear, to_srgb

SMALLEST_SHARE: Final = 0.5625
"""The smallest photo's side as a share of the canvas's: of 512 px it leaves 288, and the eyes about
70 px apart."""
TREMOR_TURN_DEG: Final = 1.0
TREMOR_TILT_DEG: Final = 0.5
TREMOR_SCALE: Final = 0.005
TREMOR_SHIFT: Final = 0.005
"""How far head and hand move between the frames of a burst, standard deviations: the turn to the
side and the nod, the tilt, the logarithm of the distance, the place as a share of the photo's side.
Taken for likely, not measured on people."""
_COARSE: Final = 4
_TYPICAL_TONE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo as a camera would have delivered it.

    Attributes:
        pixels: RGB uint8 (S, S, 3).
        landmarks: float64 (189, 2), where the canvas's landmarks are on the photo, pixels.
        to_canvas: float32 (S, S, 2), column and row of the canvas that each pixel shows.
        uncovered: float32 (S, S) in [0, 1], 0 where glasses hide the face.
    """

    pixels: Photo
    landmarks: FloatArray
    to_canvas: npt.NDArray[np.float32]
    uncovered: Field

    def from_canvas(self, field: Field) -> Field:
        """A field of the canvas as the photo shows it, float32 (S, S)."""
        return _sampled(field, self.to_canvas, cv2.INTER_LINEAR) * self.uncovered


def lighting_of(circumstances: Circumstances) -> Lighting:
    """The lamps of a photo."""
    generator = circumstances.draw(Nuisance.LIGHT_DIRECTION)
    return STUDIO if generator is None else random_lighting(generator)


@dataclass(frozen=True, slots=True)
class Expression:
    """What the face does.

    Attributes:
        smile: 0 to 1, how far it smiles.
        opening: how far the lips part, eye distances.
        teeth_seed: of what is seen between them.
    """

    smile: float = 0.0
    opening: float = 0.0
    teeth_seed: int = 0

    @classmethod
    def of(cls, circumstances: Circumstances) -> Self:
        """The expression in one photo."""
        generator = circumstances.draw(Nuisance.EXPRESSION)
        if generator is None:
            return cls()
        smile = float(generator.uniform(0.2, 1.0))
        opens = generator.random() < 0.5
        opening = smile * float(generator.uniform(0.04, 0.16)) if opens else 0.0
        return cls(smile, opening, int(generator.integers(2**32)))


def shoot(canvas: Canvas, circumstances: Circumstances) -> Shot:
    """Take the picture of a painted canvas under the given circumstances."""
    light = _background(canvas.light, canvas.anatomy, circumstances)
    light = _relit(light, canvas, circumstances)
    placed = _placed(canvas.anatomy, circumstances)
    light = _sampled(light, placed.to_canvas, cv2.INTER_CUBIC)
    light = _with_teeth(light, placed, circumstances)
    light, uncovered = _with_glasses(light, placed.landmarks, circumstances)
    pixels = _camera(light, circumstances)
    share = pixels.shape[0] / light.shape[0]
    side = (pixels.shape[1], pixels.shape[0])
    return Shot(
        pixels=pixels,
        # Pixel centres keep their places when the whole picture shrinks.
        landmarks=(placed.landmarks + 0.5) * share - 0.5,
        to_canvas=_resized(placed.to_canvas, side, cv2.INTER_LINEAR),
        uncovered=_resized(uncovered, side, cv2.INTER_AREA),
    )


def _sampled(field: Field, places: npt.NDArray[np.float32], how: int) -> Field:
    x, y = cv2.split(places)
    found = cv2.remap(field, x, y, how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.float32)


def _resized(field: Field, size: tuple[int, int], how: int) -> Field:
    return np.asarray(cv2.resize(field, size, interpolation=how), dtype=np.float32)


def _background(light: Light, anatomy: Anatomy, circumstances: Circumstances) -> Light:
    rng = circumstances.draw(Nuisance.BACKGROUND)
    if rng is None:
        return light
    # The studio's even grey is told apart by its likeness to the upper corners.
    side = light.shape[0]
    corner = max(4, side // 16)
    corners = np.concatenate([light[:corner, :corner], light[:corner, -corner:]], axis=1)
    grey = np.median(corners.reshape(-1, 3), axis=0)
    away = np.abs(np.log((light + 0.01) / (grey + 0.01))).max(axis=-1).astype(np.float32)
    person = np.clip((blur(away, 1.5) - 0.12) / 0.15, 0, 1)
    closed = cv2.morphologyEx(person, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    person = np.maximum(
        blur(np.asarray(closed, dtype=np.float32), 1.0), anatomy.polygon(OUTLINE, feather=0.03)
    )[..., None]
    colour = rng.uniform(0.02, 0.8) * (1 + rng.normal(0, 0.15, 3))
    scene = colour + rng.uniform(0, 0.2) * octaves(anatomy.shape, side / 4, rng)[..., None]
    return np.asarray(person * light + (1 - person) * np.clip(scene, 0.005, 1), dtype=np.float32)


def _relit(light: Light, canvas: Canvas, circumstances: Circumstances) -> Light:
    lit = canvas.lighting.diffuse(canvas.normals) / STUDIO.diffuse(canvas.normals)
    light = light * np.clip(lit, 0.4, 1.8)[..., None]
    gains = np.ones(3)
    exposure = circumstances.draw(Nuisance.EXPOSURE)
    if exposure is not None:
        tone = float(np.median(luminance(light)[canvas.skin > 0.8]))
        # A camera brightens a dark face, but not to the tone of a light one.
        gains *= (_TYPICAL_TONE / max(tone, 0.02)) ** exposure.uniform(0.1, 0.5)
        gains *= np.exp(exposure.normal(0, 0.2))
    colour = circumstances.draw(Nuisance.LIGHT_COLOUR)
    if colour is not None:
        warmth = colour.normal(0, 0.08) * np.array([1, 0, -1])
        gains *= np.exp(colour.normal(0, 0.04, 3) + warmth)
    return np.asarray(light * gains, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Placed:
    to_canvas: npt.NDArray[np.float32]
    landmarks: FloatArray
    depth_in_gap: FloatArray | None


def _placed(anatomy: Anatomy, circumstances: Circumstances) -> _Placed:
    side = anatomy.shape[0]
    level = anatomy.on_level_face(anatomy.points)
    change = _change(level, circumstances)
    to_photo = _framing(anatomy, circumstances)
    changed = change.from_source(level)
    # An open mouth tears the picture; everything else is smooth enough for a coarse raster.
    step = 1 if change.mouth is not None else _COARSE
    axis = (np.arange(side // step) + 0.5) * step - 0.5
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    places = anatomy.on_level_face(transform_points(grid, invert(to_photo)))
    source = change.to_source(places) * anatomy.unit + anatomy.middle
    raster = source.astype(np.float32).reshape(side // step, side // step, 2)
    gap = change.depth_in_gap(places)
    return _Placed(
        to_canvas=_resized(raster, (side, side), cv2.INTER_LINEAR),
        landmarks=transform_points(changed * anatomy.unit + anatomy.middle, to_photo),
        depth_in_gap=None if gap is None else gap.reshape(side, side),
    )


def _change(level: FloatArray, circumstances: Circumstances) -> FaceChange:
    view = _view(circumstances)
    expression = Expression.of(circumstances)
    mouth = None
    if expression.opening:
        seen = level if view is None else view.from_source(level)
        wide = expression.opening
        mouth = MouthOpening.of(seen, up=0.35 * wide, down=0.65 * wide)
    return FaceChange(view=view, mouth=mouth, deformation=_smiling(expression.smile))


def _view(circumstances: Circumstances) -> HeadView | None:
    turn = circumstances.draw(Nuisance.HEAD_TURN)
    view = None if turn is None else random_view(turn)
    tremor = circumstances.tremor(Nuisance.HEAD_TURN)
    if tremor is None:
        return view
    view = view or HeadView()
    yaw, pitch = tremor.normal(0.0, TREMOR_TURN_DEG, 2)
    return replace(view, yaw_deg=view.yaw_deg + yaw, pitch_deg=view.pitch_deg + pitch)


def _smiling(smile: float) -> Deformation:
    """Corners of the mouth out and up, cheeks and lower lids up; towards the source."""
    bumps = []
    for side in (-1.0, 1.0):
        bumps.append(Bump((0.40 * side, 1.05), 0.24, (-0.10 * smile * side, 0.09 * smile)))
        bumps.append(Bump((0.62 * side, 0.55), 0.28, (0.0, 0.05 * smile)))
        bumps.append(Bump((0.5 * side, 0.14), 0.15, (0.0, 0.025 * smile)))
    return Deformation(tuple(bumps))


def _framing(anatomy: Anatomy, circumstances: Circumstances) -> FloatArray:
    rng = circumstances.draw(Nuisance.FRAMING)
    to_photo = (
        np.eye(2, 3) if rng is None else _moved(anatomy, rng, tilt_deg=4, scale=0.07, shift=0.02)
    )
    tremor = circumstances.tremor(Nuisance.FRAMING)
    if tremor is None:
        return to_photo
    moved = _moved(
        anatomy, tremor, tilt_deg=TREMOR_TILT_DEG, scale=TREMOR_SCALE, shift=TREMOR_SHIFT
    )
    return np.asarray(moved @ np.vstack([to_photo, [0, 0, 1]]), dtype=np.float64)


def _moved(
    anatomy: Anatomy, rng: np.random.Generator, *, tilt_deg: float, scale: float, shift: float
) -> FloatArray:
    pivot = (float(anatomy.middle[0]), float(anatomy.middle[1]))
    tilt, stretch = rng.normal(0, tilt_deg), float(np.exp(rng.normal(0, scale)))
    moved = np.asarray(cv2.getRotationMatrix2D(pivot, tilt, stretch), dtype=np.float64)
    moved[:, 2] += rng.normal(0, shift * anatomy.shape[0], 2)
    return moved


def _with_teeth(light: Light, placed: _Placed, circumstances: Circumstances) -> Light:
    if placed.depth_in_gap is None:
        return light
    generator = np.random.default_rng(Expression.of(circumstances).teeth_seed)
    painted = paint_teeth(generator, encoded(light), placed.depth_in_gap)
    return to_linear(np.clip(painted, 0, 255).astype(np.uint8))


def _with_glasses(
    light: Light, landmarks: FloatArray, circumstances: Circumstances
) -> tuple[Light, Field]:
    generator = circumstances.draw(Nuisance.GLASSES)
    if generator is None:
        return light, np.ones(light.shape[:2], np.float32)
    before = encoded(light)
    after = random_glasses(generator, before, landmarks)
    hidden = np.clip(np.abs(after - before).max(axis=-1) / 60.0, 0, 1)
    return to_linear(np.clip(after, 0, 255).astype(np.uint8)), np.asarray(1 - hidden, np.float32)


def _camera(light: Light, circumstances: Circumstances) -> Photo:
    filtered = circumstances.draw(Nuisance.BEAUTY_FILTER)
    if filtered is not None:
        light = _smoothed(light, float(filtered.uniform(0.2, 0.6)))
    lens = circumstances.draw(Nuisance.BLUR)
    if lens is not None:
        light = blur(light, float(lens.uniform(0.3, 1.4)))
    size = circumstances.draw(Nuisance.PHOTO_SIZE)
    if size is not None:
        largest = light.shape[0]
        side = int(size.integers(round(SMALLEST_SHARE * largest), largest + 1))
        light = _resized(light, (side, side), cv2.INTER_AREA)
    grain = circumstances.draw(Nuisance.CAMERA_NOISE)
    if grain is not None:
        noise = grain.standard_normal(light.shape, dtype=np.float32)
        tremor = circumstances.tremor(Nuisance.CAMERA_NOISE)
        if tremor is not None:
            noise = tremor.standard_normal(light.shape, dtype=np.float32)
        light = light + noise * np.float32(grain.uniform(0.001, 0.014)) * np.sqrt(
            np.clip(light, 0, 1) + 0.02
        )
    pixels = to_srgb(light)
    sharpening = circumstances.draw(Nuisance.SHARPENING)
    if sharpening is not None:
        amount = float(sharpening.uniform(0.2, 0.9))
        soft = cv2.GaussianBlur(pixels, (0, 0), 1.2)
        pixels = np.asarray(cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0), np.uint8)
    file = circumstances.draw(Nuisance.COMPRESSION)
    return pixels if file is None else as_jpeg(pixels, int(file.integers(55, 97)))


def _smoothed(light: Light, strength: float) -> Light:
    smooth = edge_preserving(light, max(3, light.shape[0] // 64), 0.004)
    return np.asarray(light + np.float32(strength) * (smooth - light), dtype=np.float32)
