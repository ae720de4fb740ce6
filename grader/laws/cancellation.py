"""What becomes of the others when one fails, and of all when the caller is cancelled."""

from __future__ import annotations

from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import differs
from grader.laws.witness import Names, Witness
from grader.world.record import Operation
from grader.world.rules import instant


class CancellationLaws(Witness):
    """Cancelled, and finished, before anything comes out."""

    def cancels_rest(self, name: Names, rule: str = "") -> None:
        """After the first error: running calls cancelled and finished, none begun.

        "Finished" is before the error came out. A call that ends by itself in the very
        instant of the error needs no cancelling.
        """
        failed = self.first_failed(name)
        rule = (
            rule or "The first error must cancel the others and wait for them to finish"
        )
        self._none_begins_after(failed, name, rule)
        self.must_end(rule)
        for each in self.named(name):
            self._finished_before_the_end(each, rule)
            self._cancelled_at(each, failed, rule)

    def first_failed(self, name: Names) -> Operation:
        """Return the call of `name` that failed first; `NotReached` if none did."""
        failed = [each for each in self.named(name) if each.failed and each.completed]
        if not failed:
            self.check_time()
            called = name if isinstance(name, str) else " or ".join(name)
            why = f"no call of {called} failed: {self.ending()}"
            raise NotReached(why, self.abnormal(), self.ending_line())
        return min(
            failed, key=lambda each: each.completed.order if each.completed else 0
        )

    def _none_begins_after(self, failed: Operation, name: Names, rule: str) -> None:
        error_at = failed.completed.at if failed.completed else 0
        for each in self.operations(name):
            if each.began.at > error_at:
                raise Broken(
                    rule,
                    f"{self.call(each)} began at {words.moment(each.began.at)}, after the "
                    f"error at {words.moment(error_at)}",
                    sign="starts-after-error",
                    at=each.began.at,
                    line=each.line,
                    operations=[(each.number, "after the error")],
                )

    def _finished_before_the_end(self, each: Operation, rule: str) -> None:
        end = self.outcome.when
        if each.closed is None or each.closed.order > end.order:
            cleaning = each.cancelled is not None
            state = "was still cleaning up" if cleaning else "was still running"
            raise Broken(
                rule,
                f"{self.call(each)} {state} when the error came out at {words.moment(end.at)}",
                sign="not-awaited" if cleaning else "not-cancelled",
                at=end.at,
                until=each.ended.at if each.ended else self.run.end.at,
                line=each.line,
                operations=[(each.number, "still running")],
            )

    def _cancelled_at(self, each: Operation, failed: Operation, rule: str) -> None:
        error_at = failed.completed.at if failed.completed else 0
        ended = each.ended
        if ended is None or ended.at <= error_at:
            return
        if each.cancelled is None or differs(each.cancelled.at, error_at):
            raise Broken(
                rule,
                f"{self.call(each)} ran on until {words.moment(ended.at)}, after the error "
                f"at {words.moment(error_at)}",
                sign="not-cancelled",
                at=error_at,
                until=ended.at,
                line=each.line,
                operations=[(each.number, "not cancelled")],
            )

    def begins_nothing_after_cancel(self, name: Names, rule: str = "") -> None:
        """Once the caller is cancelled, no call of `name` begins."""
        sent = self.run.cancel_sent
        if sent is None:
            self.check_time()
            raise NotReached("there was no quiet instant at which to cancel")
        for each in self.named(name):
            if each.began.order > sent.order:
                raise Broken(
                    rule or "After a cancellation nothing new may begin",
                    f"it was cancelled at {words.moment(sent.at)}, and {self.call(each)} "
                    f"was called at {words.moment(each.began.at)}",
                    sign="begins-after-cancel",
                    at=sent.at,
                    until=each.began.at,
                    line=each.line,
                    operations=[(each.number, "after the cancellation")],
                )
        self.must_end(rule)

    def cancelled_cleanly(self, grace: float = 0, rule: str = "") -> None:
        """After the caller's cancellation: `CancelledError` comes out, nothing is left.

        It comes out in the same instant, or exactly when the cleanup granted by `grace`
        seconds is over. An error that a cancelled operation raised in its own cleanup
        may come out instead.
        """
        sent = self.run.cancel_sent
        if sent is None:
            self.check_time()
            raise NotReached("there was no quiet instant at which to cancel")
        rule = rule or "Cancelling the caller must cancel everything it started"
        self.must_end(rule)
        self._comes_out(rule)
        self._in_time(sent.at, instant(grace), rule)
        for each in self.run.operations:
            self._finished_after_cancel(each, rule)

    def _comes_out(self, rule: str) -> None:
        error = self.outcome.error
        if error is not None and (
            "CancelledError" in {error.type, *error.bases} or error.handle is not None
        ):
            return
        at = self.outcome.when.at
        raise Broken(
            rule + ", and CancelledError must come out",
            f"{self.ending()} at {words.moment(at)}",
            sign="swallowed",
            at=at,
            line=self.ending_line(),
        )

    def _in_time(self, sent: int, grace: int, rule: str) -> None:
        at = self.outcome.when.at
        if at > sent + grace and differs(at, sent + grace):
            granted = f" plus {words.seconds(grace)} to clean up" if grace else ""
            raise Broken(
                rule + " at once",
                f"cancelled at {words.moment(sent)}{granted}, it ended at {words.moment(at)}",
                sign="too-late",
                at=sent,
                until=at,
                line=self.ending_line(),
            )

    def _finished_after_cancel(self, each: Operation, rule: str) -> None:
        end = self.outcome.when
        if each.closed is not None and each.closed.order < end.order:
            return
        state = "was still running"
        if each.began.order > end.order:
            state = f"began at {words.moment(each.began.at)}, afterwards"
        raise Broken(
            rule,
            f"{self.call(each)} {state} when CancelledError came out at {words.moment(end.at)}",
            sign="left-running",
            at=end.at,
            until=each.ended.at if each.ended else self.run.end.at,
            line=each.line,
            operations=[(each.number, "left running")],
        )
