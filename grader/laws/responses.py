"""What does a client ask for, and which responses are open when?

The sites are the judge's. A *visit* is a request from its connection's beginning, if it is
the first on it, to the last byte of the response; or until the client hangs up. A call that
nobody takes is a visit too. What changes at one instant is looked at together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter

from grader import wire
from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import differs, later
from grader.laws.witness import Witness
from grader.world.record import Connection, Exchange, Moment, Note, Run

BAD = 400
"""The first status that is an error."""


@dataclass(frozen=True)
class Visit:
    """Something that the client asked a site for; `number` is below 0, for marks.

    `exchange` is None where the call was not taken, or nothing was asked.
    """

    number: int
    name: str
    connection: Connection
    exchange: Exchange | None
    began: Moment
    ended: Moment | None

    def is_open(self, at: int) -> bool:
        """Say whether it goes on beyond an instant."""
        return self.began.at <= at and (self.ended is None or self.ended.at > at)


def visits(run: Run) -> list[Visit]:
    """Return all visits to the judge's sites, in the order of their beginnings."""
    found: list[Visit] = []
    asked: dict[int, list[Exchange]] = {}
    for each in run.exchanges:
        asked.setdefault(each.connection, []).append(each)
    for connection in run.connections:
        if not connection.peer.host:
            continue
        exchanges = asked.get(connection.number, [])
        for place, exchange in enumerate(exchanges):
            began = exchange.began if place else connection.began
            name = words.request(exchange.method, exchange.url)
            found.append(Visit(0, name, connection, exchange, began, exchange.ended))
        if not exchanges:
            gone = connection.refused or connection.closed or connection.peer_ended
            name = words.request("call", connection.peer.host)
            found.append(Visit(0, name, connection, None, connection.began, gone))
    found.sort(key=attrgetter("began.order"))
    return [
        Visit(-n, v.name, v.connection, v.exchange, v.began, v.ended)
        for n, v in enumerate(found, 1)
    ]


