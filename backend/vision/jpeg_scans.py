"""How often a JPEG goes over its picture.

A progressive JPEG sends its picture in scans, ten or so, each a little finer. A decoder goes over
the whole picture once for each, also where a scan of a hundred bytes refines nothing: a small file
with very many would keep it busy for minutes (some 60 ms a scan of 64 megapixels).
"""

from __future__ import annotations

import re
from typing import Final

_START: Final = b"\xff\xd8"
_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9
_STAND_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length (ITU-T T.81, table B.1)."""
_MARKER: Final = re.compile(rb"\xff+([^\x00\xff])")
_MARKER_IN_A_SCAN: Final = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
"""Within coded data a 255 is followed by 0, and restarts may come (B.1.1.5)."""


def has_more_scans_than(limit: int, data: bytes) -> bool:
    """Whether a JPEG goes over its picture more often; see `count_scans`."""
    # Few files have so many of the two bytes anywhere, and counting these takes no time.
    return data.count(bytes((0xFF, _START_OF_SCAN))) > limit and count_scans(data) > limit


def count_scans(data: bytes) -> int:
    """How many scans a JPEG has up to its end; what comes after that end is not looked at.

    Args:
        data: the file; of one that is damaged, scans are counted as far as it can be followed, and
            one that is no JPEG has none.

    >>> scan = bytes.fromhex("ffda0002") + b"coded"
    >>> count_scans(bytes.fromhex("ffd8ffe0000400ff") + 2 * scan + bytes.fromhex("ffd9") + scan)
    2
    """
    if not data.startswith(_START):
        return 0
    scans = 0
    place = len(_START)
    while (found := _MARKER.match(data, place)) is not None:
        kind = found[1][0]
        if kind == _END:
            break
        place = found.end()
        if kind in _STAND_ALONE:
            continue
        place += int.from_bytes(data[place : place + 2])
        if kind == _START_OF_SCAN:
            scans += 1
            after = _MARKER_IN_A_SCAN.search(data, place)
            if after is None:
                break
            place = after.start()
    return scans
