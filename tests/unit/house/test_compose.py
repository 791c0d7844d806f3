"""The containers agree with the compose specification, with the code and with each other.

No engine is needed: `compose_spec` reads a file exactly as the specification demands, and the rest
is compared with the settings and the files of this repository.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from compose_spec import PyCompose

from backend import supervisor
from backend.settings import Settings as ServerSettings
from frontend.settings import Settings as AppSettings
from frontend.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]
COMPOSE_FILE = ROOT / "docker-compose.yml"
CADDYFILE = ROOT / "frontend/Caddyfile"
UPLOAD_LIMIT = "STREAMLIT_SERVER_MAX_UPLOAD_SIZE"
OF_S3 = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL_S3",
}

OF_CONTAINERS = {
    "server": {"SKINXAI_HOST", "SKINXAI_PORT", "SKINXAI_MODELS_DIR", "SKINXAI_GRAPHS_DIR"},
    "app": {"SKINXAI_SERVER_URL", "SKINXAI_TRUST_PROXY", UPLOAD_LIMIT},
}
"""What compose sets itself: where things lie and listen in the containers."""


def interpolated(text: str, variables: Mapping[str, str] | None = None) -> str:
    """Fill in `${NAME:-default}` the way an engine does before it reads the file."""
    given = variables or {}
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda match: given.get(match[1]) or match[2], text)


def read_compose() -> dict[str, Any]:
    content = yaml.safe_load(interpolated(COMPOSE_FILE.read_text(encoding="utf-8")))
    assert isinstance(content, dict)
    return content


@dataclass(frozen=True)
class Dockerfile:
    """The instructions of a Dockerfile, in order."""

    instructions: list[tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> Dockerfile:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        return cls([(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines])

    def all(self, name: str) -> list[str]:
        return [rest for instruction, rest in self.instructions if instruction == name]

    def command(self) -> list[str]:
        command = yaml.safe_load(self.all("CMD")[-1])
        assert isinstance(command, list)
        return [str(part) for part in command]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return read_compose()


def dockerfile_of(service: Mapping[str, Any]) -> Dockerfile:
    build = service["build"]
    return Dockerfile.read(ROOT / build["context"] / build["dockerfile"])


def environment_of(service: Mapping[str, Any]) -> dict[str, str]:
    # An engine hands every value on as text, as empty text when there is none.
    return {
        name: "" if value is None else str(value) for name, value in service["environment"].items()
    }


def health_address(service: Mapping[str, Any]) -> str:
    test = service["healthcheck"]["test"]
    assert test[:3] == ["CMD", "python", "-c"]
    compile(test[3], "healthcheck", "exec")
    found = re.search(r"http://[^']+", test[3])
    assert found is not None
    return found[0]


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


@pytest.mark.parametrize("name", ["server", "app"])
def test_every_copied_path_exists_and_reaches_the_build(compose: dict[str, Any], name: str) -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignore
    for instruction in dockerfile_of(compose["services"][name]).all("COPY"):
        *sources, _ = instruction.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignore, source


def test_nothing_reaches_a_build_that_no_image_copies(compose: dict[str, Any]) -> None:
    copied = {
        source
        for name in ("server", "app")
        for instruction in dockerfile_of(compose["services"][name]).all("COPY")
        for source in instruction.split()[:-1]
    }
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in ignore if line.startswith("!")} == copied


@pytest.mark.parametrize(
    ("name", "extras"), [("server", {"server"}), ("app", {"app", "postgresql", "s3"})]
)
def test_an_image_installs_its_own_extras_alone(
    compose: dict[str, Any], name: str, extras: set[str]
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installs = [run for run in dockerfile_of(compose["services"][name]).all("RUN") if "pip" in run]
    assert len(installs) == 1
    words = shlex.split(installs[0])
    assert set(words[-1].removeprefix(".[").removesuffix("]").split(",")) == extras
    assert extras <= set(project["optional-dependencies"])
    assert words[words.index("--constraint") + 1] == "constraints.txt"


@pytest.mark.parametrize("name", ["server", "app"])
def test_an_image_has_a_python_that_the_project_supports(
    compose: dict[str, Any], name: str
) -> None:
    image = dockerfile_of(compose["services"][name]).all("FROM")[0]
    version = re.fullmatch(r"python:(\d+)\.(\d+)-slim", image)
    assert version is not None
    assert (int(version[1]), int(version[2])) >= (3, 11)


def test_the_server_is_started_as_make_run_starts_it(compose: dict[str, Any]) -> None:
    command = dockerfile_of(compose["services"]["server"]).command()
    assert command == ["python", *supervisor.model_server(8000).command[1:]]
    assert (ROOT / "backend/__main__.py").is_file()


def test_the_app_is_started_as_make_run_starts_it_but_reachable(compose: dict[str, Any]) -> None:
    command = dockerfile_of(compose["services"]["app"]).command()
    assert tuple(command[1:5]) == supervisor.app(8501, server_port=8000).command[1:5]
    assert (ROOT / command[4]).is_file()
    assert "--server.address=0.0.0.0" in command


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


def test_the_app_finds_the_server_by_its_service_name(compose: dict[str, Any]) -> None:
    settings = load_settings(environment_of(compose["services"]["app"]))
    assert urlsplit(settings.server_url).hostname == "server"
    assert compose["services"]["app"]["depends_on"]["server"]["condition"] == "service_healthy"


def test_the_model_server_is_not_published_and_has_no_way_out(compose: dict[str, Any]) -> None:
    server = compose["services"]["server"]
    assert "ports" not in server
    assert server["networks"] == ["analysis"]
    assert compose["networks"]["analysis"]["internal"] is True


def test_the_servers_memory_is_kept_as_make_run_keeps_it(compose: dict[str, Any]) -> None:
    settings = dict(
        word.split("=", 1)
        for instruction in dockerfile_of(compose["services"]["server"]).all("ENV")
        for word in shlex.split(instruction)
    )
    assert supervisor.ALLOCATOR.items() <= settings.items()


def test_the_models_are_read_only_and_where_the_server_looks(compose: dict[str, Any]) -> None:
    server = compose["services"]["server"]
    assert f"./models:{server['environment']['SKINXAI_MODELS_DIR']}:ro" in server["volumes"]


def test_exported_graphs_outlive_the_container_and_their_owner_may_write(
    compose: dict[str, Any],
) -> None:
    server = compose["services"]["server"]
    assert f"graphs:{server['environment']['SKINXAI_GRAPHS_DIR']}" in server["volumes"]
    assert len(server["volumes"]) == len({"models", "graphs"})
    image = dockerfile_of(server)
    assert image.all("WORKDIR") == ["/srv"]
    assert "install --directory --owner skin graphs" in image.all("RUN")[-1]


def test_database_and_photos_lie_on_the_named_volume_and_its_owner_may_write(
    compose: dict[str, Any],
) -> None:
    app = compose["services"]["app"]
    assert app["volumes"] == ["data:/srv/data"]
    settings = load_settings(environment_of(app))
    assert settings.database_url == "sqlite:////srv/data/skin_notes.db"
    assert settings.photo_store == "/srv/data/photos"
    image = dockerfile_of(app)
    assert image.all("WORKDIR") == ["/srv"]
    assert "install --directory --owner skin data" in image.all("RUN")[-1]
    assert image.all("USER") == ["skin"]


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
