"""`make run HTTPS=1`: the app on the network by HTTPS, with a certificate of its own."""

from __future__ import annotations

import re
import socket
import ssl
import stat
import time
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from playwright.sync_api import Browser, Page, expect

from frontend.sessions import COOKIE_NAME
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.steps import expect_five_grades, new_login_id, sign_up, upload, widget
from tests.programs import RunningService, start_service


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Both programs, as `make run HTTPS=1` starts them."""
    folder = tmp_path_factory.mktemp("https")
    running = start_service(
        database=folder / "skin_notes.db",
        environment={"SKINXAI_HTTPS": "1", "SKINXAI_TLS_DIR": str(folder / "tls")},
    )
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser, secure: RunningService) -> Iterator[Page]:
    context = chromium.new_context(locale="ko-KR", ignore_https_errors=True, permissions=["camera"])
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address(secure))
    yield page
    context.close()


def address(service: RunningService) -> str:
    return f"https://127.0.0.1:{service.app_port}"


def certificate_of(service: RunningService) -> Path:
    return service.database.parent / "tls/certificate.pem"


def test_somebody_signs_up_and_checks_over_https_with_a_secure_cookie(
    page: Page, secure: RunningService, sample_photo: Path
) -> None:
    sign_up(page, new_login_id())
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    session = cookies[COOKIE_NAME]
    assert (session["secure"], session["httpOnly"], session["sameSite"]) == (True, True, "Lax")

    # What a phone's camera asks for.
    assert page.evaluate("isSecureContext && Boolean(navigator.mediaDevices)")
    upload(page, sample_photo)
    expect_five_grades(page)
    page.reload()
    expect_five_grades(page)
    expect(widget(page, "auth_submit")).to_have_count(0)


def test_the_certificate_is_the_one_whose_fingerprint_was_printed(secure: RunningService) -> None:
    trust = ssl.create_default_context(cafile=certificate_of(secure))
    with (
        socket.create_connection(("127.0.0.1", secure.app_port)) as plain,
        trust.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        shown = connection.getpeercert(binary_form=True)
    assert shown == ssl.PEM_cert_to_DER_cert(certificate_of(secure).read_text())
    assert shown is not None
    assert f"  {sha256(shown).digest().hex(':').upper()}\n" in said_by(secure)


def test_the_certificate_holds_for_the_addresses_of_this_machine(secure: RunningService) -> None:
    trust = ssl.create_default_context(cafile=certificate_of(secure))
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
    )
    for name in ("127.0.0.1", "localhost"):
        with direct.open(f"https://{name}:{secure.app_port}/_stcore/health") as answer:
            assert answer.status == 200
    said = said_by(secure)
    told = set(re.findall(rf"https://([\d.]+):{secure.app_port}", said))
    certificate = x509.load_pem_x509_certificate(certificate_of(secure).read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    covered = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    assert "127.0.0.1" in told <= covered


def test_plain_http_gets_no_answer_there(secure: RunningService) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(OSError, match=r"."):
        direct.open(f"http://127.0.0.1:{secure.app_port}/", timeout=10)


def test_the_key_is_this_users_alone(secure: RunningService) -> None:
    files = list(certificate_of(secure).parent.iterdir())
    assert {file.name for file in files} == {"certificate.pem", "key.pem"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_the_app_listens_everywhere_and_the_model_server_on_the_loopback_address_alone(
    secure: RunningService,
) -> None:
    heard = {
        connection.laddr.port: connection.laddr.ip
        for program in psutil.Process(secure.process.pid).children()
        for connection in program.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert heard == {secure.server_port: "127.0.0.1", secure.app_port: "0.0.0.0"}


def said_by(service: RunningService) -> str:
    """All lines up to the last one of the welcome, which a thread may still be reading."""
    deadline = time.monotonic() + 10
    while "a new one is made" not in (said := "".join(service.output)):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    return said
