"""Exports trained graders into a models folder the server can load.

`python -m baseline.export --runs runs/first --models mine/models --landmarks-of models --version 1`

Of several runs of a grader that followed one another, the mean of their weights is exported, which
often generalises better than the last one's; `--last oil=2` takes the last two of one grader only.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors.torch import save_file
from torch import Tensor, nn

from backend.vision.decision import EVEN_SHARES
from backend.vision.engines.reference import TorchGraders
from backend.vision.geometry import CROP_SIDE_PX, EYE_DISTANCE, EYE_HEIGHT
from backend.vision.grad_cam import ExplanationRequest, class_activation
from backend.vision.manifest import SCHEMA_VERSION, Evidence
from backend.vision.network import ARCHITECTURE, OUTPUT_STRIDE, build_grader
from backend.vision.preprocess import InputSpec, to_array
from backend.vocabulary import GRADES, Attribute
from baseline.crops import CropCache
from baseline.data_card import apart, evidence_of, read_data_card, together
from baseline.dataset import Labelled, read_folder
from baseline.landmarks import entry
from baseline.losses.registry import build_loss
from baseline.model_card import write_manifest
from baseline.networks.average import mean_of
from baseline.training.run_folder import RunFolder, commit

_SIMULATED_ON: Final = (
    "Skin signs simulated on photos of 52 people of the Face Research Lab London Set "
    "(DeBruine and Jones 2017, CC BY 4.0) and their morphs"
)
LICENCE: Final = "MIT"
FULL_INTENSITY_QUANTILE: Final = 0.9
UNMEASURED: Final = {
    "bias": (0.0,) * len(GRADES),
    "class_shares": EVEN_SHARES,
    "interval": {"mass": 1.0, "coverage": 0.999},
    "temperature": 1.0,
}
"""What `baseline.calibration` measures; until then nothing is claimed."""


def export(
    runs: Sequence[Path],
    models: Path,
    *,
    validation: Path,
    landmarks: Mapping[str, Any],
    version: str,
    last: Mapping[Attribute, int] | None = None,
) -> None:
    """Write five graders and the manifest; the landmark network is in the folder already.

    Args:
        runs: folders with one run per attribute, the last one's last; their weights are averaged.
            A folder may lack attributes that did not take part in its pass, but for the first.
        models: folder to write.
        validation: labelled photos on which the heat maps' scale is fixed.
        landmarks: the manifest's entry of that network, see `baseline.landmarks.entry`.
        version: of the graders together.
        last: graders of which only so many last runs are averaged.

    Raises:
        FileNotFoundError: a folder holds no run of any attribute, or the first one not of each; or
            photos that were learned from are gone.
        LabelInvalidError: a label, an image or a data card is broken.
    """
    for folder in runs:
        if not any((folder / attribute.value).exists() for attribute in Attribute):
            raise FileNotFoundError(f"{folder} holds no run of any attribute")
    models.mkdir(parents=True, exist_ok=True)
    samples = read_folder(validation)
    crops = CropCache(samples, validation / "cache")
    entries = {}
    for attribute in Attribute:
        took_part = [folder for folder in runs[1:] if (folder / attribute.value).exists()]
        folders = [folder / attribute.value for folder in (runs[0], *took_part)]
        del folders[: -(last or {}).get(attribute, len(folders))]
        entries[attribute.value] = _export_grader(attribute, folders, models, samples, crops)
        entries[attribute.value]["evidence"] = evidence_of(read_data_card(validation))
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "model_version": version,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": _trained_on(entries.values()),
        "commit": commit(),
        "licence": LICENCE,
        "crop": {
            "side_px": CROP_SIDE_PX,
            "eye_distance": EYE_DISTANCE,
            "eye_height": EYE_HEIGHT,
        },
        "landmarks": landmarks,
        "attributes": entries,
    }
    write_manifest(models, manifest)


def save_float16(network: nn.Module, path: Path) -> str:
    """Save weights as safetensors with float16 numbers; returns the file's SHA-256."""
    halved = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in network.state_dict().items()
    }
    save_file(halved, path)
    path.chmod(entry.READABLE_BY_ALL)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _export_grader(
    attribute: Attribute,
    runs: Sequence[Path],
    models: Path,
    samples: list[Labelled],
    crops: CropCache,
) -> dict[str, Any]:
    plan = RunFolder(runs[-1]).plan()
    spec = InputSpec(int(plan["input_px"]))
    # Plans of before there was a choice do not say it.
    stride = int(plan.get("output_stride", OUTPUT_STRIDE))
    network = build_grader(output_stride=stride)
    network.load_state_dict(mean_of([_grader_weights(run, attribute) for run in runs]))
    network.eval()
    file = f"{attribute.value}.safetensors"
    return {
        "file": file,
        "sha256": save_float16(network, models / file),
        "architecture": ARCHITECTURE,
        "input_px": spec.input_px,
        "output_stride": stride,
        "mean": spec.mean,
        "std": spec.std,
        "interpolation": "area",
        "grades": GRADES,
        "decision": "expected_credit",
        **UNMEASURED,
        "heatmap_scale": round(heatmap_scale(network, attribute, spec, samples, crops), 4),
        "seed": plan["seed"],
        "data_version": together(one for run in runs for one in _data_versions(run)),
    }


