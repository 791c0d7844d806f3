from __future__ import annotations

import math

import pytest
import torch

from baseline.loss import masked_label_smoothing, soft_targets

TABLE = [
    [0.95, 0.05, 0, 0, 0],
    [0.05, 0.90, 0.05, 0, 0],
    [0, 0.05, 0.90, 0.05, 0],
    [0, 0, 0.05, 0.90, 0.05],
    [0, 0, 0, 0.05, 0.95],
]


def test_soft_targets_are_the_published_table() -> None:
    torch.testing.assert_close(soft_targets(torch.arange(5)), torch.tensor(TABLE))


def test_a_severity_between_two_grades_is_shared_by_them() -> None:
    # .3 of grade 2's row and .7 of grade 3's, and so an expected grade of 2.7.
    targets = soft_targets(torch.tensor([2.7]))
    torch.testing.assert_close(targets, torch.tensor([[0, 0.015, 0.305, 0.645, 0.035]]))
    assert (targets @ torch.arange(5.0)).item() == pytest.approx(2.7)


def test_the_loss_of_equal_logits_is_the_logarithm_of_five() -> None:
    loss = masked_label_smoothing(torch.zeros(2, 5), torch.tensor([0, 3]))
    assert loss.item() == pytest.approx(math.log(5))


def test_the_loss_of_a_known_row_is_what_the_hand_computes() -> None:
    # log-softmax of (1, 0, 0, 0, 0): 1 - log(e + 4) and -log(e + 4); targets .95 and .05.
    total = math.log(math.e + 4)
    by_hand = -(0.95 * (1 - total) + 0.05 * -total)
    loss = masked_label_smoothing(torch.tensor([[1.0, 0, 0, 0, 0]]), torch.tensor([0]))
    assert loss.item() == pytest.approx(by_hand)


def test_a_grade_that_nobody_gave_changes_nothing() -> None:
    logits = torch.randn(3, 5, generator=torch.Generator().manual_seed(1))
    whole = masked_label_smoothing(logits, torch.tensor([0, -1, 4]))
    rated = masked_label_smoothing(logits[[0, 2]], torch.tensor([0, 4]))
    torch.testing.assert_close(whole, rated)


def test_a_batch_without_any_grade_has_the_loss_0_and_a_gradient() -> None:
    logits = torch.zeros(2, 5, requires_grad=True)
    loss = masked_label_smoothing(logits, torch.tensor([-1, -2]))
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    assert loss.item() == 0
    assert logits.grad is not None
