"""A phone's photo in, the whole answer out: the server beside what a user would serve instead.

    python -m benchmarks.request --repeats 20

All servers run, and are asked in turn, so that each meets the same load and none computes while
another is asked; the five bare forward passes are run in between, as the measure. The peers run the
same networks on the same crop (`benchmarks.peers`). `--input-px 512` has all of them compute on a
larger input than the networks were taught on, for the cost alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import requests

from backend.processes import Program
from backend.supervisor import model_server
from backend.vision.manifest import MANIFEST_NAME, read_manifest
from benchmarks.peers.bentoml_environment import bentoml_python
from benchmarks.peers.usual import MODELS_VARIABLE, Answer, UsualWay
from benchmarks.places import MODELS, SAMPLE
from benchmarks.precisions import precisions_here
from benchmarks.programs import Started, started
from benchmarks.reporting import alternate, describe_run, spread_ms
from tests.programs import free_port

PHONE_PX: Final = (3000, 4000)
"""Width and height of a phone's photo of 12 megapixels."""
BARE: Final = "Five bare forward passes of PyTorch, nothing else"
OURS: Final = "The model server"
_SENSOR_NOISE: Final = 3.0
_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class Comparison:
    """One run.

    Attributes:
        photo_mb: size of the photo, megabytes.
        times_ms: of each way, milliseconds of each turn; that of the bare passes is `BARE`.
        sizes_kb: of each server's answer.
        input_px: side of the networks' input.
    """

    photo_mb: float
    times_ms: Mapping[str, Sequence[float]]
    sizes_kb: Mapping[str, float]
    input_px: int

    def over_bare(self, name: str) -> float:
        """The median time of a way over that of the bare passes."""
        return statistics.median(self.times_ms[name]) / statistics.median(self.times_ms[BARE])

    def table(self) -> str:
        """In Markdown."""
        lines = [
            f"From a JPEG of {PHONE_PX[0]} x {PHONE_PX[1]} pixels and {self.photo_mb:.1f} MB to the"
            f" whole answer over HTTP; medians of {len(self.times_ms[BARE])} turns in one run, with"
            f" the 95th percentile in brackets. The networks' input is {self.input_px} px wide.\n",
            "| What | Time | Over the bare passes | Answer |",
            "|---|---|---|---|",
        ]
        for name, times in self.times_ms.items():
            size = f"{self.sizes_kb[name]:.0f} kB" if name in self.sizes_kb else ""
            shown = f"**{name}**" if name.startswith(OURS) else name
            lines.append(f"| {shown} | {spread_ms(times)} | {self.over_bare(name):.2f} | {size} |")
        return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=20, help="requests to each server")
    parser.add_argument("--input-px", type=int, help="instead of what ships")
    options = parser.parse_args(arguments)
    larger = "" if options.input_px is None else f" --input-px {options.input_px}"
    print(describe_run(f"python -m benchmarks.request --repeats {options.repeats}{larger}") + "\n")
    print(compare(options.repeats, input_px=options.input_px).table())
    return 0


def compare(repeats: int, *, input_px: int | None = None) -> Comparison:
    """Start every server and ask them in turn.

    Args:
        repeats: requests to each.
        input_px: side of the networks' input; None takes the one that they ship with.
    """
    data = phone_photo()
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        models = MODELS if input_px is None else models_at(input_px, folder / "models")
        asked = dict(_askers(data, models, folder / "graphs", running))
        sizes_kb = {name: len(ask()) / 1000 for name, ask in asked.items()}
        times_ms = alternate({BARE: _bare(data, models), **asked}, repeats=repeats)
        side_px = read_manifest(models).input_spec.input_px
    return Comparison(len(data) / 1e6, times_ms, sizes_kb, side_px)


def models_at(input_px: int, folder: Path) -> Path:
    """The shipped networks as if they had been made for another input.

    Args:
        input_px: side of the graders' input.
        folder: gets the manifest and links to the weights; it must not be there yet.

    Returns:
        The folder.
    """
    manifest = json.loads((MODELS / MANIFEST_NAME).read_bytes())
    for entry in manifest["attributes"].values():
        entry["input_px"] = input_px
    folder.mkdir(parents=True)
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")
    for weights in MODELS.glob("*.safetensors"):
        (folder / weights.name).symlink_to(weights)
    return folder


def phone_photo(size_px: tuple[int, int] = PHONE_PX) -> bytes:
    """The sample face as a phone would take it: upright, a sensor's noise, a JPEG.

    Args:
        size_px: width and height.
    """
    width_px, height_px = size_px
    face = cv2.imread(str(SAMPLE), cv2.IMREAD_COLOR)
    large = cv2.resize(np.asarray(face), (width_px, width_px), interpolation=cv2.INTER_CUBIC)
    above = (height_px - width_px) // 2
    whole = cv2.copyMakeBorder(large, above, above, 0, 0, cv2.BORDER_REPLICATE)
    noise = np.random.default_rng(0).normal(0, _SENSOR_NOISE, whole.shape)
    pixels = np.clip(np.round(whole + noise), 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()


def _askers(
    data: bytes, models: Path, graphs: Path, running: ExitStack
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    session = running.enter_context(requests.Session())
    session.trust_env = False

    def asker(server: Started, path: str) -> Callable[[], bytes]:
        def ask() -> bytes:
            response = session.post(f"{server.url}{path}", files={"photo": data}, timeout=120)
            response.raise_for_status()
            return response.content

        return ask

    ours_everywhere = {"SKINXAI_MODELS_DIR": str(models), "SKINXAI_GRAPHS_DIR": str(graphs)}
    for precision in precisions_here():
        environment = {**ours_everywhere, "SKINXAI_PRECISION": precision}
        ours = running.enter_context(started(model_server(free_port()), environment))
        yield f"{OURS}, {precision}", asker(ours, "/v1/analyses")
    naive = running.enter_context(started(_peer("fastapi_server", models), {}))
    for how, name in _SENT.items():
        yield f"FastAPI and pytorch-grad-cam, {name}", asker(naive, f"/analyses?answer={how}")
    lit = running.enter_context(started(_peer("litserve_server", models), {}))
    yield f"LitServe and pytorch-grad-cam, {_SENT[Answer.PICTURES]}", asker(lit, "/analyses")
    told = {"BENTOML_DO_NOT_TRACK": "True", MODELS_VARIABLE: str(models)}
    bento = running.enter_context(started(_bentoml(), told))
    yield f"BentoML and pytorch-grad-cam, {_SENT[Answer.PICTURES]}", asker(bento, "/analyses")


_SENT: Final[Mapping[Answer, str]] = {
    Answer.PICTURES: "coloured pictures",
    Answer.LISTS: "JSON lists",
}


def _peer(module: str, models: Path) -> Program:
    port = free_port()
    server = (sys.executable, "-m", f"benchmarks.peers.{module}")
    command = (*server, "--models", str(models), "--port", str(port))
    return Program(module, command, f"http://127.0.0.1:{port}/health")


def _bentoml() -> Program:
    port = free_port()
    served = ("-m", "bentoml", "serve", "benchmarks.peers.bentoml_server:Analyses")
    address = ("--host", "127.0.0.1", "--port", str(port))
    command = (str(bentoml_python()), *served, *address)
    return Program("bentoml_server", command, f"http://127.0.0.1:{port}/readyz")


def _bare(data: bytes, models: Path) -> Callable[[], None]:
    usual = UsualWay(models)
    crop = usual.crop_of(data)
    return usual.bare(crop)


if __name__ == "__main__":
    sys.exit(main())
