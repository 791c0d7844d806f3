"""Reads a folder of photos and label files, and serves aligned crops to a training loop."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock
from PIL import Image, ImageOps
from torch.utils.data import Dataset
from tqdm import tqdm

from backend.errors import SkinXaiError
from backend.vision.geometry import CROP_SIDE_PX, Photo, align
from backend.vision.preprocess import InputSpec, to_tensor
from backend.vocabulary import GRADES, Attribute
from baseline.augmentation import Augmenter

NOT_RATED: Final = -1
"""The grade of an attribute that nobody rated on an image; losses and metrics leave it out."""


class LabelInvalidError(SkinXaiError):
    """A label file or its image is broken; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One photo with its grades.

    Attributes:
        path: the image.
        part: 0 the whole face, 1-3 a region.
        grades: one of 0-4 per rated attribute; an attribute that was not rated is absent.
        severities: the continuous amounts behind the grades, empty where the label has none.
        eyes: eye centres ((x, y), (x, y)) in photo pixels, or None where the label has none.
        parents: the people in the picture, empty where the label does not say.
    """

    path: Path
    part: int
    grades: Mapping[Attribute, int]
    severities: Mapping[Attribute, float]
    eyes: tuple[tuple[float, float], tuple[float, float]] | None
    parents: tuple[str, ...]


def read_label(path: Path) -> Labelled:
    """Read one label file.

    Raises:
        LabelInvalidError: it is not JSON of the format, or the image beside it is missing.
    """
    try:
        label: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        image = path.parent / str(label["file_name"])
        part = int(label["part"])
        rated = {attribute: int(label[attribute.label_key]) for attribute in Attribute}
        amounts = label.get("severity", {})
        severities = {a: float(amounts[a.label_key]) for a in Attribute if amounts}
        eyes = label.get("eyes")
        pairs = None if eyes is None else tuple((float(x), float(y)) for x, y in eyes)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise LabelInvalidError(
            f"{path}: expected a label file with file_name, part and the five grades; {error!r}"
        ) from error
    wrong = {name.label_key: grade for name, grade in rated.items() if grade > max(GRADES)}
    if wrong:
        raise LabelInvalidError(f"{path}: expected grades up to 4, got {wrong}")
    if not image.is_file():
        raise LabelInvalidError(f"{path}: its image {image.name} is missing")
    if pairs is not None and len(pairs) != 2:
        raise LabelInvalidError(f"{path}: expected two eye centres, got {len(pairs)}")
    return Labelled(
        path=image,
        part=part,
        grades={name: grade for name, grade in rated.items() if grade >= 0},
        severities=severities,
        eyes=None if pairs is None else (pairs[0], pairs[1]),
        parents=tuple(str(parent) for parent in label.get("parents", ())),
    )


def read_folder(folder: Path) -> list[Labelled]:
    """Every labelled photo of a folder, by file name.

    Raises:
        LabelInvalidError: a label file is broken, or there is none.
    """
    labels = [path for path in sorted(folder.glob("*.json")) if path.name != "data_card.json"]
    if not labels:
        raise LabelInvalidError(f"{folder}: expected label files (*.json) beside their images")
    return [read_label(path) for path in labels]


def keep_apart(learned: Sequence[Labelled], held_out: Sequence[Labelled]) -> None:
    """See that nobody is in both of two sets of photos, also not as part of a morph.

    Photos whose label names no parents cannot be checked.

    Raises:
        LabelInvalidError: somebody is; names up to five and a photo of one.
    """
    known = {person: sample.path for sample in learned for person in sample.parents}
    both = sorted({person for sample in held_out for person in sample.parents} & known.keys())
    if both:
        raise LabelInvalidError(
            f"{', '.join(both[:5])} ({len(both)} in all) are learned from, in {known[both[0]]}, "
            "and held out too; a person must be in one folder alone"
        )


def canonical_crop(labelled: Labelled) -> Photo:
    """The picture a grader is trained on, RGB uint8 (512, 512, 3).

    A face whose eyes are known is aligned as the server does it; a picture of a region cannot be
    aligned and is only resized.

    Raises:
        LabelInvalidError: the image is not readable.
    """
    photo = _read_upright(labelled.path)
    if labelled.eyes is not None:
        left, right = labelled.eyes
        return align(photo, left_eye=left, right_eye=right).pixels
    side = (CROP_SIDE_PX, CROP_SIDE_PX)
    return np.asarray(cv2.resize(photo, side, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _read_upright(path: Path) -> Photo:
    try:
        with Image.open(path) as picture:
            # Half a JPEG is an error here, not a picture whose lower half is grey.
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"), dtype=np.uint8)
    except (OSError, Image.DecompressionBombError) as error:
        raise LabelInvalidError(f"{path} is not a readable picture: {error}") from error


class CropCache:
    """The crops of a data set, decoded and aligned once and kept in one file on disk."""

    def __init__(self, samples: Sequence[Labelled], folder: Path) -> None:
        """Open the cache of these samples, filling it first where it is missing.

        Of several processes that want the same cache at once, one fills it and the others wait.

        Args:
            samples: the photos, in the order of their indices.
            folder: where cache files lie.
        """
        path = folder / f"crops-{_fingerprint(samples)}.npy"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock")):
                if not path.exists():
                    _fill(path, samples)
        self._crops: npt.NDArray[np.uint8] = np.load(path, mmap_mode="r")

    def __getitem__(self, index: int) -> Photo:
        """One crop, RGB uint8 (512, 512, 3)."""
        return np.array(self._crops[index])


def _fill(path: Path, samples: Sequence[Labelled]) -> None:
    shape = (len(samples), CROP_SIDE_PX, CROP_SIDE_PX, 3)
    partial = path.with_suffix(".part.npy")
    filling = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint8, shape=shape)
    for index, sample in enumerate(tqdm(samples, desc="aligning", unit="photo")):
        filling[index] = canonical_crop(sample)
    filling.flush()
    partial.rename(path)


def _fingerprint(samples: Sequence[Labelled]) -> str:
    digest = hashlib.sha256(f"side {CROP_SIDE_PX}".encode())
    for sample in samples:
        stat = sample.path.stat()
        digest.update(f"{sample.path}|{stat.st_size}|{stat.st_mtime_ns}|{sample.eyes}".encode())
    return digest.hexdigest()[:16]


class CropDataset(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Crops as tensors with what they are to be graded.

    Each item is the image float32 (3, S, S) and the targets float32 (5,) in the order of
    `Attribute`: the severity where the label tells it and it is to be learned, else the grade,
    `NOT_RATED` without one.
    """

    def __init__(
        self,
        samples: Sequence[Labelled],
        crops: CropCache,
        spec: InputSpec,
        *,
        augmenter: Augmenter | None = None,
        seed: int = 0,
        severities: bool = True,
    ) -> None:
        """Combine labels, crops and the input the network wants.

        Args:
            samples: the labels.
            crops: their crops, in the same order.
            spec: input size and normalisation.
            augmenter: changes a crop at random before it becomes a tensor; None leaves it.
            seed: of the changes, with the epoch and the photo's index: neither the order nor the
                number of workers decides them.
            severities: whether severities are targets, or the grades alone.
        """
        self._crops = crops
        self._spec = spec
        self._augmenter = augmenter
        self._seed = seed
        self.epoch = 0
        self.targets = torch.tensor(
            [[_target(s, a, severities=severities) for a in Attribute] for s in samples]
        )

    def __len__(self) -> int:
        """Number of photos."""
        return len(self.targets)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        """One image and its targets."""
        crop = self._crops[index]
        if self._augmenter is not None:
            seeds = np.random.SeedSequence([self._seed, self.epoch, index])
            crop = self._augmenter(crop, seed=int(seeds.generate_state(1)[0]))
        return to_tensor(crop, self._spec), self.targets[index]


def _target(sample: Labelled, attribute: Attribute, *, severities: bool) -> float:
    if attribute not in sample.grades:
        return float(NOT_RATED)
    grade = float(sample.grades[attribute])
    return sample.severities.get(attribute, grade) if severities else grade
