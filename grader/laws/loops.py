"""What becomes of the event loops that a submission makes itself?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken, NotReached
from grader.laws.witness import Witness
from grader.world.record import Operation


class LoopLaws(Witness):
    """Closed, with all that belonged to them, and nowhere left set."""

    def closes_its_loops(self, rule: str = "") -> None:
        """Every event loop that was made is closed at the end (observed)."""
        self.reached(returned=False)
        loops = self.run.ended.loops if self.run.ended is not None else []
        if not loops:
            why = f"no event loop was made: {self.ending()}"
            raise NotReached(why, line=self.ending_line())
        still_open = [loop for loop in loops if not loop.closed]
        if still_open:
            at = self.outcome.when.at
            were = "was" if len(still_open) == 1 else "were"
            raise Broken(
                rule or "Every event loop that was made must be closed",
                f"{words.count(len(still_open), 'loop')} {were} still open at "
                f"{words.moment(at)}, when the call was over",
                sign="loop-open",
                at=at,
            )

    def leaves_no_loop_set(self, rule: str = "") -> None:
        """The thread has no event loop set at the end, and no policy was set (observed)."""
        self.reached(returned=False)
        ended = self.run.ended
        if ended is None or not (ended.policy_set or ended.loop_set):
            return
        sign, fact = "loop-set", "asyncio.set_event_loop left a loop behind"
        if ended.policy_set:
            sign, fact = "policy-set", "asyncio.set_event_loop_policy was called"
        raise Broken(
            rule or "No event loop may be left set, and no policy be set",
            fact,
            sign=sign,
            at=self.outcome.when.at,
        )

    def runs_on_one_thread(self, name: str, rule: str = "") -> None:
        """Every call of `name` begins on one thread, not the scenario's own (observed)."""
        self.reached(returned=False)
        calls = self.run.named(name)
        if not calls:
            raise self.never_called(name)
        rule = rule or f"{name} must always be called on one thread of its own"
        for each in calls:
            if each.thread == 0:
                fact = "was called on the thread of the program itself"
                raise self._wrong_thread(each, fact, "main-thread", rule)
            if each.thread != calls[0].thread:
                fact = f"was called on another thread than {self.call(calls[0])}"
                raise self._wrong_thread(each, fact, "many-threads", rule)

    def _wrong_thread(self, each: Operation, fact: str, sign: str, rule: str) -> Broken:
        at = each.began.at
        return Broken(
            rule,
            f"{self.call(each)} {fact} at {words.moment(at)}",
            sign=sign,
            at=at,
            line=each.line,
            operations=[(each.number, "another thread")],
        )

    def finishes(self, name: str, rule: str, keys: Sequence[Any] = ()) -> None:
        """Each call of `name` has ended when it is over; there is one for each of `keys`."""
        self.must_end(rule)
        end = self.outcome.when
        calls = [each for each in self.run.named(name) if each.began.order < end.order]
        for each in calls:
            if each.ended is None or each.ended.order > end.order:
                raise self._unfinished(each, rule)
            if each.how == "dropped":
                raise self._given_up(each, rule)
        if not calls and not keys:
            raise self.never_called(name)
        called = [first_argument(each) for each in calls]
        for key in keys:
            if key not in called:
                wanted = words.call(name, [key], self.label)
                raise Broken(
                    rule,
                    f"{wanted} was not called before {words.moment(end.at)}, "
                    "when the call was over",
                    sign="never",
                    at=end.at,
                )

    def _given_up(self, each: Operation, rule: str) -> Broken:
        at = self.left_at(each)
        return Broken(
            rule,
            f"{self.call(each)} was given up at {words.moment(at)}: it was neither "
            "waited for nor cancelled",
            sign="given-up",
            at=at,
            line=each.line,
            operations=[(each.number, "given up")],
        )

    def _unfinished(self, each: Operation, rule: str) -> Broken:
        end = self.outcome.when
        cleaning = each.cancelled is not None and each.cancelled.order < end.order
        return Broken(
            rule,
            f"{self.call(each)} was still {'cleaning up' if cleaning else 'running'} "
            f"at {words.moment(end.at)}, when the call was over",
            sign="unfinished",
            at=end.at,
            until=each.ended.at if each.ended else self.run.end.at,
            line=each.line,
            operations=[(each.number, "left running")],
        )
