"""Places for photos, and what lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from frontend.photo_store import PhotoStore, open_photo_store


class PhotoPlace(Protocol):
    """A place as the app's setting names it, looked into without the app."""

    @property
    def setting(self) -> str: ...

    def store(self) -> PhotoStore: ...

    def objects(self) -> dict[str, bytes]: ...

    def take_away(self) -> None: ...

    def bring_back(self) -> None: ...


@dataclass(frozen=True)
class Folder:
    """A folder of this machine, which the app makes."""

    path: Path

    @property
    def setting(self) -> str:
        return str(self.path)

    def store(self) -> PhotoStore:
        return open_place(self)

    def objects(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.path.iterdir()}

    def take_away(self) -> None:
        self.path.rename(self.path.with_name("elsewhere"))

    def bring_back(self) -> None:
        self.path.with_name("elsewhere").rename(self.path)


def open_place(place: PhotoPlace) -> PhotoStore:
    """The place as the app opens it."""
    return open_photo_store(place.setting, database_url="sqlite:///unused.db")
