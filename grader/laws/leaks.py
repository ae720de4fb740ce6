"""What is left behind: tasks, operations, generators, warnings, a blocked loop."""

from __future__ import annotations

from typing import Any

from grader import wire
from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import differs
from grader.laws.witness import Witness
from grader.world.record import Operation
from grader.world.rules import instant


class LeakLaws(Witness):
    """Nothing is left running, nothing is complained of, the loop is never blocked."""

    def leaves_nothing(self, *, threads: bool = False) -> None:
        """Nothing runs on when the call is over.

        Judge-held: no operation is still on, or begins, after the end. Observed: no
        task is pending and no async generator suspended; with `threads`, no thread is
        left either, as `leaves_no_thread` has it.
        """
        rule = "Nothing may be left running when the call is over"
        self.must_end_somehow()
        self._no_operation_on(rule)
        if self.run.left:
            raise self._left(self.run.left[0], rule)
        if threads:
            self.leaves_no_thread(rule)
        self._must_have_started()

    def must_end_somehow(self) -> None:
        """Raise `NotReached` unless the run returned or raised."""
        self.reached(returned=False)

    def _must_have_started(self) -> None:
        if not self.run.operations and self.run.idles == 0:
            why = f"nothing was started: {self.ending()}"
            raise NotReached(why, line=self.ending_line())

    def _no_operation_on(self, rule: str) -> None:
        for each in filter(self.outlives, self.run.operations):
            raise Broken(
                rule,
                self.outliving(each),
                sign="operation",
                at=self.outcome.when.at,
                until=self.left_at(each),
                line=each.line,
                operations=[(each.number, "left running")],
            )

    def _left(self, left: wire.Stuck, rule: str) -> Broken:
        end = self.outcome.when.at
        name = {"generator": "async generator"}.get(left.kind, left.kind)
        named = left.name.endswith(left.function)
        where = "" if named else f" in {left.function}"
        waits = f", waiting for {left.waits_for}" if left.waits_for else ""
        return Broken(
            rule,
            f"{name} {left.name}{where} was still there at {words.moment(end)}{waits}",
            sign=left.kind,
            at=end,
            line=left.line,
        )

    def loses_none(self, name: str, rule: str) -> None:
        """No call of `name` was lost: whoever waited for it was there to the end.

        A task that nobody holds dies when garbage is collected, in the middle of a call.
        """
        self.check_time()
        for each in self.named(name):
            if each.how == "dropped" and each.closed and not self.outlives(each):
                raise Broken(
                    rule,
                    f"{self.call(each)} was lost at {words.moment(each.closed.at)}: "
                    "the task that waited for it was gone",
                    sign="lost",
                    at=each.closed.at,
                    line=each.line,
                    operations=[(each.number, "lost")],
                )
        if not self.named(name):
            raise self.never_called(name)
        self.reached(returned=False)

    def leaves_no_timer(self, rule: str = "", note: str = "timers") -> None:
        """No timer is still set when the scenario looks (observed).

        It notes, under `note`, a list with the seconds in which each timer rings.
        """
        self.check_time()
        if not self.run.noted(note):
            raise self.never_noted(note)
        for noted in self.run.noted(note):
            if noted.values != [[]]:
                raise Broken(
                    rule or "No timer may be left when the call is over",
                    f"a timer was still set at {words.moment(noted.when.at)}"
                    f"{_rings(noted.values)}",
                    sign="timer",
                    at=noted.when.at,
                )

    def warns_nothing(self) -> None:
        """No coroutine was never awaited, no exception never retrieved (observed).

        What will go away in a later Python is no complaint: each version warns of
        other things.
        """
        self.must_end_somehow()
        ended = self.run.ended
        for warned in ended.warnings if ended is not None else []:
            if warned.kind in _OF_LATER_VERSIONS:
                continue
            raise Broken(
                "Python must have nothing to complain of",
                f"it said: {words.tidy(warned.message) or warned.kind}",
                sign=_sign_of(warned),
                line=warned.line,
            )
        self._must_have_started()

    def never_blocks(self) -> None:
        """The loop's own thread never entered a wait (observed)."""
        for moment, blocked in self.run.blocked:
            who = f" in {blocked.task}" if blocked.task else ""
            raise Broken(
                "The event loop's thread must never wait for anything",
                f"{blocked.what}{who} stopped every task at {words.moment(moment.at)}",
                sign="blocked",
                at=moment.at,
                line=blocked.line,
                reason="blocked call",
            )
        self.must_end_somehow()
        self._must_have_started()

    def keeps_beating(self, name: str, rule: str = "") -> None:
        """The loop is not blocked for any time: a heartbeat beside it is never late.

        The scenario's heartbeat awaits calls of `name`, one after the other. One is late
        when it is left later than the world let it go.
        """
        self.reached(returned=False)
        beats = [each for each in self.run.named(name) if each.completed]
        for beat in beats:
            due = beat.completed.at if beat.completed else 0
            left = beat.closed.at if beat.closed else self.run.end.at
            if left > due and differs(left, due):
                raise self._late(beat, due, left, rule)
        if not beats:
            raise NotReached(f"it was over before the first {name}")

    def _late(self, beat: Operation, due: int, left: int, rule: str) -> Broken:
        blocked = [each for when, each in self.run.blocked if when.at <= due]
        what = blocked[-1].what if blocked else ""
        return Broken(
            rule or "The event loop must never be blocked",
            f"no other task could run from {words.moment(due)} to {words.moment(left)}",
            sign="blocked",
            at=due,
            until=left,
            line=blocked[-1].line if blocked else self.ending_line(),
            operations=[(beat.number, "late")],
            seen=f"the loop's own thread was waiting for {what}" if what else "",
        )

    def leaves_no_thread(self, rule: str = "") -> None:
        """No thread is left when the run is over and its last call has ended (observed).

        One that ends in that very instant is not left, even if it ends later in it.
        """
        self.must_end_somehow()
        left = [(when.at, each) for when, each in self.run.idle_threads]
        if self.run.ended is not None:
            left += [(self.run.end.at, each) for each in self.run.ended.left]
        for at, each in left:
            told = each.line and each.waits_for
            waits = f", waiting for {each.waits_for}" if told else ""
            raise Broken(
                rule or "No thread may be left when its work is done",
                f"thread {each.name} was still there at {words.moment(at)}, "
                f"when all calls had ended{waits}",
                sign="thread",
                at=at,
                line=each.line,
            )


def _rings(noted: list[Any]) -> str:
    # A note may be forged: then it is any number of any values.
    rests = noted[0] if noted and isinstance(noted[0], list) else []
    first = rests[0] if rests else None
    if not isinstance(first, int | float) or not 0 <= first < _YEAR:
        return ""
    return f", to ring {words.seconds(instant(first))} later"


_YEAR = 366 * 24 * 3600
_OF_LATER_VERSIONS = {"DeprecationWarning", "PendingDeprecationWarning"}

_SIGNS = (
    ("never awaited", "never-awaited"),
    ("never retrieved", "never-retrieved"),
    ("destroyed but it is pending", "destroyed-pending"),
)


def _sign_of(warned: wire.Warned) -> str:
    return next((sign for text, sign in _SIGNS if text in warned.message), "warning")
