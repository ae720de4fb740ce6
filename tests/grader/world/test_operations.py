import pytest

from grader import wire
from grader.world.rules import (
    TOKEN,
    Failing,
    Plan,
    after,
    asynchronous,
    by_argument,
    each,
    never,
    synchronous,
)

from .hand import Hand


def seconds(moment: tuple[int, int] | None) -> float:
    assert moment is not None
    return moment[0] / wire.NANOSECONDS


# --- when ---------------------------------------------------------------------


def test_a_call_ends_when_its_time_is_up() -> None:
    hand = Hand()
    hand.begin("fetch", 2.5)

    hand.rest()

    assert (hand.now, seconds(hand.call(1).completed)) == (2.5, 2.5)


def test_a_call_of_no_time_ends_at_its_own_instant() -> None:
    hand = Hand()
    hand.begin("fetch", 0)

    assert hand.rest() == [1]
    assert hand.now == 0


def test_a_call_counts_from_the_instant_in_which_it_begins() -> None:
    hand = Hand()
    hand.rest(until=3)
    hand.begin("fetch", 1)

    hand.rest()

    assert (seconds(hand.call(1).began), hand.now) == (3, 4)


def test_time_goes_to_the_earliest_call_only() -> None:
    hand = Hand()
    hand.begin("fetch", 3)
    hand.begin("fetch", 2)

    assert (hand.rest(), hand.now) == ([2], 2)
    assert (hand.rest(), hand.now) == ([1], 3)


def test_time_goes_to_a_timer_that_is_earlier_than_any_call() -> None:
    hand = Hand()
    hand.begin("fetch", 3)

    assert (hand.rest(until=1), hand.now) == ([], 1)


def test_a_timer_of_the_past_fires_now() -> None:
    hand = Hand()
    hand.rest(until=2)

    assert (hand.rest(until=1), hand.now) == ([], 2)


def test_a_call_that_hangs_does_not_stop_the_others() -> None:
    hand = Hand({"hang": asynchronous(never()), "fetch": asynchronous(after(1))})
    hand.begin("hang")
    hand.begin("fetch")

    assert hand.rest() == [2]


@pytest.mark.parametrize("takes", [wire.NEVER, 2**80])
def test_a_call_that_would_end_beyond_all_time_hangs(takes: int) -> None:
    hand = Hand({"fetch": asynchronous(Plan(takes))})
    hand.begin()

    assert hand.turn() == wire.Over()
    assert hand.call(1).due is None


# --- with what ----------------------------------------------------------------


def test_a_call_gives_its_token() -> None:
    hand = Hand()
    hand.begin()

    hand.rest()

    assert hand.deliveries == [wire.Done(1, hand.call(1).token)]


def test_a_call_may_give_a_value_of_its_own() -> None:
    hand = Hand({"fetch": asynchronous(after(gives=[1, "two"]))})
    hand.begin()

    hand.rest()

    assert hand.deliveries == [wire.Done(1, wire.List([1, "two"]))]


def test_a_call_may_give_a_value_that_carries_its_token() -> None:
    hand = Hand({"fetch": asynchronous(after(gives=lambda token: (200, token)))})
    hand.begin()

    hand.rest()

    assert hand.call(1).value == wire.Tuple([200, hand.call(1).token])


def test_a_call_may_give_back_any_argument() -> None:
    echo = asynchronous(lambda call: after(gives=list(call.args)))
    hand = Hand({"echo": echo})
    given: list[wire.Value] = [wire.Handle("key"), wire.Opaque("generator")]
    given.append(wire.Dict([(wire.List([]), 1)]))
    hand.begin("echo", *given)

    hand.rest()

    assert hand.call(1).value == wire.List(given)


def test_a_call_may_fail_with_an_error_that_is_known_again() -> None:
    hand = Hand({"fetch": asynchronous(after(1, fails=Failing("OSError", "no route")))})
    hand.begin()

    hand.rest()

    handle = f"error {hand.call(1).token}"
    assert hand.deliveries == [wire.Failed(1, "OSError", "no route", handle)]
    assert hand.call(1).failed


def test_the_name_of_an_error_may_stand_for_it() -> None:
    assert after(fails="OSError").fails == Failing("OSError", "")


