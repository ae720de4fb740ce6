"""What do clients of a server hear, and what becomes of their connections?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import later
from grader.laws.witness import Witness
from grader.world.network import Peer
from grader.world.record import Connection, Moment
from grader.world.rules import instant

MAX_SHOWN = 24
"""So many bytes of what a client was sent are shown."""


class _Due(NamedTuple):
    """Bytes that are due at an instant, and how many are due by then in all."""

    at: int
    total: int
    data: bytes


class ConnectionLaws(Witness):
    """A server under test, and the clients of it that the judge plays.

    A client is told apart by what it does; those that are alike are all held to a law.
    Times are seconds since its connection was opened.
    """

    # --- telling --------------------------------------------------------------

    def client(self, connection: Connection) -> str:
        """Return a client's name, or else its number; one that is refused has none."""
        number, name = connection.number, getattr(connection.peer, "name", "")
        return name or (f"client {number}" if number else "a client")

    def _calls_of(self, client: Peer) -> list[Connection]:
        self.check_time()
        found = [each for each in self.run.connections if each.peer == client]
        if not found:
            why = f"a client had no time to connect: {self.ending()}"
            raise NotReached(why, self.abnormal(), self.ending_line())
        return found

    def _connected(self, client: Peer) -> list[tuple[Connection, Moment]]:
        """Return a client's connections and when they were opened, if they all were."""
        found = []
        for each in self._calls_of(client):
            if each.opened is None:
                raise NotReached(
                    self._not_connected(each), self.abnormal(), self.ending_line()
                )
            found.append((each, each.opened))
        return found

    def _not_connected(self, connection: Connection) -> str:
        at = words.moment(connection.began.at)
        return f"{self.client(connection)} could not connect at {at}{self.but_ended()}"

    # --- what is heard --------------------------------------------------------

    def hears(
        self,
        client: Peer,
        data: bytes,
        rule: str,
        *,
        rest: bytes = b"",
        by: float | None = None,
    ) -> None:
        """Such a client is sent just `data`, or `rest` as well, and `data` by that time."""
        for each in self._calls_of(client):
            opened = self._hears(each, data, rest, rule)
            if by is not None:
                last = _Due(opened + instant(by), len(data), data)
                self._hears_nothing_late(each, [last], rule)

    def hears_when(
        self,
        client: Peer,
        due: Sequence[tuple[float, bytes]],
        rule: str,
        *,
        rest: bytes = b"",
    ) -> None:
        """Such a client is sent just these bytes, each at its time; `rest` may follow."""
        for each in self._calls_of(client):
            data = b"".join(data for _, data in due)
            opened = self._hears(each, data, rest, rule)
            wanted = list(_added_up(due, opened))
            self._hears_nothing_early(each, wanted, rule)
            self._hears_nothing_late(each, wanted, rule)

    def _hears(
        self, connection: Connection, wanted: bytes, rest: bytes, rule: str
    ) -> int:
        """Return when the connection was opened; break the law if it was sent else."""
        if connection.opened is None:
            fact = self._not_connected(connection)
            raise self._broken(connection, rule, fact, "refused", connection.began.at)
        heard = connection.heard()
        if heard not in {wanted, wanted + rest}:
            sign, fact = _misheard(heard, wanted, rest)
            fact = f"{self.client(connection)} was {fact}{self.but_ended()}"
            at = connection.sent[-1][0] if connection.sent else connection.opened
            raise self._broken(connection, rule, fact, sign, at.at)
        return connection.opened.at

    def _hears_nothing_early(
        self, connection: Connection, wanted: list[_Due], rule: str
    ) -> None:
        total = 0
        for moment, data in connection.sent:
            total += len(data)
            ahead = [each for each in wanted if later(each.at, moment.at)]
            behind = wanted[: len(wanted) - len(ahead)]
            if ahead and total > (behind[-1].total if behind else 0):
                fact = f"{self.client(connection)} was sent {_shown(data)} at "
                fact += f"{words.moment(moment.at)}, before {words.moment(ahead[0].at)}"
                raise self._broken(connection, rule, fact, "too-early", moment.at)

    def _hears_nothing_late(
        self, connection: Connection, wanted: list[_Due], rule: str
    ) -> None:
        for each in wanted:
            came = _came(connection, each.total)
            if later(came, each.at):
                fact = f"{self.client(connection)} was sent {_shown(each.data)} at "
                fact += f"{words.moment(came)}, not at {words.moment(each.at)}"
                raise self._broken(
                    connection, rule, fact, "too-late", each.at, until=came
                )

    def keeps_little(self, client: Peer, most: int, rule: str) -> None:
        """Never more than so many bytes are taken from a client and not sent back.

        What lies in the socket and was not read yet counts too: the judge cannot see
        the difference.
        """
        for each, _ in self._connected(client):
            if not each.sent:
                raise NotReached(f"{self.client(each)} was sent nothing back")
            moves = [(when, len(data)) for when, data in each.given]
            moves += [(when, -len(data)) for when, data in each.sent]
            kept = 0
            for when, count in sorted(moves):
                kept += count
                if kept > most:
                    fact = f"{kept} bytes of {self.client(each)} were held at "
                    fact += words.moment(when.at)
                    raise self._broken(each, rule, fact, "too-much", when.at)

    # --- the end of a connection ----------------------------------------------

    def hangs_up_on(
        self, client: Peer, seconds: float, rule: str, *, slack: float = 0.0
    ) -> None:
        """Such a client's connection is closed at that time, or so many seconds later."""
        for each, opened in self._connected(client):
            first = opened.at + instant(seconds)
            closed = each.closed.at if each.closed else self.run.end.at
            if each.closed is None or later(closed, first + instant(slack)):
                sign, fact = "too-late", f"was still connected at {words.moment(first)}"
                if each.closed is not None:
                    fact += f" and was disconnected at {words.moment(closed)}"
                else:
                    fact += f" and was never disconnected{self.but_ended()}"
            elif later(first, closed):
                sign, at = "too-early", words.moment(closed)
                fact = f"was disconnected at {at}, not at {words.moment(first)}"
            else:
                continue
            fact = f"{self.client(each)} {fact}"
            start, end = sorted([first, closed])
            raise self._broken(each, rule, fact, sign, start, until=end)

    def hangs_up_on_all(self, rule: str) -> None:
        """When the scenario has returned or raised, no connection is open any more.

        Those that are closed in that very instant are not.
        """
        self.reached(returned=False)
        end = self.outcome.when.at
        for each in self.run.connections:
            if each.opened is None:
                continue
            if each.closed is None or later(each.closed.at, end):
                until = each.closed.at if each.closed is not None else self.run.end.at
                fact = f"{self.client(each)} was still connected at {words.moment(end)}"
                if later(each.opened.at, end):
                    at = words.moment(each.opened.at)
                    fact = (
                        f"{self.client(each)} could connect at {at}, when it was over"
                    )
                raise self._broken(each, rule, fact, "open", end, until=until)

    def is_deaf_to(self, client: Peer, rule: str) -> None:
        """Such a client cannot connect."""
        for each in self._calls_of(client):
            if each.opened is not None:
                at = each.opened.at
                fact = f"{self.client(each)} could connect at {words.moment(at)}"
                raise self._broken(each, rule, fact, "accepted", at)

    def _broken(
        self,
        connection: Connection,
        rule: str,
        fact: str,
        sign: str,
        at: int,
        *,
        until: int | None = None,
    ) -> Broken:
        reason = self.abnormal()
        return Broken(
            rule,
            fact,
            sign=sign,
            at=at,
            until=until,
            line=self.ending_line(),
            connections=[(connection.number, sign.replace("-", " "))],
            reason="behaviour" if reason == "never arose" else reason,
        )


