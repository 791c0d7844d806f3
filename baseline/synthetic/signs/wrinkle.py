"""Wrinkles: furrows in a height field, shaded by the light that falls across them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from baseline.synthetic.anatomy import (
    BROW_INNER,
    EYE_CORNERS,
    EYES,
    HAIRLINE,
    MOUTH_CORNERS,
    NASOLABIAL,
    UNDER_EYES,
    Anatomy,
    Points,
)
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur
from baseline.synthetic.optics import Field
from baseline.synthetic.signs.painting import Painting, share, unit_range


@dataclass(frozen=True, slots=True)
class _Furrow:
    """A curve to carve: points float64 (N, 2) in pixels, depth 0 to 1, width in eye distances."""

    curve: Points
    depth: float
    width: float


def paint_wrinkle(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Carve furrows at their usual sites: more, longer, deeper and wider with severity (0-4)."""
    amount = share(severity)
    if amount == 0:
        return Painting(canvas.light, np.zeros(canvas.anatomy.shape, np.float32))
    depth = _depth_field(canvas, amount, rng)
    shade = _shade(depth, canvas.anatomy, rng)
    light = canvas.light * shade[..., None]
    return Painting(np.asarray(light, dtype=np.float32), unit_range(depth * 1.2))


def _depth_field(canvas: Canvas, amount: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    depth = np.zeros(anatomy.shape, np.float32)
    for furrow in _furrows(anatomy, amount, rng):
        carved = _carve(anatomy, furrow, rng)
        depth = np.maximum(depth, carved)
    return depth * canvas.skin * np.float32(0.3 + 0.7 * amount)


def _furrows(anatomy: Anatomy, amount: float, rng: np.random.Generator) -> Iterator[_Furrow]:
    yield from _forehead(anatomy, round(0.6 + 5 * amount), amount, rng)
    yield from _frown(anatomy, round(3 * amount), amount, rng)
    yield from _crows_feet(anatomy, round(0.8 + 5 * amount), amount, rng)
    yield from _under_eyes(anatomy, round(0.5 + 3 * amount), amount, rng)
    yield from _smile_folds(anatomy, amount, rng)


def _strength(amount: float, rng: np.random.Generator) -> float:
    return float(rng.uniform(0.55, 1.0) * (0.55 + 0.45 * amount))


def _forehead(
    anatomy: Anatomy, count: int, amount: float, rng: np.random.Generator
) -> Iterator[_Furrow]:
    hairline, brows = anatomy.centre(HAIRLINE[2:5]), anatomy.centre(BROW_INNER)
    across = anatomy.points[EYES[1]] - anatomy.points[EYES[0]]
    for line in range(count):
        height = 0.25 + 0.55 * (line + rng.uniform(0.2, 0.8)) / count
        middle = anatomy.between(hairline, brows, height) + across * rng.normal(0, 0.06)
        half = across * rng.uniform(0.3, 0.5) * (0.6 + 0.5 * amount)
        sag = np.array([0, 0.05 * anatomy.unit * rng.uniform(-0.6, 1.2)])
        curve = _bow(middle - half, middle + half, sag)
        yield _Furrow(curve, _strength(amount, rng), 0.012 + 0.008 * amount)


def _frown(
    anatomy: Anatomy, count: int, amount: float, rng: np.random.Generator
) -> Iterator[_Furrow]:
    first, second = (anatomy.points[index] for index in BROW_INNER)
    for line in range(count):
        side = 0.3 + 0.4 * (line / max(1, count - 1) if count > 1 else 0.5)
        foot = anatomy.between(first, second, side + rng.normal(0, 0.04))
        foot = anatomy.shifted(foot, 0, 0.06)
        top = anatomy.shifted(foot, rng.normal(0, 0.03), -rng.uniform(0.15, 0.28))
        yield _Furrow(_bow(foot, top, rng.normal(0, 0.015 * anatomy.unit, 2)),
                      _strength(amount, rng), 0.013)  # fmt: skip


def _crows_feet(
    anatomy: Anatomy, count: int, amount: float, rng: np.random.Generator
) -> Iterator[_Furrow]:
    for corner in EYE_CORNERS:
        outward = np.sign(anatomy.points[corner][0] - anatomy.centre(EYES)[0])
        for line in range(count):
            angle = np.deg2rad(-30 + 65 * (line + rng.uniform(0.2, 0.8)) / count)
            direction = np.array([outward * np.cos(angle), np.sin(angle)])
            start = anatomy.points[corner] + direction * rng.uniform(0.05, 0.1) * anatomy.unit
            end = start + direction * rng.uniform(0.1, 0.2) * (0.7 + 0.7 * amount) * anatomy.unit
            sag = np.array([0, rng.uniform(0.0, 0.03) * anatomy.unit])
            yield _Furrow(_bow(start, end, sag), _strength(amount, rng), 0.009)


def _under_eyes(
    anatomy: Anatomy, count: int, amount: float, rng: np.random.Generator
) -> Iterator[_Furrow]:
    for group in UNDER_EYES:
        ring = anatomy.points[list(group)]
        for line in range(count):
            lowered = anatomy.shifted(ring, 0, -0.05 + 0.055 * line + rng.normal(0, 0.01))
            yield _Furrow(_smooth(lowered), 0.75 * _strength(amount, rng), 0.009)


def _smile_folds(anatomy: Anatomy, amount: float, rng: np.random.Generator) -> Iterator[_Furrow]:
    for fold in NASOLABIAL:
        curve = _smooth(anatomy.points[list(fold)] + rng.normal(0, 0.01 * anatomy.unit, (3, 2)))
        kept = max(4, round(len(curve) * (0.5 + 0.5 * amount)))
        yield _Furrow(curve[:kept], _strength(amount, rng), 0.018 + 0.012 * amount)
    if amount > 0.55:
        for corner in MOUTH_CORNERS:
            start = anatomy.shifted(anatomy.points[corner], 0, 0.05)
            outward = np.sign(start[0] - anatomy.centre(EYES)[0])
            end = anatomy.shifted(start, outward * 0.05, 0.25 * amount)
            yield _Furrow(_bow(start, end, np.zeros(2)), _strength(amount, rng), 0.014)


def _bow(start: Points, end: Points, sag: Points) -> Points:
    t = np.linspace(0, 1, 24)[:, None]
    return np.asarray((1 - t) * start + t * end + 4 * t * (1 - t) * sag)


def _smooth(points: Points) -> Points:
    # The parabola through three landmarks, so that a fold bends instead of breaking.
    t = np.linspace(0, 1, 24)[:, None]
    first, middle, last = points
    return np.asarray(
        2 * (t - 0.5) * (t - 1) * first + 4 * t * (1 - t) * middle + 2 * t * (t - 0.5) * last
    )


def _carve(anatomy: Anatomy, furrow: _Furrow, rng: np.random.Generator) -> Field:
    # Each furrow fades towards its ends and trembles a little on its way.
    count = len(furrow.curve)
    walk = np.cumsum(rng.normal(0, 0.0015 * anatomy.unit, (count, 2)), axis=0)
    curve = furrow.curve + walk - np.linspace(0, 1, count)[:, None] * walk[-1]
    fade = np.sin(np.linspace(0.12, np.pi - 0.12, count)) ** 0.6
    field = np.zeros(anatomy.shape, np.float32)
    thickness = max(1, round(furrow.width * anatomy.unit * 0.8))
    points = np.round(curve * 16).astype(np.int32)
    for index in range(count - 1):
        strength = float(furrow.depth * fade[index])
        cv2.line(field, points[index].tolist(), points[index + 1].tolist(), strength, thickness,
                 cv2.LINE_AA, 4)  # fmt: skip
    return _local_blur(field, points // 16, furrow.width * anatomy.unit * 0.6)


def _local_blur(field: Field, points: np.ndarray, sigma_px: float) -> Field:
    # Blurring only around the curve keeps a face with forty furrows cheap.
    margin = int(4 * sigma_px) + 4
    left, top = np.maximum(points.min(axis=0) - margin, 0)
    right, bottom = points.max(axis=0) + margin
    window = (slice(int(top), int(bottom)), slice(int(left), int(right)))
    if field[window].size:
        field[window] = blur(np.ascontiguousarray(field[window]), sigma_px)
    return field


def _shade(depth: Field, anatomy: Anatomy, rng: np.random.Generator) -> Field:
    # Lambert's law on a height field of -depth: the wall that faces the light is brighter, the
    # other darker, and the bottom of the furrow sees less of the sky.
    angle = rng.normal(-np.pi / 2, 0.7)
    slope_y, slope_x = np.gradient(blur(depth, 0.004 * anatomy.unit) * 0.02 * anatomy.unit)
    towards_light = slope_x * np.cos(angle) + slope_y * np.sin(angle)
    # Beside the line itself the skin sinks in gently, which blurs the cut into a fold.
    fold = blur(depth, 0.025 * anatomy.unit)
    shade = 1 + np.clip(1.1 * towards_light, -0.35, 0.25) - 0.33 * depth - 0.3 * fold
    return np.asarray(shade, dtype=np.float32)
