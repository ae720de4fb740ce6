"""What was done is taken back; what went wrong comes out together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from grader import wire
from grader.laws import words
from grader.laws.outcome import Broken
from grader.laws.witness import Names, Witness
from grader.world.record import Operation


class UndoLaws(Witness):
    """Everything or nothing: each deed has its undoing, all errors are in one group."""

    def undoes(self, pairs: Sequence[tuple[str, str]], rule: str) -> None:
        """Each call of a deed that ended well is undone when all is over, and no other.

        A pair names a deed and what undoes it. An undoing that fails has been tried; one
        that is cut short has not.
        """
        for deed, undoing in pairs:
            done = [each for each in self.named(deed) if each.how == "value"]
            called = self.named(undoing)
            if len(called) > len(done):
                raise self._undone_too_often(called[len(done)], deed, done, rule)
        self.must_end(rule)
        for deed, undoing in pairs:
            done = [each for each in self.named(deed) if each.how == "value"]
            tried = [each for each in self.named(undoing) if self._was_tried(each)]
            if len(tried) < len(done):
                raise self._not_undone(done[len(tried)], undoing, rule)

    def _was_tried(self, undoing: Operation) -> bool:
        ended = undoing.closed
        tried = undoing.how in {"value", "error"}
        return tried and ended is not None and ended.order < self.outcome.when.order

    def _undone_too_often(
        self, extra: Operation, deed: str, done: list[Operation], rule: str
    ) -> Broken:
        why = "that was once too often" if done else f"no {deed} had ended well"
        return Broken(
            rule,
            f"{self.call(extra)} was called at {words.moment(extra.began.at)}, "
            f"although {why}",
            sign="undone-twice" if done else "undone-for-nothing",
            at=extra.began.at,
            line=extra.line,
            operations=[(extra.number, "nothing to undo")],
        )

    def _not_undone(self, deed: Operation, undoing: str, rule: str) -> Broken:
        at = deed.closed.at if deed.closed is not None else deed.began.at
        calls = self.named(undoing)
        cut = [each for each in calls if not self._was_tried(each)]
        often = f"called only {words.times(len(calls))}" if calls else "never called"
        why = f"{undoing} was {often}{self.but_ended()}"
        if cut:
            why = f"{self.call(cut[0])} was cancelled"
            if self.outlives(cut[0]):
                why = self.outliving(cut[0], "all was over")
        return Broken(
            rule,
            f"{self.call(deed)} had ended well at {words.moment(at)}, but {why}",
            sign="cut-short" if cut else "not-undone",
            at=min(at, self.outcome.when.at),
            until=self.outcome.when.at,
            line=cut[0].line if cut else deed.line,
            operations=[(deed.number, "not undone")],
        )

    def raises_group_of(self, names: Names, rule: str) -> None:
        """An exception group comes out, with the error of each call of these that failed.

        Nothing else is in it; a group may stand inside another.
        """
        self.must_end(rule)
        at = self.outcome.when.at
        error = self.outcome.error
        if error is None or error.group is None:
            raise Broken(
                rule,
                f"{self.ending()} at {words.moment(at)}",
                sign="no-error" if error is None else "no-group",
                at=at,
                line=self.ending_line(),
            )
        found = Counter(leaf.handle or "" for leaf in _leaves(error))
        for each in self.named(names):
            handle = f"error {each.token}"
            if each.failed and not found[handle]:
                seen = f"{self.label(handle)} is missing"
                raise self._wrong_group(rule, seen, "missing-error")
            found[handle] -= each.failed
        for leaf in _leaves(error):
            if found[leaf.handle or ""] > 0:
                told = self.label(leaf.handle) if leaf.handle else words.error(leaf)
                raise self._wrong_group(rule, f"{told} is too many", "extra-error")

    def _wrong_group(self, rule: str, seen: str, sign: str) -> Broken:
        at = self.outcome.when.at
        return Broken(
            rule,
            f"{self.ending()} at {words.moment(at)}",
            sign=sign,
            at=at,
            line=self.ending_line(),
            seen=seen,
        )


def _leaves(error: wire.Failure) -> Iterator[wire.Failure]:
    """Yield what is in a group, and in the groups in it."""
    if error.group is None:
        yield error
    for each in error.group or ():
        yield from _leaves(each)
