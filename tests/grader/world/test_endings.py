"""How runs end, and what of them is not counted."""

import pytest

from grader import wire
from grader.world import world as bounds
from grader.world.record import Moment, Note, Outcome, Run
from grader.world.rules import after, asynchronous, never, synchronous
from grader.world.world import World

from .hand import Hand, nothing_seen

FRAME = wire.Frame(3, "answer")
STUCK = wire.Stuck("task", "Task-1", 3, "answer", "a lock")


def kind(run: Run) -> str:
    assert run.outcome is not None
    return run.outcome.kind


# --- of itself ----------------------------------------------------------------


def test_a_run_ends_when_nothing_moves_any_more() -> None:
    hand = Hand()
    hand.returned(7)

    assert hand.turn() == wire.Over()
    assert hand.run.outcome == Outcome("returned", Moment(0, 1), value=7)


def test_a_run_may_end_with_an_error() -> None:
    hand = Hand()
    error = wire.Failure("ValueError", "no", frames=[FRAME])
    hand.tell(wire.Raised(error))

    assert hand.over().outcome == Outcome("raised", Moment(0, 1), error=error)


def test_what_was_left_running_runs_on_after_the_end() -> None:
    hand = Hand()
    hand.begin("fetch", 3)
    hand.returned()
    hand.rest()

    assert hand.call(1).completed == Moment(3 * wire.NANOSECONDS, 3)
    assert kind(hand.over()) == "returned"


def test_what_begins_after_the_end_is_on_record() -> None:
    hand = Hand()
    hand.returned()
    hand.rest(until=1)
    hand.begin()

    run = hand.over()

    assert run.outcome is not None
    assert run.operations[0].began.order > run.outcome.when.order


def test_what_never_stops_is_watched_for_a_while_only() -> None:
    hand = Hand()
    hand.returned()
    for second in range(bounds.MAX_RUN_ON):
        hand.rest(until=second + 1)

    assert hand.turn(timer=10**12) == wire.Over()
    assert kind(hand.run) == "returned"


def test_quiet_instants_are_not_counted_after_the_end() -> None:
    hand = Hand()
    hand.rest(until=1)
    hand.returned()
    hand.rest(until=2)

    assert hand.run.idles == 1


# --- by the judge -------------------------------------------------------------


def test_where_nothing_can_move_it_is_a_deadlock() -> None:
    hand = Hand({"fetch": asynchronous(never())})
    hand.begin()

    assert hand.turn() == wire.Over()
    assert hand.run.outcome == Outcome("deadlock", Moment(0, 2))


@pytest.mark.parametrize("timer", [wire.NEVER, wire.NEVER + 1, 2**70])
def test_a_timer_that_never_fires_is_none(timer: int) -> None:
    hand = Hand()

    assert hand.turn(timer=timer) == wire.Over()
    assert kind(hand.run) == "deadlock"


def test_time_never_reaches_never() -> None:
    hand = Hand()
    hand.turn(timer=wire.NEVER - 1)
    hand.begin("fetch", 1)

    assert hand.turn() == wire.Over()
    assert hand.world.now == wire.NEVER - 1


def test_a_loop_that_spins_is_a_livelock() -> None:
    hand = Hand()
    hand.begin("fetch", 1)
    hand.tell(wire.Spun(20_001, [STUCK]))

    assert hand.turn() == wire.Over()
    assert kind(hand.run) == "livelock"


def test_a_run_of_too_many_turns_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_TURNS", 2)
    hand = Hand()
    hand.rest(until=0)
    hand.rest(until=0)

    assert hand.turn(timer=0) == wire.Over()
    assert kind(hand.run) == "endless"


def test_a_run_of_too_many_calls_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_OPERATIONS", 2)
    hand = Hand()
    hand.begin()
    hand.begin()
    hand.begin()

    assert hand.turn() == wire.Over()
    assert kind(hand.run) == "endless"