class ResponseLaws(Witness):
    """Each page once, not too many at once, all given back."""

    @property
    def visits(self) -> list[Visit]:
        """All visits to sites, in the order of their beginnings."""
        return visits(self.run)

    def body(self, url: str) -> wire.Value:
        """Return the token in the page that was read whole at this url."""
        for each in self.run.exchanges:
            if each.url == url and each.completed is not None:
                return each.token
        # An Opaque one that says why is the same as no value.
        return wire.Opaque(f"body of {url}", "that was never read")

    def never_asked(self) -> NotReached:
        """Return what to raise when no site was asked for anything."""
        why = f"nothing was asked for: {self.ending()}"
        return NotReached(why, self.abnormal(), self.ending_line())

    def needs_visits(self, at_least: int) -> None:
        """Raise `NotReached` unless there were so many visits."""
        self.check_time()
        if not self.visits:
            raise self.never_asked()
        if len(self.visits) < at_least:
            asked = words.count(len(self.visits), "page was", "pages were")
            why = f"only {asked} asked for: {self.ending()}"
            raise NotReached(why, self.abnormal(), self.ending_line())

    # --- what is asked for ----------------------------------------------------

    def asks_once(self, urls: Sequence[str], rule: str) -> None:
        """Each url is asked for exactly once, and nothing else is."""
        wanted = set(urls)
        seen: Counter[str] = Counter()
        for each in self.visits:
            if each.exchange is None:
                continue
            url = each.exchange.url
            seen[url] += 1
            if url not in wanted:
                raise self._wrongly_asked(
                    each, rule, "and nobody wanted it", "not-wanted"
                )
            if seen[url] > 1:
                raise self._wrongly_asked(
                    each, rule, "for the second time", "too-often"
                )
        self.must_end(rule)
        for url in urls:
            if not seen[url]:
                raise Broken(
                    rule,
                    f"{words.request('GET', url)} was never asked for{self.but_ended()}",
                    sign="too-seldom",
                    at=self.outcome.when.at,
                    line=self.ending_line(),
                )

    def _wrongly_asked(self, visit: Visit, rule: str, how: str, sign: str) -> Broken:
        asked = visit.exchange.began if visit.exchange else visit.began
        return Broken(
            rule,
            f"{visit.name} was asked for at {words.moment(asked.at)}, {how}",
            sign=sign,
            at=asked.at,
            operations=[(visit.number, sign.replace("-", " "))],
        )

    def asks_nothing(self, rule: str) -> None:
        """No site is called."""
        for each in self.visits:
            raise Broken(
                rule,
                f"{each.name} came at {words.moment(each.began.at)}",
                sign="asked",
                at=each.began.at,
                operations=[(each.number, "too early")],
            )
        self.reached(returned=False)

    def asks_with(self, header: str, value: str, rule: str) -> None:
        """Every request has this header."""
        asked = [each for each in self.visits if each.exchange is not None]
        for each in asked:
            found = each.exchange.headers.get(header.lower()) if each.exchange else None
            if found != value:
                how = "with another session" if found else "with a session of its own"
                raise self._wrongly_asked(each, rule, how, "other-session")
        self.check_time()
        if not asked:
            raise self.never_asked()

    # --- how many are open ----------------------------------------------------

    def opens_at_most(self, limit: int, rule: str) -> None:
        """Never more than `limit` visits at once."""
        all_visits = self.visits
        most, full_at = limit, None
        for at, running, _ in _counts(all_visits):
            if running > most:
                most, full_at = running, at
            elif full_at is not None and running <= limit:
                raise self._too_many_open(all_visits, full_at, at, limit, rule)
        if full_at is not None:
            raise self._too_many_open(all_visits, full_at, self.run.end.at, limit, rule)
        self.check_time()
        if not all_visits:
            raise self.never_asked()

    def _too_many_open(
        self, all_visits: list[Visit], at: int, until: int, limit: int, rule: str
    ) -> Broken:
        running = [each for each in all_visits if each.is_open(at)]
        names = words.listing([each.name for each in running], 3)
        return Broken(
            rule,
            f"{len(running)} were open at {words.moment(at)}: {names}",
            sign="too-many",
            at=at,
            until=until,
            operations=[
                (each.number, f"{limit + n} of {limit}")
                for n, each in enumerate(running[limit:], 1)
            ],
            limit=limit,
            band=f"over {limit}",
        )

    def asks_when_free(self, limit: int, total: int, rule: str) -> None:
        """While visits are still to come, `total` of them in all, `limit` are on."""
        gap = _first_gap(self.visits, limit, total)
        if gap is not None:
            raise self._place_free(gap, limit, rule)
        self.must_end(rule)

    def _place_free(self, gap: _Gap, limit: int, rule: str) -> Broken:
        late = gap.late
        if late is None:
            self.must_end(rule)
            waited, until = "and the rest was never asked for", self.outcome.when.at
        else:
            until = late.began.at
            waited = f"while {late.name} waited until {words.moment(until)}"
        was = "was" if gap.running == 1 else "were"
        many = f"only {gap.running} of {limit} {was}" if gap.running else "none was"
        return Broken(
            rule,
            f"{many} open from {words.moment(gap.at)}, {waited}",
            sign="idle-place",
            at=gap.at,
            until=max(gap.at, until),
            operations=[(late.number, "late")] if late else [],
            limit=limit,
            band="a place is free",
        )

    # --- what becomes of them -------------------------------------------------

    def reads_to_the_end(self, rule: str) -> None:
        """It returns, and no good page was given back before its last byte had come."""
        good = [
            each
            for each in self.visits
            if each.exchange and each.exchange.answered and each.exchange.status < BAD
        ]
        for each in good:
            exchange = each.exchange
            if exchange and exchange.lost and each.connection.peer_ended is None:
                at = exchange.lost.at
                raise Broken(
                    rule,
                    f"{each.name} was given back at {words.moment(at)}, "
                    "when its body had not come yet",
                    sign="given-back-unread",
                    at=at,
                    operations=[(each.number, "not read")],
                )
        self.must_return(rule)
        if not good:
            raise self.never_asked()

    def gives_all_back(self, note: str, rule: str) -> None:
        """When the scenario notes `note` no visit is on, and none begins later."""
        all_visits = self.visits
        noted = self._first_noted(note)
        if not all_visits:
            raise self.never_asked()
        for each in all_visits:
            if each.ended is None or each.ended.order > noted.when.order:
                after = each.began.order > noted.when.order
                how = "began after" if after else "was still open when"
                over = f"the call was over at {words.moment(noted.when.at)}"
                raise Broken(
                    rule,
                    f"{each.name} {how} {over}",
                    sign="begins-after" if after else "still-open",
                    at=noted.when.at,
                    until=(each.ended or self.run.end).at,
                    operations=[(each.number, "too late" if after else "still open")],
                )

    def hangs_up(self, note: str, rule: str) -> None:
        """When the scenario notes `note` no connection to a site is open."""
        noted = self._first_noted(note)
        opened = [
            each for each in self.run.connections if each.peer.host and each.opened
        ]
        for each in opened:
            gone = each.closed or each.peer_ended
            if gone is None or gone.order > noted.when.order:
                host = words.request("to", each.peer.host)
                raise Broken(
                    rule,
                    f"connection {each.number}, {host}, was still open when the call "
                    f"was over at {words.moment(noted.when.at)}",
                    sign="not-closed",
                    at=noted.when.at,
                )
        if not opened:
            raise self.never_asked()

    def _first_noted(self, note: str) -> Note:
        self.check_time()
        noted = self.run.noted(note)
        if not noted:
            raise self.never_noted(note)
        return noted[0]

    def ends_with_the_last_response(self, rule: str) -> None:
        """The scenario returns in the instant in which the last visit ended."""
        self.must_return(rule)
        took = self.outcome.when.at
        if not self.visits:
            raise self.never_asked()
        for each in self.visits:
            if each.ended is None or later(each.ended.at, took):
                raise Broken(
                    rule,
                    f"it returned at {words.moment(took)} while {each.name} was still open",
                    sign="too-short",
                    at=took,
                    until=(each.ended or self.run.end).at,
                    operations=[(each.number, "still open")],
                )
        last = max(each.ended.at for each in self.visits if each.ended)
        if differs(took, last):
            raise Broken(
                rule,
                f"it returned at {words.moment(took)}, and the last response had ended "
                f"at {words.moment(last)}",
                sign="too-long",
                at=last,
                until=took,
            )


@dataclass(frozen=True)
class _Gap:
    """From when on fewer visits were on than could be; `late` is the one that waited."""

    at: int
    running: int
    late: Visit | None


def _first_gap(found: Sequence[Visit], limit: int, total: int) -> _Gap | None:
    counts = _counts(found)
    if not counts or counts[0][0] > 0:
        counts.insert(0, (0, 0, 0))
    for at, running, begun in counts:
        if running < min(limit, running + total - begun):
            return _Gap(at, running, found[begun] if begun < len(found) else None)
    return None


def _counts(found: Sequence[Visit]) -> list[tuple[int, int, int]]:
    """Return for each instant how many visits are on after it, and how many had begun."""
    changes = [(each.began.at, 1) for each in found]
    changes += [(each.ended.at, -1) for each in found if each.ended]
    counts = []
    running = begun = 0
    for at, group in groupby(sorted(changes), key=itemgetter(0)):
        here = [change for _, change in group]
        running += sum(here)
        begun += here.count(1)
        counts.append((at, running, begun))
    return counts
