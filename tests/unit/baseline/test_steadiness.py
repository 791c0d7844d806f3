"""How the steadiness of scores and of maps is counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.vision.manifest import MANIFEST_NAME, read_manifest
from backend.vision.prediction import Analyser
from backend.vision.quality import Verdict
from backend.vision.regions import Region
from backend.vocabulary import Attribute
from baseline.metrics.repeatability import repeatability
from baseline.model_card import CARD_NAME, load_manifest, record, write_manifest
from baseline.steadiness.bursts import FaceInMoments, Moment, burst_figures, measure_bursts
from baseline.steadiness.faces import GradedFace, GradedPhoto, measure, region_amounts
from baseline.steadiness.figures import figures
from tests.support.models import edit_manifest

MODELS = Path(__file__).resolve().parents[3] / "models"


def _photo(score: float, verdict: Verdict = Verdict.GOOD, *, nose: float = 0.0) -> GradedPhoto:
    amounts = dict.fromkeys(Region, 0.0) | {Region.NOSE: nose}
    return GradedPhoto(dict.fromkeys(Attribute, score), dict.fromkeys(Attribute, amounts), verdict)


def _face(severity: float, *changed: GradedPhoto) -> GradedFace:
    return GradedFace(dict.fromkeys(Attribute, severity), changed, _photo(1.0), _photo(1.3))


def test_the_deviation_is_within_faces_and_not_between_them() -> None:
    one = _face(0.0, _photo(1.0), _photo(1.2))
    other = GradedFace(
        one.severities, [_photo(3.0), _photo(3.2)], neutral=_photo(3.0), smiling=_photo(2.9)
    )
    found = figures([one, other], Attribute.OIL)
    assert found["deviation"] == pytest.approx(0.1414, abs=1e-4)
    assert found["smile"] == pytest.approx(0.1)
    assert found["smile_size"] == pytest.approx(0.2)
    assert found["photos"] == 4


def test_a_pair_with_a_lost_photo_says_nothing_of_smiles() -> None:
    kept = _face(0.0, _photo(1.0), _photo(1.1))
    lost = GradedFace(kept.severities, kept.changed, neutral=None, smiling=_photo(4.0))
    assert figures([lost, kept], Attribute.OIL)["smile"] == pytest.approx(0.3)


def test_good_photos_are_told_apart_from_usable_ones_and_those_to_retake() -> None:
    faces = [
        _face(0.0, _photo(1.0), _photo(1.2), _photo(1.6, Verdict.USABLE)),
        _face(2.0, _photo(2.0), _photo(2.2), _photo(3.9, Verdict.RETAKE)),
        _face(4.0, _photo(3.5), _photo(3.7, Verdict.RETAKE)),
    ]
    found = figures(faces, Attribute.OIL)
    # Differences of 0.2 have a standard deviation of 0.2 / sqrt(2); the third face has one photo.
    assert found["good"]["deviation"] == pytest.approx(0.1414)
    assert found["good"]["detectable_change"] == pytest.approx(1.96 * 0.2, abs=1e-3)
    assert found["good"]["slope"] == pytest.approx(0.5)
    assert (found["good"]["faces"], found["good"]["photos"]) == (2, 4)
    # Variances of 1.0, 1.2, 1.6 and of 2.0, 2.2: 0.28 / 3 and 0.02.
    assert found["good_or_usable"]["deviation"] == pytest.approx((0.28 / 6 + 0.01) ** 0.5, abs=1e-4)
    assert found["good_or_usable"]["photos"] == 5
    assert found["photos"] == 8


def test_with_two_good_photos_of_one_face_alone_nothing_is_told_of_good_ones() -> None:
    retake = Verdict.RETAKE
    faces = [_face(0.0, _photo(1.0), _photo(1.2)), _face(1.0, _photo(2, retake), _photo(3, retake))]
    assert figures(faces, Attribute.OIL)["good"] is None


def test_a_region_s_deviation_is_that_of_its_amounts() -> None:
    faces = [
        _face(0.0, _photo(1.0, nose=0.01), _photo(1.2, nose=0.03)),
        _face(2.0, _photo(2.0, nose=0.05), _photo(2.2, nose=0.05)),
    ]
    regions = figures(faces, Attribute.OIL)["regions"]
    # Of 0.01 and 0.03 it is 0.02 / sqrt(2), of the other face's two 0.
    assert regions["nose"] == pytest.approx(0.01)
    assert regions["chin"] == 0.0
    assert set(regions) == {region.value for region in Region}


def test_an_amount_counts_the_steps_of_grey_that_are_sent() -> None:
    heatmap = np.array([[0.0, 0.501]], np.float32)
    # 0.501 is sent as 128 of 255.
    assert region_amounts(heatmap, {Region.CHIN: 0.5})[Region.CHIN] == pytest.approx(
        0.5 * 128 / 255 / 2
    )


def test_a_slope_counts_each_thing_once() -> None:
    groups = [[0.0, 0.0, 0.0, 0.0], [1.0, 1.2], [2.0, 2.2]]
    # Through 0, 1.1 and 2.1 at 0, 1 and 2.
    assert repeatability(groups, [0.0, 1.0, 2.0]).slope == pytest.approx(1.05)


def test_things_measured_once_have_no_repeatability() -> None:
    with pytest.raises(ValueError, match="expected two things measured more than once, got 1"):
        repeatability([[1.0, 2.0], [3.0]], [0.0, 1.0])


def test_a_face_is_photographed_several_times_and_smiling(faces_folder: Path) -> None:
    analyser = Analyser.load(MODELS)
    found = measure(analyser, faces_folder, ["002"], photos=3, side_px=320)
    assert len(found) == 1
    assert len(found[0].changed) in (2, 3)
    assert len({photo.scores[Attribute.OIL] for photo in found[0].changed}) > 1
    amounts = [photo.amounts[Attribute.OIL] for photo in found[0].changed]
    assert all(0 <= amount <= 1 for of_photo in amounts for amount in of_photo.values())


def test_a_burst_is_graded_by_the_mean_of_its_frames(faces_folder: Path) -> None:
    analyser = Analyser.load(MODELS)
    (face,) = measure_bursts(analyser, faces_folder, ["002"], moments=2, side_px=320)
    assert face.severities.keys() == set(Attribute)
    for moment in face.moments:
        fit = [one for one in moment.frames if one.verdict is not Verdict.RETAKE] or moment.frames
        for attribute in Attribute:
            mean = np.mean([frame.scores[attribute] for frame in fit])
            assert moment.burst.scores[attribute] == pytest.approx(mean, abs=1e-3)


def test_a_burst_can_lessen_what_differs_within_a_moment_alone() -> None:
    def moment(*scores: float) -> Moment:
        return Moment([_photo(score) for score in scores], _photo(float(np.mean(scores))))

    faces = [
        FaceInMoments(dict.fromkeys(Attribute, severity), moments)
        for severity, moments in (
            (0.0, [moment(1.0, 1.2), moment(1.2, 1.0)]),
            (4.0, [moment(3.1, 2.9), moment(3.1, 3.3)]),
        )
    ]
    found = burst_figures(faces, Attribute.OIL)
    assert found["within_a_moment"] == pytest.approx(0.1414, abs=1e-4)
    # Firsts: 1.0, 1.2 and 3.1, 3.1; means: 1.1, 1.1 and 3.0, 3.2.
    assert found["photo good"]["deviation"] == pytest.approx(0.1, abs=1e-4)
    assert found["burst good"]["deviation"] == pytest.approx(0.1, abs=1e-4)
    assert found["burst good_or_usable"]["photos"] == 4


def test_a_check_of_graders_that_nobody_has_evaluated_yet_is_kept_without_a_card(
    tmp_path: Path,
) -> None:
    write_manifest(tmp_path, {"model_version": "1.2.3"})
    record(tmp_path, "steadiness", {"oil": {"deviation": 0.2}})
    assert load_manifest(tmp_path)["steadiness"] == {"oil": {"deviation": 0.2}}
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_the_figures_go_into_a_manifest_that_can_be_read_and_into_its_card(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes((MODELS / MANIFEST_NAME).read_bytes())
    faces = [
        _face(0.0, _photo(1.0, nose=0.01), _photo(1.2, nose=0.03)),
        _face(4.0, _photo(3.0), _photo(3.2, Verdict.USABLE)),
    ]
    table = {attribute.value: figures(faces, attribute) for attribute in Attribute}
    record(tmp_path, "steadiness", table)
    measured = read_manifest(tmp_path).steadiness[Attribute.OIL]
    assert measured.good is None
    assert measured.good_or_usable is not None
    assert measured.good_or_usable.slope == pytest.approx(0.5)
    card = (tmp_path / CARD_NAME).read_text()
    assert "| oil | good or usable | 0.141 | 0.990 | 0.39 | 0.50 | 4 |" in card
    assert "a slope of at least 0.8. Reached by: none." in card
    assert "| oil | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 | 10.00 | 0.00 | 0.00 | 0.00 |" in card


def test_steadiness_measured_before_regions_were_has_a_card_too(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes((MODELS / MANIFEST_NAME).read_bytes())
    old = ("deviation", "intraclass", "smile", "smile_size", "photos")

    def forget(manifest: dict[str, dict[str, dict[str, float]]]) -> None:
        for row in manifest["steadiness"].values():
            for key in set(row) - set(old):
                del row[key]

    edit_manifest(tmp_path, forget)
    record(tmp_path, "steadiness", load_manifest(tmp_path)["steadiness"])
    card = (tmp_path / CARD_NAME).read_text()
    assert "## How steady the scores are" in card
    assert "thousandths" not in card
