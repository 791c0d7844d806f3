"""What teachers say of photos: asked once, of four views each, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from backend.vision.engines.base import GradersEngine
from backend.vision.manifest import Manifest
from backend.vision.network import to_tensor
from baseline.crops import canonical_crop, kept_on_disk
from baseline.dataset import Labelled
from baseline.distillation.views import FOUR_VIEWS, back_from, moved


class SoftTargets:
    """The logits and the evidence that teachers give, mean over four views of each crop.

    Mirrored and slightly enlarged a face is the same face: what differs between the views is error.
    """

    def __init__(
        self, samples: Sequence[Labelled], folder: Path, leading: GradersEngine, manifest: Manifest
    ) -> None:
        """Open what is kept of these samples, asking the teachers first where it is missing.

        Args:
            samples: the photos, in the order of their indices.
            folder: where the answers lie.
            leading: the teachers.
            manifest: theirs.
        """

        def say(sample: Labelled) -> npt.NDArray[np.float32]:
            image = to_tensor(canonical_crop(sample), manifest.input_spec)
            return _packed(*mean_of_views(leading, image))

        hashes = "".join(entry.sha256 for entry in manifest.attributes.values())
        teachers = hashlib.sha256(hashes.encode()).hexdigest()[:16]
        self._packed = kept_on_disk(folder, f"said-{teachers}", samples, say)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Of one crop the logits, float32 (A, 5), and the evidence, float32 (A, 5, H, H)."""
        packed = torch.from_numpy(np.array(self._packed[index]))
        side = int((packed.shape[-1] - 1) ** 0.5)
        return packed[..., 0], packed[..., 1:].reshape(*packed.shape[:2], side, side)


def mean_of_views(leading: GradersEngine, image: Tensor) -> tuple[Tensor, Tensor]:
    """What graders say of an image, mean over four views, as of the image itself.

    Args:
        leading: the graders, A of them.
        image: float32 (3, S, S).

    Returns:
        Logits float32 (A, 5) and evidence float32 (A, 5, H, H).
    """
    views = torch.stack([moved(image, view, mode="bicubic") for view in FOUR_VIEWS])
    said = list(leading.start(views.numpy())().values())
    logits = torch.stack([torch.from_numpy(each.logits).float().mean(dim=0) for each in said])
    evidence = []
    for each in said:
        maps = zip(FOUR_VIEWS, torch.from_numpy(each.evidence).float(), strict=True)
        evidence.append(torch.stack([moved(one, back_from(view)) for view, one in maps]).mean(0))
    return logits, torch.stack(evidence)


def _packed(logits: Tensor, evidence: Tensor) -> npt.NDArray[np.float32]:
    """One array (A, 5, 1 + H * H): the logit of each grade, then its evidence."""
    return np.asarray(torch.cat([logits[..., None], evidence.flatten(2)], dim=-1).numpy())
