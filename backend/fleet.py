"""How many replicas a cluster runs and what each books: the options of `backend.cluster`."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The replicas of a cluster.

    Attributes:
        least: number of replicas, or the lowest one.
        most: the same number, or the highest one, up to which the load decides.
        cpus: cores of one replica; None books as many as it has workers.
        gpus: GPUs of one replica; 0.25 puts four on one.
        surge: whether a new replica starts before an old one stops; takes room for one more.
        local: whether Ray is started on this machine, instead of joining a cluster.
    """

    least: int = 1
    most: int = 1
    cpus: float | None = None
    gpus: float = 0.0
    surge: bool = False
    local: bool = False

    def cpus_for(self, settings: Settings) -> float:
        """Cores of one replica with these settings."""
        return settings.workers if self.cpus is None else self.cpus

    def __str__(self) -> str:
        """The number in words.

        >>> str(Fleet(least=1, most=8))
        '1 to 8 replicas'
        """
        if self.least < self.most:
            return f"{self.least} to {self.most} replicas"
        return "1 replica" if self.least == 1 else f"{self.least} replicas"


def parse_fleet(arguments: Sequence[str] | None, *, description: str) -> Fleet:
    """Read what was typed after the command.

    Args:
        arguments: the words; those of the process when None.
        description: what `--help` begins with.

    Raises:
        SystemExit: they make no sense, which was said on standard error, or help was asked for.
    """
    parser = argparse.ArgumentParser(prog="python -m backend.cluster", description=description)
    parser.add_argument(
        "--replicas",
        type=parse_replicas,
        default=(1, 1),
        help="a number, or as in 1-8 the lowest and the highest, between which the load decides",
    )
    parser.add_argument(
        "--cpus", type=_cpus, help="cores that one replica books; by default SKINXAI_WORKERS"
    )
    parser.add_argument(
        "--gpus", type=parse_gpus, default=0.0, help="GPUs of one replica; 0.25 puts four on one"
    )
    parser.add_argument(
        "--surge",
        action="store_true",
        help="start each new replica before an old one stops; takes room for one more",
    )
    parser.add_argument(
        "--local", action="store_true", help="start Ray on this machine, until Ctrl-C"
    )
    typed = vars(parser.parse_args(arguments))
    least, most = typed.pop("replicas")
    return Fleet(least=least, most=most, **typed)


def parse_replicas(text: str) -> tuple[int, int]:
    """The lowest and the highest number of replicas.

    Raises:
        argparse.ArgumentTypeError: it is neither a number from 1 on nor two, the lower one first.

    >>> parse_replicas("4"), parse_replicas("1-8")
    ((4, 4), (1, 8))
    """
    low, dash, high = text.partition("-")
    numbers = [low, high if dash else low]
    if all(number.isascii() and number.isdigit() for number in numbers):
        least, most = map(int, numbers)
        if 1 <= least <= most:
            return least, most
    raise argparse.ArgumentTypeError(f"expected a number from 1 on, or two as in 1-8, got {text!r}")


def parse_gpus(text: str) -> float:
    """The GPUs of one replica: none, a part of one, or whole ones.

    Raises:
        argparse.ArgumentTypeError: it is something else.

    >>> parse_gpus("0.25")
    0.25
    """
    gpus = _number(text)
    if 0 <= gpus <= 1 or (gpus > 1 and gpus.is_integer()):
        return gpus
    raise argparse.ArgumentTypeError(
        f"expected 0, a part of a GPU as in 0.25, or a whole number of them, got {text!r}"
    )


def _cpus(text: str) -> float:
    cpus = _number(text)
    if cpus > 0:
        return cpus
    raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
