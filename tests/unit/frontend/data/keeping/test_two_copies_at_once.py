"""Two copies of the app that write the pictures of one visit at the same time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event

from frontend.accounts import User
from frontend.components.face_panel import Pictures
from frontend.kept_photos import KeptPhotos
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.saving import results_of
from frontend.store import Repository, VersionGrades
from tests.support.photo_places import PhotoPlace
from tests.unit.frontend.data.conftest import Clock
from tests.unit.frontend.data.keeping.conftest import ANALYSIS, rows, save

NEWER = "2026.12.0"
ANEW = VersionGrades(model_version=NEWER, results=results_of(ANALYSIS))


def meet_while_holding_a_visit(*engines: Engine) -> None:
    """Let each wait a moment, with the visit held, for the other to hold it as well."""
    both = threading.Barrier(len(engines))

    def meet(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM visits" in statement and "FOR " in statement:
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)

    for engine in engines:
        event.listen(engine, "after_cursor_execute", meet)


@pytest.mark.parametrize("delete_all", [False, True])
def test_a_photo_deleted_while_another_takes_its_place_takes_that_with_it(
    repository: Repository, engine: Engine, second_engine: Engine, minji: User, clock: Clock,
    photo_place: PhotoPlace, delete_all: bool,
) -> None:  # fmt: skip
    key = parse_photo_keys(new_photo_key())
    kept, elsewhere = (
        KeptPhotos(copy, key, photo_place.store(), now=clock) for copy in (engine, second_engine)
    )
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    anew = Pictures(replace(ANALYSIS, model_version=NEWER))
    beside = kept.keeping(minji.id, anew, replaces=kept.read(minji.id, visit.id))

    def delete() -> bool:
        if delete_all:
            return elsewhere.forget_all(minji.id) == 1
        return elsewhere.forget(minji.id, visit.id)

    with ThreadPoolExecutor() as pool:
        deleting: list[Future[bool]] = []

        def delete_meanwhile(
            _connection: Connection, _cursor: object, statement: str, *_more: object
        ) -> None:
            if statement.startswith("UPDATE kept_pictures") and not deleting:
                deleting.append(pool.submit(delete))
                # It cannot end before this transaction does.
                assert not wait(deleting, timeout=0.5).done

        event.listen(engine, "after_cursor_execute", delete_meanwhile)
        assert repository.regrade_visit(minji.id, ANEW, keep=beside)
        event.remove(engine, "after_cursor_execute", delete_meanwhile)
        assert deleting[0].result()

    assert kept.count(minji.id) == 0
    kept.erase()
    assert (rows(engine), photo_place.objects()) == (0, {})


@pytest.mark.parametrize(
    "doing", [("renew", "renew"), ("regrade", "regrade"), ("renew", "regrade")]
)
def test_of_two_copies_that_write_one_picture_each_waits_for_the_other(
    repository: Repository, engine: Engine, second_engine: Engine, minji: User,
    photo_place: PhotoPlace, doing: tuple[str, str],
) -> None:  # fmt: skip
    old, new = new_photo_key(), new_photo_key()
    before = KeptPhotos(engine, parse_photo_keys(old), photo_place.store())
    before.switch(minji.id, True)
    visit = save(repository, before, minji)

    def work_of(name: str, copy: Engine) -> Callable[[], int]:
        kept = KeptPhotos(copy, parse_photo_keys(f"{new},{old}"), photo_place.store())
        if name == "renew":
            return kept.renew
        pictures = Pictures(replace(ANALYSIS, model_version=NEWER))
        beside = kept.keeping(minji.id, pictures, replaces=kept.read(minji.id, visit.id))
        grading = Repository(copy, erase=kept.erase)
        return lambda: grading.regrade_visit(minji.id, ANEW, keep=beside)

    copies = (engine, second_engine)
    works = [work_of(name, copy) for name, copy in zip(doing, copies, strict=True)]
    meet_while_holding_a_visit(*copies)
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(work) for work in works]
    done = [each.result() for each in running]

    after = KeptPhotos(engine, parse_photo_keys(new), photo_place.store())
    after.erase()
    pictures = after.pictures_of(minji.id, visit.id)
    found = repository.visit(minji.id, visit.id)
    assert pictures is not None
    assert found is not None
    assert (rows(engine), len(photo_place.objects())) == (1, 1)
    # Whoever comes second finds that what it began with is not there any more.
    assert sorted(done) == [0, 1]
    graded_anew = doing[done.index(1)] == "regrade"
    assert found.model_version == (NEWER if graded_anew else visit.model_version)
    assert pictures.analysis.model_version == found.model_version
    earlier = [each.model_version for each in found.graded_before]
    assert earlier == ([visit.model_version] if graded_anew else [])
