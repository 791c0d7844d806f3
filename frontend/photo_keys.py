"""The keys that kept photos are sealed with, and where they come from.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce per photo. What is sealed is bound to a
context, the visit and its owner, so that a sealed photo moved to another row opens no more. A
sealed photo is

    version (1 byte) | key's mark (4 bytes) | nonce (12 bytes) | ciphertext and tag

Several keys may be given: the first one seals, all of them open. That is how a key is changed:
put a new one before the old one, start the app, which seals all kept photos anew and logs how
many, and drop the old one at the next start.

Without a key in the settings, one is made in a file of mode 0600 beside an SQLite database. It
protects a copy of the photos alone, such as a backup or a bucket, from whoever may read them but
not that file. It does not protect from somebody who can read all files of the account that the app
runs as: they find key and photos side by side. A key that comes from a secret store through
`SKINXAI_PHOTO_KEY` does.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import URL, make_url

from frontend.errors import KeptPhotoUnreadableError, PhotoKeyUnusableError, SettingsInvalidError

_LOG: Final = logging.getLogger(__name__)

KEY_FILE_NAME: Final = "photo.key"
KEY_BYTES: Final = 32
_VERSION: Final = b"\x01"
_MARK_BYTES: Final = 4
BEGINNING_BYTES: Final = len(_VERSION) + _MARK_BYTES
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = BEGINNING_BYTES + _NONCE_BYTES


@dataclass(frozen=True, slots=True)
class PhotoKeys:
    """Keys to seal and open with.

    Attributes:
        keys: At least one, `KEY_BYTES` each; the first one seals, all of them open.
    """

    keys: tuple[bytes, ...] = field(repr=False)

    def seal(self, content: bytes, *, context: str) -> bytes:
        """Encrypt content so that it opens in its own context alone."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = AESGCM(self.keys[0]).encrypt(nonce, content, context.encode())
        return self.beginning + nonce + ciphertext

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt what was sealed in the same context.

        Raises:
            KeptPhotoUnreadableError: If no key opens it: it was sealed with another one, in another
                context, or changed since.
        """
        mark, nonce = sealed[len(_VERSION) :][:_MARK_BYTES], sealed[:_HEAD_BYTES][-_NONCE_BYTES:]
        if len(sealed) > _HEAD_BYTES and sealed.startswith(_VERSION):
            # Four bytes do not name a key for certain, only almost always.
            for key in (key for key in self.keys if _mark(key) == mark):
                try:
                    return AESGCM(key).decrypt(nonce, sealed[_HEAD_BYTES:], context.encode())
                except InvalidTag:
                    continue
        raise KeptPhotoUnreadableError("no key opens the kept photo")

    @property
    def beginning(self) -> bytes:
        """How everything begins that the first key sealed, and so needs no other key."""
        return _VERSION + _mark(self.keys[0])

    @property
    def older_beginnings(self) -> tuple[bytes, ...]:
        """How what the other keys sealed begins."""
        return tuple(_VERSION + _mark(key) for key in self.keys[1:])


def new_photo_key() -> str:
    """A fresh random key as text, as the settings and the key file hold it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_photo_keys(text: str) -> PhotoKeys:
    """The keys in a text: base64 of 32 bytes each, with commas between them.

    Raises:
        SettingsInvalidError: If one of them is none. The message does not repeat it.

    >>> len(parse_photo_keys(new_photo_key() + ", " + new_photo_key()).keys)
    2
    """
    try:
        return _parse(text)
    except ValueError as error:
        raise SettingsInvalidError(
            f"SKINXAI_PHOTO_KEY cannot be used: {error}", name="SKINXAI_PHOTO_KEY"
        ) from error


def photo_keys(setting: str | None, *, database_url: str) -> PhotoKeys:
    """The keys of the settings, or else those in the file beside an SQLite database.

    Args:
        setting: The setting's text, or None when it is not set.
        database_url: SQLAlchemy URL of the database.

    Raises:
        SettingsInvalidError: If the setting holds no keys.
        PhotoKeyUnusableError: If there is neither a setting nor a usable file.
    """
    if setting is not None:
        return parse_photo_keys(setting)
    path = key_file_of(make_url(database_url))
    if path is None:
        raise PhotoKeyUnusableError(
            "SKINXAI_PHOTO_KEY is not set, and the database is no file that a key could lie beside",
            reason="missing",
        )
    return _keys_in(path)


def key_file_of(url: URL) -> Path | None:
    """Where the key of a database lies, or None if the database is no plain file.

    >>> key_file_of(make_url("sqlite:///data/skin_notes.db"))
    PosixPath('data/photo.key')
    """
    return beside_database(url, KEY_FILE_NAME)


def beside_database(url: URL, name: str) -> Path | None:
    """What has this name and lies beside a database, or None if the database is no plain file.

    >>> beside_database(make_url("sqlite:////srv/data/skin_notes.db"), "photos")
    PosixPath('/srv/data/photos')
    """
    if url.get_backend_name() != "sqlite" or not url.database or "uri" in url.query:
        return None
    return Path(url.database).with_name(name)


def _keys_in(path: Path) -> PhotoKeys:
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            _LOG.warning("others may read the key of the kept photos: chmod 600 %s", path)
        return _parse(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise PhotoKeyUnusableError(
            f"the key file {path} cannot be used: {error}", reason="unreadable"
        ) from error


def _make(path: Path) -> None:
    """Write a new key, whole or not at all, unless somebody else was faster."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{new_photo_key()}\n")
            file.flush()
            os.fsync(file.fileno())
        # A link is refused where a file already is, which a rename is not.
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _parse(text: str) -> PhotoKeys:
    return PhotoKeys(tuple(_parse_key(part.strip()) for part in text.split(",")))


def _parse_key(text: str) -> bytes:
    # Neither message may repeat what came, which is nearly a secret.
    expected = (
        "expected base64 of 32 random bytes, or several such keys with commas between, "
        "as `openssl rand -base64 32` makes one"
    )
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        raise ValueError(expected) from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"{expected}; got {len(key)} bytes")
    return key


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"skin-notes photo key " + key).digest()[:_MARK_BYTES]
