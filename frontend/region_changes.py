"""Where on the face a sign grew or shrank between two photos, and whether by more than chance.

A region's amount is its share of the map's evidence times the mean strength of the whole map. Maps
of one version of the networks are of one scale, so the amounts of two dates can be subtracted.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from PIL import Image

from frontend.analysis import AttributeAnalysis
from frontend.vocabulary import Region

_CHANCE_Z: Final = 2.77
"""Standard errors within which all of nine independent normal deviations lie in 95 of 100 cases.

Each region alone at 1.96 would name some place in a third of the comparisons of unchanged skin.
"""


def amounts(result: AttributeAnalysis) -> dict[Region, float]:
    """How much of a sign each region of a face has.

    Args:
        result: What the server said of one attribute.

    Returns:
        0 to 1 each; 1 is a map at full strength everywhere, all of it counted to one region. Empty
        where the server did not tell the shares.
    """
    with Image.open(io.BytesIO(result.heatmap)) as picture:
        strength = float(np.asarray(picture.convert("L"), dtype=np.float64).mean()) / 255
    return {region: share * strength for region, share in result.regions.items()}


def changed_regions(
    before: AttributeAnalysis, after: AttributeAnalysis
) -> Mapping[Region, float] | None:
    """The regions whose amounts lie further apart than those of the same skin do.

    In 95 of 100 comparisons of the same skin there is none, if regions err independently.

    Args:
        before: What was said of an attribute at the earlier date.
        after: The same at the later date, by the same version of the networks.

    Returns:
        Later amount less earlier amount, the largest change first; None where no region's standard
        error is known at both dates.
    """
    earlier, later = amounts(before), amounts(after)
    chance = {
        region: _CHANCE_Z * math.hypot(before.region_errors[region], after.region_errors[region])
        for region in Region
        if region in before.region_errors and region in after.region_errors
        if region in earlier and region in later
    }
    if not chance:
        return None
    changes = {region: later[region] - earlier[region] for region in chance}
    beyond = [region for region, change in changes.items() if abs(change) > chance[region]]
    return {region: changes[region] for region in sorted(beyond, key=lambda r: -abs(changes[r]))}
