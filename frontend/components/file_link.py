"""Links to the files that `frontend.export_routes` hands out, drawn as buttons."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from frontend.export_routes import report_path
from frontend.screen import Screen


def file_links_html(links: Iterable[tuple[str, str]]) -> str:
    """Links that download a file without leaving the page, side by side.

    Args:
        links: Text and address of each.

    >>> file_links_html([("CSV", "/export/history.csv")])
    '<p class="sn-files"><a class="sn-file" href="/export/history.csv" download>CSV</a></p>'
    """
    anchors = (
        f'<a class="sn-file" href="{escape(address)}" download>{escape(text)}</a>'
        for text, address in links
    )
    return f'<p class="sn-files">{"".join(anchors)}</p>'


def report_address(screen: Screen, *, visit_id: str | None = None) -> str:
    """The address of a report in this screen's language and time zone."""
    return report_path(screen.words, str(screen.time_zone), visit_id=visit_id)
