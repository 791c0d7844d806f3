"""What counts as one press and what as two, on a page as Streamlit builds it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from frontend.theme import asset_text

PAGE = """
<div data-test-script-state="notRunning"><main data-testid="stMain">
  <div data-testid="stButton"><button data-testid="stBaseButton-primary">Save</button></div>
  <div data-testid="stForm">
    <input>
    <div data-testid="stFormSubmitButton">
      <button data-testid="stBaseButton-secondaryFormSubmit">Send</button>
    </div>
  </div>
  <p>0</p>
</main></div>
<aside></aside>
"""
COUNT = """() => {
    window.presses = 0;
    document.body.addEventListener('click', () => window.presses++);
}"""
STATE = "state => { document.querySelector('div').dataset.testScriptState = state; }"
# The second counts as a press of its own after three seconds, whatever came between.
TWICE = """async (button, between) => {
    button.click();
    for (const script of between) {
        (0, eval)(script);
        await new Promise(done => setTimeout(done));
    }
    button.click();
    return window.presses;
}"""
ANSWER = "document.querySelector('p').textContent = Math.random()"
ELSEWHERE = "document.querySelector('aside').textContent = Math.random()"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    opened.set_content(PAGE)
    opened.evaluate(f"({asset_text('page.js')})({{lang: 'en', texts: {{}}}})")
    opened.evaluate(COUNT)
    yield opened
    opened.close()


def presses(page: Page, *between: str, button: str = "Save") -> int:
    """How many of two presses count, if that is evaluated between them."""
    pressed = page.get_by_role("button", name=button)
    counted: int = pressed.evaluate(TWICE, list(between))
    return counted


@pytest.mark.parametrize("button", ["Save", "Send"])
def test_two_presses_are_one_before_the_page_has_answered(page: Page, button: str) -> None:
    assert presses(page, button=button) == 1


def test_two_presses_are_one_while_the_page_is_at_work(page: Page) -> None:
    assert presses(page, f"({STATE})('running')", ANSWER) == 1


def test_what_changes_beside_the_page_is_no_answer(page: Page) -> None:
    assert presses(page, ELSEWHERE) == 1


def test_after_the_page_was_at_work_a_press_is_another_one(page: Page) -> None:
    assert presses(page, f"({STATE})('running')", f"({STATE})('notRunning')") == 2


def test_an_answer_that_came_without_the_page_being_seen_at_work_is_one(page: Page) -> None:
    assert presses(page, ANSWER) == 2


def test_after_something_else_was_typed_a_press_is_another_one(page: Page) -> None:
    page.get_by_role("button", name="Send").click()
    page.locator("input").fill("another text")
    page.get_by_role("button", name="Send").click()
    assert page.evaluate("window.presses") == 2


def test_each_of_two_buttons_counts(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send").click()
    assert page.evaluate("window.presses") == 2
