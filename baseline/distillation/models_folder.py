"""A models folder of graders with first stages in common, from one of graders without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from torch import nn

from backend.vision.engines.choice import EngineWish, load_engines
from backend.vision.manifest import MANIFEST_NAME, GraderEntry, Manifest, read_manifest
from backend.vision.network import load_grader
from backend.vision.preprocess import InputSpec
from backend.vocabulary import Attribute
from baseline.crops import CropCache, fingerprint
from baseline.data_card import apart, read_data_card, together
from baseline.dataset import Labelled, keep_apart, read_folder
from baseline.distillation.dataset import DistillationDataset
from baseline.distillation.following import batch_count, follow
from baseline.distillation.soft_targets import SoftTargets
from baseline.export import UNMEASURED, clearest, heatmap_scale, save_float16
from baseline.landmarks.entry import taken_over
from baseline.model_card import load_manifest, write_manifest
from baseline.training.run_folder import commit

STAGES: Final = 5
"""Of the seven stages of an EfficientNet's blocks, beside the stem: half of what is computed."""


def distil(
    teachers: Path,
    data: Sequence[Path],
    models: Path,
    *,
    validation: Path,
    version: str,
    stages: int = STAGES,
    epochs: int = 1,
    graphs: Path,
    workers: int = 1,
) -> None:
    """Write five graders with common first stages beside what else their teachers' folder holds.

    Args:
        teachers: models folder of the graders to be followed.
        data: folders of photos on which they are followed.
        models: folder to write. One that these teachers taught already on these photos is left as
            it is.
        validation: labelled photos on which the heat maps' scale is fixed.
        version: of the graders together.
        stages: how many stages of blocks they have in common, beside the stem.
        epochs: passes over the photos.
        graphs: where the teachers' exported graphs are kept.
        workers: processes that prepare crops.

    Raises:
        ManifestInvalidError: there is no usable manifest in `teachers`.
        WeightsUnusableError: a file of its weights cannot be used.
        LabelInvalidError: a label or an image is broken, or somebody is both learned from and in
            `validation`.
        ValueError: `models` is the teachers' own folder, there are too few photos to learn from,
            or none of an attribute's strongest sign to fix its maps' scale on.
    """
    if models.resolve() == teachers.resolve():
        raise ValueError(f"{models} holds the teachers; name another folder for whom they teach")
    manifest = read_manifest(teachers)
    origin = _origin(manifest, data, stages=stages, epochs=epochs)
    if _origin_of(models) == origin:
        print(f"{models} was taught so already, as version {read_manifest(models).model_version}")
        return
    # What an export lacks should not be found missing after all has been learned.
    samples = read_folder(validation)
    for attribute in Attribute:
        clearest(attribute, samples)
    learned = [(folder, read_folder(folder)) for folder in data]
    if (count := sum(len(labelled) for _, labelled in learned)) < 2:
        raise ValueError(f"expected at least two photos to learn from, got {count}")
    keep_apart([one for _, labelled in learned for one in labelled], samples)
    networks = {one: _copy(teachers, entry) for one, entry in manifest.attributes.items()}
    temperatures = {one: entry.temperature for one, entry in manifest.attributes.items()}
    wish = EngineWish(engine=None, device=None, graphs_dir=graphs)
    leading = load_engines(teachers, manifest, wish).graders
    photos = []
    for folder, labelled in learned:
        cache = folder / "cache"
        said = SoftTargets(labelled, cache, leading, manifest)
        crops = CropCache(labelled, cache)
        photos.append(DistillationDataset(labelled, crops, said, manifest.input_spec))
    follow(networks, temperatures, photos, stages=stages, epochs=epochs, workers=workers)
    scaled_on = samples, CropCache(samples, validation / "cache")
    _export(networks, teachers, models, scaled_on, version=version, origin=origin)


def _copy(teachers: Path, entry: GraderEntry) -> nn.Module:
    path = teachers / entry.file
    return load_grader(path, entry.architecture, output_stride=entry.output_stride)


def _export(
    networks: Mapping[Attribute, nn.Module],
    teachers: Path,
    models: Path,
    scaled_on: tuple[list[Labelled], CropCache],
    *,
    version: str,
    origin: Mapping[str, Any],
) -> None:
    models.mkdir(parents=True, exist_ok=True)
    theirs = load_manifest(teachers)
    entries = {}
    for attribute, network in networks.items():
        entry = {**theirs["attributes"][attribute.value], **UNMEASURED}
        entry.pop("metrics", None)
        spec = InputSpec(entry["input_px"])
        learned = [entry["data_version"], *(each["data_version"] for each in origin["photos"])]
        entry["data_version"] = together(one for several in learned for one in apart(several))
        entry["sha256"] = save_float16(network, models / entry["file"])
        scale = heatmap_scale(network, attribute, spec, *scaled_on)
        entries[attribute.value] = {**entry, "heatmap_scale": round(scale, 4)}
    write_manifest(models, {
        **{name: theirs[name] for name in ("schema_version", "trained_on", "licence", "crop")},
        "landmarks": taken_over(teachers, models),
        "model_version": version,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "distilled": origin,
        "attributes": entries,
    })  # fmt: skip


def _origin(
    manifest: Manifest, data: Sequence[Path], *, stages: int, epochs: int
) -> dict[str, Any]:
    """What graders with common stages come from, for their manifest."""
    photos = []
    for folder in data:
        samples = read_folder(folder)
        version = read_data_card(folder)["data_version"]
        photos.append({
            "data_version": version, "count": len(samples), "fingerprint": fingerprint(samples),
        })  # fmt: skip
    return {
        "teachers": {one.value: entry.sha256 for one, entry in manifest.attributes.items()},
        "photos": photos,
        "stages": stages,
        "steps": epochs * batch_count(sum(each["count"] for each in photos)),
    }


def _origin_of(models: Path) -> dict[str, Any] | None:
    if not (models / MANIFEST_NAME).exists():
        return None
    found: dict[str, Any] | None = load_manifest(models).get("distilled")
    return found
