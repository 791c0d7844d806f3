"""How `make run` reads its settings: ports, HTTPS, and the commands that follow from them."""

from __future__ import annotations

import socket
import tomllib
from pathlib import Path

import pytest

from backend import supervisor
from backend.certificates import own_certificate
from backend.errors import SettingInvalidError
from backend.processes import Program
from backend.supervisor import PortTakenError, read_port, read_switch, require_free
from frontend.settings import Settings as AppSettings
from tests.programs import free_port


def option(program: Program, name: str) -> str:
    return program.command[program.command.index(name) + 1]


@pytest.mark.parametrize("setting", ["SKINXAI_PORT", "SKINXAI_APP_PORT"])
def test_a_taken_port_is_answered_with_the_setting_that_changes_it(
    setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ports = {"SKINXAI_PORT": str(free_port()), "SKINXAI_APP_PORT": str(free_port())}
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        exit_code = supervisor.main({**ports, setting: str(taken)})

    said = capsys.readouterr().err
    assert exit_code == 1
    assert f"Port {taken} is taken" in said
    assert f"`{setting}=" in said
    assert said.count("\n") == 1


def test_two_programs_cannot_share_a_port(capsys: pytest.CaptureFixture[str]) -> None:
    assert supervisor.main({"SKINXAI_PORT": "9000", "SKINXAI_APP_PORT": "9000"}) == 1
    assert "choose two ports" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "65536", "-1", "web", "8000.0", "٨٠٠٠"])
def test_a_port_outside_1_to_65535_is_refused(text: str) -> None:
    with pytest.raises(SettingInvalidError, match="SKINXAI_PORT has to be a port from 1 to 65535"):
        read_port({"SKINXAI_PORT": text}, "SKINXAI_PORT", default=8000)


def test_a_port_set_to_nothing_is_the_default() -> None:
    assert read_port({"SKINXAI_PORT": " "}, "SKINXAI_PORT", default=8000) == 8000


def test_the_suggested_port_stays_below_65536() -> None:
    error = PortTakenError(65_530, program="the app", setting="SKINXAI_APP_PORT")
    assert "`SKINXAI_APP_PORT=65520 make run`" in str(error)


def test_the_app_is_pointed_at_the_server_that_was_started() -> None:
    environment = supervisor.app(8511, server_port=8010).environment
    assert environment["SKINXAI_SERVER_URL"] == "http://127.0.0.1:8010"


def test_without_https_the_app_listens_on_the_loopback_address_alone() -> None:
    program = supervisor.app(8511, server_port=8010)
    assert option(program, "--server.address") == "127.0.0.1"
    assert program.ready_url == "http://127.0.0.1:8511/_stcore/health"
    assert program.certificate is None
    assert not any("ssl" in part for part in program.command)


def test_with_https_the_app_listens_everywhere_with_its_certificate(tmp_path: Path) -> None:
    certificate = own_certificate(tmp_path, ["127.0.0.1"])
    program = supervisor.app(8511, server_port=8010, certificate=certificate)
    assert option(program, "--server.address") == "0.0.0.0"
    assert option(program, "--server.sslCertFile") == str(tmp_path / "certificate.pem")
    assert option(program, "--server.sslKeyFile") == str(tmp_path / "key.pem")
    assert program.ready_url == "https://127.0.0.1:8511/_stcore/health"
    assert program.environment["SKINXAI_SERVER_URL"] == "http://127.0.0.1:8010"


def test_the_model_server_stays_on_the_loopback_address() -> None:
    assert supervisor.model_server(8010).environment["SKINXAI_HOST"] == "127.0.0.1"


def test_the_welcome_names_the_addresses_for_phones_and_the_fingerprint(tmp_path: Path) -> None:
    certificate = own_certificate(tmp_path, ["127.0.0.1"])
    said = supervisor.welcome(8501, certificate, ["192.168.0.10", "10.0.0.2"])
    assert "https://192.168.0.10:8501 or https://10.0.0.2:8501 on a phone" in said
    assert "https://127.0.0.1:8501 here" in said
    assert certificate.fingerprint in said
    assert supervisor.welcome(8501, None, ["192.168.0.10"]) == (
        "\nSkin Notes is ready: open http://127.0.0.1:8501 in your browser. Ctrl-C stops it.\n"
    )


def test_streamlits_limit_is_the_settings_and_the_configurations_its_default() -> None:
    asked = supervisor.app(8511, server_port=8010, max_photo_mb="35").environment
    assert asked["STREAMLIT_SERVER_MAX_UPLOAD_SIZE"] == "35"
    silent = supervisor.app(8511, server_port=8010).environment
    assert "STREAMLIT_SERVER_MAX_UPLOAD_SIZE" not in silent
    root = Path(supervisor.__file__).resolve().parents[1]
    config = (root / "frontend/.streamlit/config.toml").read_text(encoding="utf-8")
    assert tomllib.loads(config)["server"]["maxUploadSize"] == AppSettings().max_photo_mb


def test_streamlit_asks_nobody_outside_for_this_machines_address() -> None:
    root = Path(supervisor.__file__).resolve().parents[1]
    config = (root / "frontend/.streamlit/config.toml").read_text(encoding="utf-8")
    assert tomllib.loads(config)["logger"]["hideWelcomeMessage"] is True


@pytest.mark.parametrize(
    ("text", "expected"), [("", False), ("0", False), ("no", False), ("1", True), ("Yes", True)]
)
def test_https_is_switched_by_yes_or_no(text: str, expected: bool) -> None:
    assert read_switch({"SKINXAI_HTTPS": text}, "SKINXAI_HTTPS") is expected


def test_https_that_is_neither_yes_nor_no_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    ports = {"SKINXAI_PORT": str(free_port()), "SKINXAI_APP_PORT": str(free_port())}
    assert supervisor.main({**ports, "SKINXAI_HTTPS": "maybe"}) == 1
    assert "SKINXAI_HTTPS has to be yes or no" in capsys.readouterr().err


def test_a_port_that_is_free_on_the_loopback_address_alone_is_taken_for_https() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        with pytest.raises(PortTakenError):
            require_free(taken, program="the app", setting="NONE", address="0.0.0.0")


def test_every_file_that_is_started_exists() -> None:
    root = Path(supervisor.__file__).resolve().parents[1]
    assert "frontend/app.py" in supervisor.app(8501, server_port=8000).command
    assert (root / "frontend/app.py").is_file()
    assert supervisor.model_server(8000).command[1:] == ("-m", "backend")
    assert (root / "backend/__main__.py").is_file()
