"""The same photo tilted, shrunk, or of a face that turned or moved, its points moved with it."""

from __future__ import annotations

import cv2
import numpy as np

from backend.vision.geometry import FloatArray, Photo, invert, transform_points
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE, fit_similarity
from baseline.faces.mouth import paint_teeth
from baseline.faces.photos import LabelledPhoto
from baseline.faces.view import HeadView
from baseline.faces.warp import FaceChange


def tilted(photo: LabelledPhoto, degrees: float) -> LabelledPhoto:
    """The photo turned about its centre, clockwise on the screen."""
    height, width = photo.pixels.shape[:2]
    transform = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    pixels = cv2.warpAffine(
        photo.pixels, transform, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    landmarks = transform_points(photo.landmarks, np.asarray(transform, dtype=np.float64))
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), landmarks)


def scaled(photo: LabelledPhoto, factor: float) -> LabelledPhoto:
    """The photo shrunk by a factor below 1."""
    height, width = photo.pixels.shape[:2]
    size = (round(width * factor), round(height * factor))
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    landmarks = (photo.landmarks + 0.5) * np.array([size[0] / width, size[1] / height]) - 0.5
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), landmarks)


def seen(photo: LabelledPhoto, view: HeadView) -> LabelledPhoto:
    """The photo warped as if the head had turned or the camera had come near."""
    return changed(photo, FaceChange(view=view))


def changed(photo: LabelledPhoto, change: FaceChange) -> LabelledPhoto:
    """The photo of a changed face, its landmarks changed with it."""
    to_photo = face_to_photo(photo)
    to_face = invert(to_photo)
    height, width = photo.pixels.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2)
    places = transform_points(grid, to_face)
    sources = transform_points(change.to_source(places), to_photo).astype(np.float32)
    pixels = cv2.remap(
        photo.pixels,
        sources[:, 0].reshape(height, width),
        sources[:, 1].reshape(height, width),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    gap = change.depth_in_gap(places)
    if gap is not None:
        generator = np.random.default_rng(int(photo.person))
        painted = paint_teeth(generator, pixels.astype(np.float32), gap.reshape(height, width))
        pixels = np.clip(painted, 0, 255)
    moved = change.from_source(transform_points(photo.landmarks, to_face))
    landmarks = transform_points(moved, to_photo)
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), landmarks)


def face_to_photo(photo: LabelledPhoto) -> FloatArray:
    """From the level face, eyes at (-0.5, 0) and (0.5, 0), to the photo's pixels, (2, 3)."""
    return fit_similarity([(-0.5, 0.0), (0.5, 0.0)], photo.landmarks[[LEFT_EYE, RIGHT_EYE]])


def as_jpeg(pixels: Photo, quality: int) -> Photo:
    """The picture, RGB uint8 (H, W, 3), after a JPEG of this quality, 0 to 100."""
    _, packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    if unpacked is None:
        raise RuntimeError("OpenCV cannot read the JPEG that it has just written")
    return np.asarray(cv2.cvtColor(unpacked, cv2.COLOR_BGR2RGB), dtype=np.uint8)
