"""The weights in `models/`: whole, small, described by their card, and able to tell signs apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backend.vision.engines.reference import load_graders_graph
from backend.vision.geometry import align
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.model_card import CARD_NAME
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.optics import to_srgb
from baseline.synthetic.simulator import paint_all

MODELS = Path(__file__).resolve().parents[3] / "models"
MEGABYTE = 1_000_000
MIDDLING = {
    Attribute.OIL: 2.0,
    Attribute.HYDRATION: 3.0,
    Attribute.WRINKLE: 1.0,
    Attribute.PIGMENTATION: 1.0,
    Attribute.SENSITIVITY: 1.0,
}


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser.load(MODELS)


def test_each_file_keeps_to_its_size() -> None:
    for attribute in Attribute:
        assert (MODELS / f"{attribute}.safetensors").stat().st_size <= 10 * MEGABYTE
    assert (MODELS / "landmarks.safetensors").stat().st_size <= 5 * MEGABYTE


def test_graders_share_the_stem_and_five_stages_that_a_server_computes_once(
    analyser: Analyser,
) -> None:
    entries = list(analyser.manifest.attributes.values())
    assert load_graders_graph(MODELS, entries).computed_stages == 6 + 5 * 3


def test_the_card_says_the_manifests_numbers() -> None:
    manifest = json.loads((MODELS / "manifest.json").read_text())
    card = (MODELS / CARD_NAME).read_text()
    for attribute in Attribute:
        metrics = manifest["attributes"][attribute.value]["metrics"]
        assert f"| {attribute} | {metrics['p_recall']:.3f} |" in card
        dark = metrics["by_skin_lightness"]["dark"]
        low, high = dark["p_recall_95"]
        assert f"| {attribute} | {dark['p_recall']:.3f} ({low:.3f}-{high:.3f}), " in card
        assert " ".join(f"{one:+.2f}" for one in manifest["attributes"][attribute]["bias"]) in card
        assert metrics["photos"] + manifest["evaluated_on"]["photos_lost"] == 600
    assert f"{manifest['distilled']['steps']} steps of 32" in card


@pytest.mark.parametrize("attribute", list(Attribute))
def test_the_score_follows_what_is_painted_on_an_unseen_face(
    analyser: Analyser, canvas: Canvas, attribute: Attribute
) -> None:
    eyes = canvas.anatomy.points[:2]
    scores = []
    for severity in (0.0, 2.0, 4.0):
        severities = MIDDLING | {attribute: severity}
        painted = paint_all(canvas, severities, np.random.default_rng(11)).canvas.light
        crop = align(to_srgb(painted), left_eye=eyes[0], right_eye=eyes[1]).pixels
        scores.append(analyser.grade(crop)[attribute].score)
    assert scores[0] < scores[1] < scores[2]
    assert scores[2] - scores[0] > 1.5
