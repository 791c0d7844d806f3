"""Kept photos whose store is away, has lost them, or is new; and what is left behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from frontend.accounts import Accounts, User
from frontend.components.face_panel import Pictures
from frontend.errors import (
    KeptPhotoUnreadableError,
    PhotoKeyUnusableError,
    PhotoStoreUnusableError,
)
from frontend.kept_photos import KeptPhotos, open_kept_photos
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.photo_store import PhotoStore
from frontend.settings import Settings
from frontend.store import Repository
from frontend.store.pictures import PROMISE_PERIOD
from tests.support.photo_places import PhotoPlace
from tests.unit.frontend.data.conftest import Clock
from tests.unit.frontend.data.keeping.conftest import (
    ANALYSIS,
    put_into_the_database,
    rows,
    save,
    visit_data,
)


def test_photos_that_lie_in_the_database_are_shown_there_and_moved_into_the_store(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    ((_, sealed),) = photo_place.objects().items()
    kept.forget_all(minji.id)
    put_into_the_database(engine, visit.id, sealed)
    assert photo_place.objects() == {}

    before = kept.pictures_of(minji.id, visit.id)
    assert before is not None
    assert kept.count(minji.id) == 1
    assert kept.renew() == 1
    ((name, moved),) = photo_place.objects().items()
    assert name != "f" * 32
    assert moved == sealed
    after = kept.pictures_of(minji.id, visit.id)
    assert after is not None
    assert after.analysis == before.analysis
    assert (kept.renew(), rows(engine)) == (0, 1)


def test_photos_that_lie_in_the_database_are_erased_with_their_visit(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_place: PhotoPlace
) -> None:
    visit = save(repository, kept, minji)
    put_into_the_database(engine, visit.id, b"\x01long ago")
    photo_place.take_away()
    kept.forget(minji.id, visit.id)
    assert (rows(engine), kept.erase.left()) == (0, 0)


def test_a_photo_is_shown_although_it_is_sealed_anew_between_two_looks(
    kept: KeptPhotos, repository: Repository, engine: Engine, minji: User, photo_store: PhotoStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    get, looks = PhotoStore.get, []

    def late(store: PhotoStore, key: str) -> bytes:
        looks.append(key)
        if len(looks) == 1:
            kept.keep(minji.id, visit.id, Pictures(ANALYSIS))
        return get(store, key)

    monkeypatch.setattr(PhotoStore, "get", late)
    assert kept.pictures_of(minji.id, visit.id) is not None
    assert len(set(looks)) == 2


def test_a_store_that_is_away_loses_nothing_and_says_so(
    kept: KeptPhotos, repository: Repository, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji, "1")
    photo_place.take_away()

    with pytest.raises(PhotoStoreUnusableError):
        kept.pictures_of(minji.id, visit.id)
    with pytest.raises(PhotoStoreUnusableError):
        save(repository, kept, minji, "2")
    assert (kept.is_on(minji.id), kept.count(minji.id)) == (True, 1)
    assert repository.visits(minji.id) == [visit]

    photo_place.bring_back()
    assert kept.pictures_of(minji.id, visit.id) is not None
    assert kept.has(minji.id, save(repository, kept, minji, "2").id)


def test_what_is_deleted_while_the_store_is_away_is_erased_when_it_is_back(
    kept: KeptPhotos, repository: Repository, accounts: Accounts, engine: Engine, minji: User,
    jisoo: User, photo_place: PhotoPlace, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    for user in (minji, jisoo):
        kept.switch(user.id, True)
        save(repository, kept, user)
    photo_place.take_away()
    kept.switch(minji.id, False)
    accounts.delete(jisoo, "battery staple")
    assert (kept.count(minji.id), kept.erase.left()) == (0, 2)
    assert "2 deleted photos wait until their store is back" in caplog.text

    photo_place.bring_back()
    assert len(photo_place.objects()) == 2
    assert kept.erase() == 2
    assert (kept.erase.left(), rows(engine), photo_place.objects()) == (0, 0, {})


def test_who_deletes_while_the_database_fails_afterwards_is_not_told_that_it_failed(
    kept: KeptPhotos, repository: Repository, accounts: Accounts, minji: User,
    photo_place: PhotoPlace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    kept.switch(minji.id, True)
    save(repository, kept, minji)

    def fail(_: object) -> list[str]:
        raise OperationalError("SELECT", {}, RuntimeError("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr("frontend.store.erasing.loose_keys", fail)
        accounts.delete(minji, "correct horse")
        assert "wait until the database is back" in caplog.text
        assert len(photo_place.objects()) == 1
    assert kept.erase() == 1
    assert photo_place.objects() == {}


def test_what_a_process_left_behind_that_died_before_it_saved_is_removed(
    kept: KeptPhotos, clock: Clock, engine: Engine, minji: User, photo_place: PhotoPlace
) -> None:
    kept.switch(minji.id, True)
    kept.keeping(minji.id, Pictures(ANALYSIS))
    clock.advance(by=PROMISE_PERIOD)
    assert kept.erase() == 0
    assert len(photo_place.objects()) == 1
    clock.advance(by=timedelta(seconds=1))
    assert kept.erase() == 1
    assert (rows(engine), photo_place.objects()) == (0, {})


def test_a_save_that_comes_back_after_its_object_is_gone_saves_nothing_by_halves(
    kept: KeptPhotos, repository: Repository, clock: Clock, minji: User
) -> None:
    kept.switch(minji.id, True)
    late = kept.keeping(minji.id, Pictures(ANALYSIS))
    clock.advance(by=PROMISE_PERIOD + timedelta(seconds=1))
    kept.erase()
    with pytest.raises(LookupError, match="promised more than"):
        repository.save_visit(minji.id, visit_data(), keep=late)
    assert repository.count_visits(minji.id) == 0


def test_an_object_that_the_store_has_lost_is_told_and_its_numbers_stay(
    kept: KeptPhotos, repository: Repository, minji: User, photo_place: PhotoPlace,
    photo_store: PhotoStore,
) -> None:  # fmt: skip
    kept.switch(minji.id, True)
    visit = save(repository, kept, minji)
    for name in photo_place.objects():
        photo_store.erase(name)
    with pytest.raises(KeptPhotoUnreadableError) as caught:
        kept.pictures_of(minji.id, visit.id)
    assert caught.value.params["reason"] == "lost"
    assert repository.visit(minji.id, visit.id) == visit
    assert kept.forget(minji.id, visit.id)


def test_two_copies_of_the_app_share_what_is_kept(
    repository: Repository, engine: Engine, second_engine: Engine, minji: User,
    photo_place: PhotoPlace,
) -> None:  # fmt: skip
    key = new_photo_key()
    here, there = (
        KeptPhotos(each, parse_photo_keys(key), photo_place.store())
        for each in (engine, second_engine)
    )
    here.switch(minji.id, True)
    visit = save(repository, here, minji)
    assert there.pictures_of(minji.id, visit.id) is not None
    there.switch(minji.id, False)
    assert here.pictures_of(minji.id, visit.id) is None
    assert photo_place.objects() == {}


def test_content_of_another_version_is_told_like_a_lost_key(
    repository: Repository, engine: Engine, minji: User, kept: KeptPhotos, photo_store: PhotoStore
) -> None:
    key = parse_photo_keys(new_photo_key())
    visit = save(repository, kept, minji)
    context = f"skin-notes visit-pictures {minji.id} {visit.id}"
    put_into_the_database(engine, visit.id, key.seal(b"from tomorrow", context=context))
    with pytest.raises(KeptPhotoUnreadableError):
        KeptPhotos(engine, key, photo_store).pictures_of(minji.id, visit.id)


@pytest.mark.parametrize("lacking", ["key", "store"])
def test_without_a_key_or_a_store_it_cannot_be_switched_on_and_saving_goes_on(
    repository: Repository, engine: Engine, minji: User, photo_store: PhotoStore, lacking: str
) -> None:
    unusable = (
        KeptPhotos(engine, PhotoKeyUnusableError("no key", reason="missing"), photo_store)
        if lacking == "key"
        else KeptPhotos(
            engine,
            parse_photo_keys(new_photo_key()),
            PhotoStoreUnusableError("no place", reason="missing"),
        )
    )
    with pytest.raises((PhotoKeyUnusableError, PhotoStoreUnusableError)):
        unusable.switch(minji.id, True)
    assert unusable.problem is not None
    assert not unusable.is_on(minji.id)
    save(repository, unusable, minji)
    assert rows(engine) == 0
    unusable.switch(minji.id, False)


def test_key_and_store_are_those_of_the_settings_or_lie_beside_the_database(
    engine: Engine, database_file: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{database_file}"
    beside = (database_file.with_name("photo.key"), database_file.with_name("photos"))
    given = Settings(
        database_url=url, photo_key=new_photo_key(), photo_store=str(tmp_path / "elsewhere")
    )
    assert open_kept_photos(engine, given).problem is None
    assert (tmp_path / "elsewhere").is_dir()
    assert [path.exists() for path in beside] == [False, False]
    assert open_kept_photos(engine, Settings(database_url=url)).problem is None
    assert [path.exists() for path in beside] == [True, True]

    postgresql = "postgresql+psycopg://app@db/notes"
    for settings, code in (
        (Settings(database_url=postgresql), "photo_key_unusable"),
        (Settings(database_url=postgresql, photo_key=new_photo_key()), "photo_store_unusable"),
    ):
        problem = open_kept_photos(engine, settings).problem
        assert problem is not None
        assert (problem.code, problem.params["reason"]) == (code, "missing")
