"""The other end of the submission's connections: who is there, and what it says when.

A *peer* is a computer of the judge's. It may dial the submission, or be dialled by it;
each connection is a `Line` to it. What a peer sends is there at once, or after a delay,
in the order in which it was sent; a line has room for `WINDOW` bytes that nobody has
taken yet, in each direction, and what does not fit waits.
"""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from grader import wire
from grader.world.agenda import Agenda
from grader.world.clock import Clock
from grader.world.record import Connection, Exchange
from grader.world.rules import instant

WINDOW = 1 << 16
MAX_CONNECTIONS = 2_000
MAX_BYTES = 16 << 20
"""What a submission may send in one run."""

_FIRST_PORT = 32_768
"""Where those come from that dial the submission."""

Act = Callable[["Line"], None]


class Fixed:
    """Something that a peer says or does, and that never changes.

    Every run has copies of its peers: they share what is fixed.
    """

    def __deepcopy__(self, _: object) -> Self:
        return self


class Peer:
    """A computer; what a subclass does is told by what it overrides.

    `host` and `port` are where it can be dialled; a peer without host dials itself, at
    `dials_at` seconds since the run began, at the first port that is listened to or at
    `port`.
    """

    host: str = ""
    port: int = 0
    dials_at: float | None = None
    answers: float | None = 0.0
    """After how many seconds it takes a call, or never."""

    refuses: bool = False

    def opened(self, line: Line) -> None:
        """Take note that a connection is open."""

    def received(self, line: Line, data: bytes) -> None:
        """Take bytes that the submission has sent."""

    def finished(self, line: Line) -> None:
        """Take note that the submission sends no more."""

    def lost(self, line: Line) -> None:
        """Take note that the submission has hung up, refused, or cannot be reached."""


@dataclass
class Line:
    """A peer's end of one connection."""

    network: Network
    number: int
    peer: Peer
    record: Connection
    is_open: bool = False
    reads: bool = True
    closed: bool = False
    room: int = WINDOW
    """Bytes that the submission has room for."""

    unread: int = 0
    """Bytes of the submission's that the peer has not taken."""

    taken: int = 0
    """Bytes that it has taken, and not said so."""

    held: list[bytes] = field(default_factory=list)
    waiting: deque[wire.Delivery | Act] = field(default_factory=deque)
    """What is to be delivered or done as soon as there is room, in order."""

    planned: int = 0
    """How many deliveries are still to be queued."""

    flushing: bool = False
    latest: int = 0
    """Nothing that is sent now may overtake what was sent to arrive then."""

    # --- what a peer does -----------------------------------------------------

    def send(self, data: bytes, after: float = 0.0) -> None:
        """Send bytes, to arrive after so many seconds."""
        self._deliver(wire.Sent(self.number, data), after)

    def finish(self, after: float = 0.0) -> None:
        """Send no more; the other direction stays open."""
        self._deliver(wire.Finished(self.number), after)

    def hang_up(self, after: float = 0.0, *, reset: bool = False) -> None:
        """Close the connection; with `reset` as a computer does that crashes."""
        self._deliver(wire.HungUp(self.number, reset), after)

    def after(self, seconds: float, act: Act) -> None:
        """Do something later."""
        self.network.later(seconds, self, act)

    def then(self, act: Act, after: float = 0.0) -> None:
        """Do something when all that was sent before has been taken in, or later."""
        self._deliver(act, after)

    def stop_reading(self) -> None:
        """Take no more of what the submission sends: it fills up."""
        self.reads = False

    def go_on_reading(self) -> None:
        """Take what has come since, and what comes."""
        self.reads = True
        held, self.held = self.held, []
        for data in held:
            self.network.hand(self, data)

    def _deliver(self, delivery: wire.Delivery | Act, after: float) -> None:
        due = max(self.latest, self.network.now + instant(after))
        self.latest = due
        if due <= self.network.now and not self.planned:
            self.network.queue(self, delivery)
            return

        def arrive(line: Line) -> None:
            line.planned -= 1
            line.network.queue(line, delivery)

        self.planned += 1
        self.network.plan(max(due, self.network.now), self, arrive)


