"""Kept photos: wanted, sealed, shown to their owner alone, and gone when they should be."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, delete, func, insert, select, text, update

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.errors import KeptPhotoUnreadableError, PhotoKeyUnusableError
from frontend.kept_photos import KeptPhotos, open_kept_photos
from frontend.moments import utc_now
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.settings import Settings
from frontend.store import NewVisit, Repository, Visit
from frontend.store.tables import users, visit_pictures, visits
from frontend.views.check import new_visit
from frontend.vocabulary import Attribute, Source
from tests.support.answers import analysis_answer

ANALYSIS = parse_analysis(analysis_answer())


@pytest.fixture
def kept(engine: Engine) -> KeptPhotos:
    return KeptPhotos(engine, parse_photo_keys(new_photo_key()))


@pytest.fixture
def pictures() -> Pictures:
    return Pictures(ANALYSIS)


def visit_data(request_key: str = "1") -> NewVisit:
    return new_visit(ANALYSIS, source=Source.UPLOAD, request_key=request_key)


def save(repository: Repository, kept: KeptPhotos, user: User, request_key: str = "1") -> Visit:
    keep = kept.keeping(user.id, Pictures(ANALYSIS))
    return repository.save_visit(user.id, visit_data(request_key), keep=keep)


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(visit_pictures)).scalar_one()


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


def test_nothing_readable_lies_in_the_database_file(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, database_file: Path
) -> None:
    kept.switch(minji.id, True)
    save(repository, kept, minji)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        sealed = connection.execute(select(visit_pictures.c.sealed)).scalar_one()

    stored = database_file.read_bytes()
    assert sealed[-64:] in stored
    assert ANALYSIS.crop[:64] not in stored
    assert ANALYSIS.attributes[Attribute.OIL].heatmap[:16] not in stored
    with pytest.raises(OSError, match="cannot identify image"):
        Image.open(io.BytesIO(sealed))


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
        connection.execute(update(visit_pictures).values(visit_id=second.id))
    with pytest.raises(KeptPhotoUnreadableError):
        kept.pictures_of(minji.id, second.id)

    # Nor for another owner of the same visit.
    with engine.begin() as connection:
        connection.execute(update(visit_pictures).values(visit_id=first.id))
        connection.execute(update(visits).where(visits.c.id == first.id).values(user_id=jisoo.id))
    with pytest.raises(KeptPhotoUnreadableError):
        kept.pictures_of(jisoo.id, first.id)


def test_one_is_forgotten_and_its_numbers_and_the_others_stay(
    kept: KeptPhotos, repository: Repository, minji: User
) -> None:
    kept.switch(minji.id, True)
    first, second = save(repository, kept, minji, "1"), save(repository, kept, minji, "2")

    assert kept.forget(minji.id, first.id)
    assert not kept.forget(minji.id, first.id)

    assert kept.pictures_of(minji.id, first.id) is None
    assert kept.pictures_of(minji.id, second.id) is not None
    assert repository.visit(minji.id, first.id) == first


def test_all_are_forgotten_at_once_and_later_ones_are_kept_again(
    kept: KeptPhotos, repository: Repository, minji: User, jisoo: User
) -> None:
    for user in (minji, jisoo):
        kept.switch(user.id, True)
        save(repository, kept, user, "1")
        save(repository, kept, user, "2")

    assert kept.forget_all(minji.id) == 2
    assert (kept.count(minji.id), kept.count(jisoo.id)) == (0, 2)
    assert kept.is_on(minji.id)
    save(repository, kept, minji, "3")
    assert kept.count(minji.id) == 1


def test_switching_off_deletes_all_of_this_person_and_no_number(
    kept: KeptPhotos, repository: Repository, minji: User, jisoo: User
) -> None:
    for user in (minji, jisoo):
        kept.switch(user.id, True)
        save(repository, kept, user)

    kept.switch(minji.id, False)

    assert (kept.count(minji.id), kept.count(jisoo.id)) == (0, 1)
    assert repository.count_visits(minji.id) == 1


def test_a_visit_saved_after_the_switch_went_off_keeps_nothing(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    asked_while_on = kept.keeping(minji.id, Pictures(ANALYSIS))
    kept.switch(minji.id, False)
    visit = repository.save_visit(minji.id, visit_data(), keep=asked_while_on)

    assert not kept.keep(minji.id, visit.id, Pictures(ANALYSIS))
    assert rows(engine) == 0


def test_however_switching_off_and_saving_meet_nothing_is_kept_afterwards(
    kept: KeptPhotos, repository: Repository, second_engine: Engine, engine: Engine, minji: User
) -> None:
    elsewhere = KeptPhotos(second_engine, parse_photo_keys(new_photo_key()))
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
        assert rows(engine) == 0


def test_the_same_visit_saved_twice_keeps_its_pictures_once(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    assert save(repository, kept, minji) == save(repository, kept, minji)
    assert rows(engine) == 1


@pytest.mark.usefixtures("database_file")
def test_pictures_that_cannot_be_written_leave_no_visit_behind(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON visit_pictures "
                "BEGIN SELECT RAISE(ROLLBACK, 'no room'); END"
            )
        )
    with pytest.raises(Exception, match="no room"):
        save(repository, kept, minji)
    assert repository.count_visits(minji.id) == 0


def test_pictures_are_hidden_with_a_deleted_visit_and_gone_when_it_is_purged(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    with engine.begin() as connection:
        connection.execute(update(visits).values(deleted_at=utc_now()))
    assert kept.pictures_of(minji.id, visit.id) is None
    assert kept.count(minji.id) == 1

    with engine.begin() as connection:
        connection.execute(delete(visits))
    assert rows(engine) == 0


def test_pictures_go_with_the_account(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    save(repository, kept, minji)
    with engine.begin() as connection:
        connection.execute(delete(users).where(users.c.id == minji.id))
    assert rows(engine) == 0


def test_with_another_key_the_pictures_do_not_open_and_the_numbers_stay(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    for key in (parse_photo_keys(new_photo_key()), PhotoKeyUnusableError("none", reason="missing")):
        other = KeptPhotos(engine, key)
        with pytest.raises(KeptPhotoUnreadableError):
            other.pictures_of(minji.id, visit.id)
        assert other.has(minji.id, visit.id)
        assert repository.visit(minji.id, visit.id) == visit
    assert other.forget(minji.id, visit.id)


def test_after_a_start_with_a_new_key_before_the_old_one_the_old_one_is_needed_no_more(
    repository: Repository, engine: Engine, minji: User
) -> None:
    oldest, old, new = new_photo_key(), new_photo_key(), new_photo_key()
    visits_of = {}
    for key in (oldest, old):
        before = KeptPhotos(engine, parse_photo_keys(key))
        before.switch(minji.id, True)
        visits_of[key] = save(repository, before, minji, key)

    # The oldest key is lost: its photo stays as it is, in case the key comes back.
    assert KeptPhotos(engine, parse_photo_keys(f"{new},{old}")).seal_anew() == 1
    assert KeptPhotos(engine, parse_photo_keys(f"{new},{old}")).seal_anew() == 0
    after = KeptPhotos(engine, parse_photo_keys(new))
    assert after.seal_anew() == 0
    assert after.pictures_of(minji.id, visits_of[old].id) is not None
    with pytest.raises(KeptPhotoUnreadableError):
        after.pictures_of(minji.id, visits_of[oldest].id)
    back = KeptPhotos(engine, parse_photo_keys(f"{new},{oldest}"))
    assert back.seal_anew() == 1
    assert after.pictures_of(minji.id, visits_of[oldest].id) is not None


def test_content_of_another_version_is_told_like_a_lost_key(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User
) -> None:
    key = parse_photo_keys(new_photo_key())
    visit = save(repository, kept, minji)
    context = f"skin-notes visit-pictures {minji.id} {visit.id}"
    with engine.begin() as connection:
        connection.execute(
            insert(visit_pictures).values(
                visit_id=visit.id, sealed=key.seal(b"from tomorrow", context=context)
            )
        )
    with pytest.raises(KeptPhotoUnreadableError):
        KeptPhotos(engine, key).pictures_of(minji.id, visit.id)


def test_without_a_key_it_cannot_be_switched_on_and_saving_goes_on(
    repository: Repository, engine: Engine, minji: User
) -> None:
    unusable = KeptPhotos(engine, PhotoKeyUnusableError("no key", reason="missing"))
    with pytest.raises(PhotoKeyUnusableError):
        unusable.switch(minji.id, True)
    assert unusable.problem is not None
    assert not unusable.is_on(minji.id)
    save(repository, unusable, minji)
    assert rows(engine) == 0
    unusable.switch(minji.id, False)


def test_the_key_of_the_settings_or_the_one_beside_the_database_is_used(
    engine: Engine, database_file: Path
) -> None:
    url = f"sqlite:///{database_file}"
    given = Settings(database_url=url, photo_key=new_photo_key())
    assert open_kept_photos(engine, given).problem is None
    assert not database_file.with_name("photo.key").exists()
    assert open_kept_photos(engine, Settings(database_url=url)).problem is None
    assert database_file.with_name("photo.key").exists()

    elsewhere = Settings(database_url="postgresql+psycopg://app@db/notes")
    problem = open_kept_photos(engine, elsewhere).problem
    assert problem is not None
    assert problem.params["reason"] == "missing"
