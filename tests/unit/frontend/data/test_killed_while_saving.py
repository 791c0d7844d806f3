"""A process that is killed while it saves leaves no half visit and loses none it has confirmed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from frontend.accounts import User
from frontend.kept_photos import KeptPhotos
from frontend.moments import utc_now
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.store.pictures import PROMISE_PERIOD
from frontend.vocabulary import Attribute
from tests.support.photo_places import Folder, open_place

ROOT = Path(__file__).resolve().parents[4]
KILLS = 100
HALF_VISITS = """
    SELECT count(*) FROM visits WHERE
        (SELECT count(*) FROM visit_results WHERE visit_id = visits.id) <> ?
        OR (SELECT count(*) FROM kept_pictures WHERE visit_id = visits.id) <> 1
"""
ORPHANS = "SELECT count(*) FROM visit_results WHERE visit_id NOT IN (SELECT id FROM visits)"
KNOWN = "SELECT key, visit_id IS NOT NULL FROM kept_pictures"


class Saver:
    """A process that saves until it is killed, again and again."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def kill_one(self, *, after_s: float, busy: bool) -> list[str]:
        """Let a child save and kill it; gives the visits it had confirmed by then.

        Args:
            after_s: how long to wait.
            busy: wait from its first save on, not from its first breath.
        """
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        child = int(self._line().removeprefix("child "))
        confirmed = [self._saved(self._line())] if busy else []
        # The lines have to be read meanwhile, or the child stands still at a full pipe.
        killer = threading.Timer(after_s, os.kill, (child, signal.SIGKILL))
        killer.start()
        while (line := self._line()) != "ended":
            confirmed.append(self._saved(line))
        killer.join()
        return confirmed

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise EOFError("the saver ended by itself")
        return line.strip()

    @staticmethod
    def _saved(line: str) -> str:
        word, _, visit_id = line.partition(" ")
        if word != "saved":
            raise ValueError(f"expected a confirmed save, got {line!r}")
        return visit_id


@pytest.fixture
def saver(engine: Engine, minji: User, database_file: Path, folder: Folder) -> Iterator[Saver]:
    kept_photos(engine, folder).switch(minji.id, True)
    engine.dispose()
    url = f"sqlite:///{database_file}"
    command = [sys.executable, "-m", "tests.support.saver", url, minji.id, folder.setting]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Saver(process)
        assert process.stdin is not None
        process.stdin.close()


def kept_photos(engine: Engine, folder: Folder, *, later: timedelta = timedelta()) -> KeptPhotos:
    key = parse_photo_keys(new_photo_key())
    return KeptPhotos(engine, key, open_place(folder), now=lambda: utc_now() + later)


def test_a_hundred_kills_leave_no_half_visit_and_lose_none_that_was_confirmed(
    saver: Saver, engine: Engine, database_file: Path, folder: Folder
) -> None:
    generator = random.Random(20261123)
    confirmed: set[str] = set()
    wal_left_behind = 0
    for number in range(KILLS):
        # Every fourth dies around the opening of the database, the others amid their saves.
        confirmed.update(saver.kill_one(after_s=generator.uniform(0, 0.02), busy=number % 4 != 0))
        wal_left_behind += database_file.with_name(database_file.name + "-wal").exists()
        # Opening the database again recovers it, as the next start of the app does.
        with closing(sqlite3.connect(database_file)) as database:
            kept = {name for (name,) in database.execute("SELECT id FROM visits")}
            half = database.execute(HALF_VISITS, [len(Attribute)]).fetchone()[0]
            orphans = database.execute(ORPHANS).fetchone()[0]
            known = dict(database.execute(KNOWN).fetchall())
        sizes = {file.name: file.stat().st_size for file in folder.path.iterdir()}
        tied = {key for key, is_tied in known.items() if is_tied}
        assert confirmed <= kept, f"lost after kill {number + 1}: {confirmed - kept}"
        assert (half, orphans) == (0, 0), f"left half written by kill {number + 1}"
        # A visit has its whole photo, and the database knows of every photo that has no visit.
        whole = {key for key, size in sizes.items() if size == max(sizes.values())}
        assert tied <= whole, f"photo lost by kill {number + 1}"
        assert set(sizes) <= set(known), f"unknown photo left by kill {number + 1}"
    with closing(sqlite3.connect(database_file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    # What died between the photo and its visit has left a photo, which goes an hour later.
    kept_photos(engine, folder, later=PROMISE_PERIOD).erase()
    assert set(folder.objects()) == tied
    assert len(confirmed) >= KILLS * 3 / 4
    assert wal_left_behind >= KILLS / 2, "the kills came too late to matter"