class Network:
    """All peers of one run and their connections."""

    def __init__(
        self,
        peers: Sequence[Peer],
        clock: Clock,
        token: Callable[[int], str],
    ) -> None:
        self._clock = clock
        self.moment = clock.moment
        self._token = token
        self._peers = list(peers)
        self._hosts = {(peer.host, peer.port): peer for peer in peers if peer.host}
        self._lines: dict[int, Line] = {}
        self._ports: list[int] = []
        self._made = 0
        self._sent = 0
        self._agenda = Agenda()
        self._acts: dict[int, tuple[Line | None, Callable[..., None]]] = {}
        self._serial = 0
        self._out: list[wire.Delivery] = []
        self.connections: list[Connection] = []
        self.exchanges: list[Exchange] = []
        self.labels: dict[str, str] = {}

    @property
    def hosts(self) -> list[str]:
        """The names of computers that can be dialled."""
        return sorted({host for host, _ in self._hosts})

    def begin(self) -> None:
        """Begin with what happens: those who dial the submission plan their calls."""
        for peer in self._peers:
            if not peer.host and peer.dials_at is not None:
                self.plan(self.now + instant(peer.dials_at), None, self._caller(peer))

    def _caller(self, peer: Peer) -> Callable[[], None]:
        return lambda: self._call(peer)

    # --- time -----------------------------------------------------------------

    @property
    def now(self) -> int:
        """The time of the run."""
        return self._clock.now

    def first(self) -> int | None:
        """Return the earliest instant at which a peer does something."""
        return self._agenda.first()

    def advance(self) -> None:
        """Let peers do what is due now, and all that follows from it at once."""
        while (due := self._agenda.first()) is not None and due <= self.now:
            for number in self._agenda.take(due):
                line, act = self._acts.pop(number)
                if line is None:
                    act()
                elif not line.closed:
                    self._do(act, line)

    def take_deliveries(self) -> list[wire.Delivery]:
        """Return what the submission gets, in order; it is handed out once."""
        out, self._out = self._out, []
        return out

    def has_deliveries(self) -> bool:
        """Say whether there is something for the submission to get now."""
        return bool(self._out)

    def later(self, seconds: float, line: Line, act: Act) -> None:
        """Let a peer do something after some seconds."""
        self.at(self.now + instant(seconds), line, act)

    def at(self, due: int, line: Line, act: Act) -> None:
        """Let a peer do something at an instant; now is at once."""
        if due <= self.now:
            act(line)
        else:
            self.plan(due, line, act)

    def plan(self, due: int, line: Line | None, act: Callable[..., None]) -> None:
        """Let something be done at an instant; of a line that is closed by then, nothing."""
        self._serial += 1
        self._acts[self._serial] = line, act
        self._agenda.put(self._serial, due)

    def _do(self, act: Callable[..., None], *given: object) -> None:
        """Let a peer act on what it was told, which is of the submission's making."""
        try:
            act(*given)
        except wire.ProtocolViolation:
            raise
        except Exception as error:
            what = f"a peer failed at it with {type(error).__name__}"
            raise wire.ProtocolViolation(what) from error

    # --- to the submission ----------------------------------------------------

    def exchange(
        self,
        line: Line,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes,
    ) -> Exchange:
        """Return the record of a request that has just come."""
        number = len(self.exchanges) + 1
        made = Exchange(
            number,
            line.number,
            method,
            url,
            headers,
            body,
            self.moment(),
            self._token(-number),
        )
        self.exchanges.append(made)
        self.labels[made.token] = f"<body of {url[:80]}>"
        return made

    def queue(self, line: Line, delivery: wire.Delivery | Act) -> None:
        """Hand a delivery to the submission, or act, once there is room for it."""
        line.waiting.append(delivery)
        self._flush(line)

    def _flush(self, line: Line) -> None:
        if line.flushing:
            return
        line.flushing = True
        try:
            self._flush_all(line)
        finally:
            line.flushing = False

    def _flush_all(self, line: Line) -> None:
        while line.waiting and not line.closed:
            delivery = line.waiting[0]
            if isinstance(delivery, wire.Sent) and not self._give(line, delivery):
                return
            line.waiting.popleft()
            if callable(delivery):
                self._do(delivery, line)
            elif not isinstance(delivery, wire.Sent):
                self._out.append(delivery)
                self._note_end(line, delivery)

    def _give(self, line: Line, sent: wire.Sent) -> bool:
        """Give the submission bytes; say whether all of them."""
        piece, rest = sent.data[: line.room], sent.data[line.room :]
        line.room -= len(piece)
        if piece:
            line.record.given.append((self.moment(), piece))
            self._out.append(wire.Sent(line.number, piece))
        if rest:
            line.waiting[0] = wire.Sent(line.number, rest)
        return not rest

    def _note_end(self, line: Line, delivery: wire.Delivery) -> None:
        if isinstance(delivery, wire.Finished | wire.HungUp):
            line.record.peer_ended = line.record.peer_ended or self.moment()
        if isinstance(delivery, wire.HungUp):
            line.closed = True
            line.waiting.clear()

    def _call(self, peer: Peer) -> None:
        """Dial the submission."""
        port = peer.port or next(iter(self._ports), 0)
        if port not in self._ports:
            line = self._line(0, peer, port)
            line.record.refused = line.record.began
            line.closed = True
            peer.lost(line)
            return
        line = self._new_line(peer, port)
        from_port = _FIRST_PORT + line.number
        self._out.append(wire.Incoming(line.number, port, "127.0.0.1", from_port))
        self._open(line)

    def _new_line(self, peer: Peer, port: int) -> Line:
        self._made += 1
        line = self._line(self._made, peer, port)
        self._lines[self._made] = line
        return line

    def _line(self, number: int, peer: Peer, port: int) -> Line:
        record = Connection(number, peer, port, self.moment())
        self.connections.append(record)
        return Line(self, number, peer, record)

    def _open(self, line: Line) -> None:
        line.is_open = True
        line.record.opened = self.moment()
        self._do(line.peer.opened, line)

    # --- from the submission --------------------------------------------------

    def listens(self, event: wire.Listens) -> None:
        """Take note that a port is listened to."""
        if event.port in self._ports or len(self._ports) > MAX_CONNECTIONS:
            raise wire.ProtocolViolation(f"port {event.port} is listened to twice")
        self._ports.append(event.port)

    def deaf(self, event: wire.Deaf) -> None:
        """Take note that a port is listened to no more."""
        if event.port not in self._ports:
            raise wire.ProtocolViolation(f"port {event.port} was not listened to")
        self._ports.remove(event.port)

    def dialled(self, event: wire.Dialled) -> None:
        """Take a call of the submission's."""
        if event.connection != self._made + 1 or self._made >= MAX_CONNECTIONS:
            raise wire.ProtocolViolation(f"connection {event.connection} out of order")
        peer = self._hosts.get((event.host, event.port), _NOBODY)
        line = self._new_line(peer, event.port)
        if peer.answers is not None:
            later = self.now + instant(peer.answers)
            self.at(later, line, self._answer)

    def _answer(self, line: Line) -> None:
        if line.peer.refuses:
            line.record.refused = self.moment()
            line.closed = True
            self._out.append(wire.Answered(line.number, errno.ECONNREFUSED))
            return
        self._out.append(wire.Answered(line.number))
        self._open(line)

    def sent(self, event: wire.Sent) -> None:
        """Take bytes of the submission's."""
        line = self._open_line(event.connection)
        self._sent += len(event.data)
        line.unread += len(event.data)
        if line.unread + line.taken > WINDOW or self._sent > MAX_BYTES:
            raise wire.ProtocolViolation("more bytes than there is room for")
        if line.record.finished is not None:
            raise wire.ProtocolViolation("bytes after the last")
        line.record.sent.append((self.moment(), event.data))
        if line.reads:
            self.hand(line, event.data)
        else:
            line.held.append(event.data)

    def hand(self, line: Line, data: bytes) -> None:
        """Let the peer take bytes: there is room for more then."""
        line.unread -= len(data)
        line.taken += len(data)
        if not line.closed:
            self._make_room(line)
            self._do(line.peer.received, line, data)

    def _make_room(self, line: Line) -> None:
        # Not for each byte: every word to the submission is a turn.
        if line.taken > WINDOW // 2:
            self._out.append(wire.Room(line.number, line.taken))
            line.taken = 0

    def room(self, event: wire.Room) -> None:
        """Take note that the submission has taken bytes out."""
        line = self._known(event.connection)
        if line.room + event.count > WINDOW:
            raise wire.ProtocolViolation("more bytes taken than were given")
        line.room += event.count
        self._flush(line)

    def finished(self, event: wire.Finished) -> None:
        """Take note that the submission sends no more."""
        line = self._open_line(event.connection)
        if line.record.finished is not None:
            raise wire.ProtocolViolation("finished twice")
        line.record.finished = self.moment()
        self._do(line.peer.finished, line)

    def hung_up(self, event: wire.HungUp) -> None:
        """Take note that the submission has closed a connection."""
        line = self._known(event.connection)
        record = line.record
        if record.closed is not None:
            raise wire.ProtocolViolation("closed twice")
        record.closed = self.moment()
        record.reset = event.reset
        record.finished = record.finished or record.closed
        if not line.closed:
            line.closed = True
            line.waiting.clear()
            self._do(line.peer.lost, line)

    def _open_line(self, number: int) -> Line:
        line = self._known(number)
        if not line.is_open or line.record.closed is not None:
            raise wire.ProtocolViolation(f"connection {number} is not open")
        return line

    def _known(self, number: int) -> Line:
        line = self._lines.get(number)
        if line is None:
            raise wire.ProtocolViolation(f"there is no connection {number}")
        return line


class _Nobody(Peer):
    """Stands for a computer that is not there."""

    refuses = True


_NOBODY = _Nobody()
