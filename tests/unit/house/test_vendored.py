"""What others made and this project serves is what its README says it is."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DETECTOR = ROOT / "frontend/static/face_detection-0.4.1657300184"
TYPEFACE = ROOT / "frontend/static/pretendard-1.3.9"
OWN = {"README.md", "LICENSE"}


def hashes_in(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8")
    return {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", text, re.M)}


def hashes_in_the_readme() -> dict[str, str]:
    return hashes_in(DETECTOR / "README.md")


def test_the_detector_has_the_files_that_its_readme_lists_and_no_others() -> None:
    assert {file.name for file in DETECTOR.iterdir()} == {*hashes_in_the_readme(), *OWN}


@pytest.mark.parametrize("name", sorted(hashes_in_the_readme()))
def test_each_file_of_the_detector_is_unchanged(name: str) -> None:
    assert sha256((DETECTOR / name).read_bytes()).hexdigest() == hashes_in_the_readme()[name]


def test_the_detector_is_small_enough_for_a_phone() -> None:
    assert sum(file.stat().st_size for file in DETECTOR.iterdir()) < 8_000_000


def test_the_guide_loads_the_version_that_is_there() -> None:
    guide = (ROOT / "frontend/static/guide/live.js").read_text(encoding="utf-8")
    assert f'"../{DETECTOR.name}/"' in guide


def test_the_typeface_has_the_files_that_were_published_and_no_others() -> None:
    published = hashes_in(TYPEFACE / "SHA256SUMS")
    own = {"README.md", "LICENSE.txt", "SHA256SUMS"}
    found = [file for file in TYPEFACE.rglob("*") if file.is_file()]
    files = {file.relative_to(TYPEFACE).as_posix() for file in found}
    assert files == {*published, *own}
    changed = [
        name
        for name, digest in published.items()
        if sha256((TYPEFACE / name).read_bytes()).hexdigest() != digest
    ]
    assert changed == []


def test_the_style_sheet_loads_the_typeface_that_is_there() -> None:
    style_sheet = (ROOT / "frontend/assets/theme.css").read_text(encoding="utf-8")
    (loaded,) = re.findall(r'@import url\("app/static/([^"]+)"\)', style_sheet)
    sheet = (TYPEFACE.parent / loaded).resolve()
    assert sheet.parent == TYPEFACE
    named = set(re.findall(r"url\(\./([^)]+)\)", sheet.read_text(encoding="utf-8")))
    assert {*named, sheet.name} == set(hashes_in(TYPEFACE / "SHA256SUMS"))
