"""What all families of laws share: the run, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from grader import values, wire
from grader.laws import words
from grader.laws.outcome import Broken, NotReached, TimeUp
from grader.verdict import Reason
from grader.world.record import Operation, Outcome, Run

Names = str | Collection[str]
"""The name of an operation, or of several that a law takes together."""

TOLERANCE = 1_000
"""Nanoseconds by which an exact time may differ: floats of a day's size are no finer."""

_TIME_UP = {"processor time", "wall time", "endless"}
_STOPPED = {
    "endless": "it never came to an end: the run was stopped after too many steps",
    "processor time": "it used up its processor time without waiting for anything",
    "wall time": "it stopped answering: something waits outside of the event loop",
    "deadlock": "it never ended: all were waiting, and nothing could end a wait "
    "(deadlock)",
    "livelock": "it never ended: the loop went round and round and time stood still "
    "(livelock)",
}


class Witness:
    """A run that laws can be asked about. `label` names tokens in messages."""

    def __init__(self, run: Run, label: Callable[[str], str]) -> None:
        self.run = run
        self.label = label

    # --- looking --------------------------------------------------------------

    @property
    def outcome(self) -> Outcome:
        """How the run ended."""
        if self.run.outcome is None:
            raise RuntimeError("the run has no outcome")
        return self.run.outcome

    def named(self, name: Names) -> list[Operation]:
        """Return the calls of an operation, or of several, as they began."""
        names = {name} if isinstance(name, str) else set(name)
        return [each for each in self.run.operations if each.name in names]

    def operations(self, name: Names) -> list[Operation]:
        """Return the calls of an operation, without those cancelled as they began.

        A call that began and was cancelled in one instant has not started: a semaphore
        may let a waiter in at the very instant of the error.
        """
        return [each for each in self.named(name) if not each.blinked]

    def answered(self, name: str) -> list[Operation]:
        """Return the calls of an operation whose answer was taken before the end."""
        end = self.outcome.when.order
        return [
            each
            for each in self.named(name)
            if each.how == "value" and each.closed and each.closed.order < end
        ]

    def call(self, operation: Operation) -> str:
        """Return an operation as the learner would write the call."""
        return words.call(
            operation.name, operation.args, self.label, operation.keywords
        )

    def show(self, value: wire.Value) -> str:
        """Return a packed value in one line, tokens by name."""
        return values.show(value, 80, self.label)

    # --- what outlives the run ------------------------------------------------

    def outlives(self, operation: Operation) -> bool:
        """Say whether an operation was still on when the run ended."""
        closed = operation.closed
        return closed is None or closed.order > self.outcome.when.order

    def outliving(self, operation: Operation, over: str = "the call was over") -> str:
        """Say in a clause how an operation outlived the run; `over` puts its end."""
        end = self.outcome.when
        called, over = self.call(operation), f"{over} at {words.moment(end.at)}"
        if operation.began.order > end.order:
            return f"{called} began at {words.moment(operation.began.at)}, after {over}"
        cancelled = operation.cancelled
        cleaning = cancelled is not None and cancelled.order < end.order
        return (
            f"{called} was still {'cleaning up' if cleaning else 'running'} when {over}"
        )

    def left_at(self, operation: Operation) -> int:
        """Return the instant at which an operation was left, or else the run was over."""
        return (operation.closed or self.run.end).at

    # --- how it ended ---------------------------------------------------------

    def ending(self) -> str:
        """Say in a clause how the run ended."""
        outcome = self.outcome
        if outcome.kind == "returned" and self.run.script:
            return "all else came to its end"
        if outcome.kind == "returned":
            return f"it returned {self.show(outcome.value)}"
        if outcome.error is not None:
            return f"it raised {words.error(outcome.error)}"
        if outcome.kind == "crashed":
            return outcome.detail
        if outcome.kind == "protocol violation":
            return f"the program interfered with the grader ({outcome.detail})"
        return _STOPPED[outcome.kind]

    def ending_line(self) -> int:
        """Return the learner's line at which the run ended, 0 if unknown."""
        outcome = self.outcome
        if outcome.error is not None and outcome.error.frames:
            return line_of(outcome.error)
        if outcome.frames:
            return outcome.frames[-1].line
        spinning = [each for each in self.run.stuck if each.waits_for == wire.NEXT_TURN]
        return next((each.line for each in spinning + self.run.stuck if each.line), 0)

    def abnormal(self) -> Reason:
        """Return why the run did not come to an end of its own, or `never arose`."""
        kind = self.outcome.kind
        return "never arose" if kind in {"returned", "raised"} else kind  # type: ignore[return-value]

    def never_called(self, name: str) -> NotReached:
        """Return what to raise when too few operations that the law is about began."""
        seen = len(self.operations(name))
        called = f"called only {words.times(seen)}" if seen else "never called"
        why = f"{name} was {called}: {self.ending()}"
        return NotReached(why, self.abnormal(), self.ending_line())

    def never_noted(self, note: str) -> NotReached:
        """Return what to raise when the scenario did not come to where it notes this."""
        why = f'it never came to "{note}": {self.ending()}'
        return NotReached(why, self.abnormal(), self.ending_line())

    def but_ended(self) -> str:
        """Say how the run ended, after a colon, unless it simply returned."""
        return "" if self.outcome.kind == "returned" else f": {self.ending()}"

    def check_time(self) -> None:
        """Raise `TimeUp` if the run was ended for want of time or of a beginning."""
        outcome = self.outcome
        if outcome.kind in _TIME_UP:
            raise TimeUp(self._time_up_text(), outcome.kind, self.ending_line())  # type: ignore[arg-type]
        for error in [outcome.error, *(each.error for each in self.run.steps.values())]:
            stub = _stub_in(error) if error is not None else None
            if stub is not None:
                why = f"{stub.function} raises NotImplementedError"
                raise NotReached(why, "not started", stub.line)

    def _time_up_text(self) -> str:
        text = _STOPPED[self.outcome.kind]
        return text[0].upper() + text[1:]

    def must_end(self, rule: str) -> None:
        """Break the law unless the run returned or raised."""
        self.check_time()
        outcome = self.outcome
        if outcome.kind not in {"returned", "raised"}:
            raise Broken(
                rule,
                self.ending(),
                sign=outcome.kind,
                at=outcome.when.at,
                line=self.ending_line(),
                reason=outcome.kind,  # type: ignore[arg-type]
            )

    def must_return(self, rule: str) -> None:
        """Break the law unless the run returned."""
        self.must_end(rule)
        if self.outcome.kind == "raised":
            raise Broken(
                rule,
                f"{self.ending()} at {words.moment(self.outcome.when.at)}",
                sign="raised",
                at=self.outcome.when.at,
                line=self.ending_line(),
                reason="raised",
            )

    def reached(self, *, returned: bool = True) -> None:
        """Raise `NotReached` unless the run came to its end: returned, or just ended."""
        self.check_time()
        outcome = self.outcome
        wanted = {"returned"} if returned else {"returned", "raised"}
        if outcome.kind not in wanted:
            reason = "raised" if outcome.kind == "raised" else self.abnormal()
            raise NotReached(self.ending(), reason, self.ending_line())

    @contextmanager
    def given(self) -> Iterator[None]:
        """Turn a law broken inside into `not reached`: it is the condition of another.

        An observed law counts only where the judge-held laws of the run hold.
        """
        try:
            yield
        except Broken as error:
            raise NotReached(str(error), error.reason, error.line) from None


def line_of(error: wire.Failure) -> int:
    """Return the learner's line that an error comes from, 0 if unknown.

    That is the innermost; but an operation's error that a `raise` chose comes from there.
    """
    chosen = [each.line for each in error.frames if each.raised]
    if error.handle is not None and chosen:
        return chosen[0]  # outermost: an error carries its older lines inside
    return error.frames[-1].line if error.frames else 0


def _stub_in(error: wire.Failure) -> wire.Frame | None:
    """Return where an error was raised that says that nothing is written yet."""
    if error.group:
        stubs = [_stub_in(each) for each in error.group]
        return stubs[0] if all(stubs) else None
    ours = error.handle is not None
    if error.type != "NotImplementedError" or ours or not error.frames:
        return None
    return error.frames[-1]
