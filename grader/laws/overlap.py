"""How many run at once?"""

from __future__ import annotations

from dataclasses import dataclass

from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.witness import Witness
from grader.world.record import Moment, Operation


@dataclass(frozen=True)
class Crowd:
    """Who was running at one moment, and until when at least as many were."""

    when: Moment
    until: int
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
            until=crowd.until,
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
        if len(peak.running if peak else ()) >= count:
            return
        self.reached(returned=False)
        most = len(peak.running) if peak else 0
        raise Broken(
            rule or f"{count} must run at once when there is work for them",
            f"never more than {most} ran",
            sign="too-few",
            at=peak.when.at if peak else 0,
            line=operations[0].line if operations else 0,
            limit=count,
        )

    def wastes_no_slot(self, limit: int, name: str, total: int, rule: str = "") -> None:
        """While calls of `name` are still to come, `limit` of them run.

        `total` is how many there are to be. A slot is wasted from the instant at which
        fewer run although more are to come.
        """
        rule = rule or "A free slot must be used at once"
        idle = first_idle(self.operations(name), limit, total)
        if idle is not None:
            raise self._wasted(idle, limit, rule)
        self.must_end(rule)
        begun = len(self.operations(name))
        if begun < total:
            why = f"{name} was called {words.count(begun, 'time')}: {self.ending()}"
            raise NotReached(why, self.abnormal(), self.ending_line())

    def _wasted(self, idle: Idle, limit: int, rule: str) -> Broken:
        late = idle.late
        if late is None:
            self.must_end(rule)
        until = late.began.at if late is not None else self.outcome.when.at
        what = f"{self.call(late)} was waiting" if late else "there was more to do"
        return Broken(
            rule,
            f"only {idle.running} of {limit} ran from {words.moment(idle.at)} "
            f"to {words.moment(until)} while {what}",
            sign="idle-slot",
            at=idle.at,
            until=until,
            line=late.line if late else self.ending_line(),
            operations=[(late.number, "late")] if late else [],
            limit=limit,
            band="a slot is free",
        )


@dataclass(frozen=True)
class Idle:
    """A stretch in which a slot was free although more was to come; `late` ended it."""

    at: int
    running: int
    late: Operation | None


def first_idle(operations: list[Operation], limit: int, total: int) -> Idle | None:
    """Return the first stretch in which fewer ran than could have.

    What changes at one instant is looked at together: a slot given back and taken again
    within an instant was never free.
    """
    begun = running = 0
    changes = _changes(operations)
    for place, (moment, _, began) in enumerate(changes):
        begun += began
        running += 1 if began else -1
        following = changes[place + 1][0].at if place + 1 < len(changes) else None
        if following != moment.at and running < min(limit, running + total - begun):
            late = operations[begun] if begun < len(operations) else None
            return Idle(moment.at, running, late)
    return None


def first_crowd(operations: list[Operation], limit: int) -> Crowd | None:
    """Return the fullest moment of the first stretch with more than `limit` running."""
    crowd: list[Operation] = []
    found: Crowd | None = None
    for moment, operation, began in _changes(operations):
        if began:
            crowd.append(operation)
            if len(crowd) > limit and (
                found is None or len(crowd) > len(found.running)
            ):
                found = Crowd(moment, moment.at, tuple(crowd))
        else:
            crowd.remove(operation)
            if found is not None and len(crowd) <= limit:
                return Crowd(found.when, moment.at, found.running)
    return found


def busiest(operations: list[Operation]) -> Crowd | None:
    """Return the first moment at which most operations ran."""
    crowd: list[Operation] = []
    found: Crowd | None = None
    for moment, operation, began in _changes(operations):
        if not began:
            crowd.remove(operation)
            continue
        crowd.append(operation)
        if found is None or len(crowd) > len(found.running):
            found = Crowd(moment, moment.at, tuple(crowd))
    return found


def _changes(operations: list[Operation]) -> list[tuple[Moment, Operation, bool]]:
    """Return beginnings and ends in the order in which they happened."""
    changes = [(each.began, each, True) for each in operations]
    changes += [(each.ended, each, False) for each in operations if each.ended]
    return sorted(changes, key=lambda change: change[0].order)
