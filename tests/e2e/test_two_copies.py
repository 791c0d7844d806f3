"""Two copies of the app on one PostgreSQL database and one S3 bucket answer as one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from frontend.errors import CredentialsWrongError
from frontend.i18n import Language, catalogue
from frontend.photo_keys import new_photo_key
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    PASSWORD,
    expect_five_grades,
    fill_in_credentials,
    new_login_id,
    services_of,
    switch_keeping_on,
    upload,
    widget,
)
from tests.programs import LoneApp, RunningService, start_app
from tests.support.photo_places import Bucket, S3Server, s3_server
from tests.support.postgresql import postgresql_server

KOREAN = catalogue(Language.KOREAN)
Copies = tuple[LoneApp, LoneApp]


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


@pytest.fixture(scope="module")
def bucket(s3: S3Server) -> Bucket:
    return s3.new_bucket()


@pytest.fixture(scope="module")
def copies(service: RunningService, s3: S3Server, bucket: Bucket) -> Iterator[Copies]:
    """Both started at once on an empty database. To be asked for before `open_app`."""
    with ExitStack() as stack:
        server = stack.enter_context(postgresql_server())
        url = stack.enter_context(server.database(template="template0"))
        photos = {
            "SKINXAI_PHOTO_KEY": new_photo_key(),
            "SKINXAI_PHOTO_STORE": bucket.setting,
            **s3.environment,
        }
        running = [
            start_app(database=url, server_url=service.server_url, environment=photos)
            for _ in range(2)
        ]
        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(stack.enter_context, running)
        yield first, second
        services_of(url).engine.dispose()


def test_what_one_copy_saves_the_other_shows_to_the_same_browser(
    copies: Copies, open_app: OpensPages, sample_photo: Path
) -> None:
    first, second = copies
    page = open_app(person=new_login_id(), app=first)
    upload(page, sample_photo)
    expect_five_grades(page)
    result = page.url.removeprefix(first.app_url)

    # Cookies know no ports: this is one browser that a proxy leads elsewhere.
    page.goto(second.app_url + result)
    expect_five_grades(page)
    page.goto(f"{second.app_url}/history")
    expect(page.locator("[class*='st-key-row_']")).to_have_count(1)


def test_a_photo_kept_at_one_copy_is_seen_and_deleted_at_the_other(
    copies: Copies, open_app: OpensPages, bucket: Bucket, sample_photo: Path
) -> None:
    first, second = copies
    page = open_app("/account", person=new_login_id(), app=first)
    switch_keeping_on(page)
    page.goto(first.app_url)
    upload(page, sample_photo)
    expect_five_grades(page)
    assert len(bucket.objects()) > 0
    result = page.url.removeprefix(first.app_url)

    page.goto(second.app_url + result)
    expect(page.locator(".sn-face")).to_be_visible()
    widget(page, "delete_photo").locator("button").click()
    widget(page, "ask_delete_photo_confirm").locator("button").click()
    expect(page.locator(".sn-no-picture")).to_be_visible()
    assert bucket.objects() == {}
    page.goto(first.app_url + result)
    expect_five_grades(page)
    expect(page.locator(".sn-no-picture")).to_be_visible()


def test_whoever_logs_out_at_one_copy_is_logged_out_at_the_other(
    copies: Copies, open_app: OpensPages
) -> None:
    first, second = copies
    page = open_app(person=new_login_id(), app=first)
    tab = page.context.new_page()
    tab.goto(f"{second.app_url}/account")
    widget(tab, "log_out").locator("button").click()
    expect(widget(tab, "auth_submit")).to_be_visible()
    page.goto(f"{first.app_url}/history")
    expect(widget(page, "auth_submit")).to_be_visible()


def test_guesses_at_both_copies_count_together(copies: Copies, open_app: OpensPages) -> None:
    first, second = copies
    login_id = new_login_id()
    accounts = services_of(first.database).accounts
    accounts.sign_up(login_id, PASSWORD)
    for number in range(4):
        with pytest.raises(CredentialsWrongError):
            accounts.log_in(login_id, f"guess number {number}")
    page = open_app(app=first)
    fill_in_credentials(page, login_id, "the fifth guess")
    expect(page.locator('.sn-problem[data-code="credentials_wrong"]')).to_be_visible()
    page.goto(second.app_url)
    fill_in_credentials(page, login_id, PASSWORD)
    expect(page.locator('.sn-problem[data-code="too_many_attempts"]')).to_be_visible()
