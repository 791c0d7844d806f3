"""The one thing the engine and the migrations have to agree on."""

from __future__ import annotations

from typing import Final

WRITE_LOCK_FIRST: Final = "skin_notes_write_lock_first"
"""Execution option: on SQLite, begin the transaction with the write lock already taken.

A transaction that reads before it writes needs it: otherwise two of them can each hold a read
lock, neither can go on, and SQLite fails one at once instead of letting it wait.
"""
