from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from frontend.analysis import parse_analysis
from frontend.components.face_map import (
    data_address,
    grey_face,
    level_skin,
    map_layer,
    paint,
    shows_something,
)
from frontend.components.face_panel import Pictures, map_html, photo_html, strip_html
from frontend.components.map_tiles import STRIP_TILE_PX
from frontend.i18n import Language, catalogue
from frontend.vocabulary import Attribute
from tests.support.answers import analysis_answer, picture

WORDS = catalogue(Language.ENGLISH)


def _pixels(content: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image)


@pytest.mark.parametrize("skin", [60, 128, 200])
def test_skin_of_any_tone_comes_to_the_same_lightness(skin: int) -> None:
    levelled = _pixels(grey_face(picture("PNG", grey=skin)))

    # 0.66 * 255 = 168.3, and JPEG may be off by one.
    assert float(np.median(levelled)) == pytest.approx(168, abs=1)


def test_the_order_of_light_and_dark_survives_the_levelling() -> None:
    ramp = np.tile(np.linspace(0, 1, 64), (64, 1))

    assert (np.diff(level_skin(ramp), axis=1) >= 0).all()


def test_a_wholly_black_picture_stays_as_it_is() -> None:
    black = np.zeros((8, 8))

    assert (level_skin(black) == black).all()


def test_nothing_is_painted_below_the_threshold() -> None:
    painted = paint(np.full((16, 16), 0.1))

    assert (painted[..., 3] == 0).all()


def test_the_strongest_evidence_is_deep_blue_and_four_fifths_opaque() -> None:
    painted = paint(np.ones((16, 16)))

    assert painted[8, 8].tolist() == [0x12, 0x14, 0x5E, 204]


def test_half_strength_has_the_ramps_middle_colour_at_the_middle_opacity() -> None:
    painted = paint(np.full((16, 16), 0.5))

    # 0.35 + 0.45 * 0.5 = 0.575, and 0.575 * 255 = 146.6.
    assert painted[8, 8].tolist() == [0x14, 0x79, 0xF0, 147]


def test_a_white_line_runs_where_the_map_crosses_four_tenths_and_seven_tenths() -> None:
    ramp = np.tile(np.linspace(0, 1, 201), (9, 1))

    painted = paint(ramp)

    white = np.flatnonzero((painted[4, :, :3] == 255).all(axis=-1)) / 200
    assert {round(float(place), 1) for place in white} == {0.4, 0.7}


def test_a_flat_map_has_no_lines() -> None:
    painted = paint(np.full((16, 16), 0.42))

    assert not (painted[..., :3] == 255).all(axis=-1).any()


def test_the_layer_is_a_square_picture_with_transparency() -> None:
    with Image.open(io.BytesIO(map_layer(picture("PNG", grey=0), side_px=96))) as layer:
        assert layer.size == (96, 96)
        assert layer.convert("RGBA").getchannel("A").getextrema() == (0, 0)


def test_pictures_are_data_addresses_and_drawn_once() -> None:
    pictures = Pictures(parse_analysis(analysis_answer()))

    assert pictures.map_of(Attribute.OIL) is pictures.map_of(Attribute.OIL)
    assert pictures.grey() is pictures.grey()
    assert base64.b64decode(pictures.photo().split(",")[1]) == picture("JPEG")


def test_every_picture_on_the_panel_has_a_text_and_holds_itself() -> None:
    pictures = Pictures(parse_analysis(analysis_answer()))

    html = map_html(WORDS, pictures, Attribute.HYDRATION, strength_percent=35)

    assert 'data-map="hydration"' in html
    assert "opacity:0.35" in html
    assert 'alt="Photo of the face, painted blue where dryness was seen"' in html
    assert html.count('src="data:image/') == 2
    assert photo_html(WORDS, pictures).count('src="data:image/jpeg') == 1


def test_what_is_below_the_chosen_evidence_is_left_clear_with_its_contours() -> None:
    ramp = np.tile(np.linspace(0, 1, 200), (20, 1))
    opacity = paint(ramp, lowest=0.5)[..., 3]
    assert not opacity[ramp < 0.5].any()
    assert (opacity[ramp > 0.53] > 0).all()
    pictures = Pictures(parse_analysis(analysis_answer()))
    assert map_html(WORDS, pictures, Attribute.OIL, lowest_percent=12).count(
        pictures.map_of(Attribute.OIL)
    )
    assert pictures.map_of(Attribute.OIL) not in map_html(
        WORDS, pictures, Attribute.OIL, lowest_percent=80
    )


def test_five_maps_lie_side_by_side_with_their_names() -> None:
    answer = analysis_answer()
    answer["attributes"]["wrinkle"]["heatmap"] = base64.b64encode(picture("PNG", grey=0)).decode()
    pictures = Pictures(parse_analysis(answer))
    html = strip_html(WORDS, pictures)
    strip = base64.b64decode(pictures.strip().split(",")[1])
    with Image.open(io.BytesIO(strip)) as drawn:
        assert drawn.size == (5 * STRIP_TILE_PX, STRIP_TILE_PX)
        tiles = np.asarray(drawn.convert("RGB"), float).reshape(STRIP_TILE_PX, 5, -1, 3)
    blue = (tiles[..., 2] - tiles[..., 0]).mean(axis=(0, 2))
    # All but the empty one are painted, in the order of the names below.
    assert (blue > 10).tolist() == [True, True, False, True, True]
    places = [html.index(f"<span>{WORDS.attributes[one].short}</span>") for one in Attribute]
    assert places == sorted(places)


def test_an_address_names_its_media_type() -> None:
    assert data_address(b"\x00", "image/png") == "data:image/png;base64,AA=="


def test_a_map_too_weak_to_be_drawn_is_said_to_show_nothing() -> None:
    # The threshold is 0.12 * 255 = 30.6.
    assert not shows_something(picture("PNG", grey=30))
    assert shows_something(picture("PNG", grey=31))

    answer = analysis_answer()
    answer["attributes"]["oil"]["heatmap"] = base64.b64encode(picture("PNG", grey=30)).decode()
    pictures = Pictures(parse_analysis(answer))

    html = map_html(WORDS, pictures, Attribute.OIL, strength_percent=100)

    assert 'alt="No shine stood out"' in html
