"""Keys of kept photos: where they come from, and what sealing promises."""

from __future__ import annotations

import base64
import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from frontend.errors import (
    KeptPhotoUnreadableError,
    PhotoKeyUnusableError,
    SettingsInvalidError,
)
from frontend.photo_keys import PhotoKeys, new_photo_key, parse_photo_keys, photo_keys

FACE = b"a face" * 100


@pytest.fixture
def keys() -> PhotoKeys:
    return parse_photo_keys(new_photo_key())


def test_what_was_sealed_opens_in_its_own_context(keys: PhotoKeys) -> None:
    sealed = keys.seal(FACE, context="visit 1")
    assert keys.open(sealed, context="visit 1") == FACE
    assert b"a face" not in sealed


def test_the_same_content_is_never_sealed_to_the_same_bytes(keys: PhotoKeys) -> None:
    assert keys.seal(FACE, context="visit 1") != keys.seal(FACE, context="visit 1")


def test_what_was_sealed_for_one_visit_does_not_open_for_another(keys: PhotoKeys) -> None:
    sealed = keys.seal(FACE, context="visit 1")
    with pytest.raises(KeptPhotoUnreadableError):
        keys.open(sealed, context="visit 2")


@pytest.mark.parametrize("place", [0, 1, 5, 17, -1])
def test_a_changed_byte_anywhere_is_noticed(keys: PhotoKeys, place: int) -> None:
    sealed = bytearray(keys.seal(FACE, context="visit 1"))
    sealed[place] ^= 1
    with pytest.raises(KeptPhotoUnreadableError):
        keys.open(bytes(sealed), context="visit 1")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 17, b"\x01" * 40])
def test_what_was_never_sealed_does_not_open(keys: PhotoKeys, sealed: bytes) -> None:
    with pytest.raises(KeptPhotoUnreadableError):
        keys.open(sealed, context="visit 1")


def test_a_new_key_before_the_old_one_seals_and_the_old_one_still_opens() -> None:
    old, new = new_photo_key(), new_photo_key()
    before = parse_photo_keys(old).seal(FACE, context="visit 1")
    both = parse_photo_keys(f"{new}, {old}")
    after = both.seal(FACE, context="visit 1")

    assert both.open(before, context="visit 1") == FACE
    assert parse_photo_keys(new).open(after, context="visit 1") == FACE
    assert (before.startswith(both.beginning), after.startswith(both.beginning)) == (False, True)
    with pytest.raises(KeptPhotoUnreadableError):
        parse_photo_keys(new).open(before, context="visit 1")


def test_both_alphabets_of_base64_are_read() -> None:
    raw = b"\xfb\xff" * 16
    for text in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        assert parse_photo_keys(text.decode()).keys == (raw,)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "c2VjcmV0", "비밀", f"{new_photo_key()},"],
    # A random key in a test's name would give each of the processes another one.
    ids=["empty", "short", "base64 of too little", "not ASCII", "one of two is empty"],
)
def test_a_setting_that_is_no_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SettingsInvalidError, match="SKINXAI_PHOTO_KEY") as caught:
        parse_photo_keys(text)
    assert not text or text not in str(caught.value)


def test_keys_do_not_show_when_they_are_printed(keys: PhotoKeys) -> None:
    assert repr(keys) == "PhotoKeys()"


def test_sqlite_without_a_setting_gets_a_key_file_for_this_user_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'notes.db'}"
    made = photo_keys(None, database_url=url)
    file = tmp_path / "photo.key"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert photo_keys(None, database_url=url) == made
    assert [path.name for path in tmp_path.iterdir()] == ["photo.key"]


def test_a_setting_wins_over_the_file_and_makes_none(tmp_path: Path) -> None:
    text = new_photo_key()
    url = f"sqlite:///{tmp_path / 'notes.db'}"
    assert photo_keys(text, database_url=url) == parse_photo_keys(text)
    assert list(tmp_path.iterdir()) == []


def test_copies_of_the_app_that_start_together_use_one_key_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'notes.db'}"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: photo_keys(None, database_url=url).keys, range(32)))
    assert len(found) == 1


def test_postgresql_without_a_setting_has_no_key() -> None:
    with pytest.raises(PhotoKeyUnusableError) as caught:
        photo_keys(None, database_url="postgresql+psycopg://app@db/notes")
    assert caught.value.params == {"reason": "missing"}


@pytest.mark.parametrize("content", [b"", b"not a key\n", b"\xff\xfe"])
def test_a_damaged_key_file_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "photo.key"
    file.write_bytes(content)
    with pytest.raises(PhotoKeyUnusableError) as caught:
        photo_keys(None, database_url=f"sqlite:///{tmp_path / 'notes.db'}")
    assert caught.value.params == {"reason": "unreadable"}
    assert file.read_bytes() == content


def test_a_key_file_that_others_may_read_is_warned_about(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path / 'notes.db'}"
    photo_keys(None, database_url=url)
    (tmp_path / "photo.key").chmod(0o644)
    with caplog.at_level(logging.WARNING):
        photo_keys(None, database_url=url)
    assert "chmod 600" in caplog.text
