"""The face with the heat map on it: which attribute, map or photo, how strong."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Final

import streamlit as st

from frontend import visitor
from frontend.accounts import User
from frontend.analysis import Analysis
from frontend.components.face_map import (
    LOWEST_SHOWN,
    data_address,
    grey_face,
    map_layer,
    shows_something,
)
from frontend.components.failing_database import telling_of_a_failing_database
from frontend.components.map_places import seen_text
from frontend.components.map_tiles import map_strip
from frontend.i18n import Words
from frontend.sessions import Sessions
from frontend.vocabulary import Attribute

_MAP: Final = "map"
_PHOTO: Final = "photo"
_FULL_STRENGTH_PERCENT: Final = 100
_LOWEST_PERCENT: Final = round(LOWEST_SHOWN * 100)
_HIGHEST_LOWEST_PERCENT: Final = 80


@dataclass(slots=True, weakref_slot=True)
class Pictures:
    """The pictures of one analysis, drawn when first looked at and kept as long as it.

    Attributes:
        analysis: Where they come from.
    """

    analysis: Analysis
    _addresses: dict[str, str] = field(default_factory=dict, repr=False)

    def photo(self) -> str:
        """Address of the aligned face in colour."""
        return data_address(self.analysis.crop, "image/jpeg")

    def grey(self) -> str:
        """Address of the grey face below the maps."""
        if "grey" not in self._addresses:
            self._addresses["grey"] = data_address(grey_face(self.analysis.crop), "image/jpeg")
        return self._addresses["grey"]

    def map_of(self, attribute: Attribute, *, lowest: float = LOWEST_SHOWN) -> str:
        """Address of an attribute's map, clear below some evidence; as a rule it is kept."""
        heatmap = self.analysis.attributes[attribute].heatmap
        if lowest != LOWEST_SHOWN:
            return data_address(map_layer(heatmap, lowest=lowest), "image/webp")
        if attribute not in self._addresses:
            self._addresses[attribute] = data_address(map_layer(heatmap), "image/webp")
        return self._addresses[attribute]

    def strip(self) -> str:
        """Address of all five maps side by side."""
        if "strip" not in self._addresses:
            self._addresses["strip"] = data_address(map_strip(self.analysis), "image/webp")
        return self._addresses["strip"]


@st.fragment
def show_face(words: Words, pictures: Pictures, *, owner: User | None, sessions: Sessions) -> None:
    """Draw the panel; changing it redraws nothing else of the page.

    Args:
        words: The language.
        pictures: The face and its maps.
        owner: Who alone may see them; None for those that everybody may.
        sessions: Know who is signed in.
    """
    with telling_of_a_failing_database(words):
        # The panel is drawn anew without the rest of the page, which would have asked.
        if owner is not None and visitor.current_user(sessions) != owner:
            st.rerun()
        _draw(words, pictures)


def _draw(words: Words, pictures: Pictures) -> None:
    attribute = st.segmented_control(
        words.result.which_map,
        list(Attribute),
        default=Attribute.OIL,
        required=True,
        format_func=lambda choice: words.attributes[choice].short,
        key="map_attribute",
        label_visibility="collapsed",
        width="stretch",
        wrap=False,
    )
    picture = st.empty()
    with st.container(horizontal=True, vertical_alignment="center", key="map_row", wrap=False):
        seen = seen_text(words, attribute, pictures.analysis.attributes[attribute])
        st.html(f'<p class="sn-seen">{escape(seen)}</p>')
        view = st.segmented_control(
            words.result.view,
            [_MAP, _PHOTO],
            default=_MAP,
            required=True,
            format_func={_MAP: words.result.view_map, _PHOTO: words.result.view_photo}.__getitem__,
            key="map_view",
            label_visibility="collapsed",
            width="content",
        )
    if view == _MAP:
        left, right = st.columns(2, gap="medium", wrap=False)
        strength = left.slider(
            words.result.opacity,
            min_value=0,
            max_value=_FULL_STRENGTH_PERCENT,
            value=_FULL_STRENGTH_PERCENT,
            step=5,
            format="%d%%",
            key="map_opacity",
        )
        lowest = right.slider(
            words.result.lowest,
            min_value=_LOWEST_PERCENT,
            max_value=_HIGHEST_LOWEST_PERCENT,
            value=_LOWEST_PERCENT,
            step=4,
            format="%d%%",
            key="map_lowest",
        )
        picture.html(
            map_html(words, pictures, attribute, strength_percent=strength, lowest_percent=lowest)
        )
    else:
        picture.html(photo_html(words, pictures))
    st.html(strip_html(words, pictures))


def map_html(
    words: Words,
    pictures: Pictures,
    attribute: Attribute,
    *,
    strength_percent: int = _FULL_STRENGTH_PERCENT,
    lowest_percent: int = _LOWEST_PERCENT,
) -> str:
    """The grey face, one map over it, and the legend.

    Args:
        words: The language.
        pictures: The face and its maps.
        attribute: Whose map.
        strength_percent: How opaque the map is laid on, 0 to 100.
        lowest_percent: Evidence below this is left clear, 0 to 100.
    """
    layer = pictures.map_of(attribute, lowest=lowest_percent / 100)
    return (
        f'<div class="sn-face" data-map="{attribute}"><img class="sn-below" alt="" '
        f'src="{pictures.grey()}"><img class="sn-above" src="{layer}" '
        f'alt="{escape(map_alternative(words, pictures, attribute))}" '
        f'style="opacity:{strength_percent / 100:.2f}"></div>{legend_html(words)}'
    )


def map_alternative(words: Words, pictures: Pictures, attribute: Attribute) -> str:
    """What a face with a map on it shows, for those who do not see it."""
    spoken = words.attributes[attribute]
    visible = shows_something(pictures.analysis.attributes[attribute].heatmap)
    return spoken.alternative if visible else spoken.unseen


def legend_html(words: Words) -> str:
    """What a map's colours mean."""
    return (
        f'<div class="sn-legend"><span>{escape(words.result.faint)}</span><i class="sn-ramp"></i>'
        f"<span>{escape(words.result.clear)}</span></div>"
    )


def strip_html(words: Words, pictures: Pictures) -> str:
    """All five maps side by side, with their names and what their colours mean below."""
    names = "".join(f"<span>{escape(words.attributes[one].short)}</span>" for one in Attribute)
    return (
        f'<figure class="sn-strip"><img alt="{escape(words.result.all_maps)}" '
        f'src="{pictures.strip()}"><figcaption>{names}</figcaption></figure>'
        f'<p class="sn-note">{escape(words.result.scale_note)}</p>'
    )


def photo_html(words: Words, pictures: Pictures) -> str:
    """The aligned face in colour, with nothing on it."""
    return (
        '<div class="sn-face" data-map=""><img class="sn-below" '
        f'alt="{escape(words.result.photo_alternative)}" src="{pictures.photo()}"></div>'
    )