def _added_up(due: Sequence[tuple[float, bytes]], opened: int) -> Iterator[_Due]:
    total = 0
    for seconds, data in due:
        total += len(data)
        if data:
            yield _Due(opened + instant(seconds), total, data)


def _came(connection: Connection, count: int) -> int:
    """Return the instant at which a client had been sent so many bytes."""
    total = 0
    for moment, data in connection.sent:
        total += len(data)
        if total >= count:
            return moment.at
    return connection.began.at


def _misheard(heard: bytes, wanted: bytes, rest: bytes) -> tuple[str, str]:
    """Return sign and fact of bytes that are not those that were wanted."""
    pairs = zip(heard, wanted + rest, strict=False)
    place = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if not heard:
        return "silent", "sent nothing"
    if place >= len(wanted):
        place = len(wanted) if place == len(heard) else place
        return "too-much", f"also sent {_shown(heard[place:])}"
    if place == len(heard):
        count = f"only {place} of {words.count(len(wanted), 'byte')}"
        return "missing", f"sent {count}, without {_shown(wanted[place:])}"
    return (
        "wrong-bytes",
        f"sent {_shown(heard[place:])} instead of {_shown(wanted[place:])}",
    )


def _shown(data: bytes) -> str:
    """Return bytes as they are written, without what is behind the first few."""
    return repr(data[:MAX_SHOWN]) + ("..." if len(data) > MAX_SHOWN else "")
