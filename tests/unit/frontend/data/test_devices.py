"""Words for browsers and systems."""

from __future__ import annotations

import pytest

from frontend.devices import device_of
from frontend.store.tables import DEVICE_LENGTH

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36",
         "Chrome · Android"),
        (f"Mozilla/5.0 (Linux; Android 15; SM-S928N) {WEBKIT} SamsungBrowser/29.0 Chrome/136.0.0.0 "
         "Mobile Safari/537.36", "Samsung Internet · Android"),
        (f"{IPHONE} (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
         "Safari · iPhone"),
        (f"{IPHONE} (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
         "Chrome · iPhone"),
        (f"{IPHONE} (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 25.9.0", "KakaoTalk · iPhone"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36 "
         "Edg/142.0.0.0", "Edge · Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Whale/4.34 "
         "Safari/537.36", "Whale · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.6 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         "Firefox · Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0 Safari/537.36",
         "Chrome · ChromeOS"),
        ("Dalvik/2.1.0 (Linux; U; Android 15)", "Android"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)  # fmt: skip
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
    assert len(device) <= DEVICE_LENGTH
