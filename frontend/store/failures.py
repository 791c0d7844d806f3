"""How a database that fails as a whole shows, whatever was asked of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import OperationalError, TimeoutError

DATABASE_FAILURES: Final = (OperationalError, TimeoutError)
"""It cannot be reached, read or written now, or all of its connections have long been in use."""
