"""The shape of a catalogue: every sentence of the screen, named once.

A language is one value of `Words`. A sentence that is missing in a language is a type error, and
so is one that the screen asks for and no catalogue has. Texts in braces are filled in by
`str.format`; a test holds the braces of all languages equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from frontend.grading import Direction, Status
from frontend.i18n.sections.access import Access
from frontend.i18n.sections.capture import Capture
from frontend.i18n.sections.comparable import ComparableWords
from frontend.i18n.sections.compare import CompareWords
from frontend.i18n.sections.differences import DifferencesWords
from frontend.i18n.sections.keeping import Keeping
from frontend.i18n.sections.meaning import Meaning
from frontend.i18n.sections.places import PlacesWords
from frontend.i18n.sections.platform import PlatformWords
from frontend.i18n.sections.progress import Progress
from frontend.i18n.sections.report import ReportWords
from frontend.i18n.sections.trend import TrendWords
from frontend.i18n.sections.visit import VisitWords
from frontend.light_correction import Evened
from frontend.vocabulary import Attribute, Evidence, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeWords:
    """How one attribute is spoken of.

    Attributes:
        name: Its full name.
        short: Its name where five stand in a row on a phone.
        lowest: The word at grade 0's end of the scale.
        highest: The word at grade 4's end of the scale.
        grades: The word for each grade, lowest first.
        seen: What the heat map shows.
        unseen: The same of an empty one.
        alternative: The picture's text for those who do not see it.
    """

    name: str
    short: str
    lowest: str
    highest: str
    grades: tuple[str, str, str, str, str]
    seen: str
    unseen: str
    alternative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, and what to do about it; both may have braces."""

    what: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The names of the pages."""

    check: str
    history: str
    about: str
    account: str
    result: str
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The promise, logging in and signing up."""

    promise: str
    points: tuple[str, str, str, str]
    log_in: str
    sign_up: str
    choice: str
    login_id: str
    password: str
    try_sample: str
    sample_alternative: str
    sample_credit: str
    entering: str
    leaving: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Taking or choosing a photo and waiting for the result."""

    title: str
    lead: str
    tips_title: str
    tips: tuple[str, str, str]
    example: str
    upload_label: str
    upload_hint: str
    upload_button: str
    taken_on: str
    analyse: str
    try_sample: str
    not_kept: str
    see_result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result."""

    title: str
    title_other_day: str
    title_earlier: str
    title_sample: str
    which_map: str
    view: str
    view_map: str
    view_photo: str
    opacity: str
    lowest: str
    faint: str
    clear: str
    scale_note: str
    all_maps: str
    photo_alternative: str
    track: str
    track_before: str
    range_note: str
    simulated_note: str
    evened_note: str
    evened: Mapping[Evened, str]
    quality: str
    quality_advice: str
    not_counted: str
    no_picture: str
    no_picture_why: str
    see_trend: str
    retake: str
    sample_note: str
    start: str
    not_found: str
    not_found_do: str
    to_history: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Past results."""

    title: str
    all: str
    which: str
    period: str
    periods: tuple[str, str, str, str]
    custom: str
    custom_label: str
    none_in_period: str
    past: str
    date: str
    cell: str
    empty: str
    empty_why: str
    start: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The person's own page."""

    title: str
    signed_in: str
    language: str
    log_out: str
    data_title: str
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The scale, the limits and the use of data, in sections of heading and paragraphs."""

    title: str
    scale_title: str
    scale: str
    scale_grade: str
    map_title: str
    map: tuple[str, ...]
    limits_title: str
    limits: tuple[str, ...]
    data_title: str
    data: tuple[str, ...]
    licences_title: str
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A whole language.

    Attributes:
        code: Its tag for the page, such as `ko`.
        endonym: Its name in itself.
        day: How a day is written, from `year`, `month`, `day` and `name`, the month's in `months`.
        short_day: The same without a year, for axes.
        months: January to December, short.
        problems: By code; `code.reason` where an error has reasons.
        advice: By the server's advice key: how to take a better photo.
    """

    code: str
    endonym: str
    app: str
    not_medical: str
    day: str
    short_day: str
    months: tuple[str, ...]
    menu: Menu
    login: Login
    check: Check
    capture: Capture
    progress: Progress
    result: Result
    meaning: Meaning
    places: PlacesWords
    history: History
    platform: PlatformWords
    trend: TrendWords
    visit: VisitWords
    compare: CompareWords
    comparable: ComparableWords
    differences: DifferencesWords
    report: ReportWords
    account: Account
    keeping: Keeping
    access: Access
    about: About
    attributes: Mapping[Attribute, AttributeWords]
    directions: Mapping[Direction, str]
    statuses: Mapping[Status, str]
    verdicts: Mapping[Verdict, str]
    evidence: Mapping[Evidence, str]
    problems: Mapping[str, Problem]
    advice: Mapping[str, str]
