"""Every setting reaches its container, and no secret stands in the file."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import yaml

from backend.settings import Settings as ServerSettings
from frontend.settings import Settings as AppSettings
from frontend.settings import load_settings
from tests.programs import ROOT
from tests.unit.house.containers.conftest import COMPOSE_FILE, environment_of, interpolated

UPLOAD_LIMIT = "STREAMLIT_SERVER_MAX_UPLOAD_SIZE"
OF_S3 = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL_S3",
    "AWS_SESSION_TOKEN",
}
OF_CONTAINERS = {
    "server": {"SKINXAI_HOST", "SKINXAI_PORT", "SKINXAI_MODELS_DIR", "SKINXAI_GRAPHS_DIR"},
    "app": {"SKINXAI_SERVER_URL", "SKINXAI_TRUST_PROXY", UPLOAD_LIMIT},
}
"""What compose sets itself: where things lie and listen in the containers."""


def test_every_variable_is_a_setting_that_is_read(compose: dict[str, Any]) -> None:
    server = {name.upper() for name in ServerSettings.model_fields}
    for name in compose["services"]["server"]["environment"]:
        assert name.removeprefix("SKINXAI_") in server, name
    source = (ROOT / "frontend/settings.py").read_text(encoding="utf-8")
    own = {name for name in compose["services"]["app"]["environment"] if "SKINXAI" in name}
    for name in own:
        assert f'"{name}"' in source, name
    assert set(compose["services"]["app"]["environment"]) - own == {UPLOAD_LIMIT} | OF_S3


@pytest.mark.parametrize("name", ["server", "app"])
def test_every_setting_is_passed_on_or_is_one_that_containers_have_of_their_own(name: str) -> None:
    fields = {
        "server": ServerSettings.model_fields,
        "app": {field.name for field in dataclasses.fields(AppSettings)},
    }
    services = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
    passed, fixed = set(), set()
    for variable, value in services[name]["environment"].items():
        if value is None or f"${{{variable}" in str(value):
            passed.add(variable)
        else:
            fixed.add(variable)
    assert fixed == OF_CONTAINERS[name]
    assert {f"SKINXAI_{field.upper()}" for field in fields[name]} - fixed - passed == set()


def test_no_secret_is_written_into_the_file() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
    for name in ("server", "app"):
        assert services[name]["environment"]["SKINXAI_API_KEY"] == "${SKINXAI_API_KEY:-}"
    assert services["app"]["environment"]["SKINXAI_PHOTO_KEY"] == "${SKINXAI_PHOTO_KEY:-}"
    assert {services["app"]["environment"][name] for name in OF_S3} == {None}


def test_an_empty_key_means_no_key(compose: dict[str, Any]) -> None:
    settings = load_settings(environment_of(compose["services"]["app"]))
    assert (settings.api_key, settings.photo_key) == (None, None)


def test_streamlit_the_app_and_the_server_have_one_limit_for_photos() -> None:
    raw = COMPOSE_FILE.read_text(encoding="utf-8")
    for given, expected in (({}, "20"), ({"SKINXAI_MAX_PHOTO_MB": "35"}, "35")):
        services = yaml.safe_load(interpolated(raw, given))["services"]
        limits = [
            services["server"]["environment"]["SKINXAI_MAX_PHOTO_MB"],
            services["app"]["environment"]["SKINXAI_MAX_PHOTO_MB"],
            services["app"]["environment"][UPLOAD_LIMIT],
        ]
        assert [str(limit) for limit in limits] == [expected] * 3
