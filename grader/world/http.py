"""Peers that speak HTTP/1.1: a site with pages, a browser that asks for them.

No more of RFC 9112 than tests need: requests with a `Content-Length` or none, responses
of known length, connections that are kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from grader.world.network import Fixed, Line, Peer
from grader.world.record import Connection, Exchange, Moment

MAX_HEAD = 1 << 15
"""Bytes of a request's head; a longer one is answered by hanging up."""

MAX_BODY = 1 << 20
MAX_INBOX = MAX_HEAD + 2 * MAX_BODY
MAX_REQUESTS = 5_000
Body = bytes | Callable[[str], bytes]
"""What a page holds, or what makes it of the token of its exchange."""


@dataclass(frozen=True)
class Page(Fixed):
    """What a site answers for one path.

    The head comes `after` seconds, the body ends `takes` seconds later. `then` may be
    `hang` (no answer at all), `cut` (the connection is reset halfway through the body).
    """

    body: Body = b""
    status: int = 200
    after: float = 0.0
    takes: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    then: str = ""


@dataclass
class Site(Peer):
    """A computer with pages; a path that it does not know is answered with 404."""

    host: str
    pages: Mapping[str, Page] = field(default_factory=dict)
    port: int = 80
    answers: float | None = 0.0
    refuses: bool = False
    _inbox: dict[int, bytearray] = field(default_factory=dict, init=False)
    _wanted: dict[int, int] = field(default_factory=dict, init=False)
    _at_work: dict[int, Exchange] = field(default_factory=dict, init=False)
    _count: int = field(default=0, init=False)

    def received(self, line: Line, data: bytes) -> None:
        """Take more of a request."""
        inbox = self._inbox.setdefault(line.number, bytearray())
        inbox += data
        if len(inbox) > MAX_INBOX:
            line.hang_up(reset=True)
        elif len(inbox) >= self._wanted.get(line.number, 0):
            self._look(line)

    def lost(self, line: Line) -> None:
        """Take note that nobody waits for the answer any more."""
        exchange = self._at_work.pop(line.number, None)
        if exchange is not None:
            exchange.lost = line.network.moment()

    def _look(self, line: Line) -> None:
        """Answer the next request, if it is there and no other is being answered."""
        if line.number in self._at_work or line.closed:
            return
        data = self._inbox.setdefault(line.number, bytearray())
        end = data.find(b"\r\n\r\n", 0, MAX_HEAD)
        if end < 0:
            if len(data) >= MAX_HEAD:
                line.hang_up(reset=True)
            return
        try:
            method, target, headers, length = _request(bytes(data[:end]))
        except ValueError:
            data.clear()
            line.send(_head(400, 0, {"Connection": "close"}))
            line.hang_up()
            return
        self._wanted[line.number] = whole = end + 4 + length
        if len(data) >= whole:
            body = bytes(data[end + 4 : whole])
            del data[:whole]
            self._wanted[line.number] = 0
            self._answer(line, method, target, headers, body)

    def _answer(
        self,
        line: Line,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes,
    ) -> None:
        self._count += 1
        if self._count > MAX_REQUESTS:
            line.hang_up(reset=True)
            return
        url = f"http://{self.host}{'' if self.port == 80 else f':{self.port}'}{target}"  # noqa: PLR2004
        exchange = line.network.exchange(line, method, url, headers, body)
        self._at_work[line.number] = exchange
        page = self.pages.get(target, Page(b"", 404))
        if page.then != "hang":
            line.then(lambda each: self._begin(each, exchange, page), page.after)

    def _begin(self, line: Line, exchange: Exchange, page: Page) -> None:
        exchange.answered = line.network.moment()
        exchange.status = page.status
        body = page.body(exchange.token) if callable(page.body) else page.body
        line.send(_head(page.status, len(body), page.headers))
        if page.then == "cut":
            line.send(body[: len(body) // 2], page.takes)
            line.then(self.lost)
            line.hang_up(reset=True)
            return
        line.send(body, page.takes)
        line.then(lambda each: self._complete(each, exchange))

    def _complete(self, line: Line, exchange: Exchange) -> None:
        exchange.completed = line.network.moment()
        del self._at_work[line.number]
        self._look(line)


def _request(head: bytes) -> tuple[str, str, dict[str, str], int]:
    """Return a request's method, target, headers and length of body."""
    first, _, fields = head.partition(b"\r\n")
    method, target, version = first.decode("ascii").split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(version)
    headers = dict(_field(line) for line in fields.split(b"\r\n") if line)
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= MAX_BODY or "transfer-encoding" in headers:
        raise ValueError("a body of unknown length, or too long a one")
    return method, target, headers, length


def _field(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.strip().lower(), value.strip()


def _head(status: int, length: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    given = {"Content-Type": "text/plain; charset=utf-8"} | dict(headers)
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode("latin-1")


# --- a browser ----------------------------------------------------------------


@dataclass(frozen=True)
class Ask(Fixed):
    """One request, sent `at` seconds after the connection was opened."""

    method: str
    path: str
    body: bytes | None = None
    at: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """Return the bytes of the request."""
        given = {"Host": "localhost"} | dict(self.headers)
        if self.body is not None:
            given["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in given.items()]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head + (self.body or b"")


@dataclass
class Browser(Peer):
    """Dials the submission at `dials_at` seconds and asks, on one connection.

    It goes away `leaves` seconds after that, if at all: with a reset, as who closes a tab.
    """

    dials_at: float | None = 0.0
    asks: Sequence[Ask] = ()
    leaves: float | None = None
    port: int = 0
    host: str = field(default="", init=False)

    def opened(self, line: Line) -> None:
        """Plan all requests."""
        for ask in self.asks:
            line.send(ask.encoded(), ask.at)
        if self.leaves is not None:
            line.hang_up(self.leaves, reset=True)


@dataclass(frozen=True)
class Told:
    """A response that a browser was given, and when its last byte came."""

    status: int
    headers: dict[str, str]
    body: bytes
    at: Moment


def told(connection: Connection, asks: Sequence[Ask]) -> list[Told]:
    """Return the whole responses on a connection, in order; what is cut off is left out."""
    # Its module is slow to import, and few katas need it.
    from http.client import HTTPResponse

    stream = io.BytesIO(connection.heard())
    found = []
    for ask in asks:
        source: Any = _Sock(stream)
        response = HTTPResponse(source, method=ask.method)
        try:
            response.begin()
            body = response.read()
        except Exception:  # noqa: BLE001
            # It is the submission's to write, and the parser knows many ways to fail.
            break
        at = _moment_of(connection, stream.tell())
        found.append(Told(response.status, dict(response.getheaders()), body, at))
    return found


def _moment_of(connection: Connection, count: int) -> Moment:
    """Return when so many bytes had been sent."""
    seen = 0
    for moment, data in connection.sent:
        seen += len(data)
        if seen >= count:
            return moment
    raise ValueError("more bytes than were sent")


class _Sock:
    """What `HTTPResponse` reads from: bytes that stay open."""

    def __init__(self, stream: io.BytesIO) -> None:
        self._stream = stream

    def makefile(self, *_: Any) -> Any:
        return _KeptOpen(self._stream)


class _KeptOpen(io.BufferedReader):
    """Bytes that outlive the response which was read of them."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream, 1)

    def close(self) -> None:
        """Leave them open for the next response."""
