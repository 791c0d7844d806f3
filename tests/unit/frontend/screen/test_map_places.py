"""Where a map's evidence lies, in words."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from frontend.analysis import AttributeAnalysis, parse_analysis
from frontend.components.map_places import main_places, seen_text
from frontend.i18n import Language, catalogue
from frontend.vocabulary import Attribute, Region
from tests.support.answers import REGIONS, analysis_answer, picture

ENGLISH = catalogue(Language.ENGLISH)


def _oil(shares: dict[str, float], **changes: Any) -> AttributeAnalysis:
    answer = analysis_answer()
    answer["attributes"]["oil"]["regions"] = dict.fromkeys(REGIONS, 0.0) | shares
    answer["attributes"]["oil"].update(changes)
    return parse_analysis(answer).attributes[Attribute.OIL]


def _said(result: AttributeAnalysis) -> str:
    return seen_text(ENGLISH, Attribute.OIL, result)


def test_the_place_that_holds_most_of_the_evidence_is_named() -> None:
    shares = {"cheek_left": 0.6, "nose": 0.2}
    assert _said(_oil(shares)) == "Where shine was seen, mostly on your left cheek"


def test_two_places_are_named_where_one_does_not_hold_half() -> None:
    shares = {"forehead": 0.4, "nose": 0.3, "chin": 0.2}
    assert _said(_oil(shares)) == "Where shine was seen, mostly on the forehead and on the nose"
    korean = seen_text(catalogue(Language.KOREAN), Attribute.OIL, _oil(shares))
    assert korean == "번들거림이 보인 곳 · 주로 이마, 코"


def test_both_sides_of_a_pair_are_one_place() -> None:
    assert _said(_oil({"cheek_left": 0.3, "cheek_right": 0.25})).endswith("mostly on both cheeks")


def test_evidence_that_two_places_do_not_hold_is_in_several() -> None:
    even = dict.fromkeys(REGIONS, 0.1)
    assert _said(_oil(even)) == "Where shine was seen, in several places"


def test_a_map_that_lies_beside_the_skin_is_called_weak() -> None:
    weak = _oil({"forehead": 0.3}, heatmap_quality={"skin_share": 0.4})
    assert _said(weak).endswith("rely less on this map")


def test_a_map_that_its_mirror_image_does_not_repeat_is_not_to_be_relied_on() -> None:
    shares = {"cheek_left": 0.6}
    shaky = _oil(shares, heatmap_quality={"skin_share": 0.9, "stability": 0.1})
    assert _said(shaky).endswith("elsewhere in the mirror image: rely less on this map")
    unknown = _oil(shares, heatmap_quality={"skin_share": 0.9, "stability": None})
    assert _said(unknown).endswith("mostly on your left cheek")


def test_an_empty_map_and_one_of_unknown_places_name_none() -> None:
    empty = base64.b64encode(picture("PNG", grey=0)).decode()
    assert _said(_oil({}, heatmap=empty)) == "No shine stood out"
    assert _said(_oil({}, regions={})) == "Where shine was seen"


@pytest.mark.parametrize("language", list(Language))
def test_every_place_has_a_name(language: Language) -> None:
    names = catalogue(language).places.names
    for region in Region:
        (place,) = main_places({region: 0.9})
        assert names[place]
    assert len(set(names.values())) == len(names)
