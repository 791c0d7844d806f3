"""Where on the face a sign changed between two dates, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from frontend.analysis import Analysis
from frontend.components.map_places import PAIRS
from frontend.i18n import Words
from frontend.i18n.sections.places import Place
from frontend.region_changes import changed_regions
from frontend.vocabulary import Attribute, Region

_MOST_PLACES: Final = 3


def changed_text(words: Words, attribute: Attribute, before: Analysis, after: Analysis) -> str:
    """In which places there is more or less of a sign at the later date, at most three of them.

    Args:
        words: The language.
        attribute: Whose sign.
        before: The photo of the earlier date.
        after: The photo of the later date.
    """
    if before.model_version != after.model_version:
        return words.differences.other_model
    regions = changed_regions(before.attributes[attribute], after.attributes[attribute])
    if regions is None:
        return words.differences.unknown
    if not regions:
        return words.differences.none
    places = changed_places(regions)
    told = _told(words, attribute, dict(islice(places.items(), _MOST_PLACES)))
    return words.differences.others.format(changed=told) if len(places) > _MOST_PLACES else told


def changed_places(regions: Mapping[Region, float]) -> dict[Place, float]:
    """Changes of places, the largest first; both of a pair are one place if they changed alike.

    Args:
        regions: Change of each region that changed.

    >>> changed_places({Region.NOSE: -0.03, Region.CHEEK_LEFT: 0.02, Region.CHEEK_RIGHT: 0.02})
    {(<Region.CHEEK_LEFT: 'cheek_left'>, <Region.CHEEK_RIGHT: 'cheek_right'>): 0.04,
     (<Region.NOSE: 'nose'>,): -0.03}
    """
    places: dict[Place, float] = {(region,): change for region, change in regions.items()}
    for left, right in PAIRS:
        if regions.get(left, 0) * regions.get(right, 0) > 0:
            places[left, right] = places.pop((left,)) + places.pop((right,))
    return dict(sorted(places.items(), key=lambda item: -abs(item[1])))


def _told(words: Words, attribute: Attribute, places: Mapping[Place, float]) -> str:
    sign = words.differences.signs[attribute]
    more = [place for place, change in places.items() if change > 0]
    less = [place for place, change in places.items() if change < 0]
    if next(iter(places.values())) > 0:
        first, second, rest = sign.more.format(places=_named(words, more)), sign.then_less, less
    else:
        first, second, rest = sign.less.format(places=_named(words, less)), sign.then_more, more
    if not rest:
        return first
    second = second.format(places=_named(words, rest))
    return words.differences.both.format(first=first, second=second)


def _named(words: Words, places: Sequence[Place]) -> str:
    names = [words.places.names[place] for place in places]
    last = words.places.joined_by.join(names[-2:])
    return words.differences.comma.join([*names[:-2], last])
