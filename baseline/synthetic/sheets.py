"""Contact sheets: many simulated photos at a glance, to be looked at before training on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from backend.vocabulary import Attribute
from baseline.dataset import DATA_CARD_NAME

COLUMNS: Final = 6
THUMBNAIL_PX: Final = 320


def write_sheets(folder: Path, *, count: int) -> None:
    """Write `sheets/photos.jpg` of the first photos, their grades in the caption.

    The sheets show people's faces: they belong beside the data and never into a repository.
    """
    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    labels = sorted(folder.glob("*.json"))
    photos = [path for path in labels if path.name != DATA_CARD_NAME][:count]
    cells = [_captioned(folder, path) for path in photos]
    if cells:
        cv2.imwrite(str(sheets / "photos.jpg"), grid(cells, columns=COLUMNS))


def grid(cells: Sequence[np.ndarray], *, columns: int) -> np.ndarray:
    """Cells of one size, uint8 (h, w, 3), side by side; the last row is filled with black."""
    padded = list(cells) + [np.zeros_like(cells[0])] * (-len(cells) % columns)
    rows = [np.hstack(padded[i : i + columns]) for i in range(0, len(padded), columns)]
    return np.vstack(rows)


def _captioned(folder: Path, label_path: Path) -> np.ndarray:
    label = json.loads(label_path.read_text())
    path = folder / label["file_name"]
    photo = cv2.imread(str(path))
    if photo is None:
        raise OSError(f"{path} is not a readable picture")
    cell = cv2.resize(photo, (THUMBNAIL_PX, THUMBNAIL_PX), interpolation=cv2.INTER_AREA)
    caption = " ".join(f"{a.value[:3]}{label[a.label_key]}" for a in Attribute)
    cv2.putText(cell, caption, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 255), 1)
    return cell
