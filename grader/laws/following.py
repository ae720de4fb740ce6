"""Work that shows only as it goes: each answer leads to further calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken
from grader.laws.overlap import Crowd, first_crowd
from grader.laws.timing import later
from grader.laws.witness import Witness
from grader.world.record import Operation


@dataclass(frozen=True)
class _Wait:
    """A call that was ready and had a place from `since` on, and did not begin."""

    key: Any
    since: int
    begun: Operation | None


class FollowingLaws(Witness):
    """All of it is done, in turn, and as soon as it is known and there is a place.

    Keys are texts: a call is told apart by its first argument.
    """

    def calls_all(self, name: str, keys: Sequence[str], rule: str) -> None:
        """`name` is called for each of `keys`, however often, and for nothing else."""
        operations = self.operations(name)
        for operation in operations:
            if first_argument(operation) not in keys:
                at = words.moment(operation.began.at)
                raise Broken(
                    rule,
                    f"{self.call(operation)} was called at {at}, "
                    "and nobody asked for it",
                    sign="not-asked-for",
                    at=operation.began.at,
                    line=operation.line,
                    operations=[(operation.number, "not asked for")],
                )
        self.must_end(rule)
        called = _by_key(operations)
        raised = self.outcome.kind == "raised"
        for key in keys:
            if key not in called:
                raise Broken(
                    rule,
                    f"{self._called(name, key)} was never called{self.but_ended()}",
                    sign="raised" if raised else "missing-call",
                    at=self.outcome.when.at,
                    line=self.ending_line(),
                    reason="raised" if raised else "behaviour",
                )

    def at_most_of_each(
        self, limit: int, name: str, group: Callable[[Any], Any], rule: str
    ) -> None:
        """Of the calls of `name` whose keys are in one group, never more than `limit`."""
        groups: dict[Any, list[Operation]] = {}
        for each in self.operations(name):
            groups.setdefault(
                _group_of(first_argument(each), group, each.number), []
            ).append(each)
        crowds = [first_crowd(each, limit) for each in groups.values()]
        found = [each for each in crowds if each is not None]
        if found:
            first = min(found, key=lambda crowd: crowd.when.order)
            raise self._too_many_of_one(first, limit, rule)
        self.check_time()
        if not groups:
            raise self.never_called(name)

    def _too_many_of_one(self, crowd: Crowd, limit: int, rule: str) -> Broken:
        over = crowd.running[limit:]
        notes = [
            (each.number, f"{limit + n} of {limit}") for n, each in enumerate(over, 1)
        ]
        calls = words.listing([self.call(each) for each in crowd.running])
        return Broken(
            rule,
            f"{len(crowd.running)} ran at {words.moment(crowd.when.at)}: {calls}",
            sign="too-many",
            at=crowd.when.at,
            until=self.run.end.at if crowd.until is None else crowd.until,
            line=over[0].line,
            operations=notes,
            band=f"over {limit}",
        )

    def begins_when_free(
        self,
        name: str,
        ready: Mapping[str, int],
        limit: int,
        rule: str,
        *,
        each: int,
        group: Callable[[Any], Any],
    ) -> None:
        """A call that is ready begins in the instant in which there is a place for it.

        `ready` says from when on each key could be called, in nanoseconds. There is a
        place while fewer than `limit` calls run, and fewer than `each` of its group.
        """
        operations = self.operations(name)
        wait = _first_wait(operations, ready, limit, each, group)
        if wait is not None and wait.since <= self.outcome.when.at:
            raise self._waited(wait, name, rule)
        self.must_end(rule)
        if not operations:
            raise self.never_called(name)

    def _waited(self, wait: _Wait, name: str, rule: str) -> Broken:
        begun = wait.begun
        if begun is None:
            self.must_end(rule)
        at = begun.began.at if begun else self.outcome.when.at
        how = f"began only at {words.moment(at)}" if begun else "was never called"
        return Broken(
            rule,
            f"{self._called(name, wait.key)} could begin at "
            f"{words.moment(wait.since)} and {how}",
            sign="idle-place",
            at=wait.since,
            until=at,
            line=begun.line if begun else self.ending_line(),
            operations=[(begun.number, "late")] if begun else [],
            band="it could run",
        )

    def keeps_turn(self, name: str, first: str, second: str, rule: str) -> None:
        """The call for `second` does not begin in an earlier instant than for `first`.

        If one of them is never called there is no turn to keep.
        """
        called = _by_key(self.operations(name))
        one, other = called.get(first), called.get(second)
        if one and other and later(one.began.at, other.began.at):
            raise Broken(
                rule,
                f"{self.call(other)} began at {words.moment(other.began.at)} and "
                f"{self.call(one)}, whose turn it was, at {words.moment(one.began.at)}",
                sign="out-of-turn",
                at=other.began.at,
                until=one.began.at,
                line=other.line,
                operations=[(other.number, "out of turn"), (one.number, "overtaken")],
            )
        self.reached(returned=False)

    def _called(self, name: str, key: str) -> str:
        return words.call(name, [key], self.label)


def _by_key(operations: Sequence[Operation]) -> dict[str, Operation]:
    """Return the first call of each key."""
    found: dict[str, Operation] = {}
    for each in operations:
        key = first_argument(each)
        if isinstance(key, str):
            found.setdefault(key, each)
    return found


def _first_wait(
    operations: Sequence[Operation],
    ready: Mapping[str, int],
    limit: int,
    each: int,
    group: Callable[[Any], Any],
) -> _Wait | None:
    """Return the first call that waits although it is ready and has a place.

    What changes at one instant is looked at together: a place given back and taken
    again within an instant was never free.
    """
    called = _by_key(operations)
    running: Counter[Any] = Counter()
    for at, batch in groupby(_changes(operations, ready), key=lambda change: change[0]):
        for _, change, key in batch:
            running[_group_of(key, group)] += change
        if running.total() >= limit:
            continue
        for key, since in ready.items():
            begun = called.get(key)
            waits = begun is None or later(begun.began.at, at)
            if since <= at and waits and running[_group_of(key, group)] < each:
                return _Wait(key, at, begun)
    return None


def _changes(
    operations: Sequence[Operation], ready: Mapping[str, int]
) -> list[tuple[int, int, Any]]:
    keys = [(each, first_argument(each)) for each in operations]
    changes = [(each.began.at, 1, key) for each, key in keys]
    changes += [(each.ended.at, -1, key) for each, key in keys if each.ended]
    changes += [(at, 0, key) for key, at in ready.items()]
    return sorted(changes, key=lambda change: change[0])


def _group_of(key: Any, group: Callable[[Any], Any], alone: int = 0) -> Any:
    """Return the group of a key; where none can be told, one that only `alone` has."""
    try:
        found = group(key)
        hash(found)
    except Exception:  # noqa: BLE001
        # What it was called with is the submission's: that is no fault of ours.
        return "alone", alone
    return found
