"""What differs between two photos of the same skin: lamp, camera, background and framing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, Photo
from baseline.synthetic.anatomy import Anatomy
from baseline.synthetic.noise import blur, octaves
from baseline.synthetic.optics import Light, to_srgb


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo as a camera would have delivered it.

    Attributes:
        pixels: RGB uint8 (S, S, 3).
        to_canvas: float64 (2, 3), from photo pixels to canvas pixels.
    """

    pixels: Photo
    to_canvas: FloatArray


def shoot(light: Light, anatomy: Anatomy, rng: np.random.Generator) -> Shot:
    """Light a painted canvas, frame it and take the picture.

    Args:
        light: linear RGB float32 (S, S, 3).
        anatomy: the canvas's landmarks.
        rng: every choice is drawn from it.
    """
    light = _background(light, anatomy, rng) if rng.random() < 0.7 else light
    light = _lamp(light, anatomy, rng)
    framed, to_canvas = _frame(light, anatomy, rng)
    return Shot(pixels=_camera(framed, rng), to_canvas=to_canvas)


def _background(light: Light, anatomy: Anatomy, rng: np.random.Generator) -> Light:
    # The studio's even grey is told apart by its likeness to the upper corners.
    side = light.shape[0]
    corner = max(4, side // 16)
    corners = np.concatenate([light[:corner, :corner], light[:corner, -corner:]], axis=1)
    grey = np.median(corners.reshape(-1, 3), axis=0)
    away = np.abs(np.log((light + 0.01) / (grey + 0.01))).max(axis=-1).astype(np.float32)
    person = np.clip((blur(away, 1.5) - 0.12) / 0.15, 0, 1)
    closed = cv2.morphologyEx(person, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    person = np.maximum(
        blur(np.asarray(closed, dtype=np.float32), 1.0),
        anatomy.polygon((*range(134, 145), *range(125, 134)), feather=0.03),
    )
    colour = rng.uniform(0.02, 0.8) * (1 + rng.normal(0, 0.15, 3))
    scene = colour + rng.uniform(0, 0.2) * octaves(anatomy.shape, side / 4, rng)[..., None]
    scene = np.clip(scene, 0.005, 1).astype(np.float32)
    return np.asarray(person[..., None] * light + (1 - person[..., None]) * scene)


def _lamp(light: Light, anatomy: Anatomy, rng: np.random.Generator) -> Light:
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    centre = anatomy.centre((0, 1))
    angle = rng.uniform(0, 2 * np.pi)
    along = (columns - centre[0]) * np.cos(angle) + (rows - centre[1]) * np.sin(angle)
    gradient = np.exp(rng.normal(0, 0.14) * along / anatomy.unit)
    exposure = np.exp(rng.normal(0, 0.22))
    white_balance = np.exp(rng.normal(0, 0.05, 3) + rng.normal(0, 0.05) * np.array([1, 0, -1]))
    lit = light * (gradient * exposure)[..., None] * white_balance
    return np.asarray(lit, dtype=np.float32)


def _frame(light: Light, anatomy: Anatomy, rng: np.random.Generator) -> tuple[Light, FloatArray]:
    side = light.shape[0]
    centre = anatomy.centre((0, 1))
    degrees, scale = rng.normal(0, 4), np.exp(rng.normal(0, 0.06))
    pivot = (float(centre[0]), float(centre[1]))
    to_photo = np.asarray(cv2.getRotationMatrix2D(pivot, degrees, scale), dtype=np.float64)
    to_photo[:, 2] += rng.normal(0, 0.02 * side, 2)
    framed = cv2.warpAffine(
        light, to_photo, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    to_canvas = cv2.invertAffineTransform(to_photo)
    return np.asarray(framed, dtype=np.float32), np.asarray(to_canvas, dtype=np.float64)


def _camera(light: Light, rng: np.random.Generator) -> Photo:
    if rng.random() < 0.5:
        light = blur(light, float(rng.uniform(0.3, 1.3)))
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    spread = np.float32(rng.uniform(0.001, 0.012)) * np.sqrt(np.clip(light, 0, 1) + 0.02)
    pixels = to_srgb(light + noise * spread)
    if rng.random() < 0.4:
        amount = float(rng.uniform(0.2, 0.9))
        soft = cv2.GaussianBlur(pixels, (0, 0), 1.2)
        sharp = cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0)
        pixels = np.asarray(sharp, dtype=np.uint8)
    return _compressed(pixels, quality=int(rng.integers(60, 97)))


def _compressed(pixels: npt.NDArray[np.uint8], *, quality: int) -> Photo:
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    if decoded is None:
        raise RuntimeError("OpenCV cannot read the JPEG that it has just written")
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)
