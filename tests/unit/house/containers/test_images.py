"""What an image is built of, what it starts, and what outlives its containers."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import Any

import pytest

from backend import supervisor
from frontend.settings import load_settings
from tests.programs import ROOT
from tests.unit.house.containers.conftest import dockerfile_of, environment_of


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
