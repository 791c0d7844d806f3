"""Errors that only whoever starts the server meets: it refuses to start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend.errors.base import SkinXaiError

if TYPE_CHECKING:
    from pathlib import Path


class ModelError(SkinXaiError):
    """The models folder cannot be used. The sentence names the file."""


class WeightsUnusableError(ModelError):
    """A file of weights is missing, damaged, or not what its manifest or network expects."""

    def __init__(self, path: Path, *, reason: str) -> None:
        """Name the file.

        Args:
            path: the file of weights.
            reason: what is wrong with it: expected and got.
        """
        super().__init__(f"the weights in {path} cannot be used: {reason}")
        self.path: Final = path


class ManifestInvalidError(ModelError):
    """The manifest is missing, is no JSON, or says something this server does not know."""

    def __init__(self, path: Path, *, reason: str) -> None:
        """Name the file.

        Args:
            path: the manifest.
            reason: what is wrong with it: expected and got.
        """
        super().__init__(f"the manifest {path} cannot be used: {reason}")
        self.path: Final = path


class DeviceMissingError(SkinXaiError):
    """The networks shall run on a GPU, and there is none."""

    def __init__(self) -> None:
        """Say what to set instead."""
        super().__init__("expected a CUDA GPU, found none: set the device to auto or cpu")


class EngineMissingError(SkinXaiError):
    """What shall run the networks is not installed, or does not run where it shall."""


class CaptureWrongError(SkinXaiError):
    """A network gives other numbers as a CUDA graph than layer by layer."""

    def __init__(self, difference: float) -> None:
        """Say by how much.

        Args:
            difference: the largest, as a share of the largest output.
        """
        super().__init__(
            f"on this GPU a network's CUDA graph is off by {difference:.2g} of its outputs: "
            "set the device to cpu, and report the GPU and its driver"
        )


class GraphsUnusableError(SkinXaiError):
    """The graphs that an engine runs cannot be made, kept or used."""

    def __init__(self, path: Path, *, reason: str) -> None:
        """Name the folder.

        Args:
            path: folder of the graphs.
            reason: what went wrong.
        """
        super().__init__(
            f"the graphs in {path} cannot be made: {reason}. Choose another folder that can be "
            "written, or the engine torch, which needs none"
        )
        self.path: Final = path


class SettingInvalidError(SkinXaiError):
    """A setting has a value that cannot be used."""
