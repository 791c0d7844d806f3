"""The app under load: people who open one page after the other.

    python -m benchmarks.pages --seconds 15

1, 4 and 16 people, each with 30 checks, ask for check, history, a result, the comparison and their
own page in turn, as soon as the last one stands: first each page in a tab of its own, as after a
reload, then all in one tab. No browser draws anything; what is measured is the app's process alone.
Beside it the same app, for one and four people, that looks for changed files, as Streamlit does
unless it is told not to. Last, how much memory an open page takes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, product
from typing import Final

import numpy as np

from backend.supervisor import app
from benchmarks.programs import Started, started
from benchmarks.report import make_up_analysis
from benchmarks.reporting import describe_setup
from benchmarks.tabs import Tab, open_tab
from frontend.moments import utc_now
from frontend.saving import new_visit
from frontend.services import build_services
from frontend.settings import Settings
from frontend.vocabulary import Source
from tests.programs import free_port
from tests.support.answers import serve_answers

PEOPLE: Final = (1, 4, 16)
OPEN_PAGES: Final = 50
CHECKS: Final = 30
_DAYS_BETWEEN: Final = 3
_WATCHING: Final = {"STREAMLIT_SERVER_FILE_WATCHER_TYPE": "auto"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in.

    Attributes:
        token: of their session.
        visit_id: of their last check.
    """

    token: str
    visit_id: str

    def tab(self, running: Started) -> AbstractContextManager[Tab]:
        """A new tab of theirs."""
        return open_tab(running, token=self.token)

    def pages(self) -> Sequence[tuple[str, str]]:
        """Path and query of what they look at."""
        result = ("result", f"id={self.visit_id}")
        return (("", ""), ("history", ""), result, ("compare", ""), ("account", ""))


@dataclass(slots=True)
class Drawn:
    """What a number of people met.

    Attributes:
        waits_s: from asking for each page until it was drawn.
        seconds: how long it went on.
        cpu_s: what the app computed meanwhile, seconds of one core.
    """

    waits_s: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0

    def row(self, who: str, where: str, people: int) -> str:
        """Its line of the table."""
        ordered = sorted(self.waits_s)
        slowest_s = ordered[round(0.99 * (len(ordered) - 1))]
        return (
            f"| {who} | {where} | {people} | {len(ordered) / self.seconds:.1f} "
            f"| {statistics.median(ordered):.2f} s | {slowest_s:.2f} s "
            f"| {1000 * self.cpu_s / len(ordered):.0f} ms |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=15.0, help="of each number of people")
    options = parser.parse_args(arguments)
    print(f"Measured on {describe_setup()}", end="")
    print(f" with `python -m benchmarks.pages --seconds {options.seconds:g}`.\n")
    print("| App | Pages | People | Pages a second | Median | 99th percentile | Computed a page |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, serve_answers() as server:
        database_url = f"sqlite:///{folder}/skin_notes.db"
        people = people_with_checks(database_url, max(PEOPLE))
        for who, environment, counts in (
            ("as it is", {}, PEOPLE),
            ("looking for changed files", _WATCHING, PEOPLE[:2]),
        ):
            with start_app(database_url, server.url, environment) as running:
                for in_one_tab, count in product((False, True), counts):
                    some = people[:count]
                    met = look(running, some, seconds=options.seconds, in_one_tab=in_one_tab)
                    where = "in one tab" if in_one_tab else "each opened anew"
                    print(met.row(who, where, count), flush=True)
        with start_app(database_url, server.url) as running:
            before_mb, after_mb = open_many(running, people[0])
    print(
        f"\nMemory of the app: {before_mb:.0f} MB with one open page, {after_mb:.0f} MB with"
        f" {OPEN_PAGES} more."
    )
    return 0


def look(running: Started, people: Sequence[Person], *, seconds: float, in_one_tab: bool) -> Drawn:
    """Have people look at pages for a while.

    Args:
        running: the app.
        people: who look, each at one page at a time.
        seconds: how long.
        in_one_tab: whether each goes from page to page, or opens every page anew.
    """
    with people[0].tab(running) as tab:
        # The first page of a process loads what the others find.
        tab.go("history")
    met, lock = Drawn(), threading.Lock()
    began, before_s = time.monotonic(), running.cpu_s()

    def one_person(person: Person) -> None:
        with ExitStack() as stays:
            tab = stays.enter_context(person.tab(running)) if in_one_tab else None
            for page, query in cycle(person.pages()):
                asked = time.monotonic()
                if asked > began + seconds:
                    return
                with ExitStack() as closes:
                    here = tab or closes.enter_context(person.tab(running))
                    here.go(page, query)
                    waited_s = time.monotonic() - asked
                with lock:
                    met.waits_s.append(waited_s)

    with ThreadPoolExecutor(len(people)) as threads:
        list(threads.map(one_person, people))
    met.seconds, met.cpu_s = time.monotonic() - began, running.cpu_s() - before_s
    return met


def open_many(running: Started, person: Person) -> tuple[float, float]:
    """The app's memory with one open page and with `OPEN_PAGES` more, megabytes."""
    with ExitStack() as stack:
        stack.enter_context(person.tab(running)).go("history")
        before_mb = running.memory_mb()
        for _ in range(OPEN_PAGES):
            stack.enter_context(person.tab(running)).go("history")
        return before_mb, running.memory_mb()


def start_app(
    database_url: str, server_url: str, environment: Mapping[str, str] | None = None
) -> AbstractContextManager[Started]:
    """The app, until the block ends.

    Args:
        database_url: where it keeps what it keeps.
        server_url: of its model server.
        environment: variables beside these two.
    """
    wanted = {"SKINXAI_DATABASE_URL": database_url, "SKINXAI_SERVER_URL": server_url}
    return started(app(free_port(), server_port=0), {**wanted, **(environment or {})})


def people_with_checks(database_url: str, count: int) -> list[Person]:
    """Sign people up who have `CHECKS` checks each.

    Args:
        database_url: of the app's database, which is made if it is not there.
        count: how many people.
    """
    services = build_services(Settings(database_url=database_url))
    generator, people = np.random.default_rng(0), []
    for number in range(count):
        user = services.accounts.sign_up(f"person.{number}", "a password for some minutes")
        for check in range(CHECKS):
            visit = services.repository.save_visit(
                user.id,
                new_visit(
                    make_up_analysis(generator),
                    taken_at=utc_now() - timedelta(days=(CHECKS - check) * _DAYS_BETWEEN),
                    source=Source.UPLOAD,
                    request_key=f"check-{check}",
                ),
            )
        token = services.sessions.redeem(services.sessions.issue_ticket(user.id))
        people.append(Person(token, visit.id))
    services.engine.dispose()
    return people


if __name__ == "__main__":
    sys.exit(main())
