"""What becomes of calls that are cancelled."""

import pytest

from grader import wire
from grader.world.record import Operation
from grader.world.rules import (
    Failing,
    Rule,
    after,
    answers,
    asynchronous,
    by_argument,
    cleans_up,
    each,
    never,
)

from .hand import Hand, How

LINGERING = asynchronous(after(9, cancelled=cleans_up(2)))


def cancelled_at(seconds: float, rule: Rule = LINGERING) -> Hand:
    """A player whose one call was cancelled then, and has not left it."""
    hand = Hand({"fetch": rule})
    hand.begin()
    hand.rest(until=seconds)
    hand.tell(wire.CancelSeen(1))
    return hand


def times(call: Operation) -> tuple[float | None, ...]:
    moments = (call.cancelled, call.completed, call.closed)
    return tuple(each and each.at / wire.NANOSECONDS for each in moments)


# --- at once ------------------------------------------------------------------


def test_a_call_that_does_nothing_about_it_is_over_at_once() -> None:
    hand = Hand()
    hand.begin("fetch", 9)
    hand.rest(until=1)
    hand.cancel(1)
    hand.returned()

    hand.over()

    assert (times(hand.call(1)), hand.call(1).how) == ((1, None, 1), "cancelled")


def test_a_call_that_was_cancelled_is_not_completed() -> None:
    hand = Hand()
    hand.begin("fetch", 2)
    hand.rest(until=1)
    hand.cancel(1)

    assert (hand.rest(until=5), hand.now) == ([], 5)


def test_a_call_that_was_dropped_is_not_completed() -> None:
    hand = Hand()
    hand.begin("fetch", 2)
    hand.rest(until=1)
    hand.close(1, "dropped")

    assert hand.rest(until=5) == []
    assert (times(hand.call(1)), hand.call(1).how) == ((None, None, 1), "dropped")


def test_a_call_cancelled_in_the_instant_of_its_beginning_has_blinked() -> None:
    hand = Hand()
    hand.begin("fetch", 2)
    hand.cancel(1)
    hand.rest(until=1)

    assert hand.call(1).blinked


def test_a_call_cancelled_later_has_not_blinked() -> None:
    assert not cancelled_at(1).run.operations[0].blinked


def test_a_call_cancelled_when_its_answer_was_on_its_way_counts_as_completed() -> None:
    hand = Hand()
    hand.begin("fetch", 1)
    hand.rest(hold=True)
    hand.cancel(1)
    hand.returned()

    hand.over()

    assert times(hand.call(1)) == (1, 1, 1)
    assert hand.call(1).ended == hand.call(1).completed


# --- after cleaning up --------------------------------------------------------


def test_a_call_may_clean_up_before_its_cancellation_goes_on() -> None:
    hand = cancelled_at(1)

    assert (hand.rest(), hand.now) == ([1], 3)
    assert hand.deliveries == [wire.Gone(1)]


def test_a_second_cancellation_cuts_the_cleanup_short() -> None:
    hand = cancelled_at(1)
    hand.rest(until=2)
    hand.tell(wire.CancelSeen(1), wire.Closed(1, "cancelled"))

    assert hand.rest(until=5) == []
    assert (times(hand.call(1)), hand.call(1).cancels) == ((1, None, 2), 2)


def test_a_lingering_call_without_a_cleanup_is_let_go_at_once() -> None:
    hand = cancelled_at(1, asynchronous(after(9), lingers=True))

    assert (hand.rest(), hand.now) == ([1], 1)


def test_a_lingering_call_may_be_cancelled_with_its_answer_on_its_way() -> None:
    hand = Hand({"fetch": LINGERING})
    hand.begin()
    hand.rest(hold=True)
    hand.tell(wire.CancelSeen(1))

    assert (hand.rest(), hand.deliveries, hand.now) == ([1], [wire.Gone(1)], 11)


