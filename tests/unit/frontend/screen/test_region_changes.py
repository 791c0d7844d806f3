"""Where on the face a sign changed beyond chance, as numbers and in words."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from frontend.analysis import Analysis, parse_analysis
from frontend.components.region_words import changed_text
from frontend.i18n import Language, catalogue
from frontend.region_changes import amounts, changed_regions
from frontend.vocabulary import Attribute, Region
from tests.support.answers import REGIONS, analysis_answer, picture

ENGLISH = catalogue(Language.ENGLISH)
KOREAN = catalogue(Language.KOREAN)
ERRORS = dict.fromkeys(REGIONS, 0.007)
"""Two such errors leave 2.77 x 0.007 x root 2 = 0.0274 to chance."""


def analysis(shares: dict[str, float], *, grey: int = 51, **changes: Any) -> Analysis:
    """An analysis whose maps are alike and evenly grey; 51 is a fifth of white."""
    answer = analysis_answer()
    for attribute in answer["attributes"].values():
        attribute["heatmap"] = base64.b64encode(picture("PNG", grey=grey)).decode()
        attribute["regions"] = dict.fromkeys(REGIONS, 0.0) | shares
        attribute["region_errors"] = ERRORS
        attribute.update(changes)
    return parse_analysis(answer)


def changed(before: Analysis, after: Analysis) -> dict[Region, float] | None:
    found = changed_regions(before.attributes[Attribute.OIL], after.attributes[Attribute.OIL])
    return None if found is None else dict(found)


def said(before: Analysis, after: Analysis, attribute: Attribute = Attribute.OIL) -> str:
    return changed_text(ENGLISH, attribute, before, after)


def test_an_amount_is_the_regions_share_of_the_maps_mean_strength() -> None:
    oil = analysis({"nose": 0.5, "chin": 0.1}).attributes[Attribute.OIL]
    # 51 / 255 = 0.2, of which half lies on the nose.
    assert amounts(oil)[Region.NOSE] == pytest.approx(0.1)
    assert amounts(oil)[Region.CHIN] == pytest.approx(0.02)
    assert amounts(oil)[Region.MOUTH] == 0


def test_only_what_can_not_be_chance_has_changed_and_the_largest_change_comes_first() -> None:
    before = analysis({"nose": 0.5, "chin": 0.5})
    # 0.2 x 0.13 = 0.026 is within chance, 0.2 x 0.15 = 0.03 beyond it.
    after = analysis({"nose": 0.35, "chin": 0.37, "forehead": 0.2})
    found = changed(before, after)
    assert found is not None
    assert list(found) == [Region.FOREHEAD, Region.NOSE]
    assert found[Region.FOREHEAD] == pytest.approx(0.04)
    assert found[Region.NOSE] == pytest.approx(-0.03)


def test_the_same_shares_of_a_stronger_map_are_more_of_the_sign() -> None:
    shares = {"nose": 0.5}
    found = changed(analysis(shares, grey=51), analysis(shares, grey=102))
    assert found == pytest.approx({Region.NOSE: 0.1})


def test_the_errors_of_both_photos_count() -> None:
    before, after = analysis({"nose": 0.0}), analysis({"nose": 0.3})
    unsure = analysis({"nose": 0.0}, region_errors=dict.fromkeys(REGIONS, 0.03))
    # 0.06 is beyond 0.0274, but within 2.77 x root(0.03 squared + 0.007 squared) = 0.085.
    assert changed(before, after) == pytest.approx({Region.NOSE: 0.06})
    assert changed(unsure, after) == changed(after, unsure) == {}


def test_without_errors_or_shares_at_both_dates_nothing_can_be_told() -> None:
    known = analysis({"nose": 0.5})
    for unknown in (analysis({}, region_errors=None), analysis({}, regions={})):
        assert changed(known, unknown) is None
        assert changed(unknown, known) is None
        assert said(known, unknown) == ENGLISH.differences.unknown


def test_a_region_without_an_error_is_left_out() -> None:
    one = ERRORS | {"nose": None}
    before, after = analysis({}, region_errors=one), analysis({"nose": 0.5, "chin": 0.5})
    assert changed(before, after) == pytest.approx({Region.CHIN: 0.1})


def test_what_grew_and_what_shrank_is_named_the_stronger_first() -> None:
    before = analysis({"forehead": 0.3})
    after = analysis({"cheek_left": 0.5})
    assert said(before, after) == "More shine on your left cheek, less on the forehead"
    assert said(after, before) == "Less shine on your left cheek, more on the forehead"
    assert said(before, after, Attribute.WRINKLE).endswith(", fewer on the forehead")
    korean = changed_text(KOREAN, Attribute.OIL, before, after)
    assert korean == "번들거림이 늘어난 곳: 왼쪽 볼 · 줄어든 곳: 이마"


def test_the_sign_of_hydration_is_dryness() -> None:
    before, after = analysis({}), analysis({"mouth": 0.5})
    told = said(before, after, Attribute.HYDRATION)
    assert told == "More dryness around the mouth"


def test_a_pair_is_one_place_where_both_sides_changed_the_same_way() -> None:
    nothing = analysis({})
    alike = analysis({"cheek_left": 0.2, "cheek_right": 0.2, "nose": 0.3})
    assert said(nothing, alike) == "More shine on both cheeks and on the nose"
    moved = said(analysis({"cheek_left": 0.3}), analysis({"cheek_right": 0.4}))
    assert moved == "More shine on your right cheek, less on your left cheek"


def test_at_most_three_places_are_named_and_the_rest_is_owned_to() -> None:
    shares = {"forehead": 0.4, "nose": 0.3, "chin": 0.2}
    told = said(analysis({}), analysis(shares))
    assert told == "More shine on the forehead, on the nose and on the chin"
    told = said(analysis({}), analysis({**shares, "mouth": 0.15}))
    assert told.endswith("on the nose and on the chin; other places changed too")
    korean = changed_text(KOREAN, Attribute.OIL, analysis({}), analysis(shares))
    assert korean == "번들거림이 늘어난 곳: 이마, 코, 턱"


def test_no_change_beyond_chance_is_said() -> None:
    same = analysis({"nose": 0.5})
    assert said(same, same) == "No place changed beyond chance"


def test_maps_of_two_versions_are_not_compared() -> None:
    before = analysis({"nose": 0.5})
    answer = analysis_answer()
    answer["model"]["version"] = "2027.1.0"
    assert said(before, parse_analysis(answer)) == ENGLISH.differences.other_model


@pytest.mark.parametrize("language", list(Language))
def test_every_attribute_has_its_words(language: Language) -> None:
    assert set(catalogue(language).differences.signs) == set(Attribute)
