"""The paper: A4 pages with the app's typeface, colours, and a foot on each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from frontend.i18n import Words

MARGIN_MM: Final = 16.0
WIDTH_MM: Final = 210.0 - 2 * MARGIN_MM
"""Between the margins of an A4 page."""
FOOT_MM: Final = 20.0
TEXT: Final = (28, 42, 46)
MUTED: Final = (84, 100, 105)
RULE: Final = (203, 214, 215)
RAIL: Final = (232, 238, 237)
LINE: Final = (35, 133, 143)
_FAMILY: Final = "Pretendard"
_FONTS: Final = Path(__file__).parents[1] / "assets/fonts"
_MISSING: Final = "□"


class Paper(FPDF):
    """A document whose text may be in any language, with a foot that says what it is not."""

    def __init__(self, words: Words, *, title: str, made_at: datetime) -> None:
        """Begin an empty document.

        Args:
            words: The language.
            title: What it is, for the window and for screen readers.
            made_at: The moment it is made, in the reader's time zone.
        """
        super().__init__(format="A4", unit="mm")
        self._words = words
        self.add_font(_FAMILY, "", _FONTS / "Pretendard-Regular.ttf")
        self.add_font(_FAMILY, "B", _FONTS / "Pretendard-SemiBold.ttf")
        font = self.fonts[_FAMILY.lower()]
        if not isinstance(font, TTFFont):
            raise TypeError(f"expected a font read from its file, got {type(font).__name__}")
        self._known = frozenset(font.cmap)
        self.set_title(f"{words.app} · {title}")
        self.set_lang(words.code)
        self.set_creator(words.app)
        self.set_creation_date(made_at)
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, margin=FOOT_MM)
        self.c_margin = 0
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        """The sentence that belongs on each page, and the page's number."""
        self.set_y(-FOOT_MM + 5)
        self.rule()
        self.set_y(self.get_y() + 2)
        page = self._words.report.page.format(page=self.page_no(), pages="{nb}")
        self.type(self._words.not_medical, size=8, ink=MUTED, width=WIDTH_MM - 40)
        self.set_xy(MARGIN_MM + WIDTH_MM - 40, self.get_y())
        self.type(page, size=8, ink=MUTED, width=40, align="R")

    def type(
        self,
        text: str,
        *,
        size: float = 10,
        bold: bool = False,
        ink: tuple[int, int, int] = TEXT,
        width: float = 0,
        align: str = "L",
        ends_line: bool = False,
    ) -> None:
        """Write one line from where the pen stands.

        Args:
            text: Any text; what the typeface lacks becomes a box.
            size: In points.
            bold: Whether heavier.
            ink: Its colour.
            width: Of its box in mm; 0 for the rest of the line.
            align: L, C or R in its box.
            ends_line: Whether the next text begins below it at the left margin.
        """
        self._choose(size=size, bold=bold, ink=ink)
        self.cell(
            width,
            size * 0.5,
            self.known(text),
            align=align,
            new_x=XPos.LMARGIN if ends_line else XPos.RIGHT,
            new_y=YPos.NEXT if ends_line else YPos.TOP,
        )

    def paragraph(
        self, text: str, *, size: float = 10, ink: tuple[int, int, int] = TEXT, width: float = 0
    ) -> None:
        """Write text over as many lines as it takes, from where the pen stands."""
        self._choose(size=size, bold=False, ink=ink)
        self.multi_cell(
            width,
            size * 0.52,
            self.known(text),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def heading(self, text: str, *, room_mm: float) -> None:
        """A heading that stays with what follows.

        Args:
            text: The heading.
            room_mm: Height of what has to follow on the same page.
        """
        if self.will_page_break(room_mm + 10):
            self.add_page()
        self.ln(4)
        self.type(text, size=13, bold=True, ends_line=True)
        self.ln(1.5)

    def rule(self) -> None:
        """A fine line across the page."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.25)
        self.line(MARGIN_MM, self.get_y(), MARGIN_MM + WIDTH_MM, self.get_y())

    def known(self, text: str) -> str:
        """The text with a box for each character that the typeface lacks.

        The library would log such characters, and a note must not reach a log.
        """
        shown = []
        for character in text:
            if character == "\n" or ord(character) in self._known:
                shown.append(character)
            elif unicodedata.category(character) not in {"Mn", "Me", "Cf", "Sk"}:
                shown.append(_MISSING)
        return "".join(shown)

    @contextmanager
    def faint(self, opacity: float) -> Iterator[None]:
        """Fill with this opacity, 0 to 1, in the block."""
        with self.local_context(fill_opacity=opacity):
            yield

    def _choose(self, *, size: float, bold: bool, ink: tuple[int, int, int]) -> None:
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*ink)
