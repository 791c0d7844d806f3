"""Where the sealed photos lie: objects in a folder, or in a store that fsspec reaches by its URL.

| SKINXAI_PHOTO_STORE  | the objects are                                                |
|----------------------|----------------------------------------------------------------|
| not set              | files in the folder `photos` beside an SQLite database         |
| `/srv/photos`        | files in that folder                                           |
| `s3://bucket/prefix` | objects of an S3-compatible store, by s3fs (the extra `s3`)    |
| any other URL        | wherever fsspec finds it, with the package that it asks for    |

Keys, region and endpoint of S3 come from where the tools of AWS look: `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY`, `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3`, a profile, the machine's role.
The store is asked to write, read and erase single objects, and never to list them: which there are
is known to the database (see `frontend/store/pictures.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from fsspec import AbstractFileSystem
from fsspec.core import split_protocol, url_to_fs
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import make_url

from frontend.errors import KeptPhotoUnreadableError, PhotoStoreUnusableError, SettingsInvalidError
from frontend.photo_keys import beside_database

FOLDER_NAME: Final = "photos"

PATIENCE_S: Final = 20
"""Longest wait for a store on the network, seconds; somebody may be waiting before the page."""

_S3: Final = {
    "use_listings_cache": False,
    "config_kwargs": {
        "connect_timeout": 5,
        "read_timeout": 10,
        "retries": {"mode": "standard", "total_max_attempts": 2},
    },
}
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {"s3": _S3, "s3a": _S3}


class PhotoStore:
    """Objects by their keys, each written once and never changed."""

    def __init__(
        self, filesystem: AbstractFileSystem, root: str, *, patience_s: float = PATIENCE_S
    ) -> None:
        """Work below one place of a file system.

        Args:
            filesystem: Fsspec's.
            root: The place, as the file system names it; a folder has to be there.
            patience_s: Longest wait for an answer, for file systems that can be left waiting.
        """
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._is_local = isinstance(filesystem, LocalFileSystem)
        self._waiting = {"timeout": patience_s} if filesystem.async_impl else {}

    def put(self, key: str, content: bytes) -> None:
        """Write an object; when this returns, it is there to stay.

        Raises:
            PhotoStoreUnusableError: If the store cannot be reached or written.
        """
        path = self._path(key)
        try:
            with _telling():
                self._filesystem.pipe_file(path, content, **self._waiting)
                if self._is_local:
                    _sync(path)
                    _sync(self._root)
        except FileNotFoundError as error:
            raise _unusable(error) from error

    def get(self, key: str) -> bytes:
        """Read an object.

        Raises:
            KeptPhotoUnreadableError: If the store has no such object.
            PhotoStoreUnusableError: If the store cannot be reached or read.
        """
        try:
            with _telling():
                return bytes(self._filesystem.cat_file(self._path(key), **self._waiting))
        except FileNotFoundError as error:
            self._require_place(error)
            raise KeptPhotoUnreadableError(
                "the store has no such object as the kept photo", reason="lost"
            ) from error

    def erase(self, key: str) -> None:
        """Erase an object; one that is not there is erased already. It does not come back.

        Raises:
            PhotoStoreUnusableError: If the store cannot be reached or written.
        """
        try:
            with _telling():
                self._filesystem.rm_file(self._path(key), **self._waiting)
        except FileNotFoundError as error:
            self._require_place(error)
        if self._is_local:
            # Also of a file that is not there: it may be gone from a folder that was not synced.
            self._sync_folder()

    def _sync_folder(self) -> None:
        try:
            with _telling():
                _sync(self._root)
        except FileNotFoundError as error:
            raise _unusable(error) from error

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    def _require_place(self, error: FileNotFoundError) -> None:
        """Tell an object that is gone from a bucket or a folder that is, with all objects in it."""
        place = self._root if self._is_local else self._root.split("/", 1)[0]
        with _telling():
            is_there = self._filesystem.exists(place, **self._waiting)
        if not is_there:
            raise _unusable(error) from error


def open_photo_store(
    setting: str | None, *, database_url: str, patience_s: float = PATIENCE_S
) -> PhotoStore:
    """The store of the settings, or else the folder beside an SQLite database.

    A folder is made if it is missing. Any other store is asked nothing yet: one that is away now
    may be back when it is needed.

    Args:
        setting: The setting's text, or None when it is not set.
        database_url: SQLAlchemy URL of the database.
        patience_s: Longest wait for an answer of a store on the network.

    Raises:
        SettingsInvalidError: If the setting names no place that fsspec could reach. The message
            does not repeat it, since a URL may carry a password.
        PhotoStoreUnusableError: If there is neither a setting nor a folder to be had.
    """
    if setting is None:
        folder = beside_database(make_url(database_url), FOLDER_NAME)
        if folder is None:
            raise PhotoStoreUnusableError(
                "SKINXAI_PHOTO_STORE is not set, and the database is no file that a folder for "
                "photos could lie beside",
                reason="missing",
            )
        setting = str(folder.absolute())
    filesystem, root = _reached(setting)
    if isinstance(filesystem, LocalFileSystem):
        _make_folder(Path(root))
    return PhotoStore(filesystem, root, patience_s=patience_s)


def _reached(url: str) -> tuple[AbstractFileSystem, str]:
    protocol, _ = split_protocol(url)
    try:
        # An instance of its own: fsspec hands one with equal options out again, whatever has
        # changed about the environment meanwhile.
        filesystem, root = url_to_fs(url, skip_instance_cache=True, **_OPTIONS.get(protocol, {}))
    except ImportError as error:
        raise _invalid(
            f"needs a Python package that is not installed ({error}). That for S3 comes with "
            ".venv/bin/pip install -c constraints.txt -e '.[s3]'."
        ) from error
    except ValueError as error:
        raise _invalid(
            "names no place that fsspec knows; expected a folder such as data/photos or a URL such "
            "as s3://bucket/prefix."
        ) from error
    if not root.strip("/"):
        raise _invalid("names no place for photos; expected something like s3://bucket/prefix.")
    return filesystem, root


def _make_folder(folder: Path) -> None:
    try:
        # What is inside is nobody else's business on a shared machine.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PhotoStoreUnusableError(
            f"the folder {folder} for photos cannot be made: {error.strerror}", reason="folder"
        ) from error


def _sync(path: str) -> None:
    """Have the disk hold what was changed, as the database does before it confirms a row."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        # Fsspec's stores share no tree of errors: beside OSError, each has those of the library
        # below it, and a later package may bring a store nobody here has heard of.
        raise _unusable(error) from error


def _unusable(error: Exception) -> PhotoStoreUnusableError:
    # Whoever only lost patience has nothing to say.
    why = str(error) or type(error).__name__
    return PhotoStoreUnusableError(f"the store of the kept photos failed: {why}", reason="away")


def _invalid(what: str) -> SettingsInvalidError:
    return SettingsInvalidError(f"SKINXAI_PHOTO_STORE {what}", name="SKINXAI_PHOTO_STORE")
