"""The canvas: a real face or a morph, upright in a square frame, its own signs toned down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from baseline.synthetic.anatomy import LIPS, Anatomy, Points
from baseline.synthetic.faces import FaceFile
from baseline.synthetic.morph import morph
from baseline.synthetic.noise import blur, edge_preserving, smooth_noise, soft_step
from baseline.synthetic.optics import MELANIN, Field, Light, absorb, luminance, to_linear

EYE_DISTANCE_OF_PHOTO: Final = 0.25
"""Distance between the eyes as a share of the simulated photo's side; hair and neck stay in."""
EYE_HEIGHT_OF_PHOTO: Final = 0.46
FEATHER: Final = 0.03


@dataclass(frozen=True, slots=True)
class Canvas:
    """A face ready to be painted on.

    Attributes:
        light: linear RGB float32 (S, S, 3).
        anatomy: its landmarks, canvas pixels.
        skin: float32 (S, S) in [0, 1], 1 on facial skin.
        lips: float32 (S, S) in [0, 1].
        parents: the people it was made of.
    """

    light: Light
    anatomy: Anatomy
    skin: Field
    lips: Field
    parents: tuple[str, ...]

    @property
    def person(self) -> str:
        """Who this is: a person's number, or those of a morph's parents joined by +."""
        return "+".join(self.parents)


@dataclass(frozen=True, slots=True)
class _Portrait:
    light: Light
    points: Points


class CanvasMaker:
    """Makes canvases out of the faces of one split, so that no face leaks into another."""

    def __init__(self, faces: Sequence[FaceFile], *, side_px: int) -> None:
        """Read and align every face once.

        Args:
            faces: at least one; morphs are made among these alone.
            side_px: side of the square canvas, and so of the simulated photo.
        """
        self._side_px = side_px
        self._portraits: Mapping[str, _Portrait] = {
            face.person: self._portrait(face) for face in faces
        }
        self._people = tuple(self._portraits)

    def make(self, rng: np.random.Generator) -> Canvas:
        """A random face: one person, or a morph of two, perhaps mirrored, of a random tone."""
        parents = 2 if len(self._people) > 1 and rng.random() < 0.5 else 1
        people = tuple(sorted(rng.choice(self._people, size=parents, replace=False)))
        canvas = self.make_from(people, weights=rng.uniform(0.35, 0.65, parents).tolist(), rng=rng)
        return mirrored(canvas) if rng.random() < 0.5 else canvas

    def make_from(
        self, people: Sequence[str], *, weights: Sequence[float], rng: np.random.Generator
    ) -> Canvas:
        """The face of one person, or the morph of several, cleaned and of a random tone."""
        faces = [(self._portraits[name].light, self._portraits[name].points) for name in people]
        light, points = faces[0] if len(faces) == 1 else morph(faces, weights)
        anatomy = Anatomy(points=points, shape=(self._side_px, self._side_px))
        skin = skin_mask(light, anatomy)
        light = clean(light, skin, anatomy, strength=float(rng.uniform(0.7, 0.95)))
        light = retone(light, skin, change=float(rng.triangular(-0.25, 0.0, 0.9)))
        light = pores(light, skin, anatomy, depth=float(rng.uniform(0.01, 0.035)), rng=rng)
        lips = anatomy.polygon(LIPS, feather=0.015)
        return Canvas(light, anatomy, skin, lips, tuple(str(name) for name in people))

    def _portrait(self, face: FaceFile) -> _Portrait:
        photo, points = face.read_photo(), face.read_landmarks()
        left, right = points[0], points[1]
        side = self._side_px
        scale = EYE_DISTANCE_OF_PHOTO * side / float(np.hypot(*(right - left)))
        angle = float(np.arctan2(right[1] - left[1], right[0] - left[0]))
        cos, sin = scale * np.cos(angle), scale * np.sin(angle)
        linear = np.array([[cos, sin], [-sin, cos]])
        shift = np.array([side / 2, EYE_HEIGHT_OF_PHOTO * side]) - linear @ ((left + right) / 2)
        transform = np.hstack([linear, shift[:, None]])
        pixels = cv2.warpAffine(
            photo, transform, (side, side), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        )
        return _Portrait(
            light=to_linear(np.asarray(pixels, dtype=np.uint8)),
            points=points @ linear.T + shift,
        )


def mirrored(canvas: Canvas) -> Canvas:
    """The same face as a mirror shows it; landmarks keep their index, so sides swap names."""
    points = canvas.anatomy.points.copy()
    points[:, 0] = canvas.light.shape[1] - 1 - points[:, 0]
    # Only the eyes' order carries meaning outside the painters: first is on the image's left.
    points[[0, 1]] = points[[1, 0]]
    return Canvas(
        light=np.ascontiguousarray(canvas.light[:, ::-1]),
        anatomy=Anatomy(points=points, shape=canvas.anatomy.shape),
        skin=np.ascontiguousarray(canvas.skin[:, ::-1]),
        lips=np.ascontiguousarray(canvas.lips[:, ::-1]),
        parents=canvas.parents,
    )


def skin_mask(light: Light, anatomy: Anatomy) -> Field:
    """Facial skin, float32 (S, S) in [0, 1]: the outline less features, hair and beard.

    Hair over the forehead is told from skin by its darkness against the face's median.
    """
    geometric = anatomy.geometric_skin()
    tone = np.log(blur(luminance(light), 0.015 * anatomy.unit) + 1e-3)
    inside = tone[geometric > 0.9]
    middle = float(np.median(inside))
    spread = float(np.median(np.abs(inside - middle))) * 1.48
    hair = 1 - soft_step(tone - np.float32(middle), -max(4 * spread, 0.75), 0.2)
    return geometric * (1 - blur(hair, 0.02 * anatomy.unit))


def clean(light: Light, skin: Field, anatomy: Anatomy, *, strength: float) -> Light:
    """Tone down the face's own lines, spots and flush, so that what is painted is what is there.

    Args:
        light: linear RGB float32 (S, S, 3).
        skin: where to do so, float32 (S, S) in [0, 1].
        anatomy: gives the scale.
        strength: 0 changes nothing, 1 leaves only the broad shading.
    """
    density = np.log(light + np.float32(1e-3))
    fine = edge_preserving(density, max(2, round(0.05 * anatomy.unit)), 0.02)
    broad = edge_preserving(fine, max(4, round(0.16 * anatomy.unit)), 0.012)
    detail = density - broad
    # Pores and texture are small in amplitude and stay; folds and spots are large and shrink.
    limit = np.float32(0.05)
    kept = limit * np.tanh(detail / limit) * np.float32(0.8)
    smoothed = broad + kept
    blend = (skin * np.float32(strength))[..., None]
    return np.asarray(np.exp(density + blend * (smoothed - density)) - 1e-3, dtype=np.float32)


def retone(light: Light, skin: Field, *, change: float) -> Light:
    """Make the whole face's skin darker (positive) or lighter by an even amount of melanin."""
    amount = blur(np.clip(skin * 1.0, 0, 1), 6.0) * np.float32(change)
    return absorb(light, amount, MELANIN)


def pores(
    light: Light, skin: Field, anatomy: Anatomy, *, depth: float, rng: np.random.Generator
) -> Light:
    """Give smooth skin back a fine grain of pores; `depth` is its relative contrast."""
    grain = smooth_noise(anatomy.shape, 0.02 * anatomy.unit, rng)
    return light * (1 + np.float32(depth) * grain * skin)[..., None]
