"""Which hint comes next."""

from __future__ import annotations

from dataclasses import dataclass

from grader.catalogue import LOST, Kata, Law
from grader.practice.progress import Standing


@dataclass(frozen=True)
class Hint:
    """One hint of a law: number `step` of `steps`."""

    law: Law
    step: int

    @property
    def steps(self) -> int:
        """How many hints the law has."""
        return len(self.law.hints)

    @property
    def text(self) -> str:
        """What it says."""
        return self.law.hints[self.step - 1]


def next_law(kata: Kata, standing: Standing) -> Law | None:
    """Return the law to look at next: None when all hold.

    It is the first that was broken, as the screen of the verdict shows it, else the first
    that does not hold; of a kata that was never graded, the first.
    """
    if standing.graded is None or not standing.graded.laws:
        return kata.laws[0]
    outcomes = standing.graded.laws
    lost = [law for law in kata.laws if outcomes.get(law.id) in LOST]
    rest = [law for law in kata.laws if outcomes.get(law.id) != "holds"]
    return next(iter([*lost, *rest]), None)


def next_hint(law: Law, standing: Standing) -> Hint:
    """Return the next hint of a law; the last one again when all were shown."""
    seen = standing.hints.get(law.id, 0)
    return Hint(law, min(seen + 1, len(law.hints)))
