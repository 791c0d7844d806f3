"""From upright photo to analysis: face, crop, quality, five grades and their maps in one call."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np
import torch
from torch import nn

from backend.errors import DeviceMissingError, ManifestInvalidError
from backend.vision import landmark_network
from backend.vision.face import Face, FaceFinder
from backend.vision.geometry import (
    CROP_SIDE_PX,
    AlignedCrop,
    Photo,
    align,
    invert,
    transform_points,
)
from backend.vision.grad_cam import ExplanationRequest, LibraryExplainer
from backend.vision.grader import AttributeResult, Grader, Reading
from backend.vision.landmarks import LandmarkLocator
from backend.vision.manifest import (
    MANIFEST_NAME,
    LandmarksEntry,
    Manifest,
    read_manifest,
    verify_files,
)
from backend.vision.map_summary import FaceLayout, MapSummary
from backend.vision.network import load_grader
from backend.vision.preprocess import InputSpec, to_tensor
from backend.vision.quality import Quality, assess
from backend.vision.stopwatch import Stage, Stopwatch
from backend.vocabulary import Attribute

_log = logging.getLogger(__name__)


class FindsFace(Protocol):
    """Whatever finds the one face of a photo."""

    def find(self, photo: Photo) -> Face:
        """The face in an upright photo, RGB uint8 (H, W, 3); raises a `FaceError`."""
        ...


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a photo shows.

    Attributes:
        face: where the face is, photo pixels.
        crop: the aligned crop.
        quality: how fit the photo is.
        attributes: one result per attribute.
        maps: of each attribute's map, where on the face its evidence lies.
        timings_ms: time spent per stage so far: detect, predict, explain, and what the given
            stopwatch had counted before.
        layout: which cells of the maps are which part of the face.
    """

    face: Face
    crop: AlignedCrop
    quality: Quality
    attributes: Mapping[Attribute, AttributeResult]
    maps: Mapping[Attribute, MapSummary]
    timings_ms: Mapping[Stage, float]
    layout: FaceLayout


