"""Looks into reports."""

from __future__ import annotations

import io

from pypdf import PdfReader


def pictures_drawn(report: bytes) -> int:
    """How often a PDF file draws a picture; equal ones are stored once and count each time."""
    pages = PdfReader(io.BytesIO(report)).pages
    contents = (page.get_contents() for page in pages)
    return sum(content.get_data().count(b" Do") for content in contents if content is not None)


def text_of(report: bytes) -> str:
    """All text of a PDF file, page after page."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(report)).pages)
