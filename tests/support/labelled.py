"""A labelled photo for what reads folders of them and does not look at faces."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from backend.vocabulary import Attribute


def write_clear_signs(folder: Path, *, count: int = 1, parents: Sequence[str] = ()) -> Path:
    """Photos of noise with the strongest sign of everything, and what is said of the folder."""
    folder.mkdir()
    label: dict[str, object] = {
        "part": 0,
        **{a.label_key: 4 for a in Attribute},
        Attribute.HYDRATION.label_key: 0,
    }
    if parents:
        label["parents"] = list(parents)
    noise = np.random.default_rng(count)
    for name in (chr(ord("a") + index) for index in range(count)):
        pixels = noise.integers(0, 256, (96, 96, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{name}.png"), pixels)
        text = json.dumps({"file_name": f"{name}.png", **label})
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    (folder / "data_card.json").write_text('{"data_version": "made-up"}', encoding="utf-8")
    return folder
