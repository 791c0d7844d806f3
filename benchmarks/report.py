"""What a report costs: of a history of 30 checks whose pictures are all kept, and of one check.

    python -m benchmarks.report --repeats 20

The links of the history and of a result are asked in this process, cookie and all, of the app's own
routes over a temporary SQLite database. Nothing is analysed: the checks are made up, and each kept
picture is the sample face as it is, 1024 px wide where the server's crops have 512, with five maps.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import numpy as np
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks.places import SAMPLE
from benchmarks.reporting import describe_setup, spread_ms
from frontend.accounts import User
from frontend.analysis import Analysis, parse_analysis
from frontend.components.face_panel import Pictures
from frontend.export_routes import export_routes, report_path
from frontend.i18n import Language, catalogue
from frontend.moments import utc_now
from frontend.saving import new_visit
from frontend.services import Services, build_services
from frontend.sessions import COOKIE_NAME
from frontend.settings import Settings
from frontend.store import Visit
from frontend.vocabulary import GRADES, Attribute, Source

CHECKS: Final = 30
_HEATMAP_SIDE_PX: Final = 128
_DAYS_BETWEEN: Final = 3
_NOTE_AT_EVERY: Final = 4
_NOTE: Final = "새 보습 크림을 바른 지 사흘째, 잠은 여섯 시간."
_ZONE: Final = "Asia/Seoul"


@dataclass(slots=True)
class Times:
    """How long a report took, once per repeat.

    Attributes:
        walls_ms: By the clock on the wall.
        processor_ms: That the processor worked for this process, which a busy machine stretches
            less.
        size_kb: Of the last report, kilobytes of 1,000 bytes.
    """

    walls_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)
    size_kb: float = 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=20, help="reports of each kind to measure")
    parser.add_argument("--seed", type=int, default=0, help="of the made-up checks")
    options = parser.parse_args(arguments)
    load_before = os.getloadavg()[0]
    with history(np.random.default_rng(options.seed)) as (visitor, visits):
        words = catalogue(Language.KOREAN)
        addresses = {
            f"Report of {CHECKS} checks with pictures": report_path(words, _ZONE),
            "Report of one check": report_path(words, _ZONE, visit_id=visits[-1].id),
        }
        measured = measure(visitor, addresses, repeats=options.repeats)
    print(f"Measured on {describe_setup()}, load {load_before:.1f} before and ", end="")
    print(f"{os.getloadavg()[0]:.1f} after, with `python -m benchmarks.report", end="")
    print(f" --repeats {options.repeats}`; medians, with the 95th percentile in brackets.\n")
    print("| What | Time | Processor time | File |\n|---|---|---|---|")
    for name, times in measured.items():
        print(f"| {name} | {spread_ms(times.walls_ms)} | {spread_ms(times.processor_ms)}", end="")
        print(f" | {times.size_kb:.0f} kB |")
    return 0


def measure(visitor: TestClient, addresses: dict[str, str], *, repeats: int) -> dict[str, Times]:
    """Ask for each report in turn, so that all meet the same load.

    Args:
        visitor: Signed in.
        addresses: Of the reports, by their names in the table.
        repeats: How often to ask for each.

    Raises:
        RuntimeError: If an answer is no report.
    """
    measured = {name: Times() for name in addresses}
    for turn in range(repeats + 1):
        for name, address in addresses.items():
            began, worked = time.perf_counter(), time.process_time()
            answer = visitor.get(address)
            wall_s, processor_s = time.perf_counter() - began, time.process_time() - worked
            if answer.status_code != 200 or not answer.content.startswith(b"%PDF-"):
                raise RuntimeError(f"{name}: expected a PDF, got status {answer.status_code}")
            if turn == 0:
                # The first one fills caches; it is not what a person meets again.
                continue
            times = measured[name]
            times.walls_ms.append(wall_s * 1000)
            times.processor_ms.append(processor_s * 1000)
            times.size_kb = len(answer.content) / 1000
    return measured


@contextmanager
def history(generator: np.random.Generator) -> Iterator[tuple[TestClient, list[Visit]]]:
    """A person who is signed in and has checks with kept pictures; oldest first."""
    with tempfile.TemporaryDirectory() as folder:
        services = build_services(Settings(database_url=f"sqlite:///{folder}/skin_notes.db"))
        try:
            user = services.accounts.sign_up("benchmark", "a password for half a minute")
            services.kept_photos.switch(user.id, True)
            visits = [_save(services, user, generator, number=number) for number in range(CHECKS)]
            if len(services.repository.pictured(user.id)) != CHECKS:
                raise RuntimeError(f"expected kept pictures of {CHECKS} checks")
            token = services.sessions.redeem(services.sessions.issue_ticket(user.id))
            application = Starlette(routes=export_routes(lambda: services))
            with TestClient(application, cookies={COOKIE_NAME: token}) as visitor:
                yield visitor, visits
        finally:
            services.engine.dispose()


def _save(services: Services, user: User, generator: np.random.Generator, *, number: int) -> Visit:
    analysis = make_up_analysis(generator)
    keeps = services.kept_photos.keeping(user.id, Pictures(analysis))
    visit = services.repository.save_visit(
        user.id,
        new_visit(
            analysis,
            taken_at=utc_now() - timedelta(days=(CHECKS - number) * _DAYS_BETWEEN),
            source=Source.UPLOAD,
            request_key=f"check-{number}",
        ),
        keep=keeps,
    )
    if number % _NOTE_AT_EVERY == 0:
        services.repository.write_note(user.id, visit.id, _NOTE)
    return visit


def make_up_analysis(generator: np.random.Generator) -> Analysis:
    """An answer of the model server's shape with random grades and maps, and the sample face."""
    attributes = {attribute.value: _make_up_attribute(generator) for attribute in Attribute}
    return parse_analysis(
        {
            "model": {"version": "benchmark", "trained_on": "Nothing: these checks are made up."},
            "quality": {"verdict": "good", "score": 90, "checks": []},
            "attributes": attributes,
            "crop": _base64(SAMPLE.read_bytes()),
        }
    )


def _make_up_attribute(generator: np.random.Generator) -> dict[str, Any]:
    probabilities = generator.dirichlet(np.ones(len(GRADES)))
    return {
        "grade": int(probabilities.argmax()),
        "score": float(probabilities @ np.array(GRADES)),
        "probabilities": probabilities.tolist(),
        "evidence": "simulated",
        "heatmap": _base64(make_up_heatmap(generator)),
    }


def make_up_heatmap(generator: np.random.Generator) -> bytes:
    """Three soft spots as a grey PNG file, (128, 128)."""
    across = np.linspace(0, 1, _HEATMAP_SIDE_PX)
    strength = np.zeros((_HEATMAP_SIDE_PX, _HEATMAP_SIDE_PX))
    for x, y, width in generator.uniform((0.2, 0.2, 0.05), (0.8, 0.8, 0.2), size=(3, 3)):
        spot = np.exp(-((across[None] - x) ** 2 + (across[:, None] - y) ** 2) / (2 * width**2))
        strength = np.maximum(strength, spot)
    buffer = io.BytesIO()
    Image.fromarray((255 * strength).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


if __name__ == "__main__":
    sys.exit(main())
