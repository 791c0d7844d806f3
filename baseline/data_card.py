"""What is said of a folder of photos as a whole: its `data_card.json`, which the simulator writes.

Photos with grades of people's own need none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from backend.vision.manifest import Evidence
from baseline.dataset import DATA_CARD_NAME, LabelInvalidError

_SIMULATED: Final = "simulated-"
"""The simulator's data versions begin so."""
_UNNAMED: Final = "unnamed"
_AND: Final = ", "


def read_data_card(folder: Path) -> dict[str, Any]:
    """The card of a folder; of one without, that its photos have no data version.

    Raises:
        LabelInvalidError: it is no JSON object with a `data_version`.

    >>> read_data_card(Path("/nowhere"))
    {'data_version': 'unnamed'}
    """
    path = folder / DATA_CARD_NAME
    if not path.exists():
        return {"data_version": _UNNAMED}
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        version = card["data_version"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise LabelInvalidError(
            f'{path}: expected a JSON object with "data_version"; {error!r}'
        ) from error
    return {**card, "data_version": str(version)}


def evidence_of(card: Mapping[str, Any]) -> Evidence:
    """Whether a card's photos are simulated, or have grades that somebody gave.

    >>> evidence_of({"data_version": "simulated-7"}), evidence_of({"data_version": "clinic"})
    (<Evidence.SIMULATED: 'simulated'>, <Evidence.REAL: 'real'>)
    """
    made = card["data_version"].startswith(_SIMULATED)
    return Evidence.SIMULATED if made else Evidence.REAL


def together(versions: Iterable[str]) -> str:
    """Data versions as a manifest's one `data_version`, each once.

    >>> together(["simulated-7", "simulated-6", "simulated-7"])
    'simulated-6, simulated-7'
    """
    return _AND.join(sorted(set(versions)))


def apart(data_version: str) -> list[str]:
    """The opposite of `together`."""
    return data_version.split(_AND)
