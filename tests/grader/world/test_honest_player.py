"""Any honest player against a world, and a simple model that knows what must happen.

The player begins calls, cancels them once or twice, sets timers, asks, closes what it
was answered, and rests. The model is a list of calls and when each must end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grader import wire
from grader.world.record import Moment, Operation
from grader.world.rules import Cancelled, Failing, Plan, asynchronous, synchronous
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World

TAKES = st.none() | st.integers(0, 5)
SPANS = st.integers(0, 5)
NUMBERS = st.integers(0, 100)
TAPES = st.lists(NUMBERS, max_size=20)
ANSWERS = st.none() | st.builds(
    Cancelled,
    takes=SPANS,
    gives=st.just("kept"),
    fails=st.none() | st.just(Failing("OSError", "undone")),
    answers=st.booleans(),
)
PLANS = st.builds(
    Plan,
    takes=TAKES,
    gives=st.sampled_from(["value", 7]),
    fails=st.none() | st.just(Failing("ValueError", "no")),
    cancelled=ANSWERS,
)


@dataclass
class Call:
    """What the model knows of one call. `due` is when the world must let it go."""

    number: int
    plan: Plan
    lingers: bool
    began: int
    due: int | None
    sync: bool = False
    completed: int | None = None
    cancelled: int | None = None
    answered: wire.Delivery | None = None
    on: bool = True

    def expected(self) -> type[wire.Delivery]:
        """Return what must come when it is due."""
        if self.cancelled is None:
            return wire.Failed if self.plan.fails else wire.Done
        answer = self.plan.cancelled or Cancelled()
        if not answer.answers or self.completed is not None:
            return wire.Gone
        return wire.Failed if answer.fails else wire.Done


class HonestPlayer(RuleBasedStateMachine):
    """Plays; `rest` and `ask` compare what the world says with the model."""

    @initialize(tape=TAPES)
    def begin_run(self, tape: list[int]) -> None:
        """Start a run with a drawn order of things at one instant."""
        self.start(tape)

    @precondition(lambda self: self.over)
    @rule(tape=TAPES)
    def begin_another_run(self, tape: list[int]) -> None:
        """Start again when a run has come to its end."""
        self.start(tape)

    def start(self, tape: list[int]) -> None:
        """Make a world and a model of it."""
        self.plans: list[Plan] = []

        def decide(call: Operation) -> Plan:
            return self.plans[call.number - 1]

        rules = {
            "fetch": asynchronous(decide),
            "save": asynchronous(decide, lingers=True),
            "work": synchronous(decide),
        }
        self.world = World(rules, Tokens(b"secret", "case"), Tape(tape))
        self.tape = tape
        self.events: list[wire.Event] = []
        self.calls: list[Call] = []
        self.now = 0
        self.idles = 0
        self.over = False

    def on(self) -> list[Call]:
        """Return the calls that are on."""
        return [call for call in self.calls if call.on]

    # --- what a player does ---------------------------------------------------

    @precondition(lambda self: not self.over)
    @rule(plan=PLANS, lingers=st.booleans())
    def begin(self, plan: Plan, *, lingers: bool) -> None:
        """Begin an asynchronous call."""
        self.add("save" if lingers else "fetch", plan, lingers=lingers)

    @precondition(lambda self: not self.over)
    @rule(plan=PLANS)
    def ask(self, plan: Plan) -> None:
        """Begin a synchronous call and ask for it."""
        call = self.add("work", plan, lingers=False)
        call.sync = True
        reply = self.step(wire.Turn(self.events, None, call.number))
        assert isinstance(reply, wire.Reply)
        assert reply.now == self.now
        assert len(reply.deliveries) == (call.due == self.now)
        self.check(reply.deliveries, [call] if call.due == self.now else [])

    @precondition(lambda self: not self.over)
    @rule(which=NUMBERS)
    def cancel(self, which: int) -> None:
        """Cancel a call, for the first or the second time."""
        calls = [call for call in self.on() if not call.sync]
        if not calls:
            return
        call = calls[which % len(calls)]
        self.events.append(wire.CancelSeen(call.number))
        if call.cancelled is not None or not call.lingers:
            call.cancelled = self.now if call.cancelled is None else call.cancelled
            self.close(call, "cancelled")
            return
        call.cancelled = self.now
        call.answered = None
        call.due = self.now + (call.plan.cancelled or Cancelled()).takes

    @precondition(lambda self: not self.over)
    @rule(which=NUMBERS)
    def drop(self, which: int) -> None:
        """Have a call's coroutine closed."""
        calls = [call for call in self.on() if not call.sync]
        if calls:
            self.close(calls[which % len(calls)], "dropped")

    @precondition(lambda self: not self.over)
    @rule(after=st.none() | SPANS)
    def rest(self, after: int | None) -> None:
        """Leave what was answered, and rest, perhaps with a timer."""
        self.leave_answered()
        timer = None if after is None else self.now + after
        reply = self.step(wire.Turn(self.events, timer, None))
        self.idles += 1
        dues = [call.due for call in self.on() if call.due is not None]
        first = min([*dues, *([] if timer is None else [timer])], default=None)
        if first is None:
            assert reply == wire.Over()
            self.over = True
            return
        assert isinstance(reply, wire.Reply)
        assert reply.now == first
        self.now = first
        ready = [call for call in self.on() if call.due == first]
        if ready and not reply.deliveries:
            assert timer == first, "only timers of the instant may go first"
            assert any(self.tape), "and only if that was drawn"
            return
        self.check(reply.deliveries, ready)

    # --- what must hold -------------------------------------------------------

    def check(self, deliveries: list[wire.Delivery], ready: list[Call]) -> None:
        """Compare what the world let go with what was due."""
        told = [each.op for each in deliveries if isinstance(each, wire.Answer)]
        due = [call.number for call in ready]
        assert sorted(told) == due
        assert any(self.tape) or told == due, "first come, first served"
        for delivery in deliveries:
            assert isinstance(delivery, wire.Answer)
            call = self.calls[delivery.op - 1]
            assert type(delivery) is call.expected()
            if not isinstance(delivery, wire.Gone):
                call.completed = self.now
            call.answered = delivery
            call.due = None

    @invariant()
    def the_record_agrees(self) -> None:
        """Hold the record against the model."""
        assert self.world.now == self.now
        assert self.world.run.idles == self.idles
        told = {
            each.op
            for each in self.events
            if isinstance(each, wire.Began | wire.CancelSeen | wire.Closed)
        }
        for call, record in zip(self.calls, self.world.run.operations, strict=False):
            if call.number not in told:
                assert at(record.began) == call.began
                assert at(record.completed) == call.completed
                assert at(record.cancelled) == call.cancelled
                assert (record.closed is None) == call.on

    def teardown(self) -> None:
        """Have everything come to its end."""
        for _ in range(len(getattr(self, "calls", []))):
            if not self.over:
                self.rest(None)

    # --- helpers --------------------------------------------------------------

    def add(self, name: str, plan: Plan, *, lingers: bool) -> Call:
        """Begin a call."""
        number = len(self.calls) + 1
        due = None if plan.takes is None else self.now + plan.takes
        call = Call(number, plan, lingers, self.now, due)
        self.plans.append(plan)
        self.calls.append(call)
        self.events.append(wire.Began(number, name, [], {}, 1, "Task-1", 0))
        return call

    def close(self, call: Call, how: Any) -> None:
        """Leave a call."""
        call.on = False
        call.due = None
        self.events.append(wire.Closed(call.number, how))

    def leave_answered(self) -> None:
        """Leave each call in the way in which it was answered."""
        ways = {wire.Done: "value", wire.Failed: "error", wire.Gone: "cancelled"}
        for call in self.on():
            if call.answered is not None:
                self.close(call, ways[type(call.answered)])

    def step(self, turn: wire.Turn) -> wire.Reply | wire.Over:
        """Send a turn over the wire's own bytes."""
        self.events = []
        sent = wire.from_player(wire.encode(turn)[4:])
        assert sent == turn
        return self.world.step(turn)


def at(moment: Moment | None) -> int | None:
    return None if moment is None else moment.at


def test_a_world_does_to_any_honest_player_what_its_model_says() -> None:
    run_state_machine_as_test(
        HonestPlayer,
        settings=settings(
            max_examples=200,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
        ),
    )
