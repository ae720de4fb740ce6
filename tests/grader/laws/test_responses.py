"""What a client asks the judge's sites for, told event by event to a real world."""

from __future__ import annotations

import pytest

from grader import wire
from grader.laws import JudgedRun
from grader.laws.responses import visits
from grader.world.http import Page, Site
from grader.world.tokens import Tokens
from grader.world.world import World

from .conftest import Breach, Story, breach, failure, not_reached

LATE = Page(lambda token: token.encode(), after=1, takes=1)
PAGES = {
    "/1": LATE,
    "/2": LATE,
    "/3": LATE,
    "/bad": Page(b"no", 404, after=1, takes=1),
    "/cut": Page(b"1234", takes=1, then="cut"),
}
SITES = [
    Site("a.test", PAGES),
    Site("down.test", refuses=True, answers=1),
    Site("mute.test", answers=None),
]
RULE = "So it must be"


class Client(Story):
    """A client that asks sites; connections are told by number."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World({}, Tokens(b"secret", "case"), peers=SITES)
        self.tell(wire.Started())
        self.dialled = 0

    def dial(self, host: str = "a.test") -> int:
        """Open a connection; return its number."""
        self.dialled += 1
        self.tell(wire.Dialled(self.dialled, host, 80))
        return self.dialled

    def ask(self, path: str, on: int = 0, name: str = "given") -> int:
        """Ask for a page, on a new connection unless one is given; return its number."""
        connection = on or self.dial()
        head = f"GET {path} HTTP/1.1\r\nX-Name: {name}\r\n\r\n"
        self.tell(wire.Sent(connection, head.encode()))
        return connection

    def hang_up(self, *connections: int) -> None:
        """Close connections."""
        for each in connections:
            self.tell(wire.HungUp(each, reset=False))


@pytest.fixture
def client() -> Client:
    """A client that has asked for nothing yet."""
    return Client()


def url(path: str) -> str:
    return f"http://a.test{path}"


# --- visits -----------------------------------------------------------------------


def seen(run: JudgedRun) -> list[tuple[str, float, float | None]]:
    """Return the visits, and from when to when each lasted."""
    return [
        (each.name, each.began.at / 1e9, each.ended and each.ended.at / 1e9)
        for each in visits(run.run)
    ]


def test_a_visit_lasts_from_the_request_to_the_last_byte(client: Client) -> None:
    first = client.ask("/1")
    client.wait_until(3)
    client.ask("/2", on=first)
    client.wait_until(4)
    client.hang_up(first)

    assert seen(client.returns()) == [("GET a.test/1", 0, 2), ("GET a.test/2", 3, 4)]


def test_a_visit_that_is_cut_off_has_ended(client: Client) -> None:
    client.ask("/cut")

    assert seen(client.returns()) == [("GET a.test/cut", 0, 1)]


def test_a_call_that_nobody_takes_is_a_visit(client: Client) -> None:
    client.dial("down.test")
    mute = client.dial("mute.test")
    client.wait_until(3)
    client.hang_up(mute)

    assert seen(client.returns()) == [
        ("call down.test", 0, 1),
        ("call mute.test", 0, 3),
    ]


# --- what is asked for ------------------------------------------------------------


def test_each_page_is_asked_for_once(client: Client) -> None:
    client.ask("/1")
    client.ask("/2")
    client.dial("down.test")

    client.returns().asks_once([url("/1"), url("/2")], RULE)


def test_a_page_is_asked_for_again(client: Client) -> None:
    client.ask("/1")
    client.wait_until(0.5)
    client.ask("/1")

    assert breach(client.returns().asks_once, [url("/1")], RULE) == Breach(
        "So it must be; GET a.test/1 was asked for at t=0.5s, for the second time.",
        "too-often",
        at=0.5,
        marks={-2: "too often"},
    )


def test_a_page_that_nobody_wanted_is_asked_for(client: Client) -> None:
    client.ask("/2")

    told = breach(client.returns().asks_once, [url("/1")], RULE)

    assert (told.sign, told.marks) == ("not-wanted", {-1: "not wanted"})


def test_a_page_is_never_asked_for(client: Client) -> None:
    client.ask("/1")

    assert breach(client.returns().asks_once, [url("/1"), url("/2")], RULE) == Breach(
        "So it must be; GET a.test/2 was never asked for.", "too-seldom", at=0
    )


def test_nothing_is_asked_for(client: Client) -> None:
    client.returns().asks_nothing(RULE)


def test_even_a_call_is_something(client: Client) -> None:
    client.dial()

    assert breach(client.returns().asks_nothing, RULE) == Breach(
        "So it must be; call a.test came at t=0.0s.",
        "asked",
        at=0,
        marks={-1: "too early"},
    )


def test_all_is_asked_with_one_name(client: Client) -> None:
    client.ask("/1")
    client.ask("/2", name="other")
    run = client.returns()

    told = breach(run.asks_with, "X-Name", "given", RULE)

    assert (told.sign, told.marks) == ("other-session", {-2: "other session"})
    assert told.message.endswith("with another session.")
    assert breach(run.asks_with, "X-More", "given", RULE).message.endswith(
        "with a session of its own."
    )


def test_all_has_the_name(client: Client) -> None:
    client.ask("/1")

    client.returns().asks_with("X-Name", "given", RULE)


def test_so_many_visits_are_needed(client: Client) -> None:
    client.ask("/1")
    run = client.returns()

    run.needs_visits(1)
    assert not_reached(run.needs_visits, 2) == (
        "only 1 page was asked for: it returned None",
        "never arose",
        0,
    )


# --- how many are open ------------------------------------------------------------


def three_in_two_places(client: Client, pause: float = 0) -> JudgedRun:
    """Visits from 0 to 2 and from 0 to 1; the third begins a pause after that."""
    client.ask("/1")
    bad = client.ask("/bad")
    client.wait_until(1)
    client.hang_up(bad)
    client.wait_until(1 + pause)
    client.ask("/2")
    return client.returns()


def test_one_that_begins_as_another_ends_takes_its_place(client: Client) -> None:
    run = three_in_two_places(client)

    run.opens_at_most(2, RULE)
    run.asks_when_free(2, 3, RULE)


def test_too_many_are_open(client: Client) -> None:
    client.ask("/1")
    client.wait_until(0.5)
    client.ask("/2")
    client.ask("/3")

    assert breach(client.returns().opens_at_most, 2, RULE) == Breach(
        "So it must be; 3 were open at t=0.5s: GET a.test/1, GET a.test/2 and "
        "GET a.test/3.",
        "too-many",
        at=0.5,
        until=2,
        marks={-3: "3 of 2"},
        limit=2,
        band="over 2",
    )


def test_too_many_are_open_until_the_end(client: Client) -> None:
    client.dial("mute.test")
    client.dial("mute.test")

    told = breach(client.returns().opens_at_most, 1, RULE)

    assert (told.sign, told.until) == ("too-many", 0)


def test_a_place_is_free_and_a_page_waits(client: Client) -> None:
    run = three_in_two_places(client, 0.5)

    assert breach(run.asks_when_free, 2, 3, RULE) == Breach(
        "So it must be; only 1 of 2 was open from t=1.0s, while GET a.test/2 waited "
        "until t=1.5s.",
        "idle-place",
        at=1,
        until=1.5,
        marks={-3: "late"},
        limit=2,
        band="a place is free",
    )


def test_a_place_is_free_and_a_page_never_comes(client: Client) -> None:
    run = three_in_two_places(client)

    told = breach(run.asks_when_free, 2, 4, RULE)

    assert told.message.endswith(
        "only 1 of 2 was open from t=2.0s, and the rest was never asked for."
    )


def test_the_first_page_comes_late(client: Client) -> None:
    client.wait_until(1)
    client.ask("/1")

    told = breach(client.returns().asks_when_free, 2, 1, RULE)

    assert (told.at, told.until) == (0, 1)
    assert "none was open from t=0.0s" in told.message


def test_nothing_at_all_is_asked_for(client: Client) -> None:
    told = breach(client.returns().asks_when_free, 2, 1, RULE)

    assert told.message.endswith("and the rest was never asked for.")


def test_a_call_that_is_not_taken_has_a_place(client: Client) -> None:
    client.dial("down.test")
    client.wait_until(1)
    client.ask("/1")
    run = client.returns()

    run.opens_at_most(1, RULE)
    run.asks_when_free(1, 2, RULE)


# --- what becomes of them ---------------------------------------------------------


def test_a_good_page_is_read_to_its_end(client: Client) -> None:
    client.ask("/1")
    client.ask("/cut")
    bad = client.ask("/bad")
    client.wait_until(1)
    client.hang_up(bad)

    client.returns().reads_to_the_end(RULE)


def test_a_good_page_is_given_back_unread(client: Client) -> None:
    page = client.ask("/1")
    client.wait_until(1)
    client.hang_up(page)

    assert breach(client.returns().reads_to_the_end, RULE) == Breach(
        "So it must be; GET a.test/1 was given back at t=1.0s, when its body had not "
        "come yet.",
        "given-back-unread",
        at=1,
        marks={-1: "not read"},
    )


def test_it_raises_before_anything_is_read(client: Client) -> None:
    error = failure("RuntimeError", "Session is closed", line=3)

    told = breach(client.raises(error).reads_to_the_end, RULE)

    assert (told.sign, told.line) == ("raised", 3)


def test_the_token_of_a_page_is_known_when_it_was_read(client: Client) -> None:
    client.ask("/1")
    run = client.returns()

    assert run.body(url("/1")) == run.run.exchanges[0].token
    assert run.body(url("/2")) == wire.Opaque(
        f"body of {url('/2')}", "that was never read"
    )


def test_all_was_given_back(client: Client) -> None:
    client.ask("/1")
    bad = client.ask("/bad")
    client.wait_until(1)
    client.hang_up(bad)
    client.wait_until(2)
    client.note("again")

    client.returns().gives_all_back("again", RULE)


def test_a_response_was_still_open(client: Client) -> None:
    client.ask("/bad")
    client.wait_until(1)
    client.note("again")

    assert breach(client.returns().gives_all_back, "again", RULE) == Breach(
        "So it must be; GET a.test/bad was still open when the call was over at t=1.0s.",
        "still-open",
        at=1,
        until=2,
        marks={-1: "still open"},
    )


def test_a_page_is_asked_for_when_all_is_over(client: Client) -> None:
    client.note("again")
    client.ask("/1")

    told = breach(client.returns().gives_all_back, "again", RULE)

    assert (told.sign, told.marks) == ("begins-after", {-1: "too late"})


def test_the_connections_are_closed(client: Client) -> None:
    page = client.ask("/1")
    client.ask("/cut")
    client.dial("down.test")
    client.wait_until(2)
    client.hang_up(page)
    client.note("again")

    client.returns().hangs_up("again", RULE)


def test_a_connection_is_still_open(client: Client) -> None:
    page = client.ask("/1")
    client.wait_until(2)
    client.note("again")
    client.hang_up(page)

    assert breach(client.returns().hangs_up, "again", RULE) == Breach(
        "So it must be; connection 1, to a.test, was still open when the call was over "
        "at t=2.0s.",
        "not-closed",
        at=2,
    )


def test_it_ends_with_the_last_response(client: Client) -> None:
    client.ask("/1")
    client.wait_until(2)

    client.returns().ends_with_the_last_response(RULE)


def test_it_ends_before_the_last_response(client: Client) -> None:
    client.ask("/1")
    client.wait_until(1)

    assert breach(client.returns().ends_with_the_last_response, RULE) == Breach(
        "So it must be; it returned at t=1.0s while GET a.test/1 was still open.",
        "too-short",
        at=1,
        until=2,
        marks={-1: "still open"},
    )


def test_it_ends_after_the_last_response(client: Client) -> None:
    client.ask("/1")
    client.wait_until(3)

    assert breach(client.returns().ends_with_the_last_response, RULE) == Breach(
        "So it must be; it returned at t=3.0s, and the last response had ended at "
        "t=2.0s.",
        "too-long",
        at=2,
        until=3,
    )


# --- where there is nothing to judge ----------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        lambda run: run.asks_with("X-Name", "given", RULE),
        lambda run: run.opens_at_most(2, RULE),
        lambda run: run.reads_to_the_end(RULE),
        lambda run: run.gives_all_back("again", RULE),
        lambda run: run.hangs_up("again", RULE),
        lambda run: run.ends_with_the_last_response(RULE),
    ],
)
def test_who_asks_for_nothing_reaches_no_law(law: object, client: Client) -> None:
    client.note("again")

    why = not_reached(law, client.returns())  # type: ignore[arg-type]

    assert why == ("nothing was asked for: it returned None", "never arose", 0)


def test_a_name_of_the_submissions_making_is_printable(client: Client) -> None:
    client.ask("/\x1b[2J" + "x" * 90)

    (visit,) = visits(client.returns().run)

    assert visit.name.isprintable()
    assert len(visit.name) < 80
