"""The database: its tables, its migrations, and the history kept in it."""

from __future__ import annotations

from frontend.store.engine import open_database
from frontend.store.repository import Repository
from frontend.store.visits import AttributeResult, Beside, NewVisit, VersionGrades, Visit

__all__ = [
    "AttributeResult",
    "Beside",
    "NewVisit",
    "Repository",
    "VersionGrades",
    "Visit",
    "open_database",
]
