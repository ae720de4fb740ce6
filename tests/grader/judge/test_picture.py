from grader import wire
from grader.judge.picture import timeline
from grader.laws import JudgedRun
from grader.laws.outcome import Broken
from grader.verdict import Lane, Timeline
from grader.world.http import Page, Site
from grader.world.network import Peer
from grader.world.peers import Client
from grader.world.record import Connection, Moment
from grader.world.rules import after, asynchronous, never
from grader.world.script import Step, script, step
from tests.grader.world.hand import Hand

FETCHES = step(0, "A", "call", "fetcher.fetch", "/a")


def pictured(*steps: Step, argument: object) -> Timeline:
    hand = Hand({"fetch": asynchronous()})
    hand.begin("fetch", argument)
    hand.returned()
    hand.run.script = script(*steps)
    found = timeline(JudgedRun(hand.over(), hand.world.label), None)
    assert found is not None
    return found


def test_an_integer_too_long_to_be_written_has_a_lane() -> None:
    drawn = pictured(argument=10**4500)

    assert [lane.label[:12] for lane in drawn.lanes] == ["fetch(0x1992"]


def test_an_integer_that_no_player_packs_has_a_lane() -> None:
    drawn = pictured(argument=[10**20_000])

    assert [lane.label for lane in drawn.lanes] == ["fetch([<int of 66439 bits, to…)"]


def test_a_call_that_was_dropped_is_lost() -> None:
    hand = Hand({"fetch": asynchronous(never())})
    hand.begin("fetch", "kept")
    hand.begin("fetch", "dropped")
    hand.begin("fetch", "cancelled, then dropped")
    hand.tell(wire.CancelSeen(3))
    hand.close(2, "dropped")
    hand.close(3, "dropped")
    hand.returned()
    found = timeline(JudgedRun(hand.over(), hand.world.label), None)

    assert found is not None
    assert [each.state for each in found.lanes] == ["open", "lost", "cancelled"]


def test_a_step_that_a_lane_shows_needs_no_mark() -> None:
    assert pictured(FETCHES, argument="/a").marks == []


def test_a_step_that_no_lane_shows_is_marked() -> None:
    drawn = pictured(FETCHES, argument="/b")

    assert [mark.label for mark in drawn.marks] == ["fetcher.fetch('/a')"]


PAGES = {
    "/1": Page(b"1", after=1),
    "/2": Page(b"2", 404, after=2),
    "/3": Page(then="hang"),
    "/4": Page(b"1234", takes=1, then="cut"),
}


def asked_for_pages() -> JudgedRun:
    """A call that is refused, an operation, and a request for each page."""
    sites = [Site("a.test", PAGES), Site("down.test", refuses=True)]
    hand = Hand({"fetch": asynchronous(after(1))}, peers=sites)
    hand.tell(wire.Started(), wire.Dialled(1, "down.test", 80))
    hand.begin("fetch", "x")
    for number, path in enumerate(PAGES, 2):
        head = f"GET {path} HTTP/1.1\r\n\r\n".encode()
        hand.tell(wire.Dialled(number, "a.test", 80), wire.Sent(number, head))
    while hand.now < 3:
        hand.rest(until=3)
    hand.tell(wire.HungUp(4, reset=False))
    hand.returned()
    return JudgedRun(hand.over(), hand.world.label)


def test_visits_to_sites_have_lanes_among_the_operations() -> None:
    broken = Broken("A rule", "a fact", sign="x", operations=[(-3, "too late")])

    drawn = timeline(asked_for_pages(), broken)

    assert drawn is not None
    assert [(each.label, each.state, each.end, each.note) for each in drawn.lanes] == [
        ("call down.test", "failed", 0, ""),
        ("fetch('x')", "done", 1, ""),
        ("GET a.test/1", "done", 1, ""),
        ("GET a.test/2", "failed", 2, "too late"),
        ("GET a.test/3", "cancelled", 3, ""),
        ("GET a.test/4", "failed", 1, ""),
    ]
    assert drawn.end == 3


# --- connections ------------------------------------------------------------------


def connected(number: int, peer: Peer, closed: int | None) -> Connection:
    record = Connection(number, peer, 80, Moment(1_000_000_000, number))
    record.opened = record.began
    if closed is not None:
        record.closed = Moment(closed * 1_000_000_000, 50 + number)
    return record


def test_who_calls_the_submission_has_a_lane() -> None:
    hand = Hand({})
    hand.returned()
    run = hand.over()
    refused = connected(3, Client(), None)
    refused.refused = refused.began
    run.connections = [
        connected(1, Client(name="the slow one"), 3),
        connected(2, Client(), None),
        refused,
    ]
    broken = Broken("Rule", "fact", sign="open", at=0, connections=[(2, "open")])

    drawn = timeline(JudgedRun(run, hand.world.label), broken)

    assert drawn is not None
    assert drawn.lanes == [
        Lane("the slow one", 1, 3, "done"),
        Lane("client 2", 1, None, "open", note="open"),
        Lane("client 3", 1, 1, "failed"),
    ]


def test_of_many_connections_those_with_a_note_are_shown() -> None:
    hand = Hand({})
    hand.returned()
    run = hand.over()
    run.connections = [connected(n, Client(), 3) for n in range(1, 21)]
    broken = Broken("Rule", "fact", sign="open", connections=[(20, "open")])

    drawn = timeline(JudgedRun(run, hand.world.label), broken)

    assert drawn is not None
    assert [lane.label for lane in drawn.lanes][-2:] == ["client 11", "client 20"]
    assert drawn.hidden_lanes == 8
