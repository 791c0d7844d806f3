"""From upright photo to analysis: face, crop, quality, five grades and their maps in one call."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from backend.errors import ManifestInvalidError
from backend.vision import landmarks
from backend.vision.aligned_face import AlignedFace, MeasuredFace
from backend.vision.capture import Capture
from backend.vision.correction import LightCorrection
from backend.vision.engines.base import EngineFacts, GradersEngine, never_broken
from backend.vision.engines.choice import EngineWish, load_engines
from backend.vision.face import Face, FaceFinder
from backend.vision.geometry import (
    CROP_SIDE_PX,
    AlignedCrop,
    Photo,
)
from backend.vision.grad_cam import ExplanationRequest
from backend.vision.grader import AttributeResult, Grader, Reading
from backend.vision.landmarks import INPUT_PX, LandmarkLocator, MeanFace, scaled
from backend.vision.manifest import (
    MANIFEST_NAME,
    LandmarksEntry,
    Manifest,
    read_manifest,
    verify_files,
)
from backend.vision.map_summary import FaceLayout, MapSummary
from backend.vision.portrait import FindsFaceOnCrop, Portrait, read_crop, read_portrait
from backend.vision.preprocess import to_array
from backend.vision.quality import Quality, assess
from backend.vision.quality_limits import Preset
from backend.vision.stopwatch import Stage, Stopwatch
from backend.vocabulary import Attribute

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a photo shows.

    Attributes:
        face: where the face is, photo pixels.
        crop: the aligned crop.
        correction: what was taken back of its light.
        graded: what the networks looked at: the crop without that, RGB uint8 (S, S, 3).
        capture: how the photo was taken.
        quality: how fit it is.
        attributes: one result per attribute.
        maps: of each attribute's map, where on the face its evidence lies.
        timings_ms: time spent per stage so far: detect, predict, explain, and what the given
            stopwatch had counted before.
        layout: which cells of the maps are which part of the face.
    """

    face: Face
    crop: AlignedCrop
    correction: LightCorrection
    graded: Photo
    capture: Capture
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
        finder: FindsFaceOnCrop,
        graders: GradersEngine,
        runs: EngineFacts,
        batches: Mapping[int, int] | None = None,
        broken: Callable[[], str | None] = never_broken,
    ) -> None:
        """Put loaded parts together.

        Args:
            manifest: what describes the networks.
            finder: finds the face.
            graders: what runs the graders; an attribute without one is not graded.
            runs: what runs them, for whoever wants to know.
            batches: how many batches of each size they have run, where requests are gathered.
            broken: see `Engines`.
        """
        self.manifest: Final = manifest
        self.runs: Final = runs
        self.batches: Final = {} if batches is None else batches
        self._broken = broken
        self._finder = finder
        self._engine = graders
        self._graders = {
            attribute: Grader(attribute, manifest.attributes[attribute], graders)
            for attribute in Attribute
            if attribute in graders.attributes
        }

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """What is graded."""
        return tuple(self._graders)

    @property
    def broken(self) -> str | None:
        """Why nothing can be analysed any more, until the process ends; None if all is well."""
        return self._broken()

    @classmethod
    def load(cls, models_dir: Path, wish: EngineWish | None = None) -> Self:
        """Check and load a models folder, and run every network once.

        Args:
            models_dir: the folder with `manifest.json` and the weights.
            wish: what shall run them; by default PyTorch on the CPU, the reference.

        Raises:
            ManifestInvalidError: the manifest cannot be used.
            WeightsUnusableError: a file of weights cannot be used.
            GraphsUnusableError: the engine's graphs cannot be made.
            DeviceMissingError: a GPU is wished for and there is none.
        """
        started = time.perf_counter()
        manifest = read_manifest(models_dir)
        _check_landmarks(manifest.landmarks, models_dir / MANIFEST_NAME)
        verify_files(manifest, models_dir)
        engines = load_engines(models_dir, manifest, wish or EngineWish())
        mean_face = MeanFace.load(models_dir / manifest.landmarks.file)
        finder = FaceFinder(LandmarkLocator(engines.landmarks, mean_face))
        analyser = cls(
            manifest,
            finder=finder,
            graders=engines.graders,
            runs=engines.facts,
            batches=engines.batches,
            broken=engines.broken,
        )
        analyser.grade(np.zeros((CROP_SIDE_PX, CROP_SIDE_PX, 3), np.uint8))
        # Not through the locator: where nothing is seen, its points may coincide, which it refuses.
        engines.landmarks.run(scaled(np.zeros((1, INPUT_PX, INPUT_PX, 3), np.uint8)))
        _log.info(
            "loaded networks %s by %s on %s in %s in %.1f s",
            manifest.model_version,
            engines.facts.name,
            engines.facts.device,
            engines.facts.precision,
            time.perf_counter() - started,
        )
        return analyser

    def with_graders(self, graders: GradersEngine, manifest: Manifest | None = None) -> Self:
        """The same with other graders: untrained ones, to compare with, or fewer.

        Args:
            graders: the others.
            manifest: what is said of them; None where that is the same.
        """
        manifest = manifest or self.manifest
        return type(self)(manifest, finder=self._finder, graders=graders, runs=self.runs)

    def read(self, data: bytes, *, max_pixels: int, stopwatch: Stopwatch) -> Portrait:
        """Decode a file as far as its face needs it, and find the face; see `read_portrait`."""
        return read_portrait(data, self._finder, max_pixels=max_pixels, stopwatch=stopwatch)

    def read_crop(self, data: bytes, *, max_pixels: int, stopwatch: Stopwatch) -> Portrait:
        """Decode an aligned crop and find the landmarks on it; see `portrait.read_crop`."""
        return read_crop(data, self._finder, max_pixels=max_pixels, stopwatch=stopwatch)

    def analyse(
        self,
        photo: Photo,
        wish: ExplanationRequest | None = None,
        *,
        face: Face | None = None,
        preset: Preset = Preset.NORMAL,
        stopwatch: Stopwatch | None = None,
    ) -> Analysis:
        """Find the face, grade its skin and say why.

        Args:
            photo: RGB uint8 (H, W, 3), upright.
            wish: see `analyse_face`.
            face: the face in it, where it was found before.
            preset: see `analyse_face`.
            stopwatch: see `analyse_face`.

        Raises:
            FaceNotFoundError: no face is seen.
            FaceSeveralError: more than one is.
            FaceTooSmallError: it has too few pixels.
            FaceCutOffError: part of it is outside the photo.
        """
        stopwatch = stopwatch or Stopwatch()
        with stopwatch.stage(Stage.DETECT):
            face = face or self._finder.find(photo)
            aligned = AlignedFace.of(photo, face)
        return self.analyse_face(aligned, wish, preset=preset, stopwatch=stopwatch)

    def analyse_face(
        self,
        aligned: AlignedFace | MeasuredFace,
        wish: ExplanationRequest | None = None,
        *,
        preset: Preset = Preset.NORMAL,
        beside: Sequence[Photo] = (),
        stopwatch: Stopwatch | None = None,
    ) -> Analysis:
        """Grade the skin of a face that was cut out, and say why.

        Args:
            aligned: the face.
            wish: which maps to draw; by default Grad-CAM of the expected grade.
            preset: how much is asked of the photo's quality.
            beside: see `grade`.
            stopwatch: counts the time of the stages, tells when one begins, and is asked before
                each further pass of a map whether to go on.
        """
        stopwatch = stopwatch or Stopwatch()
        with stopwatch.stage(Stage.DETECT):
            graded = aligned.graded
        # The networks leave parts of a CPU's cores idle, and beside a GPU all of them.
        with ThreadPoolExecutor(1, "measure") as meanwhile:
            measured = meanwhile.submit(lambda: (aligned.layout, aligned.capture))
            drawn = self.grade(graded, wish, beside=beside, stopwatch=stopwatch)
        layout, capture = measured.result()
        maps = {one: layout.summarise(its.heatmap, one) for one, its in drawn.items()}
        attributes = {
            one: replace(its, heatmap=layout.on_skin(its.heatmap, one))
            for one, its in drawn.items()
        }
        return Analysis(
            face=aligned.face,
            crop=aligned.crop,
            correction=aligned.correction,
            graded=graded,
            capture=capture,
            quality=assess(capture, preset),
            attributes=attributes,
            maps=maps,
            timings_ms=dict(stopwatch.timings_ms),
            layout=layout,
        )

    def grade(
        self,
        crop: Photo,
        wish: ExplanationRequest | None = None,
        *,
        beside: Sequence[Photo] = (),
        stopwatch: Stopwatch | None = None,
    ) -> dict[Attribute, AttributeResult]:
        """Grade an aligned crop by all five networks and draw their maps.

        Args:
            crop: RGB uint8 (S, S, 3), in the usual light, see `AlignedFace.graded`.
            wish: which maps to draw; by default Grad-CAM of the expected grade.
            beside: further crops of the same face at the same moment. The grades follow from the
                mean of the probabilities of all, the maps are those of `crop`.
            stopwatch: counts the time of the stages predict and explain; asked as in `analyse`.
        """
        wish = wish or ExplanationRequest()
        stopwatch = stopwatch or Stopwatch()
        with stopwatch.stage(Stage.PREDICT):
            readings = self._read(crop, mirror=wish.looks_at_mirror)
            if beside:
                others = [self._read(other, mirror=False) for other in beside]
                readings = {
                    attribute: reading.averaged_with([other[attribute] for other in others])
                    for attribute, reading in readings.items()
                }
        with stopwatch.stage(Stage.EXPLAIN):
            maps = {
                attribute: grader.explain(readings[attribute], wish, stopwatch.still_wanted)
                for attribute, grader in self._graders.items()
            }
        return {
            attribute: self._graders[attribute].result(reading, *maps[attribute])
            for attribute, reading in readings.items()
        }

    def _read(self, crop: Photo, *, mirror: bool) -> dict[Attribute, Reading]:
        inputs = to_array(crop, self.manifest.input_spec)[None]
        # Not as one batch of two: the last digits of the grades would differ by what else is asked.
        asked = self._engine.start(inputs)
        asked_of_mirror = (
            self._engine.start(np.ascontiguousarray(inputs[..., ::-1])) if mirror else None
        )
        said = asked()
        of_mirror = {} if asked_of_mirror is None else asked_of_mirror()
        return {
            attribute: grader.reading(inputs, said[attribute], of_mirror.get(attribute))
            for attribute, grader in self._graders.items()
        }


def _check_landmarks(entry: LandmarksEntry, path: Path) -> None:
    found = (entry.architecture, entry.input_px, entry.points)
    expected = (
        landmarks.ARCHITECTURE,
        landmarks.INPUT_PX,
        landmarks.POINT_COUNT,
    )
    if found != expected:
        raise ManifestInvalidError(
            path,
            reason=f"landmarks: expected architecture, input_px, points {expected}, got {found}",
        )
