"""The history on paper: one check, or all of them, as a PDF with trends and maps."""

from __future__ import annotations

from frontend.report.document import PicturesOf, history_report, visit_report

__all__ = ["PicturesOf", "history_report", "visit_report"]
