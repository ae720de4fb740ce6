"""How many run at once?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from grader.laws import words
from grader.laws.outcome import Broken
from grader.laws.timing import later
from grader.laws.witness import Witness
from grader.world.record import Moment, Operation
from grader.world.rules import instant


@dataclass(frozen=True)
class Crowd:
    """Who ran at the fullest moment of a stretch; `until` is None if it did not end."""

    when: Moment
    until: int | None
    running: tuple[Operation, ...]


class OverlapLaws(Witness):
    """Bounds on how many operations of a name run at once."""

    def at_most(self, limit: int, name: str, rule: str = "") -> None:
        """Never more than `limit` calls of `name` at once."""
        crowd = first_crowd(self.operations(name), limit)
        if crowd is not None:
            raise self._too_many(crowd, limit, rule)
        self.check_time()
        if not self.operations(name):
            raise self.never_called(name)

    def _too_many(self, crowd: Crowd, limit: int, rule: str) -> Broken:
        running = crowd.running
        over = running[limit:]
        notes = [
            (each.number, f"{limit + n} of {limit}") for n, each in enumerate(over, 1)
        ]
        first = words.listing([self.call(each) for each in running[:limit]], 3)
        are = "was" if limit == 1 else "were"
        return Broken(
            rule or f"At most {limit} may run at once",
            f"{len(running)} ran at {words.moment(crowd.when.at)}",
            sign="too-many",
            at=crowd.when.at,
            until=self.run.end.at if crowd.until is None else crowd.until,
            line=over[0].line,
            operations=notes,
            limit=limit,
            band=f"over {limit}",
            seen=f"{self.call(over[0])} began while {first} {are} running",
        )

    def reaches(self, count: int, name: str, rule: str = "") -> None:
        """At some moment `count` calls of `name` run at once: not needlessly serial."""
        operations = self.operations(name)
        peak = busiest(operations)
        if peak is not None and len(peak.running) >= count:
            return
        self.reached(returned=False)
        if peak is None:
            raise self.never_called(name)
        raise Broken(
            rule or f"{count} must run at once when there is work for them",
            f"never more than {len(peak.running)} ran at once",
            sign="too-few",
            at=peak.when.at,
            line=operations[0].line,
            limit=count,
        )

    def wastes_no_slot(
        self, limit: int, name: str, total: int, rule: str = "", *, since: float = 0
    ) -> None:
        """While calls of `name` are still to come, `limit` of them run.

        `total` is how many there are to be, from `since` on. A slot is wasted from the
        instant at which fewer run although more are to come.
        """
        rule = rule or "A free slot must be used at once"
        operations = self.operations(name)
        idle = first_idle(operations, limit, total, instant(since))
        if idle is not None:
            raise self._wasted(idle, limit, total - len(operations), rule)
        self.must_end(rule)
        if total and not operations:
            raise self.never_called(name)

    def _wasted(self, idle: Idle, limit: int, missing: int, rule: str) -> Broken:
        late = idle.late
        if late is None:
            self.must_end(rule)
        ran = f"only {idle.running} of {limit} ran" if idle.running else "none ran"
        until = late.began.at if late else max(idle.at, self.outcome.when.at)
        return Broken(
            rule,
            f"{ran} from {words.moment(idle.at)}, {self._who_waited(late, missing)}",
            sign="idle-slot",
            at=idle.at,
            until=until,
            line=late.line if late else self.ending_line(),
            operations=[(late.number, "late")] if late else [],
            limit=limit,
            band="a slot is free",
        )

    def _who_waited(self, late: Operation | None, missing: int) -> str:
        if late is not None:
            return f"while {self.call(late)} waited until {words.moment(late.began.at)}"
        were = "was" if missing == 1 else "were"
        return f"and {missing} more {were} never called: {self.ending()}"

    def waiting_at_most(self, limit: int, given: str, taken: str, rule: str) -> None:
        """Never more than `limit` answers of `given` wait for a call of `taken`.

        Each call of `taken` takes one. What happens at one instant is looked at together:
        an answer that is taken in the instant in which it came did not wait.
        """
        answers = [
            (each.completed.at, each)
            for each in self.named(given)
            if each.completed and not each.failed and not each.plan.exhausted
        ]
        changes = [(at, 1) for at, _ in answers]
        changes += [(each.began.at, -1) for each in self.named(taken)]
        waiting = 0
        for at, group in groupby(sorted(changes), key=itemgetter(0)):
            waiting += sum(change for _, change in group)
            if waiting > limit:
                come = [each for when, each in answers if when <= at]
                raise self._too_many_wait(come[limit - waiting :], at, waiting, rule)
        self.check_time()
        if not answers:
            raise self.never_called(given)

    def _too_many_wait(
        self, over: list[Operation], at: int, waiting: int, rule: str
    ) -> Broken:
        limit = waiting - len(over)
        name = over[0].name
        return Broken(
            rule,
            f"{words.count(waiting, f'answer of {name}', f'answers of {name}')} "
            f"waited at {words.moment(at)}",
            sign="too-many-waiting",
            at=at,
            line=over[0].line,
            operations=[
                (each.number, f"{limit + place} of {limit}")
                for place, each in enumerate(over, 1)
            ],
        )


@dataclass(frozen=True)
class Idle:
    """A stretch in which a slot was free although more was to come; `late` ended it."""

    at: int
    running: int
    late: Operation | None


def first_idle(
    operations: list[Operation], limit: int, total: int, since: int = 0
) -> Idle | None:
    """Return the first stretch from `since` on in which fewer ran than could have.

    What changes at one instant is looked at together: a slot given back and taken again
    within an instant was never free.
    """
    if operations and total and later(operations[0].began.at, since):
        return Idle(since, 0, operations[0])
    begun = running = 0
    changes = _changes(operations)
    for place, (moment, change) in enumerate(changes):
        begun += change > 0
        running += change
        following = changes[place + 1][0].at if place + 1 < len(changes) else None
        if following != moment.at and running < min(limit, running + total - begun):
            late = operations[begun] if begun < len(operations) else None
            return Idle(moment.at, running, late)
    return None


def first_crowd(operations: list[Operation], limit: int) -> Crowd | None:
    """Return the fullest moment of the first stretch with more than `limit` running."""
    running = most = 0
    fullest: Moment | None = None
    for moment, change in _changes(operations):
        running += change
        if fullest is not None and running <= limit:
            return Crowd(fullest, moment.at, _running_at(fullest, operations))
        if running > max(limit, most):
            most, fullest = running, moment
    if fullest is None:
        return None
    return Crowd(fullest, None, _running_at(fullest, operations))


def busiest(operations: list[Operation]) -> Crowd | None:
    """Return the first moment at which most operations ran."""
    running = most = 0
    fullest: Moment | None = None
    for moment, change in _changes(operations):
        running += change
        if running > most:
            most, fullest = running, moment
    if fullest is None:
        return None
    return Crowd(fullest, None, _running_at(fullest, operations))


def _running_at(moment: Moment, operations: list[Operation]) -> tuple[Operation, ...]:
    return tuple(each for each in operations if each.overlaps(moment))


def _changes(operations: list[Operation]) -> list[tuple[Moment, int]]:
    """Return beginnings as 1 and ends as -1, in the order in which they happened."""
    changes = [(each.began, 1) for each in operations]
    changes += [(each.ended, -1) for each in operations if each.ended]
    return sorted(changes, key=lambda change: change[0].order)
