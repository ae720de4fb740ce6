"""When does it happen, and how long does it take?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken, NotReached
from grader.laws.witness import TOLERANCE, Witness
from grader.world.record import Operation
from grader.world.rules import instant


def differs(left: int, right: int) -> bool:
    """Say whether two instants differ by more than a float of that size can."""
    return abs(left - right) > max(TOLERANCE, right >> 50)


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
                f"it ended at {words.moment(took)}",
                sign="too-long" if late else "too-short",
                at=wanted if late else took,
                until=took if late else wanted,
                line=self.ending_line() or self._last_line(),
            )

    @property
    def duration(self) -> int:
        """How long the run lasted, in nanoseconds."""
        return self.outcome.when.at

    def ends_with_the_last(self, name: str, rule: str) -> None:
        """The scenario returns in the instant in which the last call of `name` ended."""
        self.must_return(rule)
        ends = [each.ended.at for each in self.operations(name) if each.ended]
        if ends:
            self._ends_at(max(ends), rule)

    def lasts_since(self, note: str, nanoseconds: int, rule: str) -> None:
        """The scenario returns exactly so long after it noted `note`."""
        noted = self.run.noted(note)
        if not noted:
            raise NotReached(f"there was no {note}: {self.ending()}", self.abnormal())
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

    def _last_line(self) -> int:
        lines = [each.line for each in self.run.operations if each.line]
        return lines[-1] if lines else 0

    def begins_at(self, name: str, times: Sequence[float], rule: str = "") -> None:
        """The calls of `name` begin exactly at these times, in order."""
        self.check_time()
        wanted = [instant(each) for each in times]
        operations = self.operations(name)
        expected = words.listing([words.moment(each) for each in wanted])
        rule = rule or f"{name} must be called at {expected or 'no time'}"
        for number, operation in enumerate(operations):
            if number >= len(wanted):
                raise self._unexpected_call(operation, rule)
            if differs(operation.began.at, wanted[number]):
                raise self._wrong_time(operation, wanted[number], rule)
        if len(operations) < len(wanted):
            raise self._missing_call(name, len(operations), rule)

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
        reason = self.abnormal()
        ended = self.outcome.kind == "returned"
        return Broken(
            rule,
            f"{called} was never called" + ("" if ended else f": {self.ending()}"),
            sign="missing-call" if reason == "never arose" else reason,
            at=wanted,
            line=then[-1].line if then else self.ending_line(),
            operations=[(each.number, "instead") for each in then],
            seen=_called_instead(then, operations, self.call),
            reason="behaviour" if reason == "never arose" else reason,
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
        times = "never" if not seen else f"only {words.count(seen, 'time')}"
        return Broken(
            rule,
            f"{name} was called {times}: {self.ending()}",
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
