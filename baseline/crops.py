"""Aligned crops of labelled photos, kept on disk and served to a training loop as tensors."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock
from torch.utils.data import Dataset
from tqdm import tqdm

from backend.vision.geometry import CROP_SIDE_PX, Photo, align, crop_to_photo
from backend.vision.network import to_tensor
from backend.vision.photo import MAX_SIDE_PX
from backend.vision.preprocess import InputSpec
from backend.vocabulary import Attribute
from baseline.augmentation import Augmenter
from baseline.dataset import NOT_RATED, LabelInvalidError, Labelled, read_photo
from baseline.explanation.truth import PAINTED, widened
from baseline.masks import painted_on_crop

Number = TypeVar("Number", bound=np.generic)

SIGN_SIDE_PX: Final = 128
"""Side of what is kept of a painted sign."""
SIGN_CELL_PX: Final = 4
"""Input pixels to a cell in which a sign is learned."""


def canonical_crop(labelled: Labelled) -> Photo:
    """The picture a grader is trained on, RGB uint8 (512, 512, 3).

    A face whose eyes are known is aligned as the server does it; a picture of a region cannot be
    aligned and is only resized.

    Raises:
        LabelInvalidError: the image is not readable.
    """
    # The places of the eyes are pixels of the file.
    photo = read_photo(labelled.path, least_side_px=MAX_SIDE_PX)
    if labelled.eyes is not None:
        left, right = labelled.eyes
        return align(photo, left_eye=left, right_eye=right).pixels
    side = (CROP_SIDE_PX, CROP_SIDE_PX)
    return np.asarray(cv2.resize(photo, side, interpolation=cv2.INTER_AREA), dtype=np.uint8)


class CropCache:
    """The crops of a data set, decoded and aligned once and kept in one file on disk."""

    def __init__(self, samples: Sequence[Labelled], folder: Path) -> None:
        """Open the cache of these samples, filling it first where it is missing.

        Args:
            samples: the photos, in the order of their indices.
            folder: where cache files lie.
        """
        self._crops = kept_on_disk(folder, "crops2", samples, canonical_crop)

    def __getitem__(self, index: int) -> Photo:
        """One crop, RGB uint8 (512, 512, 3)."""
        return np.array(self._crops[index])


class SignCache:
    """Where on the crops of a data set the signs are, small, read once and kept in one file."""

    def __init__(self, samples: Sequence[Labelled], folder: Path) -> None:
        """Open the cache of these samples, as `CropCache` does.

        Args:
            samples: simulated photos of whole faces whose masks were written.
            folder: where cache files lie.

        Raises:
            MaskMissingError: a photo has no mask.
            LabelInvalidError: a photo cannot be aligned.
        """
        self._signs = kept_on_disk(folder, f"regions{SIGN_SIDE_PX}", samples, _signs_on_crop)

    def __getitem__(self, index: int) -> Photo:
        """Of one crop uint8 (128, 128, 5), how far each cell belongs to each attribute's sign.

        The paint as heat maps are held against it, closed and widened; 128 is where a sign begins.
        """
        return np.array(self._signs[index])


def _signs_on_crop(sample: Labelled) -> Photo:
    if sample.eyes is None:
        raise LabelInvalidError(f"{sample.path}: expected a whole face with its eyes' places")
    to_photo = crop_to_photo(*sample.eyes, CROP_SIDE_PX)
    side = (SIGN_SIDE_PX, SIGN_SIDE_PX)
    signs = []
    for attribute in Attribute:
        painted = painted_on_crop(sample.path, attribute, to_photo, side_px=CROP_SIDE_PX)
        # Half belongs to the sign where the definition of the sign has its edge.
        sign = np.round(np.clip(painted / (2 * PAINTED), 0, 1) * 255).astype(np.uint8)
        whole = widened(sign, attribute)
        signs.append(cv2.resize(whole, side, interpolation=cv2.INTER_AREA))
    return np.dstack(signs)


def kept_on_disk(
    folder: Path,
    kind: str,
    samples: Sequence[Labelled],
    make: Callable[[Labelled], npt.NDArray[Number]],
) -> npt.NDArray[Number]:
    """What is made of each photo, made once and kept in one file.

    Of several processes that want the same at once, one makes it and the others wait.

    Args:
        folder: where the file lies, or will.
        kind: of what is made; another kind has another file.
        samples: the photos.
        make: makes of one photo an array of a shape that is the same for all. Called in threads.

    Returns:
        (N, ...) of what `make` gives, read from disk as it is asked for.
    """
    path = folder / f"{kind}-{fingerprint(samples)}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if not path.exists():
                _fill(path, samples, make)
    kept: npt.NDArray[Number] = np.load(path, mmap_mode="r")
    return kept


def _fill(
    path: Path, samples: Sequence[Labelled], make: Callable[[Labelled], npt.NDArray[Number]]
) -> None:
    partial = path.with_suffix(".part.npy")
    first = make(samples[0])
    shape = (len(samples), *first.shape)
    filling = np.lib.format.open_memmap(partial, mode="w+", dtype=first.dtype, shape=shape)
    # Decoding and resizing leave Python's lock alone, so that threads share the work.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        made = tqdm(
            threads.map(make, samples),
            total=len(samples),
            desc=path.stem.split("-")[0],
            unit="photo",
        )
        for index, picture in enumerate(made):
            filling[index] = picture
    filling.flush()
    partial.rename(path)


def fingerprint(samples: Sequence[Labelled]) -> str:
    """Sixteen hexadecimal digits that change when a photo, its place or its eyes do."""
    digest = hashlib.sha256(f"side {CROP_SIDE_PX}".encode())
    for sample in samples:
        stat = sample.path.stat()
        digest.update(f"{sample.path}|{stat.st_size}|{stat.st_mtime_ns}|{sample.eyes}".encode())
    return digest.hexdigest()[:16]


class CropDataset(Dataset[tuple[torch.Tensor, ...]]):
    """Crops as tensors with what they are to be graded.

    Each item is the image float32 (3, S, S) and the targets float32 (5,) in the order of
    `Attribute`: the severity where the label tells it and it is to be learned, else the grade,
    `NOT_RATED` without one. Where signs are learned too, it has a third part: float32
    (5, S / 4, S / 4) in [0, 1], how far each cell belongs to each sign.
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
        signs: SignCache | None = None,
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
            signs: what was painted on the crops, where that is to be learned.
        """
        self._signs = signs
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

    def __getitem__(self, index: int) -> tuple[torch.Tensor, ...]:
        """One image, its targets, and where wanted its signs."""
        crop = self._crops[index]
        seeds = np.random.SeedSequence([self._seed, self.epoch, index])
        seed = int(seeds.generate_state(1)[0])
        if self._signs is None:
            if self._augmenter is not None:
                crop = self._augmenter(crop, seed=seed)
            return to_tensor(crop, self._spec), self.targets[index]
        large = cv2.resize(self._signs[index], crop.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        signs = np.asarray(large, dtype=np.uint8)
        if self._augmenter is not None:
            crop, signs = self._augmenter.with_signs(crop, signs, seed=seed)
        cells = self._spec.input_px // SIGN_CELL_PX
        small = cv2.resize(signs, (cells, cells), interpolation=cv2.INTER_AREA)
        painted = torch.from_numpy(small.astype(np.float32) / 255).permute(2, 0, 1)
        return to_tensor(crop, self._spec), self.targets[index], painted


def _target(sample: Labelled, attribute: Attribute, *, severities: bool) -> float:
    if attribute not in sample.grades:
        return float(NOT_RATED)
    grade = float(sample.grades[attribute])
    return sample.severities.get(attribute, grade) if severities else grade