def _data_versions(run: Path) -> list[str]:
    """Of all photos that a run learned from, and those that it went on from."""
    plan = RunFolder(run).plan()
    photos = Path(plan["data"])
    if not photos.exists():
        raise FileNotFoundError(f"{photos}, which {run} learned from, is gone: put it back")
    before = [one for earlier in plan.get("earlier", ()) for one in _data_versions(Path(earlier))]
    return [*before, read_data_card(photos)["data_version"]]


def _trained_on(entries: Iterable[Mapping[str, Any]]) -> str:
    versions = {one for entry in entries for one in apart(entry["data_version"])}
    rated = [one for one in versions if evidence_of({"data_version": one}) is Evidence.REAL]
    if not rated:
        return f"{_SIMULATED_ON}; no grade was given by a person."
    graded = f"with grades given by people ({together(rated)})."
    if len(rated) == len(versions):
        return f"Photos {graded}"
    return f"{_SIMULATED_ON}, and photos {graded}"


def _grader_weights(run: Path, attribute: Attribute) -> dict[str, Tensor]:
    """The weights of a run as the server's network calls them.

    Raises:
        ValueError: the run is not of this attribute, or of a network that the server cannot run.
    """
    folder = RunFolder(run)
    plan = folder.plan()
    found = (plan["attribute"], plan["architecture"], build_loss(plan["loss"], [1] * 5).outputs)
    expected = (attribute, ARCHITECTURE, len(GRADES))
    if found != expected:
        raise ValueError(f"{run}: expected attribute, network, outputs {expected}, got {found}")
    return {name.removeprefix("network."): weight for name, weight in folder.weights().items()}


def heatmap_scale(
    network: nn.Module,
    attribute: Attribute,
    spec: InputSpec,
    samples: list[Labelled],
    crops: CropCache,
) -> float:
    """The class activation that is shown as full intensity.

    It is what the peak of a map stays under in nine of ten photos of the strongest sign: grade 4,
    or for hydration grade 0, since its maps show dryness.
    """
    weights = ExplanationRequest().grade_weights(attribute)
    graders = TorchGraders({attribute: network})
    peaks = []
    for index in clearest(attribute, samples):
        evidence = graders.run(to_array(crops[index], spec)[None])[attribute].evidence[0]
        peaks.append(float(class_activation(evidence, weights).max()))
    return float(np.quantile(peaks, FULL_INTENSITY_QUANTILE))


def clearest(attribute: Attribute, samples: Sequence[Labelled]) -> list[int]:
    """The places of the photos with the strongest sign of an attribute.

    Raises:
        ValueError: there is none.
    """
    strongest = GRADES[0] if attribute is Attribute.HYDRATION else GRADES[-1]
    places = [
        place for place, sample in enumerate(samples) if sample.grades.get(attribute) == strongest
    ]
    if not places:
        raise ValueError(f"no photo of {attribute} grade {strongest} to fix the maps' scale on")
    return places


def _last(text: str) -> tuple[Attribute, int]:
    """Read `oil=2`."""
    name, _, count = text.partition("=")
    if name not in set(Attribute) or not count.isdecimal() or int(count) < 1:
        raise argparse.ArgumentTypeError(f"expected a grader and how many runs, oil=2, got {text}")
    return Attribute(name), int(count)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(prog="python -m baseline.export", description=__doc__)
    parser.add_argument("--runs", type=Path, nargs="+", required=True,
                        help="folders with a run per attribute, averaged; all but the first "
                             "may lack some")  # fmt: skip
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--validation", type=Path, default=Path("runs/data/validation"))
    landmarks = parser.add_mutually_exclusive_group(required=True)
    landmarks.add_argument("--landmarks-summary", type=Path, metavar="FILE",
                           help="of the landmark network that baseline.landmarks.export wrote "
                                "into the models folder")  # fmt: skip
    landmarks.add_argument("--landmarks-of", type=Path, metavar="MODELS",
                           help="models folder whose landmark network is taken over")  # fmt: skip
    parser.add_argument("--last", type=_last, nargs="+", default=[], metavar="ATTRIBUTE=RUNS",
                        help="graders of which only so many last runs are averaged")  # fmt: skip
    parser.add_argument("--version", required=True, help="of the graders together")
    given = parser.parse_args()
    export(
        given.runs,
        given.models,
        validation=given.validation,
        landmarks=entry.taken_over(given.landmarks_of, given.models)
        if given.landmarks_of is not None
        else entry.of_summary(given.models, given.landmarks_summary),
        version=given.version,
        last=dict(given.last),
    )


if __name__ == "__main__":
    main()
