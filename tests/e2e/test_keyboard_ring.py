"""Whoever uses the keyboard sees where they are: a ring around what has the focus."""

from __future__ import annotations

from typing import Any, Final, Literal

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpensPages
from tests.e2e.steps import new_person, past_visit, services_of, settle
from tests.programs import RunningService

LEAST_WIDTH_PX: Final = 3
LEAST_CONTRAST: Final = 3.0
"""WCAG 2.2, 1.4.11: what shows a state of a control, against what lies beside it."""
MOST_STOPS: Final = 90

# The ring may be around the frame of a field, or around what is drawn for a hidden input. Its
# contrast is that of WCAG 2.2 (relative luminance of sRGB) to the nearest background behind it.
FOCUSED: Final = """() => {
    const channels = colour => colour.match(/[\\d.]+/g).map(Number);
    const luminance = colour => channels(colour).slice(0, 3)
        .map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const isSeen = colour => (channels(colour)[3] ?? 1) > 0.5;
    const focused = document.activeElement;
    if (focused === document.body) return null;
    let ringed = focused;
    for (let level = 0; level < 4 && getComputedStyle(ringed).outlineStyle !== 'solid'; level++) {
        ringed = ringed.parentElement;
    }
    const style = getComputedStyle(ringed);
    const isInside = parseFloat(style.outlineOffset) < 0;
    let behind = isInside ? ringed : ringed.parentElement;
    while (behind && !isSeen(getComputedStyle(behind).backgroundColor)) {
        behind = behind.parentElement;
    }
    const pair = [style.outlineColor, getComputedStyle(behind).backgroundColor].map(luminance);
    return {
        html: focused.outerHTML.slice(0, 160),
        number: focused.dataset.number ??= String(window.stops = (window.stops ?? 0) + 1),
        width_px: style.outlineStyle === 'solid' ? parseFloat(style.outlineWidth) : 0,
        contrast: (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05),
    };
}"""


RINGS: Final = f"""numbers => {{
    const look = {FOCUSED};
    return numbers.map(number => {{
        document.querySelector(`[data-number="${{number}}"]`).focus();
        return look();
    }});
}}"""


def stops(page: Page) -> list[dict[str, Any]]:
    """What the Tab key stops at, each once, with its ring."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop: dict[str, Any] | None = page.evaluate(FOCUSED)
        if stop is None or stop["number"] in found:
            break
        found[stop["number"]] = stop
    return list(found.values())


def expect_rings(found: list[dict[str, Any]], where: str) -> None:
    faint = [
        stop
        for stop in found
        if stop["width_px"] < LEAST_WIDTH_PX or stop["contrast"] < LEAST_CONTRAST
    ]
    assert faint == [], where


def test_every_stop_of_the_tab_key_has_a_ring_that_stands_out(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    visit, _ = (past_visit(shared, login_id, days_ago=days) for days in (1, 400))
    form = open_app()
    page = open_app("/history", person=login_id)
    addresses = ("/history", f"/result?id={visit.id}", "/compare", "/account", "/about", "/")
    for opened, path in [(form, "/"), *((page, path) for path in addresses)]:
        see(opened, "light")
        opened.goto(service.app_url + path)
        settle(opened)
        found = stops(opened)
        assert len(found) > 5
        expect_rings(found, f"{path}, light")
        see(opened, "dark")
        numbers = [stop["number"] for stop in found]
        expect_rings(opened.evaluate(RINGS, numbers), f"{path}, dark")


def see(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
