"""The real programs: started in order, stopped together, honest about why they cannot start."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from tests.programs import is_listening, start_service


def test_ctrl_c_stops_both_programs(tmp_path: Path) -> None:
    service = start_service(database=tmp_path / "skin_notes.db")
    below = psutil.Process(service.process.pid).children(recursive=True)
    assert len(below) == 2
    assert is_listening(service.server_port)
    assert is_listening(service.app_port)

    assert service.stop(signal.SIGINT) == 0

    assert [program for program in below if program.is_running()] == []
    assert not is_listening(service.server_port)
    assert not is_listening(service.app_port)


def test_when_the_app_dies_the_server_is_stopped_and_137_is_passed_on(tmp_path: Path) -> None:
    service = start_service(database=tmp_path / "skin_notes.db")
    below = psutil.Process(service.process.pid).children()
    app = next(program for program in below if "streamlit" in program.cmdline())
    app.kill()

    assert service.process.wait(30) == 137
    assert not is_listening(service.server_port)


def test_a_server_that_refuses_its_models_says_so_and_nothing_stays_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"server ended by itself with exit code 2") as caught:
        start_service(
            database=tmp_path / "skin_notes.db",
            environment={"SKINXAI_MODELS_DIR": str(tmp_path / "nothing")},
        )
    assert "manifest.json" in str(caught.value)
