"""The containers agree with the compose specification and with what else there is.

No engine is needed: `compose_spec` reads a file exactly as the specification demands, and the rest
is compared with the settings and the files of this repository.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from compose_spec import PyCompose

from backend import supervisor
from backend.settings import Settings as ServerSettings
from tests.programs import ROOT
from tests.unit.house.containers.conftest import (
    COMPOSE_FILE,
    dockerfile_of,
    health_address,
    interpolated,
)


def test_the_file_follows_the_compose_specification() -> None:
    specification = PyCompose.from_yaml(interpolated(COMPOSE_FILE.read_text(encoding="utf-8")))
    specification.validate()
    assert set(specification.services or {}) == {"server", "app", "proxy"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("healthcheck:", "healthchek:"),
        ("condition: service_healthy", "condition: healthy"),
        ("interval: 10s", "interval: soon"),
        ("context: .", "contxt: ."),
    ],
)
def test_a_slip_in_the_file_would_be_noticed(right: str, wrong: str) -> None:
    text = interpolated(COMPOSE_FILE.read_text(encoding="utf-8"))
    assert right in text
    with pytest.raises(ValueError, match=r"services\."):
        PyCompose.from_yaml(text.replace(right, wrong))


@pytest.mark.parametrize("name", ["server", "app", "proxy"])
def test_what_a_service_refers_to_exists(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    for other in service.get("depends_on", {}):
        assert other in compose["services"]
        assert "healthcheck" in compose["services"][other]
    for network in service["networks"]:
        assert network in compose["networks"]
    for volume in service["volumes"]:
        source = volume.split(":")[0]
        if source.startswith("."):
            assert (ROOT / source).exists()
        else:
            assert source in compose["volumes"]


def test_the_ports_are_the_ones_of_the_settings(compose: dict[str, Any]) -> None:
    server, app = compose["services"]["server"], compose["services"]["app"]
    assert ServerSettings.model_fields["port"].default == supervisor.SERVER_PORT == 8000
    assert server["environment"]["SKINXAI_PORT"] == "8000"
    assert dockerfile_of(server).all("EXPOSE") == ["8000"]
    assert urlsplit(app["environment"]["SKINXAI_SERVER_URL"]).port == 8000
    assert urlsplit(health_address(server)).port == 8000

    assert supervisor.APP_PORT == 8501
    assert dockerfile_of(app).all("EXPOSE") == ["8501"]
    assert "--server.port=8501" in dockerfile_of(app).command()
    assert urlsplit(health_address(app)).port == 8501


def test_a_service_is_healthy_when_make_run_would_call_it_ready(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert health_address(services["server"]) == supervisor.model_server(8000).ready_url
    assert health_address(services["app"]) == supervisor.app(8501, server_port=8000).ready_url
