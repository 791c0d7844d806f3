"""What a camera, a room and a hand do to a picture of a face, without moving its points."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo
from baseline.faces.accessories import FloatPicture


def random_background(generator: np.random.Generator, side_px: int) -> FloatPicture:
    """A made-up room: a blurred pattern of a few colours, or one even colour."""
    if generator.random() < 0.3:
        colour = generator.uniform(0, 255, 3).astype(np.float32)
        return np.broadcast_to(colour, (side_px, side_px, 3)).copy()
    cells = int(generator.integers(2, 24))
    pattern = generator.uniform(0, 255, (cells, cells, 3)).astype(np.float32)
    kinds = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    kind = kinds[int(generator.integers(len(kinds)))]
    enlarged = cv2.resize(pattern, (side_px, side_px), interpolation=kind)
    return np.asarray(np.clip(enlarged, 0, 255), dtype=np.float32)


def random_light(generator: np.random.Generator, picture: FloatPicture) -> FloatPicture:
    """Change exposure, contrast, colour, and let one side lie in shade."""
    gamma = float(np.exp(generator.normal(0.0, 0.3)))
    gains = np.exp(generator.normal(0.0, 0.08, 3)) * np.exp(generator.normal(-0.05, 0.25))
    lit = 255.0 * (np.clip(picture, 0, 255) / 255.0) ** gamma * gains
    if generator.random() < 0.5:
        lit = lit * _random_shade(generator, picture.shape[0])[..., None]
    if generator.random() < 0.3:
        grey = lit.mean(axis=2, keepdims=True)
        lit = grey + (lit - grey) * generator.uniform(0.0, 1.5)
    contrast = float(np.exp(generator.normal(0.0, 0.15)))
    middle = lit.mean()
    return np.asarray(np.clip(middle + (lit - middle) * contrast, 0, 255), dtype=np.float32)


def _random_shade(generator: np.random.Generator, side_px: int) -> FloatPicture:
    places = np.linspace(-1.0, 1.0, side_px)
    angle = generator.uniform(0, 2 * np.pi)
    along = np.cos(angle) * places[None, :] + np.sin(angle) * places[:, None]
    steepness = generator.uniform(0.8, 6.0)
    border = generator.uniform(-0.7, 0.7)
    darkest = generator.uniform(0.25, 0.9)
    shade = darkest + (1 - darkest) / (1 + np.exp(-steepness * (along - border)))
    return np.asarray(shade, dtype=np.float32)


def random_occluder(generator: np.random.Generator, picture: FloatPicture) -> FloatPicture:
    """Lay a hand, a strand of hair, a mask or the frame of glasses over the picture."""
    side_px = picture.shape[0]
    cover = np.zeros((side_px, side_px), np.float32)
    colour = generator.uniform(0, 220, 3).astype(np.float32)
    kind = generator.random()
    if kind < 0.35:
        centre = generator.uniform(0.1, 0.9, 2) * side_px
        axes = generator.uniform(0.04, 0.22, 2) * side_px
        angle = float(generator.uniform(0, 180))
        box = (_pixel(centre), _pixel(axes * 2), angle)
        cv2.ellipse(cover, box, 1.0, -1)
    elif kind < 0.7:
        for _ in range(generator.integers(1, 6)):
            ends = np.round(generator.uniform(-0.1, 1.1, (2, 2)) * side_px).astype(int)
            width = int(generator.integers(1, max(2, side_px // 20)))
            cv2.line(cover, tuple(ends[0].tolist()), tuple(ends[1].tolist()), 1.0, width)
    else:
        corner = generator.uniform(0.0, 1.0, 2) * side_px
        size = generator.uniform(0.08, 0.35, 2) * side_px
        low, high = np.round(corner).astype(int), np.round(corner + size).astype(int)
        cover[low[1] : high[1], low[0] : high[0]] = 1.0
    cover = cv2.GaussianBlur(cover, (0, 0), 0.7) * np.float32(generator.uniform(0.7, 1.0))
    texture = colour + generator.normal(0, 12, picture.shape).astype(np.float32)
    covered = picture * (1 - cover[..., None]) + texture * cover[..., None]
    return np.asarray(covered, dtype=np.float32)


def _pixel(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def random_camera(generator: np.random.Generator, picture: FloatPicture) -> Photo:
    """Blur, shrink, add noise and compress, each at times.

    Returns:
        RGB uint8 (H, W, 3).
    """
    side_px = picture.shape[0]
    taken = picture
    if generator.random() < 0.3:
        taken = _floats(cv2.GaussianBlur(taken, (0, 0), float(generator.uniform(0.4, 2.2))))
    if generator.random() < 0.2:
        small_px = int(generator.integers(side_px // 4, side_px))
        shrunk = cv2.resize(taken, (small_px, small_px), interpolation=cv2.INTER_AREA)
        enlarged = cv2.resize(shrunk, (side_px, side_px), interpolation=cv2.INTER_LINEAR)
        taken = _floats(enlarged)
    if generator.random() < 0.4:
        taken = _floats(taken + generator.normal(0, generator.uniform(1, 14), picture.shape))
    levels = np.clip(taken, 0, 255).astype(np.uint8)
    if generator.random() < 0.3:
        quality = int(generator.integers(15, 90))
        _, encoded = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        levels = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)
    return levels


def _floats(values: npt.ArrayLike) -> FloatPicture:
    return np.asarray(values, dtype=np.float32)
