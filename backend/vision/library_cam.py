"""Maps by pytorch-grad-cam: what analyses show only when asked for it by name.

It works on networks of PyTorch alone, and brings plotting and clustering libraries along, so that
this module is imported when one of its methods is first asked for.
"""

from __future__ import annotations

import copy
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from backend.vision.engines.base import Array
from backend.vision.grad_cam import CamMethod, Heatmap
from backend.vision.manifest import GraderEntry
from backend.vision.network import load_grader

# Score-CAM holds one masked input per channel in memory, 2.5 GB at 256 px: one map at a time.
_SCORECAM_LOCK: Final = threading.Lock()
_ASK_EVERY_S: Final = 0.5
_LIBRARY_CLASSES: Final = {
    CamMethod.GRADCAM_PLUS_PLUS: "GradCAMPlusPlus",
    CamMethod.HIRESCAM: "HiResCAM",
    CamMethod.LAYERCAM: "LayerCAM",
    CamMethod.EIGENCAM: "EigenCAM",
    CamMethod.SCORECAM: "ScoreCAM",
}


class LibraryExplainer:
    """Draws maps of one network by pytorch-grad-cam. Thread-safe.

    That library hooks into the network it explains, so that every forward pass by another thread
    would end up in its map. It therefore gets a copy of the network, made at first use, and one
    thread at a time.
    """

    def __init__(self, network: nn.Module, *, device: torch.device | str = "cpu") -> None:
        """Remember the network.

        Args:
            network: a timm EfficientNet in evaluation mode, its parameters frozen.
            device: where it runs.
        """
        self._network = network
        self._device = device
        self._copy: nn.Module | None = None
        self._lock = threading.Lock()

    def explain(
        self,
        inputs: Array,
        *,
        method: CamMethod,
        grade_weights: tuple[float, ...],
        still_wanted: Callable[[], None] = lambda: None,
    ) -> Heatmap:
        """Draw one map.

        Args:
            inputs: float32 (1, 3, S, S).
            method: any but the closed form.
            grade_weights: the target's weight of each logit.
            still_wanted: called before each forward pass, of which Score-CAM takes 81, and while
                another thread's map is waited for; raises to end the work.

        Returns:
            float32 (S, S) in [0, 1], stretched to the full range as that library does.
        """
        library: Any = importlib.import_module("pytorch_grad_cam")
        one_at_a_time = (
            _held(_SCORECAM_LOCK, still_wanted) if method is CamMethod.SCORECAM else nullcontext()
        )
        mine = _held(self._lock, still_wanted)
        with one_at_a_time, mine, torch.inference_mode(mode=False):
            weights = torch.tensor(grade_weights, device=self._device)
            tensor = torch.from_numpy(inputs).to(self._device)
            if self._copy is None:
                # Its convolutions take half the time on a processor with the channels last.
                self._copy = copy.deepcopy(self._network).to(memory_format=torch.channels_last)
            cam_class = getattr(library, _LIBRARY_CLASSES[method])
            cam = cam_class(model=self._copy, target_layers=[self._copy.bn2])
            asking = self._copy.register_forward_pre_hook(lambda *_given: still_wanted())
            # Not `with cam`: its way out prints an IndexError and carries on.
            try:
                # The parameters are frozen; asking for the input's gradient is what makes
                # gradients flow to the activations.
                drawn = cam(
                    input_tensor=tensor.clone().requires_grad_(),
                    targets=[lambda logits: (logits * weights).sum()],
                )
            finally:
                asking.remove()
                cam.activations_and_grads.release()
        return np.asarray(drawn[0], dtype=np.float32)


@contextmanager
def _held(lock: threading.Lock, still_wanted: Callable[[], None]) -> Iterator[None]:
    while not lock.acquire(timeout=_ASK_EVERY_S):
        still_wanted()
    try:
        yield
    finally:
        lock.release()


def explainer_of(
    models_dir: Path, entry: GraderEntry, *, device: torch.device | str = "cpu"
) -> LibraryExplainer:
    """An explainer of a grader that another engine runs.

    Raises:
        WeightsUnusableError: its weights cannot be used.
    """
    network = load_grader(
        models_dir / entry.file, entry.architecture, output_stride=entry.output_stride
    )
    frozen = network.requires_grad_(requires_grad=False).to(device)
    return LibraryExplainer(frozen, device=device)
