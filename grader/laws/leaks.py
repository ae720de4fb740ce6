"""What is left behind: tasks, operations, generators, warnings, a blocked loop."""

from __future__ import annotations

from grader import wire
from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.witness import Witness


class LeakLaws(Witness):
    """Nothing is left running, nothing is complained of, the loop is never blocked."""

    def leaves_nothing(self, *, threads: bool = False) -> None:
        """Nothing runs on when the call is over.

        Judge-held: no operation is still on, or begins, after the end. Observed: no
        task is pending and no async generator suspended; with `threads`, no thread is
        left when everything has come to rest.
        """
        rule = "Nothing may be left running when the call is over"
        self.must_end_somehow()
        self._no_operation_on(rule)
        if self.run.left:
            raise self._left(self.run.left[0], rule)
        ended = self.run.ended
        if threads and ended is not None and ended.left:
            raise self._left(ended.left[0], rule)
        if not self.run.operations and self.run.idles == 0:
            raise NotReached("nothing was started")

    def must_end_somehow(self) -> None:
        """Raise `NotReached` unless the run returned or raised."""
        self.reached(returned=False)

    def _no_operation_on(self, rule: str) -> None:
        end = self.outcome.when
        for each in self.run.operations:
            if each.closed is None or each.closed.order > end.order:
                later = each.began.order > end.order
                state = "began afterwards" if later else "was still running"
                raise Broken(
                    rule,
                    f"{self.call(each)} {state} when it ended at {words.moment(end.at)}",
                    sign="operation",
                    at=end.at,
                    until=each.ended.at if each.ended else self.run.end.at,
                    line=each.line,
                    operations=[(each.number, "left running")],
                )

    def _left(self, left: wire.Stuck, rule: str) -> Broken:
        end = self.outcome.when.at
        name = {"generator": "async generator"}.get(left.kind, left.kind)
        where = f" in {left.function}" if left.function else ""
        waits = f", waiting for {left.waits_for}" if left.waits_for else ""
        return Broken(
            rule,
            f"{name} {left.name}{where} was still there at {words.moment(end)}{waits}",
            sign=left.kind,
            at=end,
            line=left.line,
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
                f"it said: {words.tidy(warned.message)}",
                sign=_sign_of(warned),
                line=warned.line,
            )
        if not self.run.operations and self.run.idles == 0:
            raise NotReached("nothing was started")

    def never_blocks(self) -> None:
        """The loop's own thread never entered a wait (observed)."""
        for moment, blocked in self.run.blocked:
            who = f" by {blocked.task}" if blocked.task else ""
            raise Broken(
                "The event loop's thread must never wait for anything",
                f"{blocked.what} stopped every task at {words.moment(moment.at)}{who}",
                sign="blocked",
                at=moment.at,
                line=blocked.line,
                reason="blocked call",
            )
        self.must_end_somehow()
        if not self.run.operations and self.run.idles == 0:
            raise NotReached("nothing was started")


_OF_LATER_VERSIONS = {"DeprecationWarning", "PendingDeprecationWarning"}

_SIGNS = (
    ("never awaited", "never-awaited"),
    ("never retrieved", "never-retrieved"),
    ("destroyed but it is pending", "destroyed-pending"),
)


def _sign_of(warned: wire.Warned) -> str:
    return next((sign for text, sign in _SIGNS if text in warned.message), "warning")
