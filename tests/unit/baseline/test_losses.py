"""Every loss against numbers worked by hand or by its reference library."""

from __future__ import annotations

import math

import pytest
import torch
from coral_pytorch.dataset import corn_label_from_logits, levels_from_labelbatch
from coral_pytorch.losses import coral_loss
from torch import Tensor
from torch.nn import functional as nnf

from baseline.losses.base import GRADE_COUNT
from baseline.losses.classification import CrossEntropy, Focal, SoftF1, class_balanced_weights
from baseline.losses.ordinal import Coral, CoralHead, Corn
from baseline.losses.registry import LossName, build_loss
from baseline.losses.soft import EarthMovers, MaskedLabelSmoothing, SoftTargets, Sord, smoothed

TABLE = [
    [0.95, 0.05, 0, 0, 0],
    [0.05, 0.90, 0.05, 0, 0],
    [0, 0.05, 0.90, 0.05, 0],
    [0, 0, 0.05, 0.90, 0.05],
    [0, 0, 0, 0.05, 0.95],
]
COUNTS = [50, 40, 30, 20, 10]
# softmax (1, 0, 0, 0, 0) is e and four ones over e + 4.
FIRST = torch.tensor([[1.0, 0, 0, 0, 0]])
P_FIRST, P_OTHER = math.e / (math.e + 4), 1 / (math.e + 4)


def _random(rows: int = 12) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(4)
    return (
        torch.randn(rows, GRADE_COUNT, generator=generator),
        torch.randint(0, GRADE_COUNT, (rows,), generator=generator).float(),
    )


def test_the_smoothed_targets_are_the_published_table() -> None:
    torch.testing.assert_close(smoothed(torch.arange(5)), torch.tensor(TABLE))


def test_a_severity_between_two_grades_is_shared_by_them() -> None:
    targets = smoothed(torch.tensor([2.7]))
    torch.testing.assert_close(targets, torch.tensor([[0, 0.015, 0.305, 0.645, 0.035]]))
    assert (targets @ torch.arange(5.0)).item() == pytest.approx(2.7)


@pytest.mark.parametrize("name", list(LossName))
def test_a_grade_that_nobody_gave_changes_nothing(name: LossName) -> None:
    loss = build_loss(name, COUNTS)
    outputs = torch.randn(3, loss.outputs, generator=torch.Generator().manual_seed(1))
    whole = loss(outputs, torch.tensor([0.0, -1.0, 4.0]))
    rated = loss(outputs[[0, 2]], torch.tensor([0.0, 4.0]))
    torch.testing.assert_close(whole, rated)


@pytest.mark.parametrize("name", list(LossName))
def test_a_batch_without_any_grade_has_the_loss_0_and_a_gradient(name: LossName) -> None:
    loss = build_loss(name, COUNTS)
    outputs = torch.zeros(2, loss.outputs, requires_grad=True)
    value = loss(outputs, torch.tensor([-1.0, -2.0]))
    value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    assert value.item() == 0
    assert outputs.grad is not None


@pytest.mark.parametrize("name", list(LossName))
def test_a_right_answer_costs_less_than_a_wrong_one_and_steps_lead_there(name: LossName) -> None:
    loss = build_loss(name, COUNTS)
    outputs = torch.zeros(5, loss.outputs, requires_grad=True)
    truth = torch.arange(5.0)
    start = loss(outputs, truth).item()
    optimizer = torch.optim.Adam([outputs], lr=0.2)
    for _ in range(60):
        optimizer.zero_grad()
        loss(outputs, truth).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
    assert loss(outputs, truth).item() < start
    believed = loss.probabilities(outputs.detach())
    torch.testing.assert_close(believed.sum(dim=-1), torch.ones(5))
    assert believed.argmax(dim=-1).tolist() == [0, 1, 2, 3, 4]


def test_probabilities_keep_the_shape_of_several_attributes() -> None:
    for name in LossName:
        loss = build_loss(name, COUNTS)
        assert loss.probabilities(torch.zeros(2, 3, loss.outputs)).shape == (2, 3, 5)
        assert loss(torch.zeros(2, 3, loss.outputs), torch.ones(2, 3)).ndim == 0


def test_cross_entropy_by_hand() -> None:
    assert CrossEntropy()(FIRST, torch.tensor([0.0])).item() == pytest.approx(-math.log(P_FIRST))


def test_label_smoothing_by_hand() -> None:
    by_hand = -(0.92 * math.log(P_FIRST) + 4 * 0.02 * math.log(P_OTHER))
    loss = CrossEntropy(smoothing=0.1)(FIRST, torch.tensor([0.0]))
    assert loss.item() == pytest.approx(by_hand)


def test_masked_label_smoothing_by_hand() -> None:
    by_hand = -(0.95 * math.log(P_FIRST) + 0.05 * math.log(P_OTHER))
    loss = MaskedLabelSmoothing()(FIRST, torch.tensor([0.0]))
    assert loss.item() == pytest.approx(by_hand)


