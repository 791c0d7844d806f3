"""How sure a grade is, and what it means, in words."""

from __future__ import annotations

import pytest

from frontend.certainty import Certainty, belief_of
from frontend.components.score_card import certainty_sentence, score_card_html
from frontend.i18n import Language, Words, catalogue
from frontend.store import AttributeResult
from frontend.vocabulary import Attribute, Evidence

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)


@pytest.mark.parametrize(
    ("probabilities", "grade", "certainty", "low", "high"),
    [
        ((0.0, 0.0, 1.0, 0.0, 0.0), 2, Certainty.SURE, 2, 2),
        ((0.0, 0.1, 0.75, 0.15, 0.0), 2, Certainty.SURE, 2, 2),
        ((0.0, 0.4, 0.6, 0.0, 0.0), 2, Certainty.BETWEEN, 1, 2),
        ((0.6, 0.4, 0.0, 0.0, 0.0), 0, Certainty.BETWEEN, 0, 1),
        ((0.0, 0.0, 0.0, 0.5, 0.5), 4, Certainty.BETWEEN, 3, 4),
        ((0.2, 0.2, 0.2, 0.2, 0.2), 2, Certainty.UNSURE, 1, 4),
        ((0.9, 0.0, 0.0, 0.0, 0.1), 4, Certainty.UNSURE, 0, 4),
    ],
)
def test_what_the_network_leaves_open_holds_its_grade_and_three_quarters_of_its_belief(
    probabilities: tuple[float, ...], grade: int, certainty: Certainty, low: int, high: int
) -> None:
    belief = belief_of(probabilities, grade=grade)

    assert (belief.certainty, belief.low, belief.high) == (certainty, low, high)


@pytest.mark.parametrize("words", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_a_card_says_what_the_grade_means_and_how_sure_it_is(words: Words) -> None:
    result = AttributeResult(
        grade=1, score=1.4, probabilities=(0.0, 0.6, 0.4, 0.0, 0.0), evidence=Evidence.SIMULATED
    )

    card = score_card_html(words, Attribute.WRINKLE, result, score_before=None)

    assert words.meaning.grades[Attribute.WRINKLE][1] in card
    assert words.meaning.between.format(low=1, high=2) in card
    assert words.evidence[Evidence.SIMULATED] in card


def test_how_sure_it_is_reads_as_a_sentence() -> None:
    sure = AttributeResult(
        grade=2, score=2.0, probabilities=(0.0, 0.0, 1.0, 0.0, 0.0), evidence=Evidence.REAL
    )
    assert certainty_sentence(ENGLISH, sure) == "Fairly sure."
    assert certainty_sentence(KOREAN, sure) == "꽤 확실해요."
