"""The tables of the database: people, their sign-ins, and their visits.

A visit is one analysed photo. It has one row per attribute in `visit_results`, and, where the
person switched that on, one in `kept_pictures`, which names the object that holds its pictures,
encrypted. Secrets are never stored as such: a password only as its argon2id hash, a token or a
recovery code only as its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

from frontend.moments import as_utc, from_naive_utc
from frontend.vocabulary import GRADES, Attribute, Evidence, Source, Verdict


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on the way in and out.

    SQLite keeps no time zone and hands naive datetimes back; PostgreSQL hands them back in the
    zone of the connection. Both come out of this type in UTC. A naive datetime is refused on the
    way in, because nobody can tell which moment it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into UTC; raise NaiveDatetimeError for a naive one."""
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand the moment back aware and in UTC."""
        if value is None:
            return None
        return from_naive_utc(value) if value.tzinfo is None else as_utc(value)


def _one_of(column: str, words: Iterable[str]) -> str:
    """The SQL condition that a column holds one of the words, which are this code's own.

    >>> _one_of("source", ["upload", "webcam"])
    "source IN ('upload', 'webcam')"
    """
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


ID_LENGTH: Final = 32
"""Characters of an identifier: a version 4 UUID in hexadecimal, without hyphens."""

HASH_LENGTH: Final = 64
"""Characters of a SHA-256 in hexadecimal."""

REQUEST_KEY_LENGTH: Final = 64
"""Most characters of the key that names one request to save a visit."""

NOTE_LENGTH: Final = 500
"""Most characters of a note on a visit."""

DEVICE_LENGTH: Final = 64
"""Most characters of the words for the browser and system of a sign-in."""

# Constraints need names of their own, or a later migration cannot alter or drop them.
metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _owner(*, index: bool = True) -> Column[str]:
    """Whose the row is; it goes with their account."""
    return Column(
        "user_id",
        String(ID_LENGTH),
        ForeignKey("users.id", ondelete="CASCADE"),
        nullable=False,
        index=index or None,
    )


users: Final = Table(
    "users",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("login_id", String(32), nullable=False, comment="as the person wrote it, NFKC"),
    # Folding case can make a text up to three times as long.
    Column("login_key", String(96), nullable=False, unique=True, comment="login_id, case folded"),
    Column("password_hash", String(255), nullable=False, comment="argon2id, with its parameters"),
    Column("created_at", UtcDateTime, nullable=False),
    Column(
        "keeps_photos",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="whether the pictures of later visits are kept",
    ),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("token_hash", String(HASH_LENGTH), primary_key=True),
    _owner(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("id", String(ID_LENGTH), nullable=False, unique=True, comment="names it in a list"),
    Column("device", String(DEVICE_LENGTH), nullable=False, server_default=text("''")),
    Column("last_seen_at", UtcDateTime, nullable=False),
)

recovery_codes: Final = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", String(HASH_LENGTH), primary_key=True),
    _owner(),
    Column("created_at", UtcDateTime, nullable=False),
)

log_in_failures: Final = Table(
    "log_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_hash", String(HASH_LENGTH), nullable=False, comment="an account or address"),
    Column("failed_at", UtcDateTime, nullable=False, index=True),
    Index(None, "subject_hash", "failed_at"),
)

session_tickets: Final = Table(
    "session_tickets",
    metadata,
    Column("ticket_hash", String(HASH_LENGTH), primary_key=True),
    _owner(),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

visits: Final = Table(
    "visits",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    _owner(index=False),
    Column("request_key", String(REQUEST_KEY_LENGTH), nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("source", String(16), nullable=False),
    Column("model_version", String(64), nullable=False),
    Column("quality_verdict", String(16), nullable=False),
    Column("quality_score", Float, nullable=False, comment="0 to 100"),
    Column("note", String(NOTE_LENGTH), nullable=False, server_default=text("''")),
    Column("deleted_at", UtcDateTime, comment="deleted, and may be brought back for a while"),
    # Without `none_as_null` a None would be written as the text "null".
    Column(
        "circumstances",
        JSON(none_as_null=True),
        comment="how the photo was taken; null where not known",
    ),
    Column(
        "graded_before",
        JSON(none_as_null=True),
        comment="results of earlier networks, oldest first; null where graded once",
    ),
    UniqueConstraint("user_id", "request_key"),
    CheckConstraint(_one_of("source", Source), name="source"),
    CheckConstraint(_one_of("quality_verdict", Verdict), name="quality_verdict"),
    CheckConstraint("quality_score BETWEEN 0 AND 100", name="quality_score"),
    Index(None, "user_id", "taken_at"),
)

visit_results: Final = Table(
    "visit_results",
    metadata,
    Column(
        "visit_id",
        String(ID_LENGTH),
        ForeignKey("visits.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("attribute", String(16), primary_key=True),
    Column("grade", SmallInteger, nullable=False),
    Column("score", Float, nullable=False, comment="expected grade, 0 to 4"),
    Column("probabilities", JSON, nullable=False, comment="one number per grade, lowest first"),
    Column("evidence", String(16), nullable=False),
    Column("standard_error", Float, comment="of the score, grades; null where it is not known"),
    CheckConstraint(_one_of("attribute", Attribute), name="attribute"),
    CheckConstraint(f"grade BETWEEN {GRADES[0]} AND {GRADES[-1]}", name="grade"),
    CheckConstraint(f"score BETWEEN {GRADES[0]} AND {GRADES[-1]}", name="score"),
    CheckConstraint(_one_of("evidence", Evidence), name="evidence"),
)

# What may be done with these rows is in `frontend/store/pictures.py`.
kept_pictures: Final = Table(
    "kept_pictures",
    metadata,
    Column("key", String(ID_LENGTH), primary_key=True, comment="random name of the object"),
    # With the visit goes the reference alone: the row stays until its object is erased.
    Column("visit_id", String(ID_LENGTH), ForeignKey("visits.id", ondelete="SET NULL")),
    Column("beginning", LargeBinary, nullable=False, comment="which key encrypted it"),
    Column("promised_at", UtcDateTime, comment="for a visit that is about to be saved"),
    Column("sealed", LargeBinary, comment="of before there were objects: crop and maps, encrypted"),
    UniqueConstraint("visit_id"),
)
