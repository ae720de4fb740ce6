"""What clients of a server hear, and what becomes of their connections."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grader.laws import JudgedRun
from grader.world.peers import Client, finishes, sends
from grader.world.record import Connection, Moment
from grader.world.rules import after, instant

from .conftest import Breach, Story, breach, not_reached

ASKS = Client(0, [sends(0, b"a\n")])
RULE = "A line must come back"
CLOSE = "It must be closed"
CLIENT = "client 1"

Sent = Sequence[tuple[float, bytes]]


def moment(seconds: float) -> Moment:
    return Moment(instant(seconds), round(1000 * seconds))


def connection(
    client: Client = ASKS,
    *,
    began: float = 1,
    refused: bool = False,
    sent: Sent = (),
    given: Sent = (),
    closed: float | None = None,
) -> Connection:
    """Return the record of a client's connection; times are seconds of the run."""
    record = Connection(1, client, 80, moment(began))
    if refused:
        record.refused = record.began
    else:
        record.opened = record.began
    record.sent = [(moment(at), data) for at, data in sent]
    record.given = [(moment(at), data) for at, data in given]
    record.closed = moment(closed) if closed is not None else None
    return record


def run_with(story: Story, *connections: Connection, seconds: float = 9) -> JudgedRun:
    """Return a run of so many seconds with these connections."""
    story.fetch("a", after(seconds))
    story.wait()
    run = story.returns()
    run.run.connections = list(connections)
    return run


def said(story: Story, sent: Sent, *wanted: bytes, **options: bytes) -> Breach:
    """Return in what way `hears` is broken by a client that was sent this."""
    run = run_with(story, connection(sent=sent))
    return breach(run.hears, ASKS, b"".join(wanted), RULE, **options)


# --- what is heard --------------------------------------------------------------


def test_a_client_that_hears_what_it_should_is_content(story: Story) -> None:
    run = run_with(story, connection(sent=[(1, b"a"), (2, b"\n")]))

    run.hears(ASKS, b"a\n", RULE)
    run.hears(ASKS, b"a\n", RULE, by=1)
    run.hears(ASKS, b"a\n", RULE, rest=b"half")
    run.hears(ASKS, b"a", RULE, rest=b"\n")
    run.hears_when(ASKS, [(0, b"a"), (0.5, b""), (1, b"\n")], RULE)


def test_a_client_that_hears_nothing_is_told_of(story: Story) -> None:
    assert said(story, [], b"a\n") == Breach(
        f"{RULE}; {CLIENT} was sent nothing.", "silent", at=1
    )


def test_what_is_missing_is_shown(story: Story) -> None:
    assert said(story, [(2, b"a\n")], b"a\n", b"b\n") == Breach(
        f"{RULE}; {CLIENT} was sent only 2 of 4 bytes, without b'b\\n'.",
        "missing",
        at=2,
    )


def test_what_is_wrong_is_shown_and_not_at_length(story: Story) -> None:
    wanted = b"ab" + b"x" * 100

    assert said(story, [(2, b"ax")], wanted) == Breach(
        f"{RULE}; {CLIENT} was sent b'x' instead of b'b{'x' * 23}'...",
        "wrong-bytes",
        at=2,
    )


def test_what_is_too_much_is_shown(story: Story) -> None:
    assert said(story, [(2, b"a\nb"), (3, b"c")], b"a\n", rest=b"b") == Breach(
        f"{RULE}; {CLIENT} was also sent b'c'.", "too-much", at=3
    )


def test_half_of_the_rest_is_neither(story: Story) -> None:
    told = said(story, [(2, b"a\nb")], b"a\n", rest=b"bc")

    assert (told.sign, told.message) == (
        "too-much",
        f"{RULE}; {CLIENT} was also sent b'b'.",
    )


def test_what_comes_late_is_told_with_both_moments(story: Story) -> None:
    run = run_with(story, connection(sent=[(1.5, b"a\n"), (3, b"b\n")]))
    late = Breach(
        f"{RULE}; {CLIENT} was sent b'b\\n' at t=3.0s, not at t=2.0s.",
        "too-late",
        at=2,
        until=3,
    )

    assert breach(run.hears_when, ASKS, [(0.5, b"a\n"), (1, b"b\n")], RULE) == late
    told = breach(run.hears, ASKS, b"a\nb\n", RULE, by=1)
    assert (told.sign, told.at, told.until) == ("too-late", 2, 3)


def test_what_comes_early_is_told_with_both_moments(story: Story) -> None:
    run = run_with(story, connection(sent=[(1.5, b"a\nb"), (2, b"\n")]))

    assert breach(run.hears_when, ASKS, [(0.5, b"a\n"), (1, b"b\n")], RULE) == Breach(
        f"{RULE}; {CLIENT} was sent b'a\\nb' at t=1.5s, before t=2.0s.",
        "too-early",
        at=1.5,
    )


def test_what_may_follow_is_not_early(story: Story) -> None:
    run = run_with(story, connection(sent=[(2, b"a\n"), (2, b"half")]))

    run.hears_when(ASKS, [(1, b"a\n")], RULE, rest=b"half")


def test_a_client_that_is_refused_hears_nothing(story: Story) -> None:
    run = run_with(story, connection(refused=True))

    assert breach(run.hears, ASKS, b"", RULE) == Breach(
        f"{RULE}; {CLIENT} could not connect at t=1.0s.", "refused", at=1
    )


