"""`make clean` removes what can be made again, and nothing that a person made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHES = {
    ".cache", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache",
}  # fmt: skip


def test_clean_removes_the_environment_and_every_cache_and_no_data(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in {".venv", "skin_xai.egg-info", "data", "runs", "models"} | CACHES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    (tmp_path / ".env").touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"Makefile", ".env", "data", "runs", "models"}
