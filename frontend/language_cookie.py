"""The cookie that remembers the language a person has chosen in this browser.

A script of the page writes it, not a route: a route would load the whole page anew, and a photo
being looked at would be lost over a change of language. It holds no secret, so a script may.
"""

from __future__ import annotations

import json
from typing import Final

LANGUAGE_COOKIE_NAME: Final = "skin_notes_language"
"""The cookie that holds the tag of the chosen language."""

_LIFETIME_S: Final = 365 * 24 * 60 * 60


def language_cookie_script(code: str) -> str:
    """The JavaScript that has the browser remember a language for a year.

    >>> language_cookie_script("ko").startswith('document.cookie="skin_notes_language=ko;path=/;')
    True
    """
    cookie = f"{LANGUAGE_COOKIE_NAME}={code};path=/;max-age={_LIFETIME_S};samesite=lax"
    return f"document.cookie={json.dumps(cookie)}+(location.protocol==='https:'?';secure':'');"
