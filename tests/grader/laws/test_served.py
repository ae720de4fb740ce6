"""A server that is told event by event, and what its browsers were told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader import wire
from grader.judge.picture import timeline
from grader.laws import JudgedRun
from grader.laws.served import UNHANDLED, Reply, reply
from grader.world.http import Ask, Browser
from grader.world.network import Peer
from grader.world.rules import after, asynchronous, instant
from grader.world.tokens import Tokens
from grader.world.world import World

from .conftest import Breach, breach, failure, not_reached

RULE = "It must answer"
POST = Ask("POST", "/sum", b'{"by": 5}')
HEAD = "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n"
SENT = f'{RULE}; POST /sum {{"by": 5}}, sent at t=1.0s, '


class Server:
    """Plays the submission's side: it listens at once and does what it is told."""

    def __init__(self, *peers: Peer) -> None:
        rules = {"put": asynchronous(after(1))}
        self.world = World(rules, Tokens(b"secret", "case"), peers=peers)
        self._turn(0, wire.Started(), wire.Listens(80))

    def _turn(self, until: float | None, *events: wire.Event) -> wire.Reply | wire.Over:
        timer = None if until is None else instant(until)
        return self.world.step(wire.Turn(list(events), timer, None))

    def at(self, seconds: float, *events: wire.Event) -> None:
        """Do something at that time."""
        while self.world.now < instant(seconds):
            self._turn(seconds)
        for each in events:
            self.world._take(each)

    def answers(self, line: int, at: float, status: int, body: Any) -> None:
        """Answer the request on a connection."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = HEAD % (status, len(data))
        self.at(at, wire.Sent(line, head.encode() + data))

    def over(self, *events: wire.Event) -> JudgedRun:
        """Return, or end otherwise; return the run."""
        self._turn(None, *(events or [wire.Returned(None)]))
        while isinstance(self._turn(None), wire.Reply):
            pass
        return JudgedRun(self.world.run, self.world.label)


def told(*answers: tuple[int, Any], at: float = 2) -> tuple[JudgedRun, Browser]:
    """Return a run in which a browser posts once and is told this."""
    browser = Browser(1, [POST])
    server = Server(browser)
    server.at(1)
    for status, body in answers:
        server.answers(1, at, status, body)
    return server.over(), browser


@pytest.mark.parametrize(
    ("status", "body", "wanted"),
    [
        (200, b"anything", reply(200)),
        (201, b"", reply(range(200, 300))),
        (200, {"sum": 5}, reply(200, {"sum": 5})),
        (200, {"sum": 5}, reply(200, {"sum": 4}, {"sum": 5})),
        (400, {"error": None, "more": 1}, reply(400, key="error")),
        (200, [float("nan")], reply(200, [float("nan")])),
    ],
)
def test_a_browser_that_is_told_what_it_is_to_be_told(
    status: int, body: Any, wanted: Reply
) -> None:
    run, browser = told((status, body))

    run.tells(browser, [wanted], RULE)


@pytest.mark.parametrize(
    ("status", "body", "wanted", "fact", "sign"),
    [
        (
            404,
            b"404: Not Found",
            reply(200, {"sum": 5}),
            '404 Not Found instead of 200 {"sum": 5}',
            "wrong-status",
        ),
        (
            200,
            {"sum": 5},
            reply(range(500, 600)),
            '200 {"sum": 5} instead of 500 or above',
            "wrong-status",
        ),
        (
            500,
            b"",
            reply(200),
            "500 Internal Server Error instead of 200",
            "server-error",
        ),
        (799, b"", reply(200), "799 instead of 200", "server-error"),
        (
            200,
            b"5",
            reply(200, key="sum"),
            '200 5 instead of {"sum": ...}',
            "wrong-value",
        ),
        (
            200,
            {"sum": True},
            reply(200, {"sum": 1}, {"sum": 2}),
            '200 {"sum": true} instead of {"sum": 1} or {"sum": 2}',
            "wrong-value",
        ),
        (
            200,
            b"\xff\xfe",
            reply(200, 1),
            "200 b'\\xff\\xfe' instead of 200 1 in JSON",
            "no-json",
        ),
        (
            200,
            b"x" * 60,
            reply(200, 1),
            f"200 {'x' * 48}… instead of 200 1 in JSON",
            "no-json",
        ),
        (
            200,
            b"[" * 100_000,
            reply(200, 1),
            f"200 {'[' * 48}… instead of 200 1 in JSON",
            "no-json",
        ),
        (
            200,
            b"[" * 400 + b"]" * 400,
            reply(200, 1),
            f"200 {'[' * 48}… instead of 1",
            "wrong-value",
        ),
    ],
)
def test_what_else_it_is_told_is_shown(
    status: int, body: Any, wanted: Reply, fact: str, sign: str
) -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    server.at(2)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    data = (HEAD % (status, len(data))).encode() + data
    for start in range(0, len(data), 30_000):
        server._turn(2, wire.Sent(1, data[start : start + 30_000]))

    assert breach(server.over().tells, browser, [wanted], RULE) == Breach(
        f"{SENT}was told {fact}.", sign, at=2
    )


def test_each_request_of_a_browser_has_its_own_answer() -> None:
    browser = Browser(1, [POST, Ask("GET", "/sum", at=3)])
    server = Server(browser)
    server.answers(1, 2, 200, 5)
    server.answers(1, 5, 200, 6)
    run = server.over()

    run.tells(browser, [reply(200, 5), reply(200, 6)], RULE)
    broken = breach(run.tells, browser, [reply(200, 5), reply(200, 5)], RULE)
    assert (
        broken.message
        == f"{RULE}; GET /sum, sent at t=4.0s, was told 200 6 instead of 5."
    )


def test_a_law_holds_for_each_of_several_browsers_that_are_alike() -> None:
    server = Server(Browser(1, [POST]), Browser(1, [POST]))
    server.answers(1, 2, 200, 5)
    server.answers(2, 3, 200, 6)

    broken = breach(server.over().tells, Browser(1, [POST]), [reply(200, 5)], RULE)

    assert (broken.sign, broken.at) == ("wrong-value", 3)


# --- no answer --------------------------------------------------------------------


def test_no_answer_at_all_is_told() -> None:
    run, browser = told()

    assert breach(run.tells, browser, [reply(200)], RULE) == Breach(
        f"{SENT}was never answered.", "no-answer", at=1
    )


def test_half_an_answer_is_none() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    server.at(2, wire.Sent(1, (HEAD % (200, 10)).encode() + b"half"))
    server.at(3, wire.HungUp(1, reset=False))

    assert breach(server.over().tells, browser, [reply(200)], RULE) == Breach(
        f"{SENT}was not answered: the connection was closed at t=3.0s.",
        "no-answer",
        at=3,
    )


def test_who_finds_no_server_is_told_so() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    server.at(0.5, wire.Deaf(80))

    assert breach(server.over().tells, browser, [reply(200)], RULE) == Breach(
        f"{SENT}found no server: nobody listened.", "refused", at=1
    )


def test_a_server_that_raised_says_why_there_is_no_answer() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    server.at(0.5, wire.Deaf(80))
    run = server.over(wire.Raised(failure("TypeError", "no app", line=7)))

    assert breach(run.tells, browser, [reply(200)], RULE) == Breach(
        f"{SENT}found no server: it raised TypeError('no app').",
        "refused",
        at=1,
        line=7,
        reason="raised",
    )


def test_a_run_that_is_over_too_soon_is_told(story: Any) -> None:
    assert breach(
        story.returns().tells, Browser(1, [POST]), [reply(200)], RULE
    ) == Breach(
        f'{RULE}; it was over at t=0.0s, before POST /sum {{"by": 5}} was sent.',
        "refused",
        at=0,
    )


def test_a_server_that_stands_still_breaks_the_law_by_that() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    while isinstance(server._turn(None), wire.Reply):
        pass
    run = JudgedRun(server.world.run, server.world.label)

    assert breach(run.tells, browser, [reply(200)], RULE).sign == "deadlock"


# --- what a handler let out -------------------------------------------------------


def test_an_error_of_the_handler_is_told_with_its_line() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    server.at(2, wire.Noted(UNHANDLED, ["KeyError: 'by'", 12]))
    server.answers(1, 2, 500, b"")

    broken = breach(server.over().tells, browser, [reply(200)], RULE)

    assert broken.seen == "its handler raised KeyError: 'by'"
    assert broken.line == 12


@pytest.mark.parametrize("noted", [[], ["x"], [1, 2], ["x", -1], ["x", True], [[], {}]])
def test_a_forged_note_of_an_error_is_left_out(noted: list[Any]) -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    packed = [
        wire.List([]) if isinstance(each, list | dict) else each for each in noted
    ]
    server.at(2, wire.Noted(UNHANDLED, packed))
    server.answers(1, 2, 500, b"")

    broken = breach(server.over().tells, browser, [reply(200)], RULE)

    assert broken.seen in {"", "its handler raised x"}
    assert broken.line == 0


# --- totals -----------------------------------------------------------------------


def totals(*answers: Any) -> tuple[JudgedRun, list[tuple[Browser, int]]]:
    """Return a run in which 1, 2, 4 ... are posted and told this."""
    amounts = [1 << place for place in range(len(answers))]
    posts = [
        (Browser(1, [Ask("POST", f"/{amount}", b"")]), amount) for amount in amounts
    ]
    server = Server(*(each for each, _ in posts))
    for line, answer in enumerate(answers, 1):
        server.answers(line, 2, 200, answer)
    return server.over(), posts


@pytest.mark.parametrize("sums", [(11, 13, 17), (17, 16, 14), (15, 17, 14)])
def test_totals_may_come_in_any_order(sums: tuple[int, ...]) -> None:
    run, posts = totals(*({"sum": each} for each in sums))

    run.tells_totals(posts, "sum", 10, RULE)


def test_browsers_that_are_alike_may_have_each_others_totals() -> None:
    server = Server(Browser(1, [POST]), Browser(1, [POST]))
    server.answers(1, 2, 200, {"sum": 10})
    server.answers(2, 2, 200, {"sum": 5})

    posts = [(Browser(1, [POST]), 5)] * 2
    server.over().tells_totals(posts, "sum", 0, RULE)


@pytest.mark.parametrize(
    ("sums", "path", "right"),
    [((11, 12, 17), "/2", 13), ((11, 11, 17), "/2", 13), ((10, 13, 17), "/1", 11)],
)
def test_a_total_that_no_order_gives_is_told(
    sums: tuple[int, ...], path: str, right: int
) -> None:
    run, posts = totals(*({"sum": each} for each in sums))

    broken = breach(run.tells_totals, posts, "sum", 10, RULE)

    assert broken.message.startswith(
        f"{RULE}; POST {path}, sent at t=1.0s, was told 200"
    )
    assert broken.message.endswith(f' instead of {{"sum": {right}}}.')
    assert (
        broken.seen
        == "expected each total to be the next smaller one plus its own amount"
    )
    assert broken.sign == "wrong-value"


@pytest.mark.parametrize("answer", ["11", 11.0, True, None])
def test_a_total_is_an_integer(answer: Any) -> None:
    run, posts = totals({"sum": answer})

    broken = breach(run.tells_totals, posts, "sum", 10, RULE)

    assert broken.sign == "wrong-value"
    assert broken.message.endswith(' instead of an integer "sum".')


# --- times ------------------------------------------------------------------------


def test_an_answer_in_time_is_in_time() -> None:
    run, browser = told((200, 5), at=2.5)

    assert run.waited(browser) == instant(1.5)
    run.tells_within(browser, instant(1.5), RULE)


def test_a_late_answer_is_told() -> None:
    run, browser = told((200, 5), at=2.5)

    assert breach(run.tells_within, browser, instant(1), RULE) == Breach(
        f"{SENT}was answered after 1.5 s instead of 1 s.", "too-late", at=2, until=2.5
    )


def test_without_an_answer_nobody_knows_how_long_it_takes() -> None:
    run, browser = told()

    assert not_reached(run.waited, browser)[1] == "behaviour"


def put(server: Server) -> None:
    server.at(1, wire.Began(1, "put", [5], {}, 12, "Task-1", 0))


def test_an_answer_after_the_call_is_right() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    put(server)
    server.at(2, wire.Closed(1, "value"))
    server.answers(1, 2, 200, 5)

    server.over().tells_after(browser, "put", RULE)


def test_an_answer_before_the_call_has_ended_is_told() -> None:
    browser = Browser(1, [POST])
    server = Server(browser)
    put(server)
    server.answers(1, 1.5, 200, 5)
    server.at(2, wire.Closed(1, "value"))

    assert breach(server.over().tells_after, browser, "put", RULE) == Breach(
        f"{SENT}was answered at t=1.5s, before put(5) had ended.",
        "too-early",
        at=1.5,
        line=12,
        marks={1: "too late"},
    )


def test_an_answer_without_any_call_reaches_no_law() -> None:
    run, browser = told((200, 5))

    why = "put was never called: it returned None"
    assert not_reached(run.tells_after, browser, "put", RULE) == (why, "never arose", 0)


# --- the picture ------------------------------------------------------------------


def test_requests_and_clients_that_leave_are_marked() -> None:
    stays = Browser(1, [Ask("GET", "/sum")], leaves=5)
    server = Server(stays, Browser(1, [POST], leaves=1), Peer())
    put(server)
    server.answers(1, 2, 200, 5)
    server.at(2, wire.Closed(1, "value"))

    drawn = timeline(server.over(), None)

    assert drawn is not None
    assert [(each.at, each.label) for each in drawn.marks][:-1] == [
        (1.0, "GET /sum sent"),
        (1.0, 'POST /sum {"by": 5} sent'),
        (2.0, "its client leaves"),
    ]


def test_a_picture_has_no_room_for_many_requests() -> None:
    server = Server(*(Browser(1, [Ask("GET", f"/{place}")]) for place in range(20)))
    server.at(1)

    assert len(server.over().served()) == 8
