from itertools import product

import pytest

from grader import values
from grader.laws import order
from grader.world.rules import after, never

from .conftest import Breach, Story, breach, failure, not_reached

NEVER_CALLED = ("fetch was never called: it returned None", "never arose", 0)


# --- in which order -------------------------------------------------------------


def test_calls_may_begin_in_the_order_given(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()

    story.returns().starts_in_order("fetch", ["a", "b", "c"])


def test_a_call_out_of_order_is_told_with_its_place(story: Story) -> None:
    story.fetch("a")
    story.wait()
    story.fetch("c")
    story.wait_for_all()

    assert breach(story.returns().starts_in_order, "fetch", ["a", "b", "c"]) == Breach(
        "fetch must be called in the order that was given; "
        "call 2 was fetch('c'), not fetch('b').",
        "out-of-order",
        at=1,
        line=20,
        marks={2: "out of order"},
    )


def test_a_call_that_is_cancelled_as_it_begins_has_no_place(story: Story) -> None:
    story.fetch("a")
    story.fetch("c")
    story.cancel(2)
    story.fetch("b")
    story.wait_for_all()

    story.returns().starts_in_order("fetch", ["a", "b"])


def test_calls_may_be_told_apart_by_any_key(story: Story) -> None:
    story.call("save", after(1), "here", size=3)
    story.wait_for_all()
    run = story.returns()

    told = breach(
        run.starts_in_order, "save", [4], "By size", lambda each: each.keywords["size"]
    )
    assert told.message == "By size; call 1 was save('here', size=3), not save(4)."


def test_an_order_is_not_reached_when_nothing_was_called(story: Story) -> None:
    assert not_reached(story.returns().starts_in_order, "fetch", ["a"]) == NEVER_CALLED


# --- how often ------------------------------------------------------------------


def test_one_call_for_each_is_enough(story: Story) -> None:
    story.fetch("b")
    story.fetch("a")
    story.fetch("a")
    story.wait_for_all()

    story.returns().once("fetch", ["a", "a", "b"])


def test_a_second_call_is_one_too_many(story: Story) -> None:
    story.fetch("a")
    story.wait()
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().once, "fetch", ["a"]) == Breach(
        "fetch must be called exactly once for each; "
        "fetch('a') was called again at t=1.0s: 2 times instead of once.",
        "too-often",
        at=1,
        line=20,
        marks={2: "once too often"},
    )


def test_the_third_call_for_one_named_twice_is_one_too_many(story: Story) -> None:
    story.fetch("a")
    story.fetch("a")
    story.fetch("a")
    story.wait_for_all()
    told = breach(story.returns().once, "fetch", ["a", "a"], "As often as named")

    assert told.message == (
        "As often as named; fetch('a') was called again at t=0.0s: "
        "3 times instead of 2 times."
    )
    assert told.marks == {3: "once too often"}


def test_a_call_that_nobody_asked_for_is_one_too_many(story: Story) -> None:
    story.fetch("x")
    story.wait_for_all()

    assert breach(story.returns().once, "fetch", ["a"]) == Breach(
        "fetch must be called exactly once for each; "
        "fetch('x') was called at t=0.0s, and nobody asked for it.",
        "too-often",
        at=0,
        line=10,
        marks={1: "not asked for"},
    )


def test_a_call_that_is_missing_is_named(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().once, "fetch", ["a", "b"]) == Breach(
        "fetch must be called exactly once for each; fetch('b') was never called.",
        "too-seldom",
        at=1,
    )