def test_what_a_call_was_given_is_kept() -> None:
    hand = Hand()
    began = wire.Began(1, "fetch", [3], {"retry": wire.List([])}, 12, "Task-4", 2)
    hand.tell(began)

    hand.rest()

    call = hand.call(1)
    assert (call.args, call.keywords) == ([3], {"retry": []})
    assert (call.line, call.task, call.thread) == (12, "Task-4", 2)


def test_calls_are_counted_by_their_name() -> None:
    hand = Hand({"fetch": asynchronous(), "save": asynchronous()})
    hand.begin("fetch")
    hand.begin("save")
    hand.begin("fetch")

    hand.rest()

    assert [(each.name, each.nth) for each in hand.run.operations] == [
        ("fetch", 0),
        ("save", 0),
        ("fetch", 1),
    ]


# --- synchronous --------------------------------------------------------------


def test_a_synchronous_call_is_answered_when_it_asks() -> None:
    hand = Hand({"say": synchronous()})
    number = hand.begin("say", "hello")

    assert hand.ask(number) == [number]
    assert hand.deliveries == [wire.Done(1, None)]


def test_asking_is_no_quiet_instant_and_takes_no_time() -> None:
    hand = Hand({"say": synchronous(), "fetch": asynchronous(after(1))})
    hand.begin("fetch")
    hand.ask(hand.begin("say"))

    assert (hand.run.idles, hand.now) == (0, 0)


def test_a_synchronous_call_that_takes_time_is_answered_at_its_time() -> None:
    hand = Hand({"work": synchronous(after(2))})
    number = hand.begin("work")

    assert hand.ask(number) == []
    assert (hand.rest(), hand.now) == ([number], 2)


def test_asking_leaves_other_calls_of_the_instant_alone() -> None:
    hand = Hand({"say": synchronous(), "fetch": asynchronous()})
    hand.begin("fetch")
    asked = hand.ask(hand.begin("say"))

    assert (asked, hand.rest()) == ([2], [1])


# --- rules --------------------------------------------------------------------


def test_each_call_has_the_plan_of_its_turn_and_the_last_plan_repeats() -> None:
    hand = Hand({"fetch": each([after(3), after(1)])})
    for _ in range(3):
        hand.begin()

    assert (hand.rest(), hand.rest()) == ([2, 3], [1])


def test_the_first_argument_may_decide() -> None:
    hand = Hand({"fetch": by_argument({"/a": after(2), "/b": after(1)})})
    hand.begin("fetch", "/a")
    hand.begin("fetch", "/b")

    assert (hand.rest(), hand.rest()) == ([2], [1])


@pytest.mark.parametrize("argument", ["/c", [], wire.Opaque("object")])
def test_an_argument_without_a_plan_fails_with_lookup_error(argument: object) -> None:
    hand = Hand({"fetch": by_argument({"/a": after(2)})})
    hand.begin("fetch", argument)

    hand.rest()

    assert isinstance(failed := hand.deliveries[0], wire.Failed)
    assert (failed.type, failed.message) == ("LookupError", "no such thing")


def test_an_argument_without_a_plan_may_have_a_default() -> None:
    hand = Hand({"fetch": by_argument({}, default=after(gives="?"))})
    hand.begin("fetch", "/c")

    hand.rest()

    assert hand.deliveries == [wire.Done(1, "?")]


@pytest.mark.parametrize("argument", [-1, "soon", float("nan"), wire.Opaque("object")])
def test_arguments_that_a_rule_cannot_take_fail_in_the_call(argument: object) -> None:
    hand = Hand()
    hand.begin("fetch", argument)

    hand.rest()

    assert isinstance(failed := hand.deliveries[0], wire.Failed)
    assert failed.type == "TypeError"
    assert failed.message.startswith("fetch() cannot be called so: ")


def test_each_needs_a_plan() -> None:
    with pytest.raises(ValueError, match=r"^each needs at least one plan$"):
        each([])


def test_a_plan_can_be_changed_in_part() -> None:
    assert after(1).but(gives=5) == Plan(1_000_000_000, 5)


def test_the_token_stands_for_itself_in_print() -> None:
    assert repr(TOKEN) == "TOKEN"


# --- what the player is told ---------------------------------------------------


def test_a_world_says_how_its_operations_look_from_inside() -> None:
    hand = Hand({"fetch": asynchronous(), "say": synchronous()})

    assert hand.world.specs() == [
        wire.OperationSpec("fetch", "async", lingers=False),
        wire.OperationSpec("say", "sync", lingers=False),
    ]
