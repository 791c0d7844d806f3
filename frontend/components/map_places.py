"""What a heat map shows, in words: the sign, and where on the face most of it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontend.analysis import AttributeAnalysis
from frontend.components.face_map import shows_something
from frontend.i18n import Words
from frontend.i18n.sections.places import Place
from frontend.vocabulary import Attribute, Region

PAIRS: Final = (
    (Region.CHEEK_LEFT, Region.CHEEK_RIGHT),
    (Region.UNDER_EYE_LEFT, Region.UNDER_EYE_RIGHT),
)
"""The regions that a face has two of."""
_MOST: Final = 0.5
"""Share of a map from which on a place or two hold most of it."""
_MOST_PLACES: Final = 2
_EVEN_SIDES: Final = 1 / 3
"""From this share of the other side on, both sides of a pair are meant."""
_WEAK_SKIN_SHARE: Final = 0.5
_UNSTEADY: Final = 0.3
"""Below this share in common with the map of the mirror image a map is not to be relied on: of 120
simulated photos of people whom no grader had seen, no map of a clear sign was below 0.34 (version
2026.11.14; of 2026.11.28, on 20 photos, none below 0.73)."""


def seen_text(words: Words, attribute: Attribute, result: AttributeAnalysis) -> str:
    """What an attribute's map shows; an unpainted face would look as if the map had failed.

    Args:
        words: The language.
        attribute: Whose map.
        result: What the server said of it.
    """
    spoken = words.attributes[attribute]
    if not shows_something(result.heatmap):
        return spoken.unseen
    if not result.regions or result.skin_share is None:
        return spoken.seen
    if result.skin_share < _WEAK_SKIN_SHARE:
        return words.places.weak.format(seen=spoken.seen)
    if result.stability is not None and result.stability < _UNSTEADY:
        return words.places.unsteady.format(seen=spoken.seen)
    places = main_places(result.regions)
    if not places:
        return words.places.spread.format(seen=spoken.seen)
    named = words.places.joined_by.join(words.places.names[place] for place in places)
    return words.places.mostly.format(seen=spoken.seen, places=named)


def main_places(regions: Mapping[Region, float]) -> tuple[Place, ...]:
    """The one or two places that hold most of a map, the first one most; none if no two do.

    >>> main_places({Region.CHEEK_LEFT: 0.4, Region.CHEEK_RIGHT: 0.2, Region.NOSE: 0.1})
    ((<Region.CHEEK_LEFT: 'cheek_left'>, <Region.CHEEK_RIGHT: 'cheek_right'>),)
    >>> main_places({Region.CHEEK_LEFT: 0.4, Region.CHEEK_RIGHT: 0.1, Region.CHIN: 0.1})
    ((<Region.CHEEK_LEFT: 'cheek_left'>,), (<Region.CHIN: 'chin'>,))
    >>> main_places({Region.NOSE: 0.2, Region.CHIN: 0.1})
    ()
    """
    held = sorted(_places(regions).items(), key=lambda item: -item[1])[:_MOST_PLACES]
    total, found = 0.0, []
    for place, share in held:
        total += share
        found.append(place)
        if total >= _MOST:
            return tuple(found)
    return ()


def _places(regions: Mapping[Region, float]) -> dict[Place, float]:
    """Each place's share; of a pair that is uneven, its stronger side alone."""
    held: dict[Place, float] = {}
    for pair in PAIRS:
        shares = [regions.get(region, 0.0) for region in pair]
        if min(shares) >= _EVEN_SIDES * max(shares):
            held[pair] = sum(shares)
        else:
            stronger = pair[shares.index(max(shares))]
            held[(stronger,)] = max(shares)
    paired = {region for pair in PAIRS for region in pair}
    return held | {(region,): share for region, share in regions.items() if region not in paired}
