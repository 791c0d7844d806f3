"""The pictures that open pages show now, for the report that is printed from there.

Nothing is kept for it: the pages hold their pictures, and once no page holds them they are gone
from here as well. Another process knows nothing of them; its report says that there is no picture.
"""

from __future__ import annotations

from weakref import WeakValueDictionary

from frontend.components.face_panel import Pictures


class ShownPictures:
    """Finds the pictures of a visit while a page of its owner shows them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._shown: WeakValueDictionary[tuple[str, str], Pictures] = WeakValueDictionary()

    def show(self, user_id: str, visit_id: str, pictures: Pictures) -> None:
        """Remember, for as long as the page holds them, that these are shown to their owner."""
        self._shown[user_id, visit_id] = pictures

    def pictures_of(self, user_id: str, visit_id: str) -> Pictures | None:
        """The pictures of one of this person's visits, or None if no page holds them."""
        return self._shown.get((user_id, visit_id))

    def visits_of(self, user_id: str) -> set[str]:
        """IDs of this person's visits whose pictures are shown."""
        return {visit_id for owner, visit_id in list(self._shown.keys()) if owner == user_id}
