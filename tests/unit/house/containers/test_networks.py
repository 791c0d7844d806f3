"""Who reaches whom: the proxy is the way in, and the model server is out of everybody's reach."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from frontend.settings import load_settings
from tests.programs import ROOT
from tests.unit.house.containers.conftest import environment_of

CADDYFILE = ROOT / "frontend/Caddyfile"


def test_the_app_finds_the_server_by_its_service_name(compose: dict[str, Any]) -> None:
    settings = load_settings(environment_of(compose["services"]["app"]))
    assert urlsplit(settings.server_url).hostname == "server"
    assert compose["services"]["app"]["depends_on"]["server"]["condition"] == "service_healthy"


def test_the_model_server_is_not_published_and_has_no_way_out(compose: dict[str, Any]) -> None:
    server = compose["services"]["server"]
    assert "ports" not in server
    assert server["networks"] == ["analysis"]
    assert compose["networks"]["analysis"]["internal"] is True


def test_the_proxy_is_the_only_way_in_and_leads_to_the_app_by_https(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["proxy"]["ports"] == ["127.0.0.1:8501:8443"]
    assert set(services["proxy"]["networks"]) & set(services["app"]["networks"])
    assert not set(services["proxy"]["networks"]) & set(services["server"]["networks"])
    assert services["proxy"]["depends_on"]["app"]["condition"] == "service_healthy"

    caddyfile = CADDYFILE.read_text(encoding="utf-8")
    assert "https://{$SKINXAI_SITE:localhost}:8443 {" in caddyfile
    assert "tls internal" in caddyfile
    assert re.search(r"reverse_proxy \{\$\w+:app:8501\}", caddyfile)


def test_the_proxy_reads_its_own_file_and_keeps_its_authority(compose: dict[str, Any]) -> None:
    proxy = compose["services"]["proxy"]
    assert proxy["volumes"] == [
        "./frontend/Caddyfile:/etc/caddy/Caddyfile:ro",
        "proxy:/data",
    ]
    asked = set(re.findall(r"\{\$(\w+):", CADDYFILE.read_text(encoding="utf-8")))
    assert set(proxy["environment"]) == {"SKINXAI_SITE"} <= asked


def test_the_proxy_writes_no_log_of_addresses_which_may_hold_tickets() -> None:
    lines = CADDYFILE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.strip().startswith("log")] == []


def test_the_app_believes_the_proxy_and_nobody_can_come_past_it(compose: dict[str, Any]) -> None:
    app = compose["services"]["app"]
    assert load_settings(environment_of(app)).trust_proxy
    assert "ports" not in app
