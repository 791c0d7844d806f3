"""What one analysis costs: start, memory, time and its parts, disk; and the usual way beside it.

    python -m benchmarks.analysis --repeats 20

Both programs are started as `make run` starts them and asked over HTTP for the plain answer (the
app asks for the mirror image too). Then, in one process and on the same crop, the five networks are
run bare by PyTorch, and the five grades with their maps are computed by each of the server's
engines and by pytorch-grad-cam in the way its documentation shows, alternating, so that all meet
the same load.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import requests
import torch

from backend.supervisor import app, model_server
from backend.vision.engines.base import EngineName
from backend.vision.engines.choice import EngineWish
from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceFinder
from backend.vision.geometry import Photo
from backend.vision.manifest import read_manifest
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser
from benchmarks.peers.usual import UsualWay
from benchmarks.places import MODELS, SAMPLE
from benchmarks.precisions import precisions_here
from benchmarks.programs import Started, started
from benchmarks.reporting import alternate, describe_setup, spread_ms
from benchmarks.tabs import open_tab
from tests.programs import free_port

STAGES: Final = ("decode", "detect", "predict", "explain", "encode")
"""As in the server's `timings_ms`."""
_MAX_PIXELS: Final = 64_000_000
_MEGA: Final = 1e6
_PHONE_PX: Final = (3464, 3464)

Row = tuple[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=20, help="analyses to measure")
    parser.add_argument("--photo", type=Path, default=SAMPLE, help="photo to analyse")
    options = parser.parse_args(arguments)
    data = options.photo.read_bytes()
    rows = [
        *measure_service(data, repeats=options.repeats),
        *measure_finding(data, repeats=options.repeats),
        *measure_against_library(data, repeats=options.repeats),
        *measure_disk(),
    ]
    print(f"Measured on {describe_setup()}, {torch.get_num_threads()} threads, ", end="")
    print(f"torch {torch.__version__} with `python -m benchmarks.analysis", end="")
    print(f" --repeats {options.repeats}`; medians, with the 95th percentile in brackets.\n")
    print("| What | Value |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")
    return 0


def measure_service(data: bytes, *, repeats: int) -> list[Row]:
    """Start both programs and have a photo analysed over HTTP."""
    server_port, app_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        database = {"SKINXAI_DATABASE_URL": f"sqlite:///{folder}/skin_notes.db"}
        with (
            started(model_server(server_port), {}) as server,
            started(app(app_port, server_port=server_port), database) as streamlit,
        ):
            idle_mb = server.memory_mb()
            with open_tab(streamlit) as tab:
                # Until the first page is drawn, the app has loaded little.
                tab.go()
            walls_ms, stages_ms, answer_kb = _ask(server.url, data, repeats=repeats)
            memory = [
                ("Memory, model server, ready", f"{idle_mb:.0f} MB"),
                (f"Memory, model server, after {repeats + 1} analyses", f"{_mb(server)} MB"),
                ("Memory, app, with one visitor", f"{_mb(streamlit)} MB"),
            ]
            starts = [
                ("Start, model server, until ready", f"{server.start_s:.1f} s"),
                ("Start, app, until ready", f"{streamlit.start_s:.1f} s"),
            ]
    parts = [(f"… of which {stage}", spread_ms(stages_ms[stage])) for stage in STAGES]
    analyses = [("One analysis over HTTP", spread_ms(walls_ms)), *parts]
    return [*starts, *memory, *analyses, ("Answer", f"{answer_kb:.0f} kB")]


def _ask(
    url: str, data: bytes, *, repeats: int
) -> tuple[list[float], dict[str, list[float]], float]:
    walls_ms: list[float] = []
    stages_ms: dict[str, list[float]] = {stage: [] for stage in STAGES}
    with requests.Session() as session:
        session.trust_env = False
        for turn in range(repeats + 1):
            began = time.perf_counter()
            response = session.post(f"{url}/v1/analyses", files={"photo": data}, timeout=120)
            wall_ms = (time.perf_counter() - began) * 1000
            response.raise_for_status()
            if turn == 0:
                # The first one fills caches; it is not what a person meets again.
                continue
            walls_ms.append(wall_ms)
            for stage in STAGES:
                stages_ms[stage].append(response.json()["timings_ms"][stage])
    return walls_ms, stages_ms, len(response.content) / 1000


def measure_finding(data: bytes, *, repeats: int) -> list[Row]:
    """Detector and landmarks alone, on the photo as it is and at 12 megapixels."""
    photo = decode_photo(data, max_pixels=_MAX_PIXELS)
    finder = FaceFinder(load_locator(MODELS / read_manifest(MODELS).landmarks.file))
    large = np.asarray(cv2.resize(photo, _PHONE_PX, interpolation=cv2.INTER_CUBIC), np.uint8)
    rows = []
    for name, pixels in ((_size(photo), photo), (_size(large), large)):
        times_ms = []
        for turn in range(repeats + 1):
            began = time.perf_counter()
            finder.find(pixels)
            if turn > 0:
                times_ms.append((time.perf_counter() - began) * 1000)
        rows.append((f"Face and landmarks, photo of {name} px", spread_ms(times_ms)))
    return rows


def _size(photo: Photo) -> str:
    return f"{photo.shape[1]} x {photo.shape[0]}"


def measure_against_library(data: bytes, *, repeats: int) -> list[Row]:
    """Five grades and five maps of one crop: bare passes, each engine, pytorch-grad-cam's way."""
    reference = Analyser.load(MODELS)
    found = reference.analyse(decode_photo(data, max_pixels=_MAX_PIXELS))
    crop, layout = found.crop.pixels, found.layout
    usual = UsualWay(MODELS)

    def graded_by(analyser: Analyser) -> Callable[[], None]:
        def grade() -> None:
            for attribute, result in analyser.grade(crop).items():
                layout.summarise(result.heatmap, attribute)
                layout.on_skin(result.heatmap, attribute)

        return grade

    bare_name = "Five bare forward passes of PyTorch"
    ways: dict[str, Callable[[], object]] = {
        bare_name: usual.bare(crop),
        "Five grades with maps, PyTorch": graded_by(reference),
    }
    with tempfile.TemporaryDirectory() as folder:
        for precision in precisions_here():
            wish = EngineWish(
                EngineName.OPENVINO, precision=precision, graphs_dir=Path(folder) / "graphs"
            )
            name = f"Five grades with maps, OpenVINO in {precision}"
            ways[name] = graded_by(Analyser.load(MODELS, wish))
    ways["Five grades with maps, pytorch-grad-cam as documented"] = lambda: usual.grade(crop)
    times_ms = alternate(ways, repeats=repeats)
    bare_ms = statistics.median(times_ms[bare_name])
    return [
        (name, f"{spread_ms(times)}, {statistics.median(times) / bare_ms:.2f} times the bare")
        for name, times in times_ms.items()
    ]


def measure_disk() -> list[Row]:
    """The environment and the weights."""
    return [
        ("Disk, environment", f"{_folder_bytes(Path(sys.prefix)) / 1e9:.1f} GB"),
        ("Disk, weights", f"{_folder_bytes(MODELS) / _MEGA:.0f} MB"),
    ]


def _mb(program: Started) -> str:
    return f"{program.memory_mb():.0f}"


def _folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if not path.is_symlink())


if __name__ == "__main__":
    sys.exit(main())
