"""In which order, and how often?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.witness import Names, Witness
from grader.world.record import Operation


def first_argument(operation: Operation) -> Any:
    """Return what a call is told apart by, unless an author says otherwise."""
    if operation.args:
        return operation.args[0]
    return next(iter(operation.keywords.values()), None)


class OrderLaws(Witness):
    """The order of beginnings, and how often each thing is done."""

    def starts_in_order(
        self,
        name: str,
        keys: Sequence[Any],
        rule: str = "",
        key: Callable[[Operation], Any] = first_argument,
    ) -> None:
        """The calls of `name` begin in the order of `keys`, as far as they begin."""
        operations = self.operations(name)
        rule = rule or f"{name} must be called in the order that was given"
        for number, operation in enumerate(operations):
            if number < len(keys) and key(operation) != keys[number]:
                raise Broken(
                    rule,
                    f"call {number + 1} was {self.call(operation)}, "
                    f"not {words.call(name, [keys[number]], self.label)}",
                    sign="out-of-order",
                    at=operation.began.at,
                    line=operation.line,
                    operations=[(operation.number, "out of order")],
                )
        self.check_time()
        if not operations:
            raise self.never_called(name)

    def once(
        self,
        name: str,
        keys: Sequence[Any],
        rule: str = "",
        key: Callable[[Operation], Any] = first_argument,
    ) -> None:
        """`name` is called exactly once for each of `keys` (twice for one named twice)."""
        called = Counter(_hashable(key(each)) for each in self.operations(name))
        wanted = Counter(_hashable(each) for each in keys)
        rule = rule or f"{name} must be called exactly once for each"
        for operation in self.operations(name):
            found = _hashable(key(operation))
            if called[found] > wanted[found]:
                raise self._too_often(operation, called[found], rule)
        self.must_end(rule)
        for each in keys:
            if called[_hashable(each)] < wanted[_hashable(each)]:
                raise self._too_seldom(name, each, called[_hashable(each)], rule)

    def _too_often(self, operation: Operation, times: int, rule: str) -> Broken:
        return Broken(
            rule,
            f"{self.call(operation)} was called {words.count(times, 'time')}",
            sign="too-often",
            at=operation.began.at,
            line=operation.line,
        )

    def _too_seldom(self, name: str, key: Any, times: int, rule: str) -> Broken:
        often = "never" if not times else f"only {words.count(times, 'time')}"
        return Broken(
            rule,
            f"{words.call(name, [key], self.label)} was called {often}",
            sign="too-seldom",
            at=self.outcome.when.at,
            line=self.ending_line(),
        )

    def called_at_most(self, times: int, name: str, rule: str = "") -> None:
        """`name` is called so often at most, whatever it is called with."""
        operations = self.operations(name)
        if len(operations) > times:
            extra = operations[times:]
            calls = words.listing([self.call(each) for each in operations])
            raise Broken(
                rule or f"{name} may be called {words.count(times, 'time')} at most",
                f"{name} was called {words.count(len(operations), 'time')}: {calls}",
                sign="too-often",
                at=extra[0].began.at,
                line=extra[0].line,
                operations=[(each.number, "one too many") for each in extra],
            )
        self.check_time()

    def nothing_before(self, note: str, name: Names, rule: str) -> None:
        """No call of `name` begins before the scenario notes `note`."""
        noted = self.run.noted(note)
        order = noted[0].when.order if noted else self.outcome.when.order
        for each in self.named(name):
            if each.began.order < order:
                raise Broken(
                    rule,
                    f"{self.call(each)} was called at {words.moment(each.began.at)}",
                    sign="too-early",
                    at=each.began.at,
                    until=noted[0].when.at if noted else None,
                    line=each.line,
                    operations=[(each.number, "too early")],
                )
        self.check_time()
        if not noted:
            raise NotReached(f"there was no {note}: {self.ending()}", self.abnormal())

    def before(self, first: Operation, second: Operation, rule: str) -> None:
        """`first` has ended when `second` begins."""
        ended = first.ended
        if ended is None or ended.order > second.began.order:
            raise Broken(
                rule,
                f"{self.call(second)} began at {words.moment(second.began.at)} while "
                f"{self.call(first)} was still running",
                sign="too-early",
                at=second.began.at,
                line=second.line,
                operations=[(second.number, "too early")],
            )


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, list | dict | set) else value
