"""Kept photos: wanted, sealed, shown to their owner alone, and gone when they should be."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, text, update

from frontend.accounts import Accounts, User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.errors import (
    KeptPhotoUnreadableError,
    PhotoKeyUnusableError,
)
from frontend.kept_photos import KeptPhotos
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.photo_store import PhotoStore
from frontend.store import Repository, VersionGrades
from frontend.store.pictures import PROMISE_PERIOD
from frontend.store.repository import UNDO_PERIOD
from frontend.store.tables import kept_pictures, visits
from frontend.vocabulary import Attribute
from tests.support.answers import analysis_answer
from tests.support.photo_places import PhotoPlace
from tests.unit.frontend.data.conftest import Clock
from tests.unit.frontend.data.keeping.conftest import (
    ANALYSIS,
    rows,
    save,
    visit_data,
)


def test_it_is_off_until_somebody_switches_it_on(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    visit = save(repository, kept, minji)
    assert not kept.is_on(minji.id)
    assert kept.pictures_of(minji.id, visit.id) is None
    assert rows(engine) == 0


def test_once_it_is_on_the_face_and_the_five_maps_of_later_visits_are_kept(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, jisoo: User
) -> None:
    earlier = save(repository, kept, minji, "earlier")
    kept.switch(minji.id, True)
    later = save(repository, kept, minji, "later")
    save(repository, kept, jisoo)

    assert (kept.is_on(minji.id), kept.is_on(jisoo.id)) == (True, False)
    assert kept.pictures_of(minji.id, earlier.id) is None
    found = kept.pictures_of(minji.id, later.id)
    assert found is not None
    assert found.analysis == parse_analysis({**analysis_answer(), "timings_ms": {}})
    assert set(found.analysis.attributes) == set(Attribute)
    assert (kept.count(minji.id), kept.count(jisoo.id), rows(engine)) == (1, 0, 1)


def test_an_object_can_be_read_by_nobody_and_its_name_tells_nothing(
    kept: KeptPhotos, repository: Repository, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)

    ((name, sealed),) = photo_place.objects().items()
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert name not in {visit.id, minji.id}
    for trace in (visit.id, minji.id, minji.login_id):
        assert trace.encode() not in sealed
    assert ANALYSIS.crop[:64] not in sealed
    assert ANALYSIS.attributes[Attribute.OIL].heatmap[:16] not in sealed
    # Of all formats, chance bytes begin like one of them once in a while.
    with pytest.raises(OSError, match="cannot identify image"):
        Image.open(io.BytesIO(sealed), formats=("JPEG", "PNG", "WEBP"))


def test_the_database_file_holds_the_name_of_the_object_alone(
    kept: KeptPhotos, repository: Repository, minji: User, database_file: Path,
    photo_place: PhotoPlace,
) -> None:  # fmt: skip
    kept.switch(minji.id, True)
    save(repository, kept, minji)
    kept.erase()  # which empties the log of changes

    ((name, sealed),) = photo_place.objects().items()
    stored = database_file.read_bytes()
    assert name.encode() in stored
    assert sealed[-64:] not in stored


def test_another_persons_pictures_cannot_be_told_from_none(
    kept: KeptPhotos, repository: Repository, minji: User, jisoo: User
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)

    assert kept.pictures_of(jisoo.id, visit.id) is None
    assert not kept.has(jisoo.id, visit.id)
    assert not kept.forget(jisoo.id, visit.id)
    assert not kept.keep(jisoo.id, visit.id, Pictures(ANALYSIS))
    assert kept.has(minji.id, visit.id)


def test_pictures_moved_to_another_visit_do_not_open_there(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, jisoo: User
) -> None:
    kept.switch(minji.id, True)
    first, second = save(repository, kept, minji, "1"), save(repository, kept, minji, "2")
    kept.forget(minji.id, second.id)
    with engine.begin() as connection:
        connection.execute(update(kept_pictures).values(visit_id=second.id))
    with pytest.raises(KeptPhotoUnreadableError):
        kept.pictures_of(minji.id, second.id)

    # Nor for another owner of the same visit.
    with engine.begin() as connection:
        connection.execute(update(kept_pictures).values(visit_id=first.id))
        connection.execute(update(visits).where(visits.c.id == first.id).values(user_id=jisoo.id))
    with pytest.raises(KeptPhotoUnreadableError):
        kept.pictures_of(jisoo.id, first.id)


def test_one_is_forgotten_and_its_numbers_and_the_others_stay(
    kept: KeptPhotos, repository: Repository, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    first, second = save(repository, kept, minji, "1"), save(repository, kept, minji, "2")

    assert kept.forget(minji.id, first.id)
    assert not kept.forget(minji.id, first.id)

    assert kept.pictures_of(minji.id, first.id) is None
    assert kept.pictures_of(minji.id, second.id) is not None
    assert repository.visit(minji.id, first.id) == first
    assert len(photo_place.objects()) == 1


def test_all_are_forgotten_at_once_and_later_ones_are_kept_again(
    kept: KeptPhotos, repository: Repository, minji: User, jisoo: User, photo_place: PhotoPlace
) -> None:
    for user in (minji, jisoo):
        kept.switch(user.id, True)
        save(repository, kept, user, "1")
        save(repository, kept, user, "2")

    assert kept.forget_all(minji.id) == 2
    assert len(photo_place.objects()) == 2
    assert (kept.count(minji.id), kept.count(jisoo.id)) == (0, 2)
    assert kept.is_on(minji.id)
    save(repository, kept, minji, "3")
    assert kept.count(minji.id) == 1


def test_switching_off_deletes_all_of_this_person_and_no_number(
    kept: KeptPhotos, repository: Repository, minji: User, jisoo: User, photo_place: PhotoPlace
) -> None:
    for user in (minji, jisoo):
        kept.switch(user.id, True)
        save(repository, kept, user)

    kept.switch(minji.id, False)

    assert len(photo_place.objects()) == 1
    assert (kept.count(minji.id), kept.count(jisoo.id)) == (0, 1)
    assert repository.count_visits(minji.id) == 1


def test_a_visit_saved_after_the_switch_went_off_keeps_nothing(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    asked_while_on = kept.keeping(minji.id, Pictures(ANALYSIS))
    kept.switch(minji.id, False)
    visit = repository.save_visit(minji.id, visit_data(), keep=asked_while_on)

    assert not kept.keep(minji.id, visit.id, Pictures(ANALYSIS))
    assert (rows(engine), photo_place.objects()) == (0, {})


def test_however_switching_off_and_saving_meet_nothing_is_kept_afterwards(
    kept: KeptPhotos, repository: Repository, second_engine: Engine, engine: Engine, minji: User,
    photo_place: PhotoPlace, clock: Clock,
) -> None:  # fmt: skip
    key = parse_photo_keys(new_photo_key())
    elsewhere = KeptPhotos(second_engine, key, photo_place.store(), now=clock)
    for attempt in range(12):
        kept.switch(minji.id, True)
        start = threading.Barrier(2)

        def switch_off(gate: threading.Barrier = start) -> None:
            gate.wait()
            elsewhere.switch(minji.id, False)

        thread = threading.Thread(target=switch_off)
        thread.start()
        start.wait()
        save(repository, kept, minji, f"attempt {attempt}")
        thread.join()
        assert kept.count(minji.id) == 0
        kept.erase()
        assert (rows(engine), photo_place.objects()) == (0, {})


def test_the_same_visit_saved_twice_keeps_its_pictures_once(
    kept: KeptPhotos, repository: Repository, clock: Clock, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    first = photo_place.objects()
    assert save(repository, kept, minji) == visit
    assert kept.count(minji.id) == 1

    # What the second save wrote in vain might still be wanted by somebody, but not for ever.
    kept.erase()
    assert len(photo_place.objects()) == 2
    clock.advance(by=PROMISE_PERIOD + timedelta(seconds=1))
    kept.erase()
    assert photo_place.objects() == first
    assert kept.pictures_of(minji.id, visit.id) is not None


@pytest.mark.usefixtures("database_file")
def test_pictures_that_cannot_be_written_leave_no_visit_behind(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE UPDATE OF visit_id ON kept_pictures "
                "BEGIN SELECT RAISE(ROLLBACK, 'no room'); END"
            )
        )
    with pytest.raises(Exception, match="no room"):
        save(repository, kept, minji)
    assert repository.count_visits(minji.id) == 0


def test_pictures_are_hidden_with_a_deleted_visit_and_gone_when_it_is_purged(
    kept: KeptPhotos, repository: Repository, engine: Engine, clock: Clock, minji: User,
    photo_place: PhotoPlace,
) -> None:  # fmt: skip
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    repository.delete_visit(minji.id, visit.id)
    assert kept.pictures_of(minji.id, visit.id) is None
    assert kept.count(minji.id) == 1
    assert len(photo_place.objects()) == 1

    clock.advance(by=UNDO_PERIOD)
    repository.forget_lost()
    assert (rows(engine), photo_place.objects()) == (0, {})


def test_a_deleted_visit_that_is_graded_anew_keeps_the_pictures_of_its_grades(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    first = photo_place.objects()
    anew = replace(ANALYSIS, model_version="2026.12.0")
    before = kept.read(minji.id, visit.id)
    beside = kept.keeping(minji.id, Pictures(anew), replaces=before)
    repository.delete_visit(minji.id, visit.id)
    graded = VersionGrades(model_version=anew.model_version, results=visit.results)
    assert not repository.regrade_visit(minji.id, graded, keep=beside)
    assert not kept.keep(minji.id, visit.id, Pictures(anew))

    repository.restore_visit(minji.id, visit.id)
    assert repository.visit(minji.id, visit.id) == visit
    pictures = kept.pictures_of(minji.id, visit.id)
    assert pictures is not None
    assert pictures.analysis.model_version == visit.model_version
    # What was written in vain is gone.
    assert (rows(engine), photo_place.objects()) == (1, first)


def delete_one(kept: KeptPhotos, user_id: str, visit_id: str) -> None:
    kept.forget(user_id, visit_id)


def delete_all(kept: KeptPhotos, user_id: str, _visit_id: str) -> None:
    kept.forget_all(user_id)


def switch_off_and_on(kept: KeptPhotos, user_id: str, _visit_id: str) -> None:
    kept.switch(user_id, False)
    kept.switch(user_id, True)


@pytest.mark.parametrize("delete", [delete_one, delete_all, switch_off_and_on])
def test_pictures_deleted_while_they_are_graded_anew_stay_deleted_and_the_old_grades_stay(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_place: PhotoPlace,
    delete: Callable[[KeptPhotos, str, str], None],
) -> None:  # fmt: skip
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    before = kept.read(minji.id, visit.id)
    assert before is not None
    anew = replace(ANALYSIS, model_version="2026.12.0")
    graded = VersionGrades(model_version=anew.model_version, results=visit.results)
    delete(kept, minji.id, visit.id)
    beside = kept.keeping(minji.id, Pictures(anew), replaces=before)

    assert not repository.regrade_visit(minji.id, graded, keep=beside)
    assert repository.visit(minji.id, visit.id) == visit
    assert kept.pictures_of(minji.id, visit.id) is None
    assert (rows(engine), photo_place.objects()) == (0, {})


def test_pictures_go_with_the_account(
    kept: KeptPhotos, repository: Repository, engine: Engine, accounts: Accounts, minji: User,
    jisoo: User, photo_place: PhotoPlace,
) -> None:  # fmt: skip
    for user in (minji, jisoo):
        kept.switch(user.id, True)
        save(repository, kept, user)
    accounts.delete(minji, "correct horse")
    assert (kept.count(jisoo.id), rows(engine), len(photo_place.objects())) == (1, 1, 1)


def test_with_another_key_the_pictures_do_not_open_and_the_numbers_stay(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_store: PhotoStore
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    for key in (parse_photo_keys(new_photo_key()), PhotoKeyUnusableError("none", reason="missing")):
        other = KeptPhotos(engine, key, photo_store)
        with pytest.raises(KeptPhotoUnreadableError):
            other.pictures_of(minji.id, visit.id)
        assert other.has(minji.id, visit.id)
        assert repository.visit(minji.id, visit.id) == visit
    assert other.forget(minji.id, visit.id)


def test_after_a_round_with_a_new_key_before_the_old_one_the_old_one_is_needed_no_more(
    repository: Repository, engine: Engine, minji: User, photo_place: PhotoPlace
) -> None:
    oldest, old, new = new_photo_key(), new_photo_key(), new_photo_key()

    def with_keys(*keys: str) -> KeptPhotos:
        return KeptPhotos(engine, parse_photo_keys(",".join(keys)), photo_place.store())

    visits_of = {}
    for key in (oldest, old):
        before = with_keys(key)
        before.switch(minji.id, True)
        visits_of[key] = save(repository, before, minji, key)

    # The oldest key is lost: its photo stays as it is, in case the key comes back.
    assert with_keys(new, old).renew() == 1
    assert with_keys(new, old).renew() == 0
    after = with_keys(new)
    assert after.renew() == 0
    assert after.pictures_of(minji.id, visits_of[old].id) is not None
    with pytest.raises(KeptPhotoUnreadableError):
        after.pictures_of(minji.id, visits_of[oldest].id)
    assert with_keys(new, oldest).renew() == 1
    assert after.pictures_of(minji.id, visits_of[oldest].id) is not None
    # What was sealed before lies nowhere any more.
    assert len(photo_place.objects()) == 2
    assert {sealed[:5] for sealed in photo_place.objects().values()} == {
        parse_photo_keys(new).beginning
    }
