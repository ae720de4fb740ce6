"""When does it happen, and how long does it take?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken
from grader.laws.witness import TOLERANCE, Witness
from grader.world.record import Operation
from grader.world.rules import instant


def differs(left: int, right: int) -> bool:
    """Say whether two instants differ by more than a float of that size can."""
    return abs(left - right) > max(TOLERANCE, right >> 50)


def later(left: int, right: int) -> bool:
    """Say whether one instant is after another by more than that."""
    return left > right and differs(left, right)


class TimingLaws(Witness):
    """Exact times, in virtual seconds."""

    def takes(self, seconds: float, rule: str = "") -> None:
        """The scenario returns exactly `seconds` after it began."""
        wanted = instant(seconds)
        rule = rule or f"It must take exactly {words.seconds(wanted)}"
        self.must_return(rule)
        self._ends_at(wanted, rule)

    def ends_at(self, seconds: float, rule: str = "") -> None:
        """The scenario returns or raises exactly at `seconds`."""
        wanted = instant(seconds)
        rule = rule or f"It must end at {words.moment(wanted)}"
        self.must_end(rule)
        self._ends_at(wanted, rule)

    def _ends_at(self, wanted: int, rule: str) -> None:
        took = self.outcome.when.at
        if differs(took, wanted):
            late = took > wanted
            raise Broken(
                rule,
                f"it ended at {words.moment(took)}, not at {words.moment(wanted)}",
                sign="too-long" if late else "too-short",
                at=wanted if late else took,
                until=took if late else wanted,
                line=self.ending_line() or self._last_line(),
            )

    def ends_between(self, first: float, last: float, rule: str) -> None:
        """The scenario returns or raises at `first`, at `last`, or in between."""
        self.must_end(rule)
        took = self.outcome.when.at
        self._ends_at(max(instant(first), min(took, instant(last))), rule)

    @property
    def duration(self) -> int:
        """How long the run lasted, in nanoseconds."""
        return self.outcome.when.at

    def ends_with_the_last(self, name: str, rule: str) -> None:
        """The scenario returns in the instant in which the last call of `name` ended."""
        self.must_return(rule)
        operations = self.operations(name)
        if not operations:
            raise self.never_called(name)
        self._ends_at(max(self._end_of_call(each, rule) for each in operations), rule)

    def ends_when(self, operation: Operation, rule: str) -> None:
        """The scenario returns or raises in the instant in which that call ended."""
        self.must_end(rule)
        self._ends_at(self._end_of_call(operation, rule), rule)

    def _end_of_call(self, operation: Operation, rule: str) -> int:
        if operation.ended is not None:
            return operation.ended.at
        at = self.outcome.when.at
        raise Broken(
            rule,
            f"it ended at {words.moment(at)} while {self.call(operation)} "
            "was still running",
            sign="too-short",
            at=at,
            until=self.run.end.at,
            line=operation.line,
            operations=[(operation.number, "still running")],
        )

    def lasts_since(self, note: str, nanoseconds: int, rule: str) -> None:
        """The scenario returns exactly so long after it noted `note`."""
        end = self.outcome.when
        noted = [each for each in self.run.noted(note) if each.when.order < end.order]
        self.check_time()
        if not noted:
            raise self.never_noted(note)
        self.must_return(rule)
        lasted = self.outcome.when.at - noted[-1].when.at
        if differs(lasted, nanoseconds):
            raise Broken(
                rule,
                f"it took {words.seconds(lasted)} instead of {words.seconds(nanoseconds)}",
                sign="too-long" if lasted > nanoseconds else "too-short",
                at=noted[-1].when.at,
                until=self.outcome.when.at,
                line=self.ending_line() or self._last_line(),
            )

    def ends_soon_after(self, note: str, seconds: float, rule: str) -> None:
        """The scenario returns or raises at most so long after it noted `note`."""
        end = self.outcome.when
        noted = [each for each in self.run.noted(note) if each.when.order < end.order]
        self.check_time()
        if not noted:
            raise self.never_noted(note)
        self.must_end(rule)
        since, at = noted[-1].when.at, end.at
        if later(at, since + instant(seconds)):
            raise Broken(
                rule,
                f"it took {words.seconds(at - since)}, from {words.moment(since)} to "
                f"{words.moment(at)}",
                sign="too-long",
                at=since,
                until=at,
                line=self.ending_line() or self._last_line(),
            )

    def _last_line(self) -> int:
        lines = [each.line for each in self.run.operations if each.line]
        return lines[-1] if lines else 0

    def begins_at(self, name: str, times: Sequence[float], rule: str = "") -> None:
        """The calls of `name` begin exactly at these times, in order."""
        self.check_time()
        wanted = [instant(each) for each in times]
        operations = self.operations(name)
        expected = words.listing([words.moment(each) for each in wanted])
        never = f"{name} must never be called"
        rule = rule or (f"{name} must be called at {expected}" if wanted else never)
        for number, operation in enumerate(operations):
            if number >= len(wanted):
                raise self._unexpected_call(operation, rule)
            if differs(operation.began.at, wanted[number]):
                raise self._wrong_time(operation, wanted[number], rule)
        if len(operations) < len(wanted):
            raise self._missing_call(name, len(operations), rule)
        if not operations:
            self.reached(returned=False)

    def comes_at(
        self, name: str, argument: Any, seconds: float, rule: str = ""
    ) -> None:
        """The first call of `name` with this first argument begins at `seconds`."""
        wanted = instant(seconds)
        called = words.call(name, [argument], self.label)
        rule = rule or f"{called} must come at {words.moment(wanted)}"
        operations = self.operations(name)
        found = [each for each in operations if first_argument(each) == argument]
        if not found:
            raise self._never_came(called, operations, wanted, rule)
        if differs(found[0].began.at, wanted):
            raise self._wrong_time(found[0], wanted, rule)

    def _never_came(
        self, called: str, operations: list[Operation], wanted: int, rule: str
    ) -> Broken:
        self.check_time()
        then = [each for each in operations if not differs(each.began.at, wanted)]
        kind = self.outcome.kind
        sign = "missing-call" if kind == "returned" else kind
        return Broken(
            rule,
            f"{called} was never called{self.but_ended()}",
            sign="wrong-call" if then else sign,
            at=min(wanted, self.outcome.when.at),
            line=then[-1].line if then else self.ending_line(),
            operations=[(each.number, "instead") for each in then],
            seen=_called_instead(then, operations, self.call),
            reason="behaviour" if kind == "returned" else kind,
        )

    def begins_by(self, name: str, seconds: float, rule: str, after: str = "") -> None:
        """The first call of `name` begins at `seconds` or before.

        With `after`, it may wait until the last call of that name has ended.
        """
        over = [self.left_at(each) for each in self.named(after)] if after else []
        wanted = max([instant(seconds), *over])
        operations = self.operations(name)
        if not operations:
            self.must_end(rule)
            raise Broken(
                rule,
                f"{name} was never called{self.but_ended()}",
                sign="missing-call",
                at=min(wanted, self.outcome.when.at),
                line=self.ending_line(),
            )
        began = operations[0].began.at
        if later(began, wanted):
            raise self._wrong_time(operations[0], wanted, rule)

    def pauses_between(self, name: str, pauses: Sequence[float], rule: str) -> None:
        """Each call of `name` begins exactly so long after the one before has ended.

        As far as they begin; `NotReached` if there is none after the first.
        """
        self.check_time()
        operations = self.operations(name)
        after = zip(operations, operations[1:], pauses, strict=False)
        for number, (first, second, pause) in enumerate(after, 2):
            wanted = self.left_at(first) + instant(pause)
            if differs(second.began.at, wanted):
                raise self._wrong_pause(number, first, second, wanted, rule)
        if len(operations) < 2:  # noqa: PLR2004
            raise self.never_called(name)

    def _wrong_pause(
        self, number: int, first: Operation, second: Operation, wanted: int, rule: str
    ) -> Broken:
        ended, began = self.left_at(first), second.began.at
        return Broken(
            rule,
            f"call {number} of {second.name} came {words.seconds(began - ended)} after "
            f"the one before had ended, not {words.seconds(wanted - ended)}",
            sign="too-late" if began > wanted else "too-early",
            at=min(began, wanted),
            until=max(began, wanted),
            line=second.line,
            operations=[(second.number, "late" if began > wanted else "early")],
        )

    def _unexpected_call(self, operation: Operation, rule: str) -> Broken:
        return Broken(
            rule,
            f"{self.call(operation)} was called at {words.moment(operation.began.at)}",
            sign="extra-call",
            at=operation.began.at,
            line=operation.line,
            operations=[(operation.number, "unexpected")],
        )

    def _wrong_time(self, operation: Operation, wanted: int, rule: str) -> Broken:
        late = operation.began.at > wanted
        return Broken(
            rule,
            f"{self.call(operation)} was called at {words.moment(operation.began.at)}"
            f", not at {words.moment(wanted)}",
            sign="too-late" if late else "too-early",
            at=min(operation.began.at, wanted),
            until=max(operation.began.at, wanted),
            line=operation.line,
            operations=[(operation.number, "late" if late else "early")],
        )

    def _missing_call(self, name: str, seen: int, rule: str) -> Broken:
        times = f"called only {words.times(seen)}" if seen else "never called"
        return Broken(
            rule,
            f"{name} was {times}: {self.ending()}",
            sign="missing-call",
            at=self.outcome.when.at,
            line=self.ending_line(),
        )


def _called_instead(
    then: list[Operation], operations: list[Operation], call: Callable[[Operation], str]
) -> str:
    """Say what came at that moment, or at all, instead of the call that was wanted."""
    shown = then or operations
    if not shown:
        return ""
    calls = words.listing([call(each) for each in shown])
    if then:
        were = "call was" if len(then) == 1 else "calls were"
        return f"at {words.moment(then[0].began.at)} the {were} {calls}"
    return (
        f"the only call was {calls}" if len(shown) == 1 else f"the calls were {calls}"
    )
