"""What a map must stand.

Other weights change it; another photo of the same face does not; erasing what it shows lowers the
score. Randomised weights: Adebayo et al. 2018, arXiv:1810.03292. ROAD: Rong et al. 2022,
arXiv:2202.00449, by pytorch-grad-cam.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import torch
from pytorch_grad_cam.metrics.road import NoisyLinearImputer, ROADCombined

from backend.vision.geometry import Photo
from backend.vision.grad_cam import ExplanationRequest, Heatmap, common_share
from backend.vision.map_summary import FaceLayout
from backend.vision.network import to_tensor
from backend.vocabulary import Attribute
from baseline.explanation.drawing import Drawer
from baseline.explanation.figures import clear
from baseline.explanation.graders import Graders
from baseline.explanation.methods import Maps
from baseline.explanation.scores import brightest, similarity
from baseline.explanation.subjects import Subject, sign_strength
from baseline.faces.changes import as_jpeg

ERASED: Final = 0.1
"""Share of the skin that is erased."""
_ROAD_PERCENTILES: Final = (80, 90)
_JPEG_QUALITY: Final = 40
_DIMMED: Final = 0.8
_FILL_NOISE: Final = 0.01
"""Of the pixels that are filled in, shares of white."""
_GRAIN: Final = 0.05
"""Size of the patches in which random skin is erased, shares of the crop's side: as a map's."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one method's maps of one attribute stand the checks; means over photos.

    Attributes:
        mirrored: what the map and that of the mirrored photo, mirrored back, have in common over
            what either has. The `stability` that the server tells is the same of the map's cells,
            before what counts as nothing is taken off.
        least_mirrored: the least of any photo, the others being means.
        dimmed: the same with the map of the photo at 80 % of its brightness.
        compressed: the same with the map of the photo as a JPEG of quality 40.
        random_weights: rank correlation on the skin with the map of untrained graders; a map that
            looks at the weights has about 0. NaN where all maps of one of both are flat.
        erased: share of the photos in which erasing the top tenth of the evidence lowers the
            sign's score more than erasing as much random skin.
        road: of the target, what removing the least relevant pixels leaves over removing the most
            relevant ones, in logits.
        photos: how many were looked at.
    """

    mirrored: float
    least_mirrored: float
    dimmed: float
    compressed: float
    random_weights: float
    erased: float
    road: float
    photos: int


def check(
    drawer: Drawer,
    graders: Graders,
    untrained: Graders,
    subjects: Sequence[Subject],
    rng: np.random.Generator,
) -> dict[Attribute, Checked]:
    """Put one method's maps to every check, on the photos with a clear sign.

    Only attributes that are graded are checked, and of a photo only those whose sign it shows.

    Args:
        drawer: draws the maps.
        graders: whose maps they are.
        untrained: graders of random weights.
        subjects: the photos.
        rng: draws random skin.
    """
    found: dict[Attribute, list[tuple[float, ...]]] = {
        attribute: [] for attribute in graders.analyser.attributes
    }
    for one in subjects:
        showing = [attribute for attribute in found if clear([one], attribute)]
        if not showing:
            continue
        asked = graders.only(showing)

        def maps_of(crop: Photo, layout: FaceLayout, of: Graders = asked) -> Maps:
            return drawer.draw(of, crop, layout, rng)[0]

        own = maps_of(one.crop, one.layout)
        mirrored = maps_of(np.ascontiguousarray(one.crop[:, ::-1]), _mirrored(one.layout))
        same_face = [
            {attribute: heatmap[:, ::-1] for attribute, heatmap in mirrored.items()},
            maps_of(dimmed(one.crop), one.layout),
            maps_of(compressed(one.crop), one.layout),
        ]
        of_nothing = maps_of(one.crop, one.layout, untrained.only(showing))
        for attribute in showing:
            shared = [common_share(own[attribute], other[attribute]) for other in same_face]
            found[attribute].append(
                (
                    *(share or 0.0 for share in shared),
                    similarity(
                        own[attribute], of_nothing[attribute], one.layout.where(attribute) > 0.5
                    ),
                    float(erasing_tells(graders, one, own[attribute], attribute, rng)),
                    road(graders, one.crop, own[attribute], attribute),
                )
            )
    return {attribute: _means(rows) for attribute, rows in found.items() if rows}


def _mirrored(layout: FaceLayout) -> FaceLayout:
    """Skin and lips of the mirrored crop; no map is told by regions here."""
    skin, lips = (np.ascontiguousarray(mask[:, ::-1]) for mask in (layout.skin, layout.lips))
    return FaceLayout({}, skin, lips)


def _means(rows: Sequence[tuple[float, ...]]) -> Checked:
    mirrored, dark, packed, random_weights, erased, removed = map(_mean, zip(*rows, strict=True))
    return Checked(
        mirrored=mirrored,
        least_mirrored=min(row[0] for row in rows),
        dimmed=dark,
        compressed=packed,
        random_weights=random_weights,
        erased=erased,
        road=removed,
        photos=len(rows),
    )


def _mean(values: Sequence[float]) -> float:
    told = [value for value in values if not math.isnan(value)]
    return float(np.mean(told)) if told else math.nan


def dimmed(crop: Photo) -> Photo:
    """The crop at 80 % of its pixel values, RGB uint8 (S, S, 3)."""
    return np.asarray(np.round(crop * _DIMMED), dtype=np.uint8)


def compressed(crop: Photo) -> Photo:
    """The crop after strong JPEG compression, RGB uint8 (S, S, 3)."""
    return as_jpeg(crop, _JPEG_QUALITY)


def erasing_tells(
    graders: Graders,
    one: Subject,
    heatmap: Heatmap,
    attribute: Attribute,
    rng: np.random.Generator,
) -> bool:
    """Whether erasing what the map shows lowers the sign's score more than erasing random skin.

    The top tenth of the evidence on the skin is inpainted, and as much skin in random patches. Lips
    are not skin here, for what would be filled in from round about is a face without a mouth.
    """
    skin = one.layout.skin > 0.5
    noise = rng.standard_normal(heatmap.shape).astype(np.float32)
    patches = cv2.GaussianBlur(noise, (0, 0), _GRAIN * heatmap.shape[0] / 2)
    scores = []
    for evidence in (heatmap, np.asarray(patches, dtype=np.float32)):
        erased = inpainted(one.crop, brightest(evidence, skin, share=ERASED), rng)
        score = graders.analyser.grade(erased)[attribute].score
        scores.append(sign_strength(attribute, score))
    return scores[0] < scores[1]


def inpainted(crop: Photo, cells: npt.NDArray[np.bool_], rng: np.random.Generator) -> Photo:
    """The crop with some cells of its map filled in from round about, RGB uint8 (S, S, 3).

    By ROAD's noisy linear imputation: each pixel is the mean of its neighbours and a little noise.
    An inpainting that carries edges on would draw facets and streaks, which shine and flake.
    """
    size = (crop.shape[1], crop.shape[0])
    kept = 1 - cv2.resize(cells.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    levels = torch.from_numpy(np.moveaxis(crop, -1, 0) / np.float32(255))
    filled = NoisyLinearImputer(noise=0)(levels, torch.from_numpy(kept))
    picture = np.moveaxis(filled.numpy(), 0, -1)
    picture = picture + (1 - kept)[..., None] * rng.normal(0, _FILL_NOISE, picture.shape)
    return np.asarray(np.round(np.clip(picture, 0, 1) * 255), dtype=np.uint8)


def road(graders: Graders, crop: Photo, heatmap: Heatmap, attribute: Attribute) -> float:
    """What removing the least relevant pixels leaves of the target over the most relevant ones."""
    spec = graders.analyser.manifest.attributes[attribute].input_spec
    inputs = to_tensor(crop, spec)[None].to(graders.device)
    size = (spec.input_px, spec.input_px)
    # Cells of one value would be removed all or none; pixels then go in a fixed random order.
    order = np.random.default_rng(0).random(size, dtype=np.float32) * np.float32(1e-6)
    relevance = cv2.resize(heatmap, size, interpolation=cv2.INTER_LINEAR) + order
    weights = torch.tensor(ExplanationRequest().grade_weights(attribute), device=inputs.device)
    metric: Any = ROADCombined(percentiles=list(_ROAD_PERCENTILES))

    def target(logits: torch.Tensor) -> torch.Tensor:
        return (logits * weights).sum()

    return float(metric(inputs, relevance[None], [target], graders.networks[attribute])[0])
