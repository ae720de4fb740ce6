"""Who has a turn of the event loop, and when?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken
from grader.laws.witness import Witness
from grader.world.record import Operation


class TurnLaws(Witness):
    """How often calls that take no time let others in between."""

    def lets_in(self, other: str, name: str, rule: str) -> None:
        """A call of `other` begins between the first call of `name` and the last."""
        calls = self._before_the_end(name)
        self.check_time()
        if not calls:
            raise self.never_called(name)
        first, last = calls[0].began.order, calls[-1].began.order
        if any(first < each.began.order < last for each in self.named(other)):
            return
        raise Broken(
            rule,
            f"{name} was called {words.times(len(calls))}, and nobody else had a turn "
            "in between",
            sign="no-turn",
            at=calls[-1].began.at,
            line=calls[-1].line,
        )

    def at_most_in_a_row(
        self,
        most: int,
        name: str,
        other: str,
        keys: Sequence[Any],
        turns: int,
        rule: str,
    ) -> None:
        """At most `most` calls of `name` begin without one of `other` in between.

        There is a caller of `other` for each of `keys`, its first argument. It waits for
        a turn from the beginning, and no more when it has had so many `turns`.
        """
        calls = self._before_the_end(name)
        self.check_time()
        if not calls:
            raise self.never_called(name)
        for key in keys:
            own = [each for each in self.named(other) if first_argument(each) == key]
            row = _longest_row(calls, own, turns)
            if len(row) > most:
                raise self._too_many_in_a_row(row, most, other, key, rule)

    def _before_the_end(self, name: str) -> list[Operation]:
        end = self.outcome.when.order
        return [each for each in self.named(name) if each.began.order < end]

    def _too_many_in_a_row(
        self, row: list[Operation], most: int, other: str, key: Any, rule: str
    ) -> Broken:
        called = words.call(other, [key], self.label)
        name = row[0].name
        calls = words.listing([self.call(each) for each in row], most + 1)
        return Broken(
            rule,
            f"{name} was called {words.times(len(row))} in a row while {called} waited "
            f"for a turn: {calls}",
            sign="too-many",
            at=row[most].began.at,
            line=row[most].line,
            operations=[(each.number, "too many") for each in row[most:]],
        )

    def begins_few_after(self, note: str, most: int, name: str, rule: str) -> None:
        """At most `most` calls of `name` begin after the scenario noted `note`."""
        noted = self.run.noted(note)
        self.check_time()
        if not noted:
            raise self.never_noted(note)
        order = noted[0].when.order
        later = [each for each in self.named(name) if each.began.order > order]
        if len(later) > most:
            calls = words.listing([self.call(each) for each in later])
            raise Broken(
                rule,
                f"after that {name} was called {words.times(len(later))}: {calls}",
                sign="goes-on",
                at=later[most].began.at,
                line=later[most].line,
                operations=[(each.number, "too many") for each in later[most:]],
            )

    def stays_on_the_loop(self, name: str, rule: str) -> None:
        """Every call of `name` is made on the thread of the scenario's loop (observed)."""
        self.reached(returned=False)
        calls = self.named(name)
        if not calls:
            raise self.never_called(name)
        for each in calls:
            if each.thread:
                raise Broken(
                    rule,
                    f"{self.call(each)} was called on another thread",
                    sign="other-thread",
                    at=each.began.at,
                    line=each.line,
                    operations=[(each.number, "other thread")],
                )


def _longest_row(
    calls: list[Operation], others: list[Operation], turns: int
) -> list[Operation]:
    """Return the longest row of calls with none of the others in between.

    Once there have been so many `turns` of the others, nobody waits any more.
    """
    orders = [each.began.order for each in others]
    longest, first = (0, 0), 0
    seen = 0
    for place, each in enumerate(calls, 1):
        before = bisect_left(orders, each.began.order)
        if before >= turns:
            break
        first = first if before == seen else place - 1
        seen = before
        longest = max(longest, (first, place), key=_length)
    return calls[slice(*longest)]


def _length(row: tuple[int, int]) -> int:
    first, behind = row
    return behind - first
