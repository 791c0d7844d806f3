"""A few words for the browser and the system of a sign-in, from what the browser says of itself.

They only help a person to tell their own devices apart: nothing is decided by them, because
anybody can write anything into a User-Agent.
"""

from __future__ import annotations

from typing import Final

# The first that matches counts: most browsers also name those they descend from.
_BROWSERS: Final = (
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "NAVER"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Browser and system, or the one of them that is known, or an empty text.

    >>> device_of("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Safari/537.36")
    'Chrome · Android'
    >>> device_of("curl/8.5.0")
    ''
    """
    names = (
        next((name for mark, name in marks if mark in user_agent), None)
        for marks in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(name for name in names if name is not None)
