"""Sites and browsers, as a player would meet them: told event by event to a real world."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from grader import wire
from grader.world.http import Ask, Browser, Page, Site, told
from grader.world.network import Line, Peer
from grader.world.peers import Client, sends
from grader.world.tokens import Tokens
from grader.world.world import World

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
SECOND = 1_000_000_000


class Hand:
    """Plays the submission's side of one connection."""

    def __init__(self, *peers: Peer) -> None:
        self.world = World({}, Tokens(b"secret", "case"), peers=peers)
        self.got: list[tuple[int, wire.Delivery]] = []

    def turn(self, *events: wire.Event) -> wire.Reply | wire.Over:
        """Say what happened and rest."""
        reply = self.world.step(wire.Turn(list(events), None, None))
        if isinstance(reply, wire.Reply):
            self.got += [(reply.now, each) for each in reply.deliveries]
        return reply

    def rest(self) -> None:
        """Rest until nothing more comes."""
        while isinstance(self.turn(), wire.Reply):
            pass

    def bytes_at(self) -> list[tuple[int, bytes]]:
        """Return what was given, and when."""
        return [(now, e.data) for now, e in self.got if isinstance(e, wire.Sent)]


def ask(site: Site, *requests: bytes) -> Hand:
    hand = Hand(site)
    hand.turn(wire.Started(), wire.Dialled(1, site.host, site.port))
    hand.turn(*(wire.Sent(1, request) for request in requests))
    return hand


def test_a_page_comes_when_it_was_said_to_come() -> None:
    site = Site("x", {"/a": Page(b"hello", after=1, takes=2)})

    hand = ask(site, GET)
    hand.rest()

    head, body = hand.bytes_at()
    assert head[0] == SECOND
    assert head[1].endswith(b"\r\nContent-Length: 5\r\n\r\n")
    assert body == (3 * SECOND, b"hello")
    (exchange,) = hand.world.run.exchanges
    assert exchange.url == "http://x/a"
    assert [exchange.began.at, exchange.answered and exchange.answered.at] == [
        0,
        SECOND,
    ]
    assert exchange.completed is not None
    assert exchange.completed.at == 3 * SECOND


def test_the_token_of_an_exchange_is_in_the_body_and_has_a_name() -> None:
    hand = ask(Site("x", {"/a": Page(lambda token: f"<{token}>".encode())}), GET)
    hand.rest()

    (exchange,) = hand.world.run.exchanges
    assert hand.bytes_at()[1][1] == f"<{exchange.token}>".encode()
    assert hand.world.label(exchange.token) == "<body of http://x/a>"


def test_an_exchange_has_the_headers_of_its_request() -> None:
    hand = ask(Site("x"), b"GET /a HTTP/1.1\r\nHost: x\r\nX-Name:  Ann \r\n\r\n")

    (exchange,) = hand.world.run.exchanges
    assert exchange.headers == {"host": "x", "x-name": "Ann"}


def test_requests_on_one_connection_are_answered_one_after_another() -> None:
    site = Site("x", {"/a": Page(b"a", after=1), "/b": Page(b"b")}, port=8080)

    hand = ask(site, GET + GET.replace(b"/a", b"/b"))
    hand.rest()

    assert [(now, data[-1:]) for now, data in hand.bytes_at()][1::2] == [
        (SECOND, b"a"),
        (SECOND, b"b"),
    ]
    assert hand.world.run.exchanges[1].url == "http://x:8080/b"


def test_an_unknown_page_is_not_there_and_nonsense_is_a_bad_request() -> None:
    missing = ask(Site("x", {}), GET)
    missing.rest()
    nonsense = ask(Site("x", {}), b"what\r\n\r\n")
    nonsense.rest()

    assert missing.bytes_at()[0][1].startswith(b"HTTP/1.1 404 Not Found")
    assert nonsense.bytes_at()[0][1].startswith(b"HTTP/1.1 400 Bad Request")
    assert nonsense.world.run.connections[0].peer_ended is not None


def test_a_page_that_hangs_is_never_answered_and_a_lost_one_is_told() -> None:
    hand = ask(Site("x", {"/a": Page(then="hang")}), GET)

    hand.turn(wire.HungUp(1, reset=False))

    (exchange,) = hand.world.run.exchanges
    assert (exchange.answered, exchange.completed) == (None, None)
    assert exchange.lost == exchange.ended is not None


def test_a_page_that_is_cut_off_ends_in_a_reset() -> None:
    hand = ask(Site("x", {"/a": Page(b"12345678", takes=1, then="cut")}), GET)
    hand.rest()

    assert hand.bytes_at()[1] == (SECOND, b"1234")
    assert hand.got[-1][1] == wire.HungUp(1, reset=True)
    (exchange,) = hand.world.run.exchanges
    assert exchange.lost is not None
    assert (exchange.lost.at, exchange.completed) == (SECOND, None)