def test_focal_by_hand_and_without_focus_it_is_cross_entropy() -> None:
    by_hand = -((1 - P_FIRST) ** 2) * math.log(P_FIRST)
    assert Focal()(FIRST, torch.tensor([0.0])).item() == pytest.approx(by_hand)
    torch.testing.assert_close(Focal(gamma=0.0)(*_random()), CrossEntropy()(*_random()))


def test_class_balanced_weights_by_hand() -> None:
    # Effective numbers with beta = .5: 1 photo 1, 2 photos 1.5, 3 photos 1.75.
    inverse = [1 / 1, 1 / 1.5, 1 / 1.75, 1 / 1.75, 1 / 1.75]
    by_hand = [value * 5 / sum(inverse) for value in inverse]
    assert class_balanced_weights([1, 2, 3, 3, 3], beta=0.5) == pytest.approx(by_hand)


def test_weights_multiply_the_loss_of_their_grade() -> None:
    weights = class_balanced_weights(COUNTS)
    for plain, weighted in (
        (CrossEntropy(), CrossEntropy(weights=weights)),
        (Focal(), Focal(weights=weights)),
    ):
        ratio = weighted(FIRST, torch.tensor([3.0])) / plain(FIRST, torch.tensor([3.0]))
        assert ratio.item() == pytest.approx(weights[3])


def test_soft_f1_by_hand() -> None:
    # Two photos, certain answers: one right (0), one wrong (1 taken for 2).
    outputs = torch.full((2, 5), -100.0)
    outputs[0, 0] = outputs[1, 2] = 100.0
    present = [1, 0, 0, 0, 0]
    # Absence: grade 0 and grades 3, 4 are right, grades 1 and 2 found 1 of (2 + 1) / 2.
    absent = [1, 2 / 3, 2 / 3, 1, 1]
    by_hand = 1 - (sum(present) + sum(absent)) / 10
    assert SoftF1()(outputs, torch.tensor([0.0, 1.0])).item() == pytest.approx(by_hand, abs=1e-5)


def test_soft_targets_by_hand_and_on_whole_grades_they_are_cross_entropy() -> None:
    by_hand = -(0.75 * math.log(P_FIRST) + 0.25 * math.log(P_OTHER))
    assert SoftTargets()(FIRST, torch.tensor([0.25])).item() == pytest.approx(by_hand)
    torch.testing.assert_close(SoftTargets()(*_random()), CrossEntropy()(*_random()))


def test_sord_by_hand() -> None:
    falls = [math.exp(-2 * distance**2) for distance in range(5)]
    first = falls[0] / sum(falls)
    by_hand = -(first * math.log(P_FIRST) + (1 - first) * math.log(P_OTHER))
    assert Sord()(FIRST, torch.tensor([0.0])).item() == pytest.approx(by_hand)


def test_earth_movers_distance_by_hand_grows_with_the_distance() -> None:
    certain = torch.full((1, 5), -100.0)
    certain[0, 0] = 100.0
    # Moving all belief by k grades leaves k steps of the sums wrong by 1.
    costs = [EarthMovers()(certain, torch.tensor([float(k)])).item() for k in range(5)]
    assert costs == pytest.approx([0, 1, 2, 3, 4])


def test_coral_is_the_librarys() -> None:
    outputs, grades = _random()
    expected = coral_loss(outputs[:, :4], levels_from_labelbatch(grades.long(), 5))
    torch.testing.assert_close(Coral()(outputs[:, :4], grades), expected)


def test_corn_decides_as_the_library_does() -> None:
    outputs = _random(40)[0][:, :4]
    above = torch.sigmoid(outputs).cumprod(dim=-1)
    believed = Corn().probabilities(outputs)
    # The share above each grade is what the library compares with one half.
    torch.testing.assert_close(1 - believed.cumsum(dim=-1)[:, :4], above)
    assert ((above > 0.5).sum(dim=-1) == corn_label_from_logits(outputs)).all()


def test_corn_by_hand() -> None:
    # Grade 1: yes to the first question, no to the second, the others are not asked.
    outputs = torch.tensor([[0.5, -0.25, 9.0, 9.0]])
    yes = nnf.logsigmoid(torch.tensor(0.5)).item()
    no = nnf.logsigmoid(torch.tensor(0.25)).item()
    assert Corn()(outputs, torch.tensor([1.0])).item() == pytest.approx(-(yes + no) / 2)


def test_answers_out_of_order_give_no_negative_probability() -> None:
    believed = Coral().probabilities(torch.tensor([[0.0, 2.0, -1.0, 1.0]]))
    assert (believed >= 0).all()
    assert believed.sum().item() == pytest.approx(1)


def test_the_coral_head_differs_by_its_biases_alone() -> None:
    outputs = CoralHead(7)(torch.randn(3, 7))
    steps = outputs[:, :-1] - outputs[:, 1:]
    torch.testing.assert_close(steps, torch.full((3, 3), 0.25))
