"""Notes on visits: free text, made harmless once, before it is stored."""

from __future__ import annotations

import unicodedata
from typing import Final

from frontend.errors import NoteTooLongError
from frontend.store.tables import NOTE_LENGTH

_LINE_END: Final = "\n"
_LEFT_OUT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that no note needs: control characters, halves of a pair, and two rare
line ends."""
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that turn the direction of the text around them, and the mark of byte order."""


def tidy_note(text: str) -> str:
    r"""A note as it is stored: composed, without control characters, with at most one empty line.

    Anything else stays as it is written, markup and quotes included: whoever shows a note has to
    escape it.

    Raises:
        NoteTooLongError: If more than `NOTE_LENGTH` characters are left.

    >>> tidy_note(" new\tcream\x00 \r\n<b>'A'</b>\x1b[31m ")
    "new cream\n<b>'A'</b>[31m"
    """
    lines = text.replace("\r\n", _LINE_END).replace("\r", _LINE_END).replace("\t", " ")
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", lines)
        if character == _LINE_END
        or (unicodedata.category(character) not in _LEFT_OUT and character not in _TURNING)
    )
    note = _LINE_END.join(line.strip() for line in kept.split(_LINE_END)).strip()
    while _LINE_END * 3 in note:
        note = note.replace(_LINE_END * 3, _LINE_END * 2)
    if len(note) > NOTE_LENGTH:
        raise NoteTooLongError(
            f"a note has at most {NOTE_LENGTH} characters, got {len(note)}", maximum=NOTE_LENGTH
        )
    return note
