"""What a visitor does, in steps that a test can be read by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from frontend.errors import LoginIdTakenError
from frontend.i18n import Language, catalogue
from frontend.services import Services, build_services
from frontend.settings import Settings
from frontend.store import AttributeResult, NewVisit, Visit
from frontend.vocabulary import Attribute, Evidence, Source, Verdict
from tests.programs import RunningService, database_url

PASSWORD: Final = "correct horse battery staple"
_numbers = count(1)
_STANDS_STILL: Final = """async moving => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    do await frame(); while (moving.getAnimations({subtree: true}).length > 0);
}"""
_DRAWING: Final = "document.querySelectorAll('[data-testid=stSkeleton], [data-testid=stSpinner]')"


def new_login_id() -> str:
    """An ID that nobody has used in this run."""
    return f"visitor.{next(_numbers)}"


def widget(page: Page, key: str) -> Locator:
    """The widget that the page's code calls by this key."""
    return page.locator(f".st-key-{key}")


def settle(page: Page) -> None:
    """Wait until the page has drawn itself, by what it shows."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(f"{_DRAWING}.length === 0")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def unfold(page: Page, key: str) -> None:
    """Open what is folded away and wait until it stands still: a moving button is missed."""
    folded = widget(page, key).locator("details")
    folded.locator("summary").click()
    expect(folded).to_have_attribute("open", "")
    folded.evaluate(_STANDS_STILL)


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of a segmented control by its text."""
    widget(page, key).get_by_role("radio", name=option, exact=True).click()


def fill_in_credentials(page: Page, login_id: str, password: str) -> None:
    """Fill in the form of the first page and send it."""
    widget(page, "login_id").locator("input").fill(login_id)
    widget(page, "password").locator("input").fill(password)
    widget(page, "auth_submit").locator("button").click()


def sign_up(page: Page, login_id: str, *, option: str = "가입") -> None:
    """Make an account; the page then shows the app to a person who is signed in."""
    choose(page, "auth_mode", option)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(option)
    fill_in_credentials(page, login_id, PASSWORD)
    _wait_to_be_let_in(page)


def log_in(page: Page, login_id: str) -> None:
    """Log in with the right password."""
    fill_in_credentials(page, login_id, PASSWORD)
    _wait_to_be_let_in(page)


def _wait_to_be_let_in(page: Page) -> None:
    # The form is gone from the new document before that shows anything.
    expect(widget(page, "auth_submit")).to_have_count(0)
    settle(page)


def log_out(page: Page, service: RunningService) -> None:
    """Log out on the person's own page; the first page then shows the form."""
    page.goto(f"{service.app_url}/account")
    widget(page, "log_out").locator("button").click()
    expect(widget(page, "auth_submit")).to_be_visible()


def choose_photo(page: Page, photo: Path) -> None:
    """Choose a file, as the button of the widget would."""
    chooser = page.locator(".sn-capture[data-ready] .sn-capture-file")
    # While a refused photo's widget gives way to a fresh one, both are on the page.
    expect(chooser).to_have_count(1)
    chooser.set_input_files(photo)


def name_day(page: Page, day: date, *, visit: Visit | None = None) -> None:
    """Say of a chosen photo, or of that of a past visit, on which day it was taken."""
    asked = widget(page, "taken_on" if visit is None else f"day_line_{visit.id}")
    asked.get_by_role("spinbutton").first.click()
    # The digits go on from the year to the month and the day.
    page.keyboard.type(f"{day:%Y%m%d}")
    expect(asked.locator("input")).to_have_value(day.isoformat())
    # The calendar lies over the button below.
    page.keyboard.press("Escape")


def take_photo(page: Page, *, camera: str, take: str) -> None:
    """Take a photo with the webcam; the two are the texts of the buttons."""
    page.get_by_role("button", name=camera, exact=True).click()
    page.wait_for_function("document.querySelector('.sn-capture video').videoWidth > 0")
    page.get_by_role("button", name=take, exact=True).click()


def upload(page: Page, photo: Path) -> None:
    """Choose a file and have it analysed."""
    choose_photo(page, photo)
    widget(page, "analyse").locator("button").click()


def expect_five_grades(page: Page) -> None:
    """Wait for a result: five cards in the order of the attributes, each with a grade 0 to 4."""
    cards = page.locator(".sn-score")
    expect(cards).to_have_count(len(Attribute))
    shown = cards.evaluate_all("cards => cards.map(card => ({...card.dataset}))")
    assert [card["attribute"] for card in shown] == [attribute.value for attribute in Attribute]
    assert {card["grade"] for card in shown} <= {"0", "1", "2", "3", "4"}


def painted_share(image: Locator) -> float:
    """The share of an image's pixels that are not transparent, as the browser decodes it."""
    share: Any = image.evaluate(
        """async image => {
            await image.decode();
            const canvas = document.createElement('canvas');
            canvas.width = image.naturalWidth;
            canvas.height = image.naturalHeight;
            const pen = canvas.getContext('2d');
            pen.drawImage(image, 0, 0);
            const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
            return pixels.filter((value, index) => index % 4 === 3 && value > 0).length
                / (canvas.width * canvas.height);
        }"""
    )
    return float(share)


def services_of(database: Path | str) -> Services:
    """The app's own way to its database, to write a history that took months to live."""
    return build_services(Settings(database_url=database_url(database)))


def new_person(shared: Services) -> str:
    """Make an account without a browser; gives its ID."""
    login_id = new_login_id()
    shared.accounts.sign_up(login_id, PASSWORD)
    return login_id


def session_token(shared: Services, login_id: str) -> str:
    """Sign somebody in as the form does, without a browser; who has no account gets one."""
    try:
        user = shared.accounts.sign_up(login_id, PASSWORD)
    except LoginIdTakenError:
        user = shared.accounts.log_in(login_id, PASSWORD)
    return shared.sessions.redeem(shared.sessions.issue_ticket(user.id))


def keep_photos(shared: Services, login_id: str) -> None:
    """Switch on what the person's own page switches on."""
    shared.kept_photos.switch(shared.accounts.log_in(login_id, PASSWORD).id, True)


def switch_keeping_on(page: Page) -> None:
    """Press the switch of the person's own page and wait for the sentence that it was taken.

    The switch itself moves at once, before the app has heard of it.
    """
    widget(page, "keep_photos").locator("label").click()
    words = catalogue(Language.KOREAN).keeping
    expect(widget(page, "kept_photos").get_by_text(words.none_yet)).to_be_visible()
    expect(widget(page, "keep_photos").get_by_role("switch")).to_be_checked()


def past_visit(shared: Services, login_id: str, *, days_ago: int, grade: int = 2) -> Visit:
    """Save a visit of some days ago with the same grade for every attribute."""
    user = shared.accounts.log_in(login_id, PASSWORD)
    result = AttributeResult(
        grade=grade,
        score=float(grade),
        probabilities=tuple(float(other == grade) for other in range(5)),
        evidence=Evidence.SIMULATED,
    )
    return shared.repository.save_visit(
        user.id,
        NewVisit(
            taken_at=datetime.now(UTC) - timedelta(days=days_ago),
            source=Source.UPLOAD,
            model_version="2026.11.0",
            quality_verdict=Verdict.GOOD,
            quality_score=90.0,
            results=dict.fromkeys(Attribute, result),
            request_key=f"{login_id}-{days_ago}",
        ),
    )
