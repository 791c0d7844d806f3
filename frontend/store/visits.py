"""The values that go into and come out of the history: results and visits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from frontend.circumstances import Circumstances
from frontend.moments import as_utc
from frontend.store.tables import REQUEST_KEY_LENGTH
from frontend.vocabulary import GRADES, Attribute, Evidence, Source, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeResult:
    """What an analysis said about one attribute.

    Attributes:
        grade: The decision, 0 to 4.
        score: The expected grade, 0 to 4, for trends.
        probabilities: Five numbers in [0, 1], one per grade, lowest grade first, summing to 1.
        evidence: What this attribute's grades were checked on.
        standard_error: Of the score, grades, above 0: its standard deviation over photos of the
            same skin, as the network that graded it had it; None where it is not known.
    """

    grade: int
    score: float
    probabilities: tuple[float, ...]
    evidence: Evidence
    standard_error: float | None = None

    def __post_init__(self) -> None:
        """Refuse values that no analysis can have, with a ValueError."""
        if self.grade not in GRADES:
            raise ValueError(f"grade: expected one of {GRADES}, got {self.grade!r}")
        if not GRADES[0] <= self.score <= GRADES[-1]:
            raise ValueError(f"score: expected {GRADES[0]} to {GRADES[-1]}, got {self.score!r}")
        if len(self.probabilities) != len(GRADES):
            raise ValueError(
                f"probabilities: expected {len(GRADES)} numbers, got {len(self.probabilities)}"
            )
        # The server rounds what it sends, so the sum may be off by a little.
        if not math.isclose(math.fsum(self.probabilities), 1.0, abs_tol=0.01) or not all(
            0.0 <= probability <= 1.0 for probability in self.probabilities
        ):
            raise ValueError(
                f"probabilities: expected numbers that sum to 1, got {self.probabilities}"
            )
        if self.standard_error is not None and not 0 < self.standard_error <= GRADES[-1]:
            raise ValueError(
                f"standard_error: expected a number above 0 and up to {GRADES[-1]}, or None, "
                f"got {self.standard_error!r}"
            )
        object.__setattr__(self, "evidence", Evidence(self.evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit:
    """A visit about to be saved.

    Attributes:
        taken_at: When the photo was taken; aware, turned into UTC. The moment of the check, or for
            a photo from a file noon of the day that its owner named.
        source: Where the photo came from.
        model_version: Version of the networks that graded it, 1 to 64 characters.
        quality_verdict: How fit the photo was.
        quality_score: The same as a number, 0 to 100.
        results: One result for each of the five attributes.
        request_key: Names the request to save, 1 to 64 characters. Saving twice under one key
            saves once, so that a repeated click or a rerun of the page cannot double a visit.
        circumstances: How the photo was taken; None where it is not known.
    """

    taken_at: datetime
    source: Source
    model_version: str
    quality_verdict: Verdict
    quality_score: float
    results: Mapping[Attribute, AttributeResult]
    request_key: str
    circumstances: Circumstances | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be saved: NaiveDatetimeError, or another ValueError."""
        object.__setattr__(self, "taken_at", as_utc(self.taken_at))
        object.__setattr__(self, "source", Source(self.source))
        object.__setattr__(self, "quality_verdict", Verdict(self.quality_verdict))
        if not 1 <= len(self.model_version) <= 64:
            raise ValueError(f"model_version: expected 1 to 64 characters: {self.model_version!r}")
        if not 0 <= self.quality_score <= 100:
            raise ValueError(f"quality_score: expected 0 to 100, got {self.quality_score!r}")
        if not 1 <= len(self.request_key) <= REQUEST_KEY_LENGTH:
            raise ValueError(f"request_key: expected 1 to {REQUEST_KEY_LENGTH} characters")
        if set(self.results) != set(Attribute):
            raise ValueError(
                f"results: expected {sorted(Attribute)}, got {sorted(map(str, self.results))}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is written beside a visit while it is saved.

    Attributes:
        visit_id: The ID that the visit gets, 32 hexadecimal characters.
        write: Writes it, in the transaction that saves the visit; tells whether there was
            something to write.
    """

    visit_id: str
    write: Callable[[Connection], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionGrades:
    """What the networks of one version say of a visit.

    Attributes:
        model_version: Version of those networks.
        results: One result for each of the five attributes.
    """

    model_version: str
    results: Mapping[Attribute, AttributeResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One analysed photo of one person, as kept in the history.

    Attributes:
        id: Version 4 UUID, 32 hexadecimal characters.
        user_id: Whose visit it is.
        taken_at: When the photo was taken; aware, UTC. The moment of the check, or noon of a day,
            which several visits may share; see `frontend.taken`.
        saved_at: When the visit was saved, and the photo graded first; aware, UTC.
        source: Where the photo came from.
        model_version: Version of the networks that graded it.
        quality_verdict: How fit the photo was.
        quality_score: The same as a number, 0 to 100.
        note: What the person wrote about it, at most `NOTE_LENGTH` characters, or "".
        results: One result for each of the five attributes, in the order of `Attribute`.
        circumstances: How the photo was taken; None where it is not known.
        graded_before: What earlier networks said, the first ones first; empty where only
            `model_version` ever graded it.
    """

    id: str
    user_id: str
    taken_at: datetime
    saved_at: datetime
    source: Source
    model_version: str
    quality_verdict: Verdict
    quality_score: float
    note: str
    results: Mapping[Attribute, AttributeResult]
    circumstances: Circumstances | None = None
    graded_before: tuple[VersionGrades, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedVisit:
    """A visit that was deleted and can still be brought back.

    Attributes:
        visit: The visit as it was.
        until: When that ends; aware, UTC.
    """

    visit: Visit
    until: datetime
