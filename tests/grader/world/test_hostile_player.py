"""No player can make a world fail, loop or grow, whatever it sends."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import values, wire
from grader.world.network import Line, Peer
from grader.world.peers import Client, finishes, sends
from grader.world.record import Operation, Run
from grader.world.rules import (
    Plan,
    Rule,
    after,
    answers,
    asynchronous,
    by_argument,
    context,
    items,
    synchronous,
)
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World

from .arbitrary import EVENTS, SMALL, TIMERS, TURNS
from .hand import Hand, nothing_seen

often = settings(max_examples=150, deadline=None, derandomize=True, database=None)


class Store(Service):
    """A service that believes what it is told."""

    def put(self, call: Operation) -> Plan:
        return after(call.args[0], gives=call.args)

    def completed(self, call: Operation) -> None:
        call.args[0] += 1

    cancelled = completed


class Site(Peer):
    """Answers whatever it is sent, at once and later."""

    host = "site"
    port = 80

    def received(self, line: Line, data: bytes) -> None:
        line.send(data)
        line.send(data, 1)


def world(tape: list[int], cancel_at: int | None) -> World:
    operations: dict[str, Rule | Service] = {
        "fetch": by_argument({"/a": after(1)}),
        "save": asynchronous(after(1, cancelled=answers(1, "kept"))),
        "work": synchronous(lambda call: after(call.args[0], gives=call.args)),
        "lines": items([after(1), after(0, fails="OSError")]),
        "lock": context(after(1), after(1), asynchronous=False),
        "x": Store(),
    }
    peers = [Client(1, [sends(0, b"hello"), finishes(1)]), Client(0), Site()]
    return World(operations, Tokens(b"secret", "case"), Tape(tape), cancel_at, peers)


def play(world: World, turns: list[wire.Turn]) -> Run:
    """Play turns until a violation or the end; hold each reply against what is due."""
    was = 0
    for turn in turns:
        try:
            reply = world.step(turn)
        except wire.ProtocolViolation as error:
            return world.abort("protocol violation", str(error))
        wire.from_judge(wire.encode(reply)[4:])
        if isinstance(reply, wire.Over):
            return world.conclude(nothing_seen())
        assert was <= reply.now < wire.NEVER
        was = reply.now
    return world.abort("wall time", "")


def check(run: Run) -> None:
    """Hold what must be true of any record."""
    assert run.outcome is not None
    assert [each.number for each in run.operations] == list(
        range(1, len(run.operations) + 1)
    )
    for call in run.operations:
        moments = [call.began, call.cancelled, call.closed, run.end]
        there = [each for each in moments if each is not None]
        assert there == sorted(there, key=lambda each: each.order)
        assert call.completed is None or call.began.order < call.completed.order


@often
@given(st.lists(TURNS, max_size=6), st.lists(SMALL), st.none() | SMALL)
def test_nothing_but_a_violation_comes_of_any_turns(
    turns: list[wire.Turn], tape: list[int], cancel_at: int | None
) -> None:
    check(play(world(tape, cancel_at), turns))


class Plausible:
    """Makes any event one that an honest player could send at its place."""

    def __init__(self) -> None:
        self._begun = 0
        self._dialled = 0

    def turn(self, turn: wire.Turn) -> wire.Turn:
        events = [self._event(each) for each in turn.events]
        timer = None if turn.timer is None else abs(turn.timer) % wire.NEVER
        asking = None if turn.asking is None else self._op(turn.asking)
        return wire.Turn(events, timer, asking)

    def _event(self, event: wire.Event) -> wire.Event:
        if isinstance(event, wire.Began):
            self._begun += 1
            return wire.Began(self._begun, event.name, event.args, {}, 1, "", 0)
        if isinstance(event, wire.CancelSeen):
            return wire.CancelSeen(self._op(event.op))
        if isinstance(event, wire.Closed):
            return wire.Closed(self._op(event.op), event.how)
        if isinstance(event, wire.Dialled):
            self._dialled += 1
            return wire.Dialled(self._dialled, event.host, event.port)
        if isinstance(event, wire.Sent):
            return wire.Sent(self._dialled, event.data)
        return event

    def _op(self, op: int) -> int:
        return op % self._begun + 1 if self._begun else 1


@often
@given(st.lists(TURNS, max_size=12), st.lists(SMALL), st.none() | SMALL)
def test_nothing_but_a_violation_comes_of_turns_that_look_right(
    turns: list[wire.Turn], tape: list[int], cancel_at: int | None
) -> None:
    plausible = Plausible()

    check(play(world(tape, cancel_at), [plausible.turn(each) for each in turns]))


@often
@given(st.lists(EVENTS, max_size=5), TIMERS, st.integers(1, 10))
def test_the_same_turn_over_and_over_comes_to_an_end(
    events: list[wire.Event], timer: int | None, until: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for bound in ("MAX_TURNS", "MAX_EVENTS", "MAX_OPERATIONS", "MAX_RUN_ON"):
            patch.setattr(f"grader.world.world.{bound}", until)
        turn = Plausible().turn(wire.Turn(events, timer, None))
        run = play(world([], None), [turn] * 50)

    assert run.outcome is not None
    assert run.outcome.kind != "wall time"


# --- one by one ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "timer", "asking", "what"),
    [
        ([], -1, None, "a timer at -1"),
        ([], None, 1, "operation 1 is not on"),
        ([], None, -(2**63), f"operation {-(2**63)} is not on"),
        ([wire.CancelSeen(7)], None, None, "operation 7 is not on"),
        ([wire.Closed(7, "value")], None, None, "operation 7 is not on"),
        ([wire.Returned(1)] * 2, None, None, "the run ended twice"),
        ([wire.Stepped(1, 1)] * 2, None, None, "step 1 ended twice"),
        ([wire.Started()] * 2, 1, None, "started after it had begun"),
        (
            [wire.Noted("x", []), wire.Started()],
            1,
            None,
            "started after it had begun",
        ),
        (
            [wire.Began(2, "fetch", [], {}, 1, "", 0)],
            None,
            None,
            "operation 2 out of order",
        ),
        (
            [wire.Began(1, "fetch\n" * 100, [], {}, 1, "", 0)],
            None,
            None,
            f"no operation called {('fetch' + chr(10)) * 13 + 'fe'!r}",
        ),
    ],
)
def test_what_no_honest_player_sends_is_named(
    events: list[wire.Event], timer: int | None, asking: int | None, what: str
) -> None:
    with pytest.raises(wire.ProtocolViolation) as caught:
        Hand().world.step(wire.Turn(events, timer, asking))

    assert str(caught.value) == what


def test_an_asynchronous_call_cannot_be_asked_for() -> None:
    hand = Hand({"fetch": asynchronous()})

    with pytest.raises(
        wire.ProtocolViolation, match=r"^operation 1 cannot be asked for$"
    ):
        hand.ask(hand.begin())


def test_a_call_cannot_be_asked_for_again_and_again() -> None:
    hand = Hand({"work": synchronous(after(1))})
    number = hand.begin("work")
    hand.ask(number)

    with pytest.raises(
        wire.ProtocolViolation, match=r"^operation 1 cannot be asked for$"
    ):
        hand.ask(number)


def test_who_called_a_plain_function_cannot_be_cancelled() -> None:
    hand = Hand({"work": synchronous(after(1))})
    hand.ask(hand.begin("work"))
    hand.cancel(1)

    with pytest.raises(
        wire.ProtocolViolation, match=r"^operation 1 cannot be cancelled$"
    ):
        hand.rest()


def test_who_called_a_plain_function_cannot_go_on_without_its_answer() -> None:
    hand = Hand({"work": synchronous(after(1))})
    hand.ask(hand.begin("work"))
    hand.close(1, "dropped")

    with pytest.raises(
        wire.ProtocolViolation, match=r"^operation 1 ended before the world ended it$"
    ):
        hand.rest()


def test_the_clock_cannot_be_set_back_by_starting_again() -> None:
    hand = Hand()
    hand.tell(wire.Started())
    hand.rest(until=5)
    hand.tell(wire.Started())

    with pytest.raises(wire.ProtocolViolation, match=r"^started after it had begun$"):
        hand.turn()


def nested(levels: int) -> wire.Value:
    value: wire.Value = None
    for _ in range(levels):
        value = wire.List([value])
    return value


def grouped(levels: int) -> wire.Failure:
    error = wire.Failure("ValueError", "no")
    for _ in range(levels):
        error = wire.Failure("ExceptionGroup", "no", group=[error])
    return error


@pytest.mark.parametrize(
    "event",
    [
        wire.Began(1, "fetch", [nested(400)], {}, 1, "", 0),
        wire.Began(1, "fetch", [], {"key": nested(400)}, 1, "", 0),
        wire.Noted("x", [nested(400)]),
        wire.Stepped(1, nested(400)),
        wire.Yielded("x", nested(400)),
        wire.Returned(nested(400)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_value_nested_too_deep_is_refused(event: wire.Event) -> None:
    with pytest.raises(
        wire.ProtocolViolation, match=r"^a value nested deeper than any can be$"
    ):
        Hand().world.step(wire.Turn([event], 1, None))


@pytest.mark.parametrize("event", [wire.Raised, lambda error: wire.Stepped(1, error)])
def test_an_exception_nested_too_deep_is_refused(event: type[wire.Raised]) -> None:
    with pytest.raises(
        wire.ProtocolViolation, match=r"^an exception nested deeper than any can be$"
    ):
        Hand().world.step(wire.Turn([event(grouped(400))], 1, None))


def test_a_value_as_deep_as_any_can_be_is_taken() -> None:
    deepest: list[object] = []
    for _ in range(values.MAX_DEPTH + 9):
        deepest = [deepest]
    hand = Hand()
    hand.tell(wire.Returned(values.pack(deepest)), wire.Raised(grouped(0)))

    with pytest.raises(wire.ProtocolViolation, match=r"^the run ended twice$"):
        hand.turn()


# --- cost ---------------------------------------------------------------------


def test_a_step_costs_the_same_with_very_many_calls_on() -> None:
    hand = Hand({"fetch": asynchronous(lambda call: Plan(call.number))})
    for _ in range(5_000):
        hand.begin()
    hand.turn(timer=0)
    before = len(hand.world._agenda._heap)
    hand.turn()

    assert (before, len(hand.world._agenda._heap)) == (5_000, 4_999)


def test_the_largest_turn_takes_a_bounded_amount_of_memory() -> None:
    part = wire.encode(wire.Turn([wire.Noted("", [wire.List([])])], 1, None))
    count = (wire.MAX_FRAME - 100) // (len(part) - 10)
    turn = wire.Turn([wire.Noted("", [wire.List([])])] * count, 1, None)
    body = wire.encode(turn)[4:]
    assert len(body) < wire.MAX_FRAME
    tracemalloc.start()
    try:
        Hand().world.step(wire.from_player(body))  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 64 << 20