def test_a_long_body_waits_for_room_and_completes_with_its_last_byte() -> None:
    hand = ask(Site("x", {"/a": Page(bytes(100_000))}), GET)
    hand.turn()
    (exchange,) = hand.world.run.exchanges
    assert exchange.completed is None

    hand.turn(wire.Room(1, 60_000))
    hand.rest()

    assert exchange.completed is not None
    assert sum(len(data) for _, data in hand.bytes_at()[1:]) == 100_000


ASKS = (Ask("GET", "/a"), Ask("POST", "/b", b"{}", at=1), Ask("GET", "/c"))
ANSWER = b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n%s"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


def test_a_browser_is_told_what_was_answered_and_when() -> None:
    hand = Hand(Browser(0, ASKS))
    hand.turn(wire.Started(), wire.Listens(80))
    hand.turn(wire.Sent(1, ANSWER % (200, 2, b"ok") + CHUNKED[:30]))
    hand.rest()
    hand.turn(wire.Sent(1, CHUNKED[30:] + ANSWER % (500, 9, b"cut")))

    answers = told(hand.world.run.connections[0], ASKS)

    assert [(each.status, each.body) for each in answers] == [
        (200, b"ok"),
        (200, b"abc"),
    ]


def test_a_browser_sends_its_requests_and_goes_away() -> None:
    hand = Hand(Browser(0.5, ASKS, leaves=2))
    hand.turn(wire.Started(), wire.Listens(80))
    hand.rest()

    sent = hand.bytes_at()
    assert sent[0] == (SECOND // 2, b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert sent[1][0] == 3 * SECOND // 2
    assert sent[1][1].endswith(b"Content-Length: 2\r\n\r\n{}")
    assert hand.got[-1] == (5 * SECOND // 2, wire.HungUp(1, reset=True))


# --- what a submission may send -----------------------------------------------


def test_a_page_takes_its_time_from_when_it_is_asked_for() -> None:
    hand = Hand(Site("x", {"/a": Page(b"a", after=10)}))
    hand.world.step(wire.Turn([wire.Started()], 5 * SECOND, None))

    hand.turn(wire.Dialled(1, "x", 80), wire.Sent(1, GET))
    hand.rest()

    assert hand.bytes_at()[-1] == (15 * SECOND, b"a")


def test_what_was_sent_first_arrives_first_also_at_one_instant() -> None:
    class Peer2(Peer):
        host, port = "x", 80

        def received(self, line: Line, _: bytes) -> None:
            line.send(b"1", 1)
            line.after(1, lambda each: each.send(b"2"))

    hand = Hand(Peer2())
    hand.turn(wire.Started(), wire.Dialled(1, "x", 80), wire.Sent(1, b"go"))
    hand.rest()

    assert b"".join(data for _, data in hand.bytes_at()) == b"12"


def test_very_many_requests_in_one_piece_are_answered() -> None:
    hand = ask(Site("x", {}), GET * 500)
    hand.rest()

    assert len(hand.world.run.exchanges) == 500


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nContent-Type: multipart/x; boundary*=a; boundary*0=b\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: \xff\r\n\r\n",
        b"GET / HTTP/1.1\r\n\0\r\n\r\n",
        b"\xff / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"x" * 40_000,
    ],
)
def test_no_request_fails_the_judge(request_: bytes) -> None:
    ask(Site("x", {}), request_).rest()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFF\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary*=a; boundary*0=b\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_no_answer_fails_the_judge(answer: bytes) -> None:
    hand = Hand(Browser(0, ASKS))
    hand.turn(wire.Started(), wire.Listens(80))
    hand.turn(wire.Sent(1, answer))

    told(hand.world.run.connections[0], ASKS)


def test_a_connection_before_the_beginning_is_a_violation() -> None:
    hand = Hand(Site("x", {"/a": Page(b"a", after=5)}))
    hand.turn(wire.Dialled(1, "x", 80), wire.Sent(1, GET))

    with pytest.raises(wire.ProtocolViolation, match="before it had begun"):
        hand.turn(wire.Started())


def test_a_peer_that_fails_is_a_violation() -> None:
    class Failing(Peer):
        host, port = "x", 80

        def received(self, _: Line, data: bytes) -> None:
            data.decode("ascii")

    hand = Hand(Failing())
    hand.turn(wire.Started(), wire.Dialled(1, "x", 80))

    with pytest.raises(wire.ProtocolViolation, match="UnicodeDecodeError"):
        hand.turn(wire.Sent(1, b"\xff"))


# --- copies -----------------------------------------------------------------------


def test_copies_of_a_peer_share_what_never_changes_and_nothing_else() -> None:
    pages = {"/": Page(b"x")}
    peers: list[Any] = [Browser(1, [Ask("GET", "/")]), Client(1, [sends(0, b"x")])]
    site = Site("x", pages)

    asks, acts, other = copy.deepcopy([*peers, site])

    assert [asks, acts] == peers
    assert asks.asks[0] is peers[0].asks[0]
    assert acts.deeds[0] is peers[1].deeds[0]
    assert other.pages["/"] is pages["/"]
    assert other.pages is not pages
    assert other._inbox is not site._inbox
