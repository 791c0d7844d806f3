"""Whatever is typed as an ID, the page stands, says what is wrong, and runs nothing of it."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Dialog, expect

from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    PASSWORD,
    choose,
    fill_in_credentials,
    new_login_id,
    settle,
    sign_up,
    widget,
)

HOSTILE: Final = {
    "markup": "<img src=x onerror=alert(1)>",
    "SQL": "'; DROP TABLE users; --",
    "control characters": "min\x07ji\u202e",
}


def test_a_hostile_id_is_refused_in_words_and_never_run(open_app: OpensPages) -> None:
    page = open_app()
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    for kind, login_id in HOSTILE.items():
        try:
            choose(page, "auth_mode", "가입")
            expect(widget(page, "auth_submit").locator("button")).to_have_text("가입")
            fill_in_credentials(page, login_id, PASSWORD)
            expect(page.locator('[data-code="login_id_invalid"]')).to_be_visible()
            assert page.locator('img[src="x"]').count() == 0
            assert dialogs == []
        except AssertionError as error:
            error.add_note(f"with {kind}")
            raise
        # All are refused in the same words, which may not be the last one's.
        page.reload()
        settle(page)


def test_an_id_of_10_000_characters_is_refused_and_a_hangul_one_let_in(
    open_app: OpensPages,
) -> None:
    page = open_app()
    fill_in_credentials(page, "가" * 10_000, PASSWORD)
    expect(page.locator("[data-code]")).to_be_visible()
    sign_up(page, "살결" + new_login_id().removeprefix("visitor"))
