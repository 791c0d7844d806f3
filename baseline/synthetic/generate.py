"""Writes simulated photos, their label files and their masks into a folder.

Each photo `000123.jpg` has a label file `000123.json` of the original's format beside it, with
what only a simulator knows added: the severities, the true eye centres, the people. With masks,
`masks/000123.<attribute>.png` holds how strongly a sign was painted (8-bit grey). The data card
`data_card.json` says how everything was drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from tqdm import tqdm

from backend.errors import SkinXaiError
from backend.vision.regions import EYE_CENTRES
from backend.vocabulary import Attribute
from baseline.dataset import DATA_CARD_NAME
from baseline.faces.folder import FacesUnusableError, list_faces
from baseline.masks import mask_path
from baseline.splits import Split, people
from baseline.synthetic.canvas import CanvasMaker, OwnShine
from baseline.synthetic.nuisance import EVERY_NUISANCE, SHARES, Nuisance
from baseline.synthetic.parts import Part, cut
from baseline.synthetic.severity import Severities, graded_by_people
from baseline.synthetic.sheets import write_sheets
from baseline.synthetic.simulator import Simulated, Simulator

DATA_VERSION: Final = "simulated-7"
"""Changes when the same seed would give other photos."""
NOT_RATED: Final = -2
"""The grade in a label file of an attribute that nobody rated."""
JPEG_QUALITY: Final = 95


class OtherDataSetError(SkinXaiError):
    """The folder holds photos made by another plan; mixing them would spoil both."""


@dataclass(frozen=True, slots=True)
class DataSetPlan:
    """Everything that decides what a data set holds.

    Attributes:
        faces: folder of face photos with landmarks.
        split: whose faces are used, so that nobody is in two; None takes every face there is.
        count: number of photos.
        seed: photo i depends on the seed and i alone.
        side_px: side of each square photo.
        severities: how often each severity is drawn.
        nuisances: what may disturb a photo.
        graders: size of the panel whose median is the grade; 0 for the true grade.
        unrated: share of the grades that are left out.
        parts: draw photos of parts as often as of whole faces.
        masks: write the masks too.
        own_shine: up to this share of each face's own shine is left on it, and is of no grade.
        own_shine_on: share of the photos on which any of it is left.
    """

    faces: Path
    split: Split | None
    count: int
    seed: int
    side_px: int = 512
    severities: Severities = Severities.SHARES
    nuisances: frozenset[Nuisance] = EVERY_NUISANCE
    graders: int = 0
    unrated: float = 0.0
    parts: bool = False
    masks: bool = True
    own_shine: float = 0.0
    own_shine_on: float = 1.0

    def card(self) -> dict[str, Any]:
        """What the data card says of this plan; the folder of faces stays out of it."""
        facts = {key: value for key, value in asdict(self).items() if key != "faces"}
        facts["nuisances"] = {name: SHARES[name] for name in Nuisance if name in self.nuisances}
        return {"data_version": DATA_VERSION, **facts}


def generate(out: Path, plan: DataSetPlan, *, workers: int) -> None:
    """Write the data set of a plan; photos that are there already are not painted again.

    Args:
        out: folder to write, made when missing.
        plan: what to write.
        workers: number of processes.

    Raises:
        OtherDataSetError: `out` holds a data set of another plan.
        FacesUnusableError: the folder of faces lacks the split's people.
    """
    (out / "masks").mkdir(parents=True, exist_ok=True)
    _claim(out, plan)
    missing = [index for index in range(plan.count) if not _label_path(out, index).exists()]
    # Spawned, not forked: a fork of a process whose libraries hold threads can wait for ever.
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start_worker, initargs=(out, plan)
    ) as pool:
        done: Iterable[None] = pool.map(_write_one, missing, chunksize=4)
        for _ in tqdm(done, total=len(missing), desc=f"painting {out.name}", unit="photo"):
            pass
    write_sheets(out, count=min(plan.count, 24))


def _claim(out: Path, plan: DataSetPlan) -> None:
    card_path, card = out / DATA_CARD_NAME, plan.card()
    # A larger count of the same plan goes on where the smaller one stopped; of a smaller one, more
    # photos are there than it wants.
    wanted = {key: value for key, value in card.items() if key != "count"}
    if card_path.exists():
        found = json.loads(card_path.read_text())
        if {key: found.get(key) for key in wanted} != wanted:
            raise OtherDataSetError(
                f"{out} holds another data set ({found}); choose an empty folder for {wanted}"
            )
        card["count"] = max(card["count"], found["count"])
    card_path.write_text(json.dumps(card, indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class _Worker:
    out: Path
    plan: DataSetPlan
    simulator: Simulator


_worker: _Worker | None = None


def _start_worker(out: Path, plan: DataSetPlan) -> None:
    global _worker  # one per process: the faces are read once, not once a photo
    cv2.setNumThreads(1)
    faces = list_faces(plan.faces)
    if plan.split is not None:
        wanted = people(plan.split)
        faces = [face for face in faces if face.person in wanted]
    if not faces:
        raise FacesUnusableError(f"{plan.faces} has no photo of the {plan.split} people")
    own_shine = OwnShine(plan.own_shine, on=plan.own_shine_on)
    canvases = CanvasMaker(faces, side_px=plan.side_px, own_shine=own_shine)
    simulator = Simulator(canvases, severities=plan.severities, nuisances=plan.nuisances)
    _worker = _Worker(out, plan, simulator)


def _write_one(index: int) -> None:
    if _worker is None:
        raise RuntimeError("the worker was not started")
    out, plan = _worker.out, _worker.plan
    rng = np.random.default_rng([plan.seed, index])
    simulated = _worker.simulator.draw(rng)
    part = Part(int(rng.integers(len(Part)))) if plan.parts else Part.WHOLE_FACE
    simulated = cut(simulated, part)
    stem = f"{index:06d}"
    _write_picture(out / f"{stem}.jpg", simulated.photo[..., ::-1])
    if plan.masks:
        for attribute, mask in simulated.masks.items():
            grey = np.round(mask * 255).astype(np.uint8)
            _write_picture(mask_path(out, stem, attribute), grey)
    label = label_of(simulated, part, grades=_grades(simulated, plan, rng), file_name=f"{stem}.jpg")
    # The label is written last: a photo counts as there only when all of it is.
    partial = out / f"{stem}.json.part"
    partial.write_text(json.dumps(label) + "\n")
    partial.rename(_label_path(out, index))


def _grades(
    simulated: Simulated, plan: DataSetPlan, rng: np.random.Generator
) -> dict[Attribute, int]:
    return {
        attribute: NOT_RATED
        if rng.random() < plan.unrated
        else graded_by_people(severity, graders=plan.graders, rng=rng)
        for attribute, severity in simulated.severities.items()
    }


def label_of(
    simulated: Simulated, part: Part, *, grades: Mapping[Attribute, int], file_name: str
) -> dict[str, Any]:
    """The label file's content: the original's keys, then what the simulator knows."""
    label: dict[str, Any] = {
        "file_name": file_name,
        "part": int(part),
        **{attribute.label_key: grades[attribute] for attribute in Attribute},
        "severity": {name.label_key: round(s, 4) for name, s in simulated.severities.items()},
        "person": simulated.person,
        "parents": list(simulated.parents),
    }
    # Photos of a part are not aligned by the eyes, which may lie outside.
    eyes = simulated.landmarks[list(EYE_CENTRES)].round(2).tolist()
    return {**label, "eyes": eyes} if part is Part.WHOLE_FACE else label


def _label_path(out: Path, index: int) -> Path:
    return out / f"{index:06d}.json"


def _write_picture(path: Path, pixels: np.ndarray) -> None:
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix == ".jpg" else []
    if not cv2.imwrite(str(path), pixels, quality):
        raise OSError(f"{path} could not be written")
