"""Whether two visits can be compared."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from frontend.comparable import LIMITS, Comparability, Comparison, Reason, compare, differences
from frontend.i18n import Language, catalogue
from frontend.store import VersionGrades, Visit
from frontend.vocabulary import Attribute, Source, Verdict
from tests.support.visits import FACING, JUNE, result

VISIT = Visit(
    id="1",
    user_id="mina",
    taken_at=JUNE,
    saved_at=JUNE,
    source=Source.UPLOAD,
    model_version="2026.11.0",
    quality_verdict=Verdict.GOOD,
    quality_score=90.0,
    note="",
    results=dict.fromkeys(Attribute, result()),
    circumstances=FACING,
)


def taken(**changes: Any) -> Visit:
    return replace(VISIT, circumstances=replace(FACING, **changes))


def test_two_photos_taken_alike_are_comparable() -> None:
    assert compare(VISIT, VISIT) == Comparison(Comparability.COMPARABLE, ())


@pytest.mark.parametrize(
    ("name", "reason", "changed"),
    [
        ("yaw", Reason.POSE, lambda by: {"yaw": FACING.yaw + by}),
        ("pitch", Reason.POSE, lambda by: {"pitch": FACING.pitch - by}),
        ("roll", Reason.POSE, lambda by: {"roll": FACING.roll + by}),
        (
            "size",
            Reason.SIZE,
            lambda by: {"eye_distance_px": 190 / math.exp(by)},
        ),
        ("sharpness", Reason.SHARPNESS, lambda by: {"focus": FACING.focus - by}),
        ("exposure", Reason.LIGHT_AMOUNT, lambda by: {"eye_white": 131 * 2.718281828**-by - 1}),
        ("clipping", Reason.LIGHT_AMOUNT, lambda by: {"clipped": by}),
        ("light_side", Reason.LIGHT_SIDE, lambda by: {"brighter": (0.1 + by, -0.2)}),
        ("unevenness", Reason.LIGHT_SIDE, lambda by: {"unevenness": 1 + by}),
        ("colour", Reason.LIGHT_COLOUR, lambda by: {"colour": (0.05 + by, -0.02)}),
        ("covered", Reason.COVERED, lambda by: {"covered": 0.1 + by}),
        ("smoothing", Reason.PROCESSING, lambda by: {"texture": FACING.texture - by}),
        ("compression", Reason.PROCESSING, lambda by: {"blocks": 0.1 + by}),
    ],
)
def test_each_difference_has_its_limits_and_its_reason(
    name: str, reason: Reason, changed: Any
) -> None:
    limits = LIMITS[name]
    mild, much, too_much = (
        compare(VISIT, taken(**changed(by)))
        for by in (limits.care * 0.98, limits.care * 1.02, limits.never * 1.02)
    )
    assert mild.verdict is Comparability.COMPARABLE
    assert much == Comparison(Comparability.WITH_CARE, (reason,))
    assert too_much == Comparison(Comparability.NOT_COMPARABLE, (reason,))


def test_pixels_that_show_no_more_of_the_skin_are_no_difference() -> None:
    # One photo of 25 megapixels: of its JPEG a smaller copy is measured, of its WebP all of it.
    jpeg, webp = taken(eye_distance_px=212.1), taken(eye_distance_px=848.5)
    assert compare(jpeg, webp) == Comparison(Comparability.COMPARABLE, ())


def test_every_difference_has_limits() -> None:
    assert set(differences(FACING, FACING)) == set(LIMITS)
    assert all(0 < each.care < each.never for each in LIMITS.values())


def test_the_order_of_the_two_does_not_matter() -> None:
    other = replace(taken(yaw=30.0, clipped=0.9), source=Source.WEBCAM, model_version="other")
    assert compare(VISIT, other) == compare(other, VISIT)


@pytest.mark.parametrize(
    ("photo_px", "same"),
    [
        ((1600, 1200), True),
        ((1500, 1125), True),
        ((3000, 4000), False),
        ((1200, 1200), False),
    ],
)
def test_photos_of_another_size_or_shape_seem_to_come_from_another_camera(
    photo_px: tuple[int, int], same: bool
) -> None:
    reasons = compare(VISIT, taken(photo_px=photo_px)).reasons
    assert reasons == (() if same else (Reason.CAMERA,))


def test_the_worst_reason_comes_first() -> None:
    other = replace(
        taken(yaw=FACING.yaw + LIMITS["yaw"].never + 1), model_version="other", source=Source.WEBCAM
    )
    found = compare(VISIT, other)
    assert found.verdict is Comparability.NOT_COMPARABLE
    assert found.reasons == (Reason.POSE, Reason.CAMERA, Reason.MODEL)


@pytest.mark.parametrize("change", [{"focus": -9.0}, {"texture": -9.0}])
def test_sharpness_of_another_version_says_nothing(change: dict[str, float]) -> None:
    other = taken(**change)
    assert compare(VISIT, other).verdict is Comparability.NOT_COMPARABLE
    assert compare(VISIT, replace(other, model_version="other")).reasons == (Reason.MODEL,)


def test_sharpness_is_compared_by_the_version_that_measured_it_not_by_the_one_that_graded() -> None:
    first, newer = (
        VersionGrades(model_version=version, results=VISIT.results)
        for version in (VISIT.model_version, "2026.12.0")
    )
    anew = replace(VISIT, model_version=newer.model_version, graded_before=(first,))
    twice = replace(VISIT, model_version="2027.1.0", graded_before=(first, newer))
    blurred = taken(focus=-9.0)
    # One version graded and two measured, whose numbers for sharpness mean different things.
    newly_taken = replace(blurred, model_version=newer.model_version)
    assert compare(anew, newly_taken) == Comparison(Comparability.COMPARABLE, ())
    # Two graded and one measured.
    for visit in (anew, twice):
        assert compare(visit, blurred).reasons == (Reason.SHARPNESS, Reason.MODEL)


def test_what_is_not_known_asks_for_care() -> None:
    unknown = replace(VISIT, circumstances=None)
    assert compare(unknown, VISIT) == Comparison(Comparability.WITH_CARE, (Reason.UNKNOWN,))


def test_a_photo_that_should_be_taken_again_asks_for_care_and_two_are_compared_never() -> None:
    poor = replace(VISIT, quality_verdict=Verdict.RETAKE)
    assert compare(VISIT, poor) == Comparison(Comparability.WITH_CARE, (Reason.POOR_PHOTO,))
    assert compare(poor, poor) == Comparison(Comparability.NOT_COMPARABLE, (Reason.POOR_PHOTO,))


@pytest.mark.parametrize("reason", [Reason.POOR_PHOTO, Reason.UNKNOWN])
def test_what_can_be_of_both_photos_is_not_told_of_one(reason: Reason) -> None:
    both = replace(VISIT, quality_verdict=Verdict.RETAKE, circumstances=None)
    assert reason in compare(both, both).reasons
    told = catalogue(Language.ENGLISH).comparable.reasons[reason].lower()
    assert told.replace("at least one of", "").count("one") == 0


@pytest.mark.parametrize(("language", "pixels"), [("en", "pixels"), ("ko", "픽셀")])
def test_the_size_of_the_face_is_told_as_what_is_compared(language: str, pixels: str) -> None:
    # The same photo, a quarter as many pixels wide.
    small = taken(eye_distance_px=47.5, photo_px=(300, 400))
    assert Reason.SIZE in compare(VISIT, small).reasons
    words = catalogue(Language(language)).comparable
    assert pixels in words.reasons[Reason.SIZE]


@pytest.mark.parametrize("language", list(Language))
def test_the_old_grades_are_promised_for_the_one_file_that_has_them(language: Language) -> None:
    assert "JSON" in catalogue(language).comparable.regrade_why
