"""In which order, and how often?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from grader import wire
from grader.laws import words
from grader.laws.outcome import Broken
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
        operations = self.operations(name)
        called = Counter(_hashable(key(each)) for each in operations)
        wanted = Counter(_hashable(each) for each in keys)
        rule = rule or f"{name} must be called exactly once for each"
        seen: Counter[Any] = Counter()
        for operation in operations:
            found = _hashable(key(operation))
            seen[found] += 1
            if seen[found] > wanted[found]:
                raise self._too_often(operation, called[found], wanted[found], rule)
        self.must_end(rule)
        for each in keys:
            found = _hashable(each)
            if called[found] < wanted[found]:
                call = words.call(name, [each], self.label)
                raise self._too_seldom(call, called[found], wanted[found], rule)

    def _too_often(
        self, operation: Operation, called: int, wanted: int, rule: str
    ) -> Broken:
        at = words.moment(operation.began.at)
        often = f"{words.times(called)} instead of {words.times(wanted)}"
        fact = f"was called again at {at}: {often}"
        if not wanted:
            fact = f"was called at {at}, and nobody asked for it"
        note = "once too often" if wanted else "not asked for"
        return Broken(
            rule,
            f"{self.call(operation)} {fact}",
            sign="too-often",
            at=operation.began.at,
            line=operation.line,
            operations=[(operation.number, note)],
        )

    def _too_seldom(self, call: str, called: int, wanted: int, rule: str) -> Broken:
        often = f"called {words.times(called)} instead of {words.times(wanted)}"
        return Broken(
            rule,
            f"{call} was {often if called else 'never called'}{self.but_ended()}",
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
                rule or f"{name} may be called {words.times(times)} at most",
                f"{name} was called {words.times(len(operations))}: {calls}",
                sign="too-often",
                at=extra[0].began.at,
                line=extra[0].line,
                operations=[(each.number, "one too many") for each in extra],
            )
        self.reached(returned=False)
        if times and not operations:
            raise self.never_called(name)

    def called_times(self, times: int, name: str, rule: str = "") -> None:
        """`name` is called exactly so often, whatever it is called with."""
        rule = rule or f"{name} must be called {words.times(times)}"
        self.called_at_most(times, name, rule)
        seen = self.operations(name)
        if len(seen) < times:
            self.must_end(rule)
            often = f"only {words.times(len(seen))}" if seen else "never"
            raise Broken(
                rule,
                f"{name} was called {often}{self.but_ended()}",
                sign="too-seldom",
                at=self.outcome.when.at,
                line=self.ending_line(),
            )

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
            raise self.never_noted(note)

    def before(self, first: Operation, second: Operation, rule: str) -> None:
        """`first` has ended when `second` begins."""
        ended = first.ended
        if ended is None or ended.order > second.began.order:
            began = f"{self.call(second)} began at {words.moment(second.began.at)}"
            after = first.began.order > second.began.order
            raise Broken(
                rule,
                f"{began} before {self.call(first)} did"
                if after
                else f"{began} while {self.call(first)} was still running",
                sign="too-early",
                at=second.began.at,
                until=ended.at if ended is not None else self.run.end.at,
                line=second.line,
                operations=[(second.number, "too early")],
            )


def _hashable(value: Any) -> Any:
    """Return what may be counted in the place of a value, the same for equal values."""
    if isinstance(value, dict):
        pairs = [(_hashable(key), _hashable(each)) for key, each in value.items()]
        return dict, frozenset(pairs)
    if isinstance(value, set | frozenset):
        return frozenset(map(_hashable, value))
    if isinstance(value, list | tuple):
        return type(value), tuple(map(_hashable, value))
    if isinstance(value, wire.Part):
        fields = [getattr(value, each) for each in value.__struct_fields__]
        return type(value), tuple(map(_hashable, fields))
    return _spelled(value) if isinstance(value, int | float) else value


def _spelled(number: float) -> Any:
    # A submission can choose numbers so that all tuples of them have one hash: -1 and -2
    # do. It cannot choose the hash of a string.
    if isinstance(number, int) or number.is_integer():
        return int, hex(int(number))
    return number if math.isnan(number) else (float, number.hex())
