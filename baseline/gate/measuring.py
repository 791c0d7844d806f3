"""Runs the trials of many people side by side, and keeps them."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from backend.vision.capture import Capture
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.faces.folder import list_faces
from baseline.gate.degradations import Degradation
from baseline.gate.trials import GOOD, SIDE_PX, Trial, trials_of
from baseline.synthetic.canvas import CanvasMaker
from baseline.synthetic.nuisance import Nuisance


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried.

    Attributes:
        models: folder of the weights.
        faces: folder of faces with landmarks.
        wish: what runs the networks.
        photos: good photos of each person.
        strengths: trials of each degradation on each photo.
        retakes: how often each skin is photographed again.
        allowed: what may differ between photos of one skin.
    """

    models: Path
    faces: Path
    wish: EngineWish
    photos: int
    strengths: int
    retakes: int = 0
    allowed: Collection[Nuisance] = GOOD


def read_or_run(path: Path, plan: Plan, persons: Sequence[str], *, workers: int) -> list[Trial]:
    """The trials of some people; what a file holds of before is read.

    Args:
        path: the file, one person's trials a line; another plan needs another file. A last line
            that a stopped run left unfinished is measured again.
        plan: what is tried.
        persons: whose faces.
        workers: processes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = written[: written.rfind("\n") + 1]
    if whole != written:
        path.write_text(whole, encoding="utf-8")
    known = {line["person"]: line["trials"] for line in map(json.loads, whole.splitlines())}
    missing = [person for person in persons if person not in known]
    context = multiprocessing.get_context("spawn")
    with (
        path.open("a", encoding="utf-8") as file,
        ProcessPoolExecutor(
            workers, mp_context=context, initializer=_load, initargs=(plan,)
        ) as pool,
    ):
        done = zip(missing, pool.map(_run, missing), strict=True)
        for person, found in tqdm(done, total=len(missing), desc="people", unit="person"):
            known[person] = found
            file.write(json.dumps({"person": person, "trials": found}) + "\n")
            file.flush()
    return [_trial(row) for person in persons for row in known[person]]


_loaded: dict[str, tuple[Plan, Analyser]] = {}


def _load(plan: Plan) -> None:
    _loaded["here"] = plan, Analyser.load(plan.models, plan.wish)


def _run(person: str) -> list[dict[str, Any]]:
    plan, analyser = _loaded["here"]
    faces = [face for face in list_faces(plan.faces) if face.person == person]
    canvases = CanvasMaker(faces, side_px=SIDE_PX)
    return [
        asdict(trial)
        for trial in trials_of(
            analyser,
            canvases,
            person,
            photos=plan.photos,
            strengths=plan.strengths,
            retakes=plan.retakes,
            allowed=plan.allowed,
        )
    ]


def _trial(row: dict[str, Any]) -> Trial:
    kind, capture = row["kind"], row["capture"]
    if capture is not None:
        vectors = {name: tuple(capture[name]) for name in ("brighter", "colour")}
        capture = Capture(**{**capture, **vectors})
    scores = {Attribute(name): score for name, score in row["scores"].items()}
    return Trial(
        **{**row, "kind": kind and Degradation(kind), "capture": capture, "scores": scores}
    )
