"""The two READMEs say the same, and nothing that the code does not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend import supervisor
from backend.app import create_app
from backend.settings import Settings as ServerSettings
from frontend.settings import Settings as AppSettings

ROOT = Path(__file__).resolve().parents[3]
READMES = ("README.md", "README.ko.md")
DOCUMENTS = (
    *READMES,
    "baseline/README.md",
    "baseline/results/README.md",
    "baseline/results/comparisons.md",
    "benchmarks/README.md",
    "models/MODEL_CARD.md",
)
NO_DEFAULT = {"README.md": "none", "README.ko.md": "없음"}


def settings_in_the_code() -> dict[str, str | None]:
    """Every variable that is read, with its default as text."""
    server = {
        f"SKINXAI_{name.upper()}": field.default
        for name, field in ServerSettings.model_fields.items()
    }
    source = (ROOT / "frontend/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(SKINXAI_\w+)"', source))
    defaults = AppSettings()
    app = {name: getattr(defaults, name.removeprefix("SKINXAI_").lower()) for name in names}
    for name in server.keys() & app.keys():
        assert server[name] == app[name], f"{name}: the two programs have different defaults"
    of_make_run = {
        "SKINXAI_APP_PORT": supervisor.APP_PORT,
        "SKINXAI_HTTPS": False,
        "SKINXAI_TLS_DIR": supervisor.TLS_DIR,
    }
    everything = {**server, **app, **of_make_run}
    return {name: _as_text(value) for name, value in everything.items()}


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Path):
        return value.name
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def settings_in(readme: str) -> dict[str, str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(SKINXAI_\w+)` \| ([^|]+) \|", text, flags=re.MULTILINE)
    assert len(rows) == len(dict(rows))
    return {name: default.strip().strip("`") for name, default in rows}


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_documented_with_its_default_and_no_other_is(readme: str) -> None:
    expected = {
        name: NO_DEFAULT[readme] if default is None else default
        for name, default in settings_in_the_code().items()
    }
    assert settings_in(readme) == expected


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_it_names_exists(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    text = (ROOT / readme).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make (\w+)", text, flags=re.MULTILINE))
    assert {"run", "test", "lint", "format", "train"} <= named
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_it_links_to_exists(document: str) -> None:
    path = ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not _is_there(path, link)] == []


def _is_there(document: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    linked = (document.parent / name if name else document).resolve()
    if not linked.exists():
        return False
    if not anchor:
        return True
    text = linked.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    # A heading's own anchor, as GitHub makes it.
    own = {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
    return anchor in own or f'<a id="{anchor}"></a>' in text


def test_a_link_to_nothing_is_noticed() -> None:
    readme = ROOT / "README.md"
    assert _is_there(readme, "LICENSE")
    assert _is_there(readme, "#measured")
    assert _is_there(readme, "baseline/results/comparisons.md#stages-in-common")
    assert not _is_there(readme, "LICENCE")
    assert not _is_there(readme, "#nowhere")
    assert not _is_there(readme, "baseline/README.md#nowhere")


def test_both_languages_have_the_same_sections_tables_and_examples() -> None:
    shapes = []
    for readme in READMES:
        text = (ROOT / readme).read_text(encoding="utf-8")
        lines = text.splitlines()
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
        shell = [line for kind, block in blocks if kind == "sh" for line in block.splitlines()]
        shapes.append(
            {
                "headings": [line.split()[0] for line in lines if re.match(r"#+ ", line)],
                "rows": sum(line.startswith("|") for line in lines),
                "addresses": re.findall(r"`(?:GET|POST) [^`]+`", text),
                "blocks": [kind for kind, _ in blocks],
                "shell": [re.sub(r" +# .*", "", line) for line in shell],
            }
        )
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("readme", READMES)
def test_it_says_that_this_is_no_medical_device_before_anything_is_run(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    warning = "Not a medical device" if readme == "README.md" else "의료기기가 아닙니다"
    assert 0 < text.index(warning) < text.index("make run")


@pytest.mark.parametrize("readme", READMES)
def test_it_names_every_address_of_the_server(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    addresses = create_app(ServerSettings()).openapi()["paths"]
    assert "/v1/analyses" in addresses
    assert [address for address in addresses if f"{address}`" not in text] == []