def test_a_client_goes_by_its_name(story: Story) -> None:
    named = Client(0, name="the slow one")
    run = run_with(story, connection(named))

    assert breach(run.hears, named, b"a", RULE).message == (
        f"{RULE}; the slow one was sent nothing."
    )


def test_clients_that_are_alike_are_all_held_to_a_law(story: Story) -> None:
    other = Client(0, [finishes(1)])
    run = run_with(
        story, connection(other), connection(sent=[(2, b"a\n")]), connection()
    )

    assert breach(run.hears, ASKS, b"a\n", RULE).sign == "silent"


def test_a_client_that_had_no_time_to_call_is_not_judged(story: Story) -> None:
    run = run_with(story)

    told = not_reached(run.hears, ASKS, b"a\n", RULE)
    assert told == (
        "a client had no time to connect: it returned None",
        "never arose",
        0,
    )


def test_how_a_run_ended_that_did_not_return_is_told(story: Story) -> None:
    story.fetch("a", after(0))
    story.wait()
    run = story.over()
    run.run.connections = [connection(began=0)]

    told = breach(run.hears, ASKS, b"a\n", RULE)
    assert told.reason == "deadlock"
    assert "was sent nothing: it never ended" in told.message


# --- what is kept -----------------------------------------------------------------


def test_what_is_given_and_not_sent_back_is_kept(story: Story) -> None:
    given = [(1, b"x" * 60), (3, b"x" * 60)]
    run = run_with(story, connection(given=given, sent=[(2, b"x" * 50)]))

    run.keeps_little(ASKS, 70, RULE)
    assert breach(run.keeps_little, ASKS, 69, RULE) == Breach(
        f"{RULE}; 70 bytes of {CLIENT} were held at t=3.0s.",
        "too-much",
        at=3,
    )


def test_who_sends_nothing_back_keeps_nothing(story: Story) -> None:
    run = run_with(story, connection(given=[(1, b"x" * 60)]))

    told = not_reached(run.keeps_little, ASKS, 70, RULE)
    assert told[0] == f"{CLIENT} was sent nothing back"


# --- the end of a connection -----------------------------------------------------


def test_a_connection_is_closed_in_time(story: Story) -> None:
    run = run_with(story, connection(closed=3))

    run.hangs_up_on(ASKS, 2, CLOSE)
    run.hangs_up_on(ASKS, 1.5, CLOSE, slack=0.5)


@pytest.mark.parametrize(
    ("closed", "fact", "sign", "until"),
    [
        (
            4,
            "was still connected at t=3.0s and was disconnected at t=4.0s",
            "too-late",
            4,
        ),
        (
            None,
            "was still connected at t=3.0s and was never disconnected",
            "too-late",
            9,
        ),
    ],
)
def test_a_connection_that_is_closed_late_or_never(
    story: Story, closed: float | None, fact: str, sign: str, until: float
) -> None:
    run = run_with(story, connection(closed=closed))

    told = breach(run.hangs_up_on, ASKS, 2, CLOSE, slack=0.5)
    assert told == Breach(f"{CLOSE}; {CLIENT} {fact}.", sign, at=3, until=until)


def test_a_connection_that_is_closed_early(story: Story) -> None:
    run = run_with(story, connection(closed=2))

    assert breach(run.hangs_up_on, ASKS, 2, CLOSE, slack=5) == Breach(
        f"{CLOSE}; {CLIENT} was disconnected at t=2.0s, not at t=3.0s.",
        "too-early",
        at=2,
        until=3,
    )


def test_who_could_not_connect_is_not_hung_up_on(story: Story) -> None:
    run = run_with(story, connection(refused=True))

    told = not_reached(run.hangs_up_on, ASKS, 2, CLOSE)
    assert told == (f"{CLIENT} could not connect at t=1.0s", "never arose", 0)


def test_at_the_end_all_are_closed(story: Story) -> None:
    run = run_with(story, connection(closed=9), connection(refused=True))

    run.hangs_up_on_all(CLOSE)


@pytest.mark.parametrize("closed", [9.5, None])
def test_who_is_still_connected_at_the_end(story: Story, closed: float | None) -> None:
    run = run_with(story, connection(closed=closed))

    told = breach(run.hangs_up_on_all, CLOSE)
    assert (told.message, told.sign, told.at) == (
        f"{CLOSE}; {CLIENT} was still connected at t=9.0s.",
        "open",
        9,
    )


def test_who_connects_after_the_end(story: Story) -> None:
    run = run_with(story, connection(began=9.5, closed=9.75))

    told = breach(run.hangs_up_on_all, CLOSE)
    assert (
        told.message == f"{CLOSE}; {CLIENT} could connect at t=9.5s, when it was over."
    )


def test_a_port_that_is_closed_refuses(story: Story) -> None:
    run_with(story, connection(refused=True)).is_deaf_to(ASKS, CLOSE)


def test_a_port_that_is_open_does_not_refuse(story: Story) -> None:
    run = run_with(story, connection())

    assert breach(run.is_deaf_to, ASKS, CLOSE) == Breach(
        f"{CLOSE}; {CLIENT} could connect at t=1.0s.", "accepted", at=1
    )
