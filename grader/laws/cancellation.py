"""What becomes of the others when one fails, and of all when the caller is cancelled."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from grader import wire
from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import differs, later
from grader.laws.witness import Names, Witness
from grader.world.record import Moment, Operation
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
        for each in self.named(name):
            if later(each.began.at, error_at):
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
        if not self.outlives(each):
            return
        end = self.outcome.when
        returned = self.outcome.kind == "returned"
        over = "the call returned" if returned else "the error came out"
        cleaning = each.cancelled is not None and each.cancelled.order < end.order
        raise Broken(
            rule,
            self.outliving(each, over),
            sign="not-awaited" if cleaning else "not-cancelled",
            at=end.at,
            until=self.left_at(each),
            line=each.line,
            operations=[(each.number, "still running")],
        )

    def _cancelled_at(self, each: Operation, failed: Operation, rule: str) -> None:
        error_at = failed.completed.at if failed.completed else 0
        ended, cancelled = each.ended, each.cancelled
        if ended is None or not later(ended.at, error_at):
            return
        if cancelled is not None and not later(cancelled.at, error_at):
            return
        fact, note = f"ran on until {words.moment(ended.at)}", "not cancelled"
        if cancelled is not None:
            fact = f"was cancelled only at {words.moment(cancelled.at)}"
            note = "cancelled late"
        raise Broken(
            rule,
            f"{self.call(each)} {fact}, after the error at {words.moment(error_at)}",
            sign="not-cancelled",
            at=error_at,
            until=(cancelled or ended).at,
            line=each.line,
            operations=[(each.number, note)],
        )

    def cancels_at(self, name: str, seconds: float, rule: str) -> None:
        """Calls that still run at that time are cancelled then, once, and finish.

        "Finish" is before the run ends. A call that has ended by then needs no
        cancelling.
        """
        wanted = instant(seconds)
        self.must_end(rule)
        for each in self.named(name):
            self._cancelled_just_then(each, wanted, rule)
            if self.outlives(each):
                raise self._not_stopped(each, rule)
        if not self.named(name):
            raise self.never_called(name)

    def _not_stopped(self, each: Operation, rule: str) -> Broken:
        # A cancellation that nobody waits for arrives after the end, in its instant.
        at, cancelled = self.outcome.when.at, each.cancelled
        asked = cancelled is not None and not later(cancelled.at, at)
        returned = self.outcome.kind == "returned"
        over = "the call returned" if returned else "the error came out"
        return Broken(
            rule,
            self.outliving(each, over),
            sign="not-awaited" if asked else "not-cancelled",
            at=at,
            until=self.left_at(each),
            line=each.line,
            operations=[(each.number, "still running")],
        )

    def _cancelled_just_then(self, each: Operation, wanted: int, rule: str) -> None:
        cancelled, left = each.cancelled, self.left_at(each)
        at = words.moment(wanted)
        if cancelled is None:
            if not later(left, wanted) or self.outlives(each):
                return
            sign, since = "not-cancelled", wanted
            fact = f"ran on until {words.moment(left)} and was not cancelled at {at}"
        elif differs(cancelled.at, wanted):
            sign, since = "wrong-time", min(wanted, cancelled.at)
            fact = f"was cancelled at {words.moment(cancelled.at)}, not at {at}"
        elif each.cancels > 1:
            sign, since = "cut-short", wanted
            fact = "was cancelled a second time while it cleaned up"
        else:
            return
        raise Broken(
            rule,
            f"{self.call(each)} {fact}",
            sign=sign,
            at=since,
            until=left,
            line=each.line,
            operations=[(each.number, sign.replace("-", " "))],
        )

    def starts_no_more(self, name: Names, rule: str) -> None:
        """After the instant of the first error no call of `name` begins."""
        self._none_begins_after(self.first_failed(name), name, rule)
        self.must_end(rule)

    def ends_with_the_running(self, name: Names, rule: str) -> None:
        """The first error comes out at once, or while calls that ran then still run.

        For calls that cannot be cancelled: it may wait for them, and no longer.
        """
        failed = self.first_failed(name)
        self.must_end(rule)
        error_at = failed.completed.at if failed.completed else 0
        ran = [each for each in self.named(name) if each.began.at <= error_at]
        latest = max(each.ended.at if each.ended else self.run.end.at for each in ran)
        at = self.outcome.when.at
        if later(at, latest):
            raise Broken(
                rule,
                f"it ended at {words.moment(at)}, although the error was at "
                f"{words.moment(error_at)} and all that ran then had ended by "
                f"{words.moment(latest)}",
                sign="too-late",
                at=latest,
                until=at,
                line=self.ending_line(),
            )

    def begins_nothing_after_cancel(self, name: Names, rule: str = "") -> None:
        """Once the caller is cancelled, no call of `name` begins.

        One that begins and is cancelled in that very instant has not begun.
        """
        rule = rule or "After a cancellation nothing new may begin"
        sent = self._cancel_sent()
        for each in self.named(name):
            blinked = each.blinked and each.began.at == sent.at
            if each.began.order > sent.order and not blinked:
                raise Broken(
                    rule,
                    f"it was cancelled at {words.moment(sent.at)}, and {self.call(each)} "
                    f"was called at {words.moment(each.began.at)}",
                    sign="begins-after-cancel",
                    at=sent.at,
                    until=each.began.at,
                    line=each.line,
                    operations=[(each.number, "after the cancellation")],
                )
        self.must_end(rule)

    def _cancel_sent(self) -> Moment:
        """Return when the caller was cancelled; `NotReached` if it never was."""
        sent = self.run.cancel_sent
        if sent is None:
            self.check_time()
            why = f"there was no quiet instant at which to cancel{self.but_ended()}"
            raise NotReached(why, self.abnormal(), self.ending_line())
        return sent

    def cancelled_at_once(self, name: Names, rule: str) -> None:
        """After the caller's cancellation: `CancelledError` comes out in that instant.

        For calls of `name` that cannot be cancelled: those that run go on, and none
        begins in a later instant.
        """
        sent = self._cancel_sent()
        self.must_end(rule)
        self._comes_out(sent, rule)
        self._in_time(sent.at, 0, rule)
        self._none_begins_after_cancel(sent, name, rule)

    def cancelled_with_the_running(self, names: Names, rule: str) -> None:
        """After the caller's cancellation: `CancelledError` comes out, none begins.

        For calls of `names` that cannot be cancelled: it comes out at once, or while
        those that ran then still run. None begins in a later instant.
        """
        sent = self._cancel_sent()
        self.must_end(rule)
        self._comes_out(sent, rule)
        self._none_begins_after_cancel(sent, names, rule)
        ran = [each for each in self.named(names) if each.began.at <= sent.at]
        latest = max([sent.at, *map(self.left_at, ran)])
        self._in_time(sent.at, latest - sent.at, rule)

    def _none_begins_after_cancel(self, sent: Moment, names: Names, rule: str) -> None:
        for each in self.named(names):
            if later(each.began.at, sent.at):
                raise Broken(
                    rule,
                    f"{self.call(each)} began at {words.moment(each.began.at)}, after the "
                    f"cancellation at {words.moment(sent.at)}",
                    sign="starts-after-cancel",
                    at=sent.at,
                    until=each.began.at,
                    line=each.line,
                    operations=[(each.number, "after the cancellation")],
                )

    def had_begun(self, names: Names) -> bool:
        """Say whether a call of `names` had begun when the caller was cancelled."""
        sent = self._cancel_sent().order
        return any(each.began.order < sent for each in self.named(names))

    def cancelled_cleanly(self, grace: float = 0, rule: str = "") -> None:
        """After the caller's cancellation: `CancelledError` comes out, nothing is left.

        It comes out in the same instant, or when what it started has cleaned up, for
        which `grace` grants so many seconds. Errors of operations that failed since, or
        that were on their way out when it was cancelled, may come out instead, bare or
        in a group: a TaskGroup lets them win.
        """
        sent = self._cancel_sent()
        rule = rule or "Cancelling the caller must cancel everything it started"
        self.must_end(rule)
        self._comes_out(sent, rule)
        self._in_time(sent.at, instant(grace), rule)
        for each in self.run.operations:
            self._finished_after_cancel(each, rule)

    def lets_clean_up(self, name: Names, rule: str) -> None:
        """No call of `name` that cleans up is cancelled again before it is over."""
        end = self.outcome.when.order
        for each in self.named(name):
            closed = each.closed
            if each.cancels > 1 and closed is not None and closed.order < end:
                raise Broken(
                    rule,
                    f"{self.call(each)} was cancelled again at "
                    f"{words.moment(closed.at)}, while it cleaned up",
                    sign="cut-short",
                    at=closed.at,
                    line=each.line,
                    operations=[(each.number, "cut short")],
                )
        self.reached(returned=False)

    def _comes_out(self, sent: Moment, rule: str) -> None:
        error = self.outcome.error
        if error is not None and (
            _is_cancellation(error) or self._may_come_out(error, sent)
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

    def _may_come_out(self, error: wire.Failure, sent: Moment) -> bool:
        """Say whether an error, or each of a group, failed since or was on its way.

        It was if the others, cancelled for that failure, still cleaned up by then.
        """
        # A group may have tens of thousands of members, and a run as many calls.
        failed = {
            f"error {each.token}": each.completed
            for each in self.run.operations
            if each.completed and each.failed
        }
        stopped = sorted(
            each.cancelled
            for each in self.run.operations
            if each.cancelled is not None
            and (each.closed is None or each.closed.order > sent.order)
        )
        for handle in _handles(error):
            moment = failed.get(handle)
            if moment is None:
                return False
            if moment.order < sent.order and not _stops(moment, stopped):
                return False
        return True

    def _in_time(self, sent: int, grace: int, rule: str) -> None:
        at = self.outcome.when.at
        if later(at, sent + grace):
            granted = f" with {words.seconds(grace)} to clean up" if grace else ""
            raise Broken(
                rule + " at once",
                f"cancelled at {words.moment(sent)}{granted}, it ended at {words.moment(at)}",
                sign="too-late",
                at=sent,
                until=at,
                line=self.ending_line(),
            )

    def _finished_after_cancel(self, each: Operation, rule: str) -> None:
        if not self.outlives(each):
            return
        error = self.outcome.error
        cancellation = error is not None and _is_cancellation(error)
        over = "CancelledError came out" if cancellation else "the error came out"
        raise Broken(
            rule,
            self.outliving(each, over),
            sign="left-running",
            at=self.outcome.when.at,
            until=self.left_at(each),
            line=each.line,
            operations=[(each.number, "left running")],
        )


def _handles(error: wire.Failure) -> Iterator[str]:
    """Yield the handle of an error, or those of a group's members."""
    for each in error.group or ():
        yield from _handles(each)
    if not error.group:
        yield error.handle or ""


def _stops(failed: Moment, stopped: list[Moment]) -> bool:
    """Say whether a cancellation among `stopped` came at once after a failure."""
    place = bisect_right(stopped, failed.order, key=lambda moment: moment.order)
    return place < len(stopped) and not later(stopped[place].at, failed.at)


def _is_cancellation(error: wire.Failure) -> bool:
    return "CancelledError" in {error.type, *error.bases}