def test_one_named_twice_must_be_called_twice(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    told = breach(story.returns().once, "fetch", ["a", "a"])

    assert told.message == (
        "fetch must be called exactly once for each; "
        "fetch('a') was called once instead of 2 times."
    )


def test_why_a_call_is_missing_is_told_when_it_raised(story: Story) -> None:
    told = breach(story.raises(failure("TypeError", "no", line=4)).once, "fetch", ["a"])

    assert (told.message, told.line) == (
        (
            "fetch must be called exactly once for each; "
            "fetch('a') was never called: it raised TypeError('no')."
        ),
        4,
    )


def test_a_call_that_is_cancelled_as_it_begins_does_not_count(story: Story) -> None:
    story.fetch("a", never())
    story.cancel(1)
    told = breach(story.returns().once, "fetch", ["a"])

    assert told.sign == "too-seldom"


def test_lists_records_and_tuples_of_them_are_told_apart(story: Story) -> None:
    page = values.record("Page", number=1, tags=["x"])
    story.fetch([1, 2])
    story.fetch(([1], {"a": [2]}))
    story.fetch({"b": {1, 2}, "a": 0})
    story.fetch(page)
    story.wait_for_all()

    wanted = [page, {"a": 0, "b": {2, 1}}, ([1], {"a": [2]}), [1, 2]]
    story.returns().once("fetch", wanted)


def test_a_list_is_not_the_text_that_shows_it(story: Story) -> None:
    story.fetch("[1]")
    story.wait_for_all()

    assert breach(story.returns().once, "fetch", [[1]]).sign == "too-often"


def test_standing_still_is_told_before_what_is_missing(story: Story) -> None:
    story.fetch("a", never())
    told = breach(story.over().once, "fetch", ["a", "b"])

    assert (told.sign, told.reason) == ("deadlock", "deadlock")


# --- so often at most -----------------------------------------------------------


def test_two_calls_are_at_most_two(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()

    story.returns().called_at_most(2, "fetch")


def test_a_third_call_is_more_than_two(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait()
    story.wait()
    story.fetch("c")
    story.wait_for_all()

    assert breach(story.returns().called_at_most, 2, "fetch") == Breach(
        "fetch may be called 2 times at most; "
        "fetch was called 3 times: fetch('a'), fetch('b') and fetch('c').",
        "too-often",
        at=1,
        line=30,
        marks={3: "one too many"},
    )


def test_at_most_so_often_is_not_reached_when_nothing_was_called(story: Story) -> None:
    assert not_reached(story.returns().called_at_most, 2, "fetch") == NEVER_CALLED


# --- not before a note ----------------------------------------------------------


def test_calls_may_begin_after_the_note(story: Story) -> None:
    story.note("awaited")
    story.fetch("a")
    story.wait_for_all()

    story.returns().nothing_before("awaited", "fetch", "Not yet")


def test_a_call_before_the_note_is_too_early(story: Story) -> None:
    story.fetch("a")
    story.wait_until(2)
    story.note("awaited")

    assert breach(
        story.returns().nothing_before, "awaited", "fetch", "Not yet"
    ) == Breach(
        "Not yet; fetch('a') was called at t=0.0s.",
        "too-early",
        at=0,
        until=2,
        line=10,
        marks={1: "too early"},
    )


def test_a_call_is_too_early_also_when_the_note_never_comes(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    run = story.raises(failure("ValueError"))

    assert breach(run.nothing_before, "awaited", "fetch", "Not yet").sign == "too-early"


def test_without_the_note_and_without_calls_it_is_not_reached(story: Story) -> None:
    run = story.raises(failure("ValueError", line=3))

    why = 'it never came to "awaited": it raised ValueError'
    assert not_reached(run.nothing_before, "awaited", "fetch", "Not yet") == (
        why,
        "never arose",
        3,
    )


# --- one before another ---------------------------------------------------------


def test_one_may_begin_in_the_instant_in_which_the_other_ends(story: Story) -> None:
    story.fetch("a")
    story.wait()
    story.call("save", after(1), "a")
    story.wait_for_all()
    run = story.returns()
    fetch, save = run.run.operations

    run.before(fetch, save, "Fetch, then save")


def test_one_that_begins_while_the_other_runs_is_too_early(story: Story) -> None:
    story.fetch("a", after(2))
    story.wait_until(1)
    story.call("save", after(2), "a")
    story.wait_for_all()
    run = story.returns()

    assert breach(run.before, *run.run.operations, rule="Fetch, then save") == Breach(
        "Fetch, then save; save('a') began at t=1.0s while fetch('a') was still running.",
        "too-early",
        at=1,
        until=2,
        line=20,
        marks={2: "too early"},
    )


def test_one_that_never_ends_comes_before_nothing(story: Story) -> None:
    story.fetch("a", never())
    story.call("save", after(1), "a")
    story.wait_for_all()
    run = story.returns()

    told = breach(run.before, *run.run.operations, rule="Fetch, then save")
    assert (told.at, told.until) == (0, 1)


def test_one_that_began_later_is_said_to_come_after(story: Story) -> None:
    story.call("save", after(1), "a")
    story.wait_for_all()
    story.fetch("a")
    story.wait_for_all()
    run = story.returns()
    save, fetch = run.run.operations

    assert breach(run.before, fetch, save, "Fetch, then save").message == (
        "Fetch, then save; save('a') began at t=0.0s before fetch('a') did."
    )


# --- chosen arguments -------------------------------------------------------------


def test_arguments_are_counted_by_hashes_that_nobody_can_choose() -> None:
    chosen = [tuple(each) for each in product([-1, -2], repeat=8)]
    nested = [frozenset([each]) for each in chosen]
    keyed = [{each: 0} for each in chosen]

    for found in (chosen, nested, keyed):
        assert len({hash(order._hashable(each)) for each in found}) == 256


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, 1.0), (1, True), (0.0, -0.0), (2**70, 2.0**70), ({1}, frozenset({1.0}))],
)
def test_equal_arguments_are_counted_as_one(left: object, right: object) -> None:
    assert left == right
    assert order._hashable(left) == order._hashable(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [(-1, -2), (0.5, -0.5), (1, "0x1"), ([1], (1,)), (float("inf"), float("-inf"))],
)
def test_different_arguments_are_counted_apart(left: object, right: object) -> None:
    assert left != right
    assert order._hashable(left) != order._hashable(right)


# --- exactly so often -----------------------------------------------------------


def test_it_is_called_exactly_so_often(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()

    story.returns().called_times(2, "fetch")


def test_it_is_called_too_seldom(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().called_times, 2, "fetch") == Breach(
        "fetch must be called 2 times; fetch was called only once.", "too-seldom", at=1
    )


def test_it_is_called_once_too_often(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")

    assert breach(story.returns().called_times, 1, "fetch").sign == "too-often"