@pytest.mark.parametrize(
    "event",
    [
        wire.Noted("here", []),
        wire.Left(STUCK),
        wire.Blocked("a sleep", 3, "Task-1"),
        wire.Yielded("item", 1),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_run_of_too_many_events_is_endless(
    event: wire.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_EVENTS", 2)
    hand = Hand()
    hand.tell(event, event, event)

    assert hand.turn(timer=1) == wire.Over()
    assert kind(hand.run) == "endless"


def test_an_aborted_run_says_why() -> None:
    run = Hand().world.abort("crashed", "ended by SIGKILL", (FRAME,))

    assert run.outcome == Outcome(
        "crashed", run.end, detail="ended by SIGKILL", frames=(FRAME,)
    )


def test_a_crash_after_the_end_is_a_crash() -> None:
    hand = Hand()
    hand.returned()
    hand.rest(until=1)

    assert kind(hand.world.abort("crashed", "")) == "crashed"


# --- cancelled from outside ---------------------------------------------------


def test_the_scenario_is_cancelled_at_its_kth_quiet_instant() -> None:
    hand = Hand(cancel_at=2)
    hand.begin("fetch", 1)
    hand.rest()
    hand.begin("fetch", 5)

    hand.rest()

    assert hand.deliveries == [wire.Cancel()]
    assert hand.run.cancel_sent == Moment(1 * wire.NANOSECONDS, 5)


def test_a_scenario_can_be_cancelled_where_it_would_wait_for_ever() -> None:
    hand = Hand({"fetch": asynchronous(never())}, cancel_at=1)
    hand.begin()

    hand.rest()

    assert hand.deliveries == [wire.Cancel()]


def test_a_scenario_that_has_ended_is_not_cancelled() -> None:
    hand = Hand(cancel_at=1)
    hand.returned()
    hand.rest(until=1)

    assert (hand.deliveries, hand.run.cancel_sent) == ([], None)


# --- from where it counts -----------------------------------------------------


def test_time_counts_from_the_start_of_the_scenario() -> None:
    hand = Hand()
    hand.rest(until=5)
    hand.tell(wire.Started())
    hand.returned()

    assert hand.over().outcome == Outcome("returned", Moment(0, 1))


def test_quiet_instants_and_blocking_before_the_start_do_not_count() -> None:
    hand = Hand()
    hand.tell(wire.Blocked("a sleep", 1, ""))
    hand.rest(until=5)
    hand.tell(wire.Started())

    hand.rest(until=6)

    assert (hand.run.idles, hand.run.blocked) == (1, [])


def test_a_cancellation_before_the_start_is_sent_again_after_it() -> None:
    hand = Hand(cancel_at=1)
    hand.rest(until=5)
    hand.tell(wire.Started())

    hand.rest(until=6)

    assert hand.deliveries == [wire.Cancel()]
    assert hand.run.cancel_sent is not None


# --- notes --------------------------------------------------------------------


def test_notes_are_kept_in_order_with_their_moments() -> None:
    hand = Hand()
    hand.tell(wire.Noted("in", [1]))
    hand.rest(until=2)
    hand.tell(wire.Noted("out", [wire.List([2])]))
    hand.rest(until=3)

    assert hand.run.noted("in") == [Note("in", Moment(0, 1), [1])]
    assert hand.run.noted("out") == [
        Note("out", Moment(2 * wire.NANOSECONDS, 2), [[2]])
    ]


def test_the_outcome_of_a_step_is_kept_by_its_number() -> None:
    hand = Hand()
    error = wire.Failure("ValueError", "no")
    hand.tell(wire.Stepped(2, 7), wire.Stepped(1, error))
    hand.returned()

    run = hand.over()

    assert run.steps[2] == Note("step 2", Moment(0, 1), [7])
    assert run.steps[1] == Note("step 1", Moment(0, 2), [], error)


def test_items_handed_out_are_kept_as_they_travelled() -> None:
    hand = Hand()
    hand.tell(wire.Yielded("item", wire.Handle("key")))
    hand.returned()

    assert hand.over().items == [Note("item", Moment(0, 1), [wire.Handle("key")])]


def test_what_the_player_saw_at_the_end_is_kept() -> None:
    hand = Hand()
    ended = nothing_seen()
    ended.stuck.append(STUCK)
    ended.cycle.append("Task-1")

    run = hand.world.conclude(ended)

    assert (run.ended, run.stuck, run.cycle) == (ended, [STUCK], ["Task-1"])


def test_events_of_one_instant_have_an_order() -> None:
    hand = Hand({"fetch": asynchronous(after(0)), "say": synchronous()})
    hand.begin("fetch")
    hand.ask(hand.begin("say"))
    hand.rest()
    hand.returned()

    run = hand.over()

    orders = [(each.began.order, each.closed) for each in run.operations]
    assert orders == [(1, Moment(0, 6)), (2, Moment(0, 4))]


def test_a_world_with_nothing_in_it_can_be_run() -> None:
    assert World({}, Hand().world._tokens).step(wire.Turn([], None, None)) == (
        wire.Over()
    )
