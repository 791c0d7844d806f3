"""The entry point: found by Streamlit, light, and made once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from streamlit.web.server.app_discovery import discover_asgi_app

from frontend.services import build_services
from frontend.settings import Settings

ROOT = Path(__file__).resolve().parents[4]


def test_streamlit_recognises_the_app_in_its_file() -> None:
    found = discover_asgi_app(ROOT / "frontend/app.py")
    assert (found.is_asgi_app, found.import_string) == (True, "app:app")


def test_importing_the_app_opens_no_database_and_loads_no_network(tmp_path: Path) -> None:
    program = "import sys, frontend.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded >= {"frontend", "streamlit", "sqlalchemy"}
    assert loaded.isdisjoint({"backend", "baseline", "torch", "timm", "cv2"})
    assert not list(tmp_path.rglob("*.db"))


def test_the_services_share_one_database(database_file: Path) -> None:
    shared = build_services(Settings(database_url=f"sqlite:///{database_file}", session_days=7))
    user = shared.accounts.sign_up("minji", "correct horse")
    token = shared.sessions.redeem(shared.sessions.issue_ticket(user.id))
    assert shared.sessions.user_of(token) == user
    assert shared.sessions.lifetime.days == 7
    assert shared.repository.visits(user.id) == []
    shared.engine.dispose()
