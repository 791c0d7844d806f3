"""Draws the maps of one method, and keeps each that takes minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from backend.vision.geometry import Photo
from backend.vision.grad_cam import Heatmap
from backend.vision.map_summary import FaceLayout
from backend.vocabulary import Attribute
from baseline.explanation.graders import Graders
from baseline.explanation.methods import Maps, Method, draw

SLOW: Final = frozenset({Method.SCORECAM})
"""Methods that take minutes per photo: each of their maps is kept as soon as it is drawn."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws by one method.

    Attributes:
        method: how.
        folder: where the maps of a slow method are kept, so that drawing them can go on later.
    """

    method: Method
    folder: Path

    def draw(
        self, graders: Graders, crop: Photo, layout: FaceLayout, rng: np.random.Generator
    ) -> tuple[Maps, float]:
        """Draw the maps of one crop, or read them; see `methods.draw`.

        Returns:
            The maps of every attribute that is graded, and the milliseconds that one of them took
            when it was drawn.
        """
        if self.method not in SLOW:
            return draw(self.method, graders.analyser, crop, layout=layout, rng=rng)
        paths = {one: self._path(graders.weights[one], crop, one) for one in graders.weights}
        missing = [attribute for attribute, path in paths.items() if not path.exists()]
        if missing:
            analyser = graders.only(missing).analyser
            drawn, milliseconds = draw(self.method, analyser, crop, layout=layout, rng=rng)
            for attribute, heatmap in drawn.items():
                _keep(paths[attribute], heatmap, milliseconds)
        return _read(paths)

    def _path(self, weights: str, crop: Photo, attribute: Attribute) -> Path:
        key = hashlib.sha256(weights.encode() + crop.tobytes()).hexdigest()[:32]
        return self.folder / f"{self.method.value}_{attribute.value}_{key}.npz"


def _keep(path: Path, heatmap: Heatmap, milliseconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, heatmap=heatmap, milliseconds=milliseconds)
    part.replace(path)


def _read(paths: Mapping[Attribute, Path]) -> tuple[Maps, float]:
    maps, times = {}, []
    for attribute, path in paths.items():
        with np.load(path) as kept:
            maps[attribute] = kept["heatmap"]
            times.append(float(kept["milliseconds"]))
    return maps, float(np.mean(times))
