"""What the gate says of real photos that nobody made worse: those that the faces are painted on.

The simulated good photos carry painted signs and a camera's noise, which count as fine structure;
real skin in a studio's even light has less of it, and real eyes are of many shapes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from backend.vision.capture import Capture
from backend.vision.prediction import Analyser
from backend.vision.quality import Severity, Verdict, assess
from backend.vision.quality_limits import Preset
from baseline.faces.photos import load_photo

EXPLAINED = """\
The photos that the faces are painted on, one of each of these people, as they are: how many the
gate calls good, usable or better taken again, and how many each check finds fault with."""


def captures_as_taken(analyser: Analyser, faces: Path, persons: Sequence[str]) -> list[Capture]:
    """What is measured of each person's own photo.

    Args:
        analyser: the server's way from a photo to its grades.
        faces: the folder that holds `photos/`.
        persons: ids such as `002`.

    Raises:
        FacesUnusableError: a photo is missing.
        FaceError: the server refuses one.
    """
    return [analyser.analyse(load_photo(faces, person).pixels).capture for person in persons]


def section(captures: Sequence[Capture]) -> list[str]:
    """The section of the report, lines of Markdown."""
    return [
        "## Photos as they were taken",
        "",
        *EXPLAINED.splitlines(),
        "",
        f"| preset | photos | {' | '.join(verdict.value for verdict in Verdict)} | found fault |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(captures, preset) for preset in Preset),
    ]


def _row(captures: Sequence[Capture], preset: Preset) -> str:
    judged = [assess(capture, preset) for capture in captures]
    verdicts = Counter(its.verdict for its in judged)
    faults = Counter(
        finding.check.value
        for its in judged
        for finding in its.findings
        if finding.severity is not Severity.OK
    )
    cells: Iterable[object] = (
        preset.value,
        len(captures),
        *(verdicts[verdict] for verdict in Verdict),
        ", ".join(f"{check} {count}" for check, count in faults.most_common()) or "-",
    )
    return f"| {' | '.join(map(str, cells))} |"
