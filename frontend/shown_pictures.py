"""The pictures that open pages show now, for the report that is printed from there.

Nothing is kept for it: the pages hold their pictures, and once no page holds them they are gone
from here as well. Another process knows nothing of them; its report says that there is no picture.
"""

from __future__ import annotations

from weakref import WeakValueDictionary

from frontend.components.face_panel import Pictures
from frontend.store import Visit


class ShownPictures:
    """Finds the pictures of a visit while a page of its owner shows them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._shown: WeakValueDictionary[tuple[str, str], Pictures] = WeakValueDictionary()

    def show(self, user_id: str, visit_id: str, pictures: Pictures) -> None:
        """Remember, for as long as the page holds them, that these are shown to their owner."""
        self._shown[user_id, visit_id] = pictures

    def pictures_of(self, visit: Visit) -> Pictures | None:
        """The pictures of a visit, or None if no page of its owner holds those of its grades.

        A page that was drawn before the visit was graded anew holds the maps of the old ones.
        """
        pictures = self._shown.get((visit.user_id, visit.id))
        if pictures is None or pictures.analysis.model_version != visit.model_version:
            return None
        return pictures
