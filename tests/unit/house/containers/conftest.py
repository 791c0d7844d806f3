"""The files that containers are built from and run by, read as an engine reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import ROOT

COMPOSE_FILE = ROOT / "docker-compose.yml"


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
