"""Notices: what went wrong and what to do, waiting, and advice for the next photo."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from frontend.i18n import Problem, Words
from frontend.vocabulary import Verdict


def problem_html(problem: Problem, *, code: str) -> str:
    """An error card: what happened and what to do. The code is there for tests and for support."""
    return (
        f'<div class="sn-card sn-problem" role="alert" data-code="{escape(code)}">'
        '<i class="sn-shape"></i>'
        f"<div><strong>{escape(problem.what)}</strong><p>{escape(problem.do)}</p></div></div>"
    )


def done_html(text: str) -> str:
    """A card that says that something was done."""
    return (
        '<div class="sn-card sn-done" role="status"><i class="sn-shape"></i>'
        f"<span>{escape(text)}</span></div>"
    )


def scroll_up_html() -> str:
    """Brings the top of the page into sight, where something is said that nobody pressed for."""
    return "<script>document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)</script>"


def waiting_html(text: str) -> str:
    """A card that says what is being waited for."""
    return (
        '<div class="sn-card sn-waiting" role="status" aria-live="polite">'
        f'<i class="sn-pulse"></i><span>{escape(text)}</span></div>'
    )


def empty_html(title: str, why: str) -> str:
    """A card where there is nothing to show, and why."""
    return (
        f'<div class="sn-card sn-empty"><h2 class="sn-name">{escape(title)}</h2>'
        f"<p>{escape(why)}</p></div>"
    )


def quality_html(words: Words, verdict: Verdict, advice: Iterable[str]) -> str:
    """How fit the photo was, with the sentences for the next one.

    Args:
        words: The language.
        verdict: The short answer.
        advice: Advice keys of the server; a key without a sentence in the catalogue is left out,
            because the verdict stands beside it.
    """
    sentences = [words.advice[key] for key in dict.fromkeys(advice) if key in words.advice]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    more = f"<p>{escape(words.result.quality_advice)}</p><ul>{items}</ul>" if items else ""
    if verdict is Verdict.RETAKE:
        more = f"<p>{escape(words.result.not_counted)}</p>{more}"
    return (
        f'<div class="sn-card sn-quality" data-verdict="{verdict}"><i class="sn-shape"></i><div>'
        f"<strong>{escape(words.result.quality)}: {escape(words.verdicts[verdict])}</strong>"
        f"{more}</div></div>"
    )


def paragraphs_html(paragraphs: Iterable[str]) -> str:
    """Paragraphs of plain text."""
    return "".join(f'<p class="sn-text">{escape(paragraph)}</p>' for paragraph in paragraphs)


def steps_html(steps: Iterable[str]) -> str:
    """What comes first, second and third."""
    entries = "".join(f"<li>{escape(step)}</li>" for step in steps)
    return f'<ol class="sn-steps-list">{entries}</ol>'


def list_html(items: Iterable[str], *, kind: str) -> str:
    """A list of short sentences, styled by `kind`."""
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="sn-list sn-{kind}">{entries}</ul>'
