"""Objects in a folder and in S3: written, read, erased, and told apart when they are not there."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontend.errors import KeptPhotoUnreadableError, PhotoStoreUnusableError, SettingsInvalidError
from frontend.photo_store import PhotoStore, open_photo_store
from tests.support.photo_places import Folder, PhotoPlace, S3Server, open_place

SQLITE = "sqlite:///unused.db"


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> PhotoPlace:
    found: PhotoPlace = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store(place: PhotoPlace) -> PhotoStore:
    return place.store()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts whoever comes and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_an_object_comes_back_as_it_was_until_it_is_erased(
    store: PhotoStore, place: PhotoPlace
) -> None:
    content = bytes(range(256)) * 400
    store.put("a", content)
    store.put("b", b"")
    assert (store.get("a"), store.get("b")) == (content, b"")
    assert place.objects() == {"a": content, "b": b""}
    store.erase("a")
    assert place.objects() == {"b": b""}


def test_what_one_process_wrote_another_reads(store: PhotoStore, place: PhotoPlace) -> None:
    # Nothing may be remembered of a look that found nothing.
    with pytest.raises(KeptPhotoUnreadableError):
        store.get("a")
    other = open_place(place)
    other.put("a", b"sealed")
    assert store.get("a") == b"sealed"
    other.erase("a")
    with pytest.raises(KeptPhotoUnreadableError):
        store.get("a")


def test_an_object_that_is_not_there_is_lost_to_read_and_erased_already(
    store: PhotoStore,
) -> None:
    with pytest.raises(KeptPhotoUnreadableError) as caught:
        store.get("never")
    assert caught.value.params["reason"] == "lost"
    store.erase("never")


def test_an_erased_file_has_left_the_disk_before_its_row_goes(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_place(folder)
    store.put("a", b"sealed")
    synced: list[tuple[bool, dict[str, bytes]]] = []
    disk_fails = True

    def sync(descriptor: int) -> None:
        is_folder = os.path.samestat(os.fstat(descriptor), folder.path.stat())
        synced.append((is_folder, folder.objects()))
        if disk_fails:
            raise OSError("Input/output error")

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(PhotoStoreUnusableError):
        store.erase("a")
    disk_fails = False
    store.erase("a")
    assert synced == [(True, {}), (True, {})]


def test_a_place_that_is_gone_loses_no_object_and_erases_none(
    store: PhotoStore, place: PhotoPlace
) -> None:
    store.put("a", b"sealed")
    place.take_away()
    for ask in (lambda: store.put("b", b""), lambda: store.get("a"), lambda: store.erase("a")):
        with pytest.raises(PhotoStoreUnusableError) as caught:
            ask()
        assert caught.value.params["reason"] == "away"
    place.bring_back()
    assert store.get("a") == b"sealed"


def test_a_server_that_refuses_connections_is_away(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:
        # Bound and not listening: nothing else can take the port meanwhile.
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        for name, value in {**s3.environment, "AWS_ENDPOINT_URL_S3": address}.items():
            monkeypatch.setenv(name, value)
        store = open_photo_store("s3://bucket/prefix", database_url=SQLITE)
        with pytest.raises(PhotoStoreUnusableError, match="connect"):
            store.put("a", b"sealed")


def test_a_server_that_never_answers_is_left_after_a_while(
    s3: S3Server, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{silent_port}"
    for name, value in {**s3.environment, "AWS_ENDPOINT_URL_S3": address}.items():
        monkeypatch.setenv(name, value)
    store = open_photo_store("s3://bucket/prefix", database_url=SQLITE, patience_s=0.2)
    with pytest.raises(PhotoStoreUnusableError, match="Timeout"):
        store.get("a")


def test_without_a_setting_the_folder_lies_beside_an_sqlite_database(tmp_path: Path) -> None:
    database = tmp_path / "data" / "skin_notes.db"
    open_photo_store(None, database_url=f"sqlite:///{database}").put("a", b"sealed")
    assert Folder(database.with_name("photos")).objects() == {"a": b"sealed"}


def test_beside_another_database_there_is_no_folder_to_be_guessed() -> None:
    with pytest.raises(PhotoStoreUnusableError, match="SKINXAI_PHOTO_STORE") as caught:
        open_photo_store(None, database_url="postgresql+psycopg://app@db/notes")
    assert caught.value.params["reason"] == "missing"


def test_a_relative_folder_counts_from_where_the_app_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_photo_store("some/photos", database_url=SQLITE)
    monkeypatch.chdir("/")
    store.put("a", b"sealed")
    assert Folder(tmp_path / "some/photos").objects() == {"a": b"sealed"}


def test_a_folder_of_its_own_making_is_its_owners_alone(folder: Folder) -> None:
    open_place(folder)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PhotoStoreUnusableError, match="cannot be made") as caught:
        open_photo_store(str(tmp_path / "file" / "photos"), database_url=SQLITE)
    assert caught.value.params["reason"] == "folder"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("nonsense://user:secret@host/photos", "names no place that fsspec knows"),
        ("s3://", "names no place for photos"),
        # Of a package that this project does not install.
        ("dropbox://photos", "needs a Python package"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_at_the_start_and_not_repeated(
    setting: str, told: str
) -> None:
    with pytest.raises(SettingsInvalidError, match=told) as caught:
        open_photo_store(setting, database_url=SQLITE)
    assert "secret" not in str(caught.value)
