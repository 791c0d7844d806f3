"""How it is known that a graph on disk is the one that was exported, and whether it is in use.

Beside the `.xml` and the `.bin` of a graph lies its seal, `.sha256`: the hashes of both, as
`sha256sum --check` reads them. It is written last and removed first, so that files without one are
no graph, and a graph whose seal is the same file before and after reading was not replaced
meanwhile. Whoever runs a graph holds a shared lock on its seal.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import weakref
from pathlib import Path
from typing import Final

from backend.errors import SkinXaiError

SUFFIX: Final = ".sha256"
_FILES: Final = (".bin", ".xml")


class GraphFaultError(SkinXaiError):
    """A graph is not there, or not as it was exported. It is exported anew."""


class Seal:
    """The seal of a graph, which is in use as long as this object lives."""

    def __init__(self, graph: Path) -> None:
        """Open it, and hold a shared lock on it.

        Args:
            graph: the `.xml`.

        Raises:
            FileNotFoundError: there is none.
        """
        self._graph = graph
        self._descriptor = os.open(graph.with_suffix(SUFFIX), os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def check(self) -> None:
        """Hash the graph's files: of the shipped networks 70 MB, some 50 ms with SHA instructions.

        Raises:
            GraphFaultError: they are not those that were sealed.
            OSError: they cannot be read.
        """
        sealed = os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)
        for file in _files(self._graph):
            if _line(file) not in sealed.splitlines(keepends=True):
                raise GraphFaultError(f"{file.name} is not as it was exported")

    @property
    def is_in_place(self) -> bool:
        """Whether the graph was not removed or replaced since this seal was opened."""
        try:
            there = self._graph.with_suffix(SUFFIX).stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(self._descriptor), there)


def put_in_place(made: Path, graph: Path) -> None:
    """Move a graph that was just made to where it belongs, and seal it.

    After a power cut it is there with its seal, or it has none.

    Args:
        made: its `.xml`, on the same file system.
        graph: where that shall lie.
    """
    remove(graph)
    sealed = made.with_suffix(SUFFIX)
    sealed.write_bytes(b"".join(_line(file) for file in _files(made)))
    for file in (*_files(made), sealed):
        file.chmod(0o644)
        _sync(file)
    for file in _files(made):
        file.replace(graph.with_suffix(file.suffix))
    _sync(graph.parent)
    sealed.replace(graph.with_suffix(SUFFIX))
    _sync(graph.parent)


def remove(graph: Path) -> None:
    """Remove a graph, or what there is of it. Who runs it has it open, and goes on."""
    for file in (graph.with_suffix(SUFFIX), *_files(graph)):
        file.unlink(missing_ok=True)


def remove_unless_in_use(graph: Path) -> bool:
    """Remove a graph that nobody runs, if this account may; returns whether it was removed."""
    try:
        with graph.with_suffix(SUFFIX).open("rb") as sealed:
            # BlockingIOError, one of those below, if somebody runs it.
            fcntl.flock(sealed, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(graph)
    except OSError:
        return False
    return True


def _files(graph: Path) -> list[Path]:
    return [graph.with_suffix(suffix) for suffix in _FILES]


def _line(file: Path) -> bytes:
    with file.open("rb") as content:
        return f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {file.name}\n".encode()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