class Analyser:
    """Everything between an upright photo and its analysis.

    It holds no state of any photo: one instance serves any number of threads.
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        finder: FindsFace,
        networks: Mapping[Attribute, nn.Module],
        device: torch.device,
    ) -> None:
        """Put loaded parts together.

        Args:
            manifest: what describes the networks.
            finder: finds the face.
            networks: one grader per attribute, in evaluation mode.
            device: where the graders run.
        """
        self.manifest: Final = manifest
        self.device: Final = device
        self._finder = finder
        self._graders: dict[Attribute, Grader] = {}
        for attribute in Attribute:
            network = networks[attribute].to(device).eval().requires_grad_(requires_grad=False)
            entry = manifest.attributes[attribute]
            self._graders[attribute] = Grader(entry, network, LibraryExplainer(network))

    @classmethod
    def load(cls, models_dir: Path, *, device: torch.device) -> Self:
        """Check and load a models folder, and run every network once.

        Args:
            models_dir: the folder with `manifest.json` and the weights.
            device: where the networks shall run.

        Raises:
            ManifestInvalidError: the manifest cannot be used.
            WeightsUnusableError: a file of weights cannot be used.
        """
        started = time.perf_counter()
        manifest = read_manifest(models_dir)
        _check_landmarks(manifest.landmarks, models_dir / MANIFEST_NAME)
        verify_files(manifest, models_dir)
        # Convolutions in TensorFloat-32 differ from the CPU's in the third digit; the same photo
        # shall get the same grade on both.
        torch.backends.cudnn.allow_tf32 = False
        locator = LandmarkLocator.load(models_dir / manifest.landmarks.file, device=device)
        networks = {
            attribute: load_grader(
                models_dir / entry.file, entry.architecture, output_stride=entry.output_stride
            )
            for attribute, entry in manifest.attributes.items()
        }
        analyser = cls(manifest, finder=FaceFinder(locator), networks=networks, device=device)
        analyser.grade(np.zeros((CROP_SIDE_PX, CROP_SIDE_PX, 3), np.uint8))
        _log.info(
            "loaded networks %s on %s in %.1f s",
            manifest.model_version,
            device,
            time.perf_counter() - started,
        )
        return analyser

    def with_networks(self, networks: Mapping[Attribute, nn.Module]) -> Self:
        """The same with other graders, one per attribute: untrained ones, to compare with."""
        return type(self)(self.manifest, finder=self._finder, networks=networks, device=self.device)

    def analyse(
        self,
        photo: Photo,
        wish: ExplanationRequest | None = None,
        *,
        stopwatch: Stopwatch | None = None,
    ) -> Analysis:
        """Find the face, grade its skin and say why.

        Args:
            photo: RGB uint8 (H, W, 3), upright.
            wish: which maps to draw; by default Grad-CAM of the expected grade.
            stopwatch: counts the time of the stages, and tells when one begins.

        Raises:
            FaceNotFoundError: no face is seen.
            FaceSeveralError: more than one is.
            FaceTooSmallError: it has too few pixels.
            FaceCutOffError: part of it is outside the photo.
        """
        stopwatch = stopwatch or Stopwatch()
        with stopwatch.stage(Stage.DETECT):
            face = self._finder.find(photo)
            crop = align(photo, left_eye=face.left_eye, right_eye=face.right_eye)
            quality = assess(crop.pixels, eye_distance_px=face.eye_distance_px)
            on_crop = transform_points(face.landmarks, invert(crop.to_photo))
            layout = FaceLayout.of(crop.pixels, on_crop)
        drawn = self.grade(crop.pixels, wish, stopwatch=stopwatch)
        maps = {one: layout.summarise(its.heatmap, one) for one, its in drawn.items()}
        attributes = {
            one: replace(its, heatmap=layout.on_skin(its.heatmap, one))
            for one, its in drawn.items()
        }
        return Analysis(face, crop, quality, attributes, maps, dict(stopwatch.timings_ms), layout)

    def grade(
        self,
        crop: Photo,
        wish: ExplanationRequest | None = None,
        *,
        stopwatch: Stopwatch | None = None,
    ) -> dict[Attribute, AttributeResult]:
        """Grade an aligned crop by all five networks and draw their maps.

        Args:
            crop: RGB uint8 (S, S, 3).
            wish: which maps to draw; by default Grad-CAM of the expected grade.
            stopwatch: counts the time of the stages predict and explain.
        """
        wish = wish or ExplanationRequest()
        stopwatch = stopwatch or Stopwatch()
        with torch.inference_mode():
            with stopwatch.stage(Stage.PREDICT):
                readings = self._read(crop, mirror=wish.mirror)
            with stopwatch.stage(Stage.EXPLAIN):
                maps = {
                    attribute: grader.explain(readings[attribute], attribute, wish)
                    for attribute, grader in self._graders.items()
                }
        return {
            attribute: self._graders[attribute].result(reading, *maps[attribute])
            for attribute, reading in readings.items()
        }

    def _read(self, crop: Photo, *, mirror: bool) -> dict[Attribute, Reading]:
        tensors: dict[InputSpec, torch.Tensor] = {}
        readings = {}
        for attribute, grader in self._graders.items():
            spec = grader.entry.input_spec
            if spec not in tensors:
                tensors[spec] = to_tensor(crop, spec)[None].to(self.device)
            readings[attribute] = grader.read(tensors[spec], mirror=mirror)
        return readings


def choose_device(wish: str) -> torch.device:
    """The device for a wish of `auto`, `cpu` or `cuda`; `auto` takes a GPU when there is one.

    Raises:
        DeviceMissingError: a GPU is wished for and there is none.
    """
    if wish == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wish == "cuda" and not torch.cuda.is_available():
        raise DeviceMissingError
    return torch.device(wish)


def _check_landmarks(entry: LandmarksEntry, path: Path) -> None:
    found = (entry.architecture, entry.input_px, entry.points)
    expected = (
        landmark_network.ARCHITECTURE,
        landmark_network.INPUT_PX,
        landmark_network.POINT_COUNT,
    )
    if found != expected:
        raise ManifestInvalidError(
            path,
            reason=f"landmarks: expected architecture, input_px, points {expected}, got {found}",
        )
