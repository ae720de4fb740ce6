"""What is a browser told by the server under test, and when?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn

from grader import values
from grader.laws import words
from grader.laws.outcome import Broken
from grader.laws.timing import later
from grader.laws.witness import Witness
from grader.world.http import Ask, Browser, Told, told
from grader.world.record import Connection, Note
from grader.world.rules import instant

UNHANDLED = "unhandled"
"""Under this name a scenario notes what a handler let out: its text, and its line."""

_SHOWN = 48
_VISITS = 8
_FIRST_ERROR = 400
_FIRST_FAILURE = 500


@dataclass(frozen=True)
class Reply:
    """What a browser is to be told: see `reply`."""

    status: int | range
    bodies: tuple[Any, ...] = ()
    key: str = ""

    def __str__(self) -> str:
        first = self.status if isinstance(self.status, int) else self.status[0]
        shown = f"{first}" if first == self.status else f"{first} or above"
        return f"{shown} {self.held}".rstrip()

    @property
    def held(self) -> str:
        """What the body is to hold, in words."""
        if self.key:
            return f'{{"{self.key}": ...}}'
        return " or ".join(json.dumps(each) for each in self.bodies)


def reply(status: int | range, *bodies: Any, key: str = "") -> Reply:
    """Return what a browser is to be told: this status, or one of a range.

    The body is JSON that holds one of `bodies`, types included, or an object that has
    `key`. With neither of them it may be anything.
    """
    return Reply(status, bodies, key)


@dataclass(frozen=True)
class _Request:
    """One request of a browser, and what it was told, if anything."""

    ask: Ask
    connection: Connection
    asked: int
    told: Told | None


class ServedLaws(Witness):
    """An HTTP server, as browsers of the judge meet it.

    A law takes the browser itself, which is told apart by what it says; of several that
    are alike, it holds for each.
    """

    def tells(self, browser: Browser, replies: Sequence[Reply], rule: str) -> None:
        """Each request of the browser is told what stands in its place of `replies`.

        The signs are `refused`, `no-answer`, `server-error`, `wrong-status`, `no-json`
        and `wrong-value`.
        """
        for place, request in enumerate(self._requests(browser, rule)):
            self._tells(request, replies[place % len(replies)], rule)

    def tells_totals(
        self, posts: Sequence[tuple[Browser, int]], key: str, start: int, rule: str
    ) -> None:
        """Each browser adds its own amount and is told the total: in some order.

        They ask once each, and the amounts are positive. Under `key` the answer to each
        has the total of the one before it and its own amount. The sign is `wrong-value`.
        """
        found: dict[int, tuple[int, int, _Request]] = {}
        for browser, amount in posts:
            for request in self._requests(browser, rule):
                self._tells(request, reply(200, key=key), rule)
                value = self._integer(request, key, rule)
                found[request.connection.number] = value, amount, request
        total = start
        for value, amount, request in sorted(found.values(), key=lambda each: each[:2]):
            total += amount
            if value != total:
                wanted = json.dumps({key: total})
                seen = (
                    "expected each total to be the next smaller one plus its own amount"
                )
                raise self._wrong(request, rule, "wrong-value", wanted, seen)

    def tells_within(self, browser: Browser, nanoseconds: int, rule: str) -> None:
        """Each request is answered at most so long after it was sent; see `waited`."""
        for request in self._requests(browser, rule):
            answer = self._answer(request, rule)
            if later(answer.at.at, request.asked + nanoseconds):
                took = words.seconds(answer.at.at - request.asked)
                raise Broken(
                    rule,
                    f"{self._sent(request)}, was answered after {took} instead of "
                    f"{words.seconds(nanoseconds)}",
                    sign="too-late",
                    at=request.asked + nanoseconds,
                    until=answer.at.at,
                )

    def tells_after(self, browser: Browser, name: str, rule: str) -> None:
        """Each request is answered when a call of `name` has ended since it was sent."""
        for request in self._requests(browser, rule):
            answer = self._answer(request, rule)
            begun = [
                each for each in self.named(name) if each.began.at >= request.asked
            ]
            if not begun:
                raise self.never_called(name)
            ended = [each.completed for each in begun if each.completed is not None]
            if not any(each.order < answer.at.order for each in ended):
                raise Broken(
                    rule,
                    f"{self._sent(request)}, was answered at "
                    f"{words.moment(answer.at.at)}, before {self.call(begun[0])} had "
                    "ended",
                    sign="too-early",
                    at=answer.at.at,
                    line=begun[0].line,
                    operations=[(begun[0].number, "too late")],
                )

    def waited(self, browser: Browser) -> int:
        """Return how long the browser waited for its last answer, in nanoseconds.

        `NotReached` if there was none.
        """
        with self.given():
            rule = "There must be an answer"
            request = self._requests(browser, rule)[-1]
            return self._answer(request, rule).at.at - request.asked

    # --- what was asked, and what was told ------------------------------------

    def served(self) -> list[tuple[int, str]]:
        """Return when which request was sent, and when its client left without an answer.

        The first of them: a picture has no room for more.
        """
        found: list[tuple[int, str]] = []
        for connection in self.run.connections:
            if isinstance(connection.peer, Browser):
                found += _visit(connection, connection.peer)
        return sorted(found)[:_VISITS]

    def _requests(self, browser: Browser, rule: str) -> list[_Request]:
        """Return the requests of the browser; of several alike, one after the other."""
        self.check_time()
        found = [each for each in self.run.connections if each.peer == browser]
        if not found:
            self.must_return(rule)
            at = self.outcome.when.at
            first = _shown(browser.asks[0])
            fact = f"it was over at {words.moment(at)}, before {first} was sent"
            raise Broken(rule, fact, sign="refused", at=at)
        return [request for each in found for request in _asked(each, browser.asks)]

    def _sent(self, request: _Request) -> str:
        return f"{_shown(request.ask)}, sent at {words.moment(request.asked)}"

    def _answer(self, request: _Request, rule: str) -> Told:
        """Return what a request was told; the law is broken if there was nothing."""
        if request.told is None:
            self._gave_none(request, rule)
        return request.told

    def _gave_none(self, request: _Request, rule: str) -> NoReturn:
        connection = request.connection
        if self.outcome.kind not in {"returned", "raised"}:
            self.must_end(rule)
        sign, at = "no-answer", (connection.closed or self.run.end).at
        fact = f"{self._sent(request)}, was never answered{self.but_ended()}"
        if connection.refused is not None:
            sign, at = "refused", connection.refused.at
            why = self.but_ended() or ": nobody listened"
            fact = f"{self._sent(request)}, found no server{why}"
        elif connection.closed is not None:
            fact = (
                f"{self._sent(request)}, was not answered: the connection was closed at "
                f"{words.moment(at)}"
            )
        raise Broken(
            rule,
            fact,
            sign=sign,
            at=at,
            line=self.ending_line(),
            reason="raised" if self.outcome.kind == "raised" else "behaviour",
        )

    def _tells(self, request: _Request, wanted: Reply, rule: str) -> None:
        answer = self._answer(request, rule)
        if not _is_status(answer.status, wanted.status):
            failed = answer.status >= _FIRST_FAILURE
            sign = "server-error" if failed else "wrong-status"
            raise self._wrong(request, rule, sign, str(wanted))
        if not wanted.bodies and not wanted.key:
            return
        try:
            held = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise self._wrong(request, rule, "no-json", f"{wanted} in JSON") from None
        keyed = wanted.key and isinstance(held, dict) and wanted.key in held
        if not keyed and not any(_same(held, each) for each in wanted.bodies):
            raise self._wrong(request, rule, "wrong-value", wanted.held)

    def _integer(self, request: _Request, key: str, rule: str) -> int:
        value = json.loads(self._answer(request, rule).body)[key]
        if type(value) is not int:
            raise self._wrong(request, rule, "wrong-value", f'an integer "{key}"')
        return value

    def _wrong(
        self, request: _Request, rule: str, sign: str, wanted: str, seen: str = ""
    ) -> Broken:
        answer = self._answer(request, rule)
        body = _text(answer.body)
        if answer.status >= _FIRST_ERROR and not body.startswith("{"):
            body = _phrase(answer.status)
        noted = self._unhandled(answer)
        text, line = _told_of(noted) if noted is not None else ("", 0)
        was = f"{answer.status} {body}".rstrip()
        return Broken(
            rule,
            f"{self._sent(request)}, was told {was} instead of {wanted}",
            sign=sign,
            at=answer.at.at,
            line=line,
            seen=f"its handler raised {text}" if text else seen,
        )

    def _unhandled(self, answer: Told) -> Note | None:
        """Return what the scenario noted of an error that led to this answer."""
        notes = self.run.noted(UNHANDLED) if answer.status >= _FIRST_FAILURE else []
        return next((each for each in notes if each.when.at == answer.at.at), None)


def _asked(connection: Connection, asks: Sequence[Ask]) -> list[_Request]:
    answers: list[Told | None] = [*told(connection, asks)]
    answers += [None] * (len(asks) - len(answers))
    opened = (connection.opened or connection.began).at
    return [
        _Request(ask, connection, opened + instant(ask.at), answer)
        for ask, answer in zip(asks, answers, strict=True)
    ]


def _visit(connection: Connection, browser: Browser) -> Iterator[tuple[int, str]]:
    gone = connection.peer_ended
    for each in _asked(connection, browser.asks):
        if gone is None or each.asked <= gone.at:
            yield each.asked, f"{_shown(each.ask)} sent"
            if gone is not None and each.told is None:
                yield gone.at, "its client leaves"


def _shown(ask: Ask) -> str:
    """Return a request in one phrase: `POST /counter/a {"by": 5}`."""
    body = f" {_text(ask.body)}" if ask.body else ""
    return f"{ask.method} {ask.path}{body}"


def _is_status(status: int, wanted: int | range) -> bool:
    return status in wanted if isinstance(wanted, range) else status == wanted


def _same(held: Any, wanted: Any) -> bool:
    try:
        return values.same(values.pack_known(held), values.pack_known(wanted))
    except RecursionError:
        # It may be nested as deep as its sender likes.
        return False


def _text(data: bytes) -> str:
    """Return bytes as they are read, or as Python shows them, cut after some."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = repr(data)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _told_of(note: Note) -> tuple[str, int]:
    # A note may be forged: then it is any number of any values.
    text, line = [*note.values[:2], "", 0][:2]
    right = isinstance(text, str) and type(line) is int and line >= 0
    return (text[:120], line) if right else ("", 0)
