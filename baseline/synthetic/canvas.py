"""The canvas: a real face or a morph, upright in a square frame, its own signs toned down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from backend.vision.regions import EYE_RINGS, LIPS, OUTLINE
from baseline.faces.folder import FaceFile
from baseline.faces.morph import morph
from baseline.synthetic.anatomy import Anatomy, Points
from baseline.synthetic.cleaning import clean, skin_mask
from baseline.synthetic.lighting import STUDIO, Lighting, Normals, face_normals
from baseline.synthetic.noise import blur, smooth_noise, soft_step
from baseline.synthetic.optics import (
    DENSE_MELANIN,
    MELANIN,
    Field,
    Light,
    absorb,
    luminance,
    to_linear,
)

EYE_DISTANCE_OF_PHOTO: Final = 0.25
"""Distance between the eyes as a share of the simulated photo's side; hair and neck stay in."""
EYE_HEIGHT_OF_PHOTO: Final = 0.46
TONES: Final = (0.07, 0.50)
"""Median luminance of the darkest and lightest facial skin, drawn evenly in its logarithm."""
TONE_CHANGE: Final = (-0.35, 2.4)
"""How much melanin a tone may take away or add; a face cannot be made lighter at will."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A face ready to be painted on.

    Attributes:
        light: linear RGB float32 (S, S, 3).
        anatomy: its landmarks, canvas pixels.
        skin: float32 (S, S) in [0, 1], 1 on facial skin.
        lips: float32 (S, S) in [0, 1].
        parents: the people it was made of.
        normals: the form of the face, float32 (S, S, 3).
        lighting: the lamps that signs with a relief or a film answer to.
    """

    light: Light
    anatomy: Anatomy
    skin: Field
    lips: Field
    parents: tuple[str, ...]
    normals: Normals
    lighting: Lighting = STUDIO

    @property
    def person(self) -> str:
        """Who this is: a person's number, or those of a morph's parents joined by +."""
        return "+".join(self.parents)


@dataclass(frozen=True, slots=True)
class _Portrait:
    light: Light
    points: Points


@dataclass(frozen=True, slots=True)
class OwnShine:
    """How much of a face's own shine is left on a canvas.

    Attributes:
        most: up to this share of it, each as likely, from 0 to 1.
        on: share of the canvases on which any is left; the others are matte.
    """

    most: float = 0.0
    on: float = 1.0

    def draw(self, rng: np.random.Generator) -> float:
        """The share that is left on one canvas."""
        # Nothing is drawn that decides nothing, so that the other draws stay what they were.
        if self.most == 0 or (self.on < 1 and rng.random() >= self.on):
            return 0.0
        return float(rng.uniform(0, self.most))


NO_SHINE: Final = OwnShine()


class CanvasMaker:
    """Makes canvases out of the faces of one split, so that no face leaks into another."""

    def __init__(
        self, faces: Sequence[FaceFile], *, side_px: int, own_shine: OwnShine = NO_SHINE
    ) -> None:
        """Read and align every face once.

        Args:
            faces: at least one; morphs are made among these alone.
            side_px: side of the square canvas, and so of the simulated photo.
            own_shine: how much of a face's own shine is left on it, drawn for each canvas.
        """
        self._side_px = side_px
        self._own_shine = own_shine
        self._portraits: Mapping[str, _Portrait] = {
            face.person: self._portrait(face) for face in faces
        }
        self._people = tuple(self._portraits)

    def make(self, rng: np.random.Generator) -> Canvas:
        """A random face: one person or a morph of two or three, at times mirrored, of any tone."""
        parents = min(len(self._people), int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2])))
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
        strength = float(rng.uniform(0.8, 1.0))
        left = self._own_shine.draw(rng)
        light = clean(light, skin, anatomy, strength=strength, own_shine=left)
        tone = float(np.exp(rng.uniform(*np.log(TONES))))
        light = retone(light, skin, anatomy, reflectance=tone)
        light = pores(light, skin, anatomy, depth=float(rng.uniform(0.0, 0.05)), rng=rng)
        lips = anatomy.polygon(LIPS, feather=0.015)
        names = tuple(str(name) for name in people)
        return Canvas(light, anatomy, skin, lips, names, face_normals(anatomy))

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
    anatomy = Anatomy(points=points, shape=canvas.anatomy.shape)
    return Canvas(
        light=np.ascontiguousarray(canvas.light[:, ::-1]),
        anatomy=anatomy,
        skin=np.ascontiguousarray(canvas.skin[:, ::-1]),
        lips=np.ascontiguousarray(canvas.lips[:, ::-1]),
        parents=canvas.parents,
        normals=face_normals(anatomy),
        lighting=canvas.lighting,
    )


def retone(light: Light, skin: Field, anatomy: Anatomy, *, reflectance: float) -> Light:
    """Give the whole person another skin tone, from very light to very dark.

    Args:
        light: linear RGB float32 (S, S, 3).
        skin: facial skin, float32 (S, S) in [0, 1].
        anatomy: of the face.
        reflectance: the wanted median luminance of the facial skin, 0 to 1.
    """
    median = np.median(light[skin > 0.8], axis=0)
    added = np.log(float(luminance(median[None])[0]) / reflectance) / float(
        DENSE_MELANIN @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    )
    amount = float(np.clip(added, *TONE_CHANGE))
    face = anatomy.polygon(OUTLINE, feather=0.03)
    for ring in EYE_RINGS:
        face = face * (1 - anatomy.polygon(ring, grow=1.1))
    face = face * (1 - 0.3 * anatomy.polygon(LIPS))
    everywhere = np.maximum(face, _body_skin(light, median, anatomy))
    spectrum = DENSE_MELANIN if amount > 0 else MELANIN
    return absorb(light, blur(everywhere, 1.5) * np.float32(amount), spectrum)


def _body_skin(light: Light, median: np.ndarray, anatomy: Anatomy) -> Field:
    # Neck and ears: of the face's colour, and not as dark as hair.
    soft = blur(light, 0.02 * anatomy.unit) + np.float32(1e-3)
    hues = np.log(soft[..., :2] / soft[..., 1:])
    own = np.log((median[:2] + 1e-3) / (median[1:] + 1e-3)).astype(np.float32)
    far = np.abs(hues - own).max(axis=-1)
    dark = np.log(luminance(soft) / float(luminance(median[None])[0]))
    alike = soft_step(-far, -0.28, 0.12) * soft_step(dark, -1.1, 0.3)
    return blur(alike, 0.02 * anatomy.unit)


def pores(
    light: Light, skin: Field, anatomy: Anatomy, *, depth: float, rng: np.random.Generator
) -> Light:
    """Give smooth skin back a fine grain of pores; `depth` is its relative contrast."""
    grain = smooth_noise(anatomy.shape, float(rng.uniform(0.012, 0.03)) * anatomy.unit, rng)
    return light * (1 + np.float32(depth) * grain * skin)[..., None]