def test_a_hanging_call_can_clean_up_too() -> None:
    hand = cancelled_at(1, asynchronous(never(cancelled=cleans_up(2))))

    assert (hand.rest(), hand.now) == ([1], 3)


# --- with an answer -----------------------------------------------------------


def test_a_call_may_answer_a_cancellation_with_a_value() -> None:
    hand = cancelled_at(1, asynchronous(after(9, cancelled=answers(2, "saved"))))

    hand.rest()
    hand.rest(until=4)

    assert hand.call(1).value == "saved"
    assert (times(hand.call(1)), hand.call(1).how) == ((1, 3, 3), "value")


def test_a_call_may_answer_a_cancellation_with_an_error() -> None:
    failing = Failing("OSError", "rolled back")
    hand = cancelled_at(1, asynchronous(after(9, cancelled=answers(fails=failing))))

    hand.rest()

    handle = f"error {hand.call(1).token}"
    assert hand.deliveries == [wire.Failed(1, "OSError", "rolled back", handle)]
    assert hand.world.label(handle) == "the error of the cleanup of fetch()"


def test_an_answer_on_its_way_is_not_followed_by_another() -> None:
    hand = Hand({"fetch": asynchronous(after(1, cancelled=answers(2, "saved")))})
    hand.begin()
    hand.rest(hold=True)
    hand.tell(wire.CancelSeen(1))

    hand.rest()

    assert hand.deliveries == [wire.Gone(1)]
    assert hand.call(1).value == hand.call(1).token


# --- what no honest player says -----------------------------------------------


@pytest.mark.parametrize("how", ["value", "error", "cancelled"])
def test_no_call_is_left_before_the_world_has_ended_it(how: How) -> None:
    hand = Hand()
    hand.begin()
    hand.close(1, how)

    with pytest.raises(
        wire.ProtocolViolation, match=r"^operation 1 ended before the world ended it$"
    ):
        hand.turn()


@pytest.mark.parametrize("how", ["value", "error", "cancelled"])
def test_a_cleanup_is_not_left_before_it_is_over(how: How) -> None:
    hand = cancelled_at(1)
    hand.close(1, how)

    with pytest.raises(
        wire.ProtocolViolation, match=r"^operation 1 ended before the world ended it$"
    ):
        hand.turn()


@pytest.mark.parametrize(
    ("rule", "how"),
    [
        (asynchronous(after(1)), "error"),
        (asynchronous(after(1)), "cancelled"),
        (asynchronous(after(1, fails="OSError")), "value"),
    ],
)
def test_a_call_is_left_in_the_way_in_which_it_was_answered(
    rule: Rule, how: How
) -> None:
    hand = Hand({"fetch": rule})
    hand.begin()
    hand.rest(hold=True)
    hand.close(1, how)

    with pytest.raises(wire.ProtocolViolation, match=r"^operation 1 ended before"):
        hand.turn()


def test_a_call_is_left_once() -> None:
    hand = Hand()
    hand.begin()
    hand.cancel(1)
    hand.tell(wire.CancelSeen(1))

    with pytest.raises(wire.ProtocolViolation, match=r"^operation 1 is not on$"):
        hand.turn()


# --- rules --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "lingers"),
    [
        (asynchronous(after(1)), False),
        (asynchronous(after(1, cancelled=cleans_up(1))), True),
        (asynchronous(lambda _: after(1)), False),
        (asynchronous(lambda _: after(1), lingers=True), True),
        (each([after(1), after(1, cancelled=cleans_up(0))]), True),
        (each([after(1)], lingers=True), True),
        (by_argument({"/a": after(1)}), False),
        (by_argument({"/a": after(1, cancelled=answers())}), True),
        (by_argument({}, default=after(1, cancelled=cleans_up(1))), True),
    ],
)
def test_a_call_lingers_if_a_plan_of_its_rule_does_something_about_a_cancellation(
    rule: Rule, *, lingers: bool
) -> None:
    assert rule.spec("fetch").lingers is lingers
