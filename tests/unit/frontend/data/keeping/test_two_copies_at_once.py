"""Two copies of the app that write the pictures of one visit at the same time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from tests.unit.frontend.data.keeping.conftest import ANALYSIS, rows, save

NEWER = "2026.12.0"
ANEW = VersionGrades(model_version=NEWER, results=results_of(ANALYSIS))


def meet_while_holding_a_visit(*engines: Engine) -> None:
    """Let each wait a moment, with the visit held, for the other to hold it as well."""
    both = threading.Barrier(len(engines))

    def wait(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM visits" in statement and "FOR " in statement:
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)

    for engine in engines:
        event.listen(engine, "after_cursor_execute", wait)


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
        beside = kept.keeping(minji.id, pictures, visit_id=visit.id)
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
    if "regrade" in doing:
        assert done[1] == 1
        assert found.model_version == pictures.analysis.model_version == NEWER
        assert [each.model_version for each in found.graded_before] == [visit.model_version]
    else:
        assert sorted(done) == [0, 1]
