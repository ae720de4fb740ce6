import pytest

from grader.laws.timing import differs, later
from grader.world.rules import after, never

from .conftest import Breach, Story, breach, failure, not_reached

SECOND = 10**9


# --- instants -------------------------------------------------------------------


@pytest.mark.parametrize("off", [0, 1, -1, 1000, -1000])
def test_a_microsecond_is_no_difference(off: int) -> None:
    assert not differs(SECOND + off, SECOND)


@pytest.mark.parametrize("off", [1001, -1001])
def test_more_than_a_microsecond_is_a_difference(off: int) -> None:
    assert differs(SECOND + off, SECOND)


def test_far_away_a_float_is_coarser() -> None:
    century = 36_500 * 86_400 * SECOND

    assert not differs(century + 2_000, century)
    assert differs(century + 4_000, century)


def test_later_is_after_and_different() -> None:
    assert later(2 * SECOND, SECOND)
    assert not later(SECOND + 1, SECOND)
    assert not later(SECOND, 2 * SECOND)


# --- how long it takes ----------------------------------------------------------


def test_it_takes_as_long_as_its_call(story: Story) -> None:
    story.fetch("a", after(2.5))
    story.wait_for_all()
    run = story.returns()

    run.takes(2.5)
    run.ends_at(2.5)


def test_it_takes_too_long(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait_for_all()

    assert breach(story.returns().takes, 2) == Breach(
        "It must take exactly 2 s; it ended at t=3.0s, not at t=2.0s.",
        "too-long",
        at=2,
        until=3,
        line=10,
    )


def test_it_ends_too_soon(story: Story) -> None:
    story.fetch("a", after(1))
    story.wait_for_all()

    assert breach(story.returns().ends_at, 2) == Breach(
        "It must end at t=2.0s; it ended at t=1.0s, not at t=2.0s.",
        "too-short",
        at=1,
        until=2,
        line=10,
    )


def test_it_ends_somewhere_between_two_moments(story: Story) -> None:
    story.fetch("a", after(2))
    story.wait_for_all()
    run = story.returns()

    run.ends_between(1, 3, "In time")
    run.ends_between(2, 2, "In time")


def test_it_ends_outside_of_two_moments(story: Story) -> None:
    story.fetch("a", after(2))
    story.wait_for_all()
    run = story.returns()

    early = breach(run.ends_between, 2.5, 3, "In time")
    late = breach(run.ends_between, 1, 1.5, "In time")
    assert (early.sign, early.message) == (
        "too-short",
        "In time; it ended at t=2.0s, not at t=2.5s.",
    )
    assert (late.sign, late.message) == (
        "too-long",
        "In time; it ended at t=2.0s, not at t=1.5s.",
    )


def test_an_error_may_end_it_but_not_take_its_time(story: Story) -> None:
    story.wait(until=2)
    run = story.raises(failure("ValueError", "no", line=4))

    run.ends_at(2)
    assert breach(run.takes, 2) == Breach(
        "It must take exactly 2 s; it raised ValueError('no') at t=2.0s.",
        "raised",
        at=2,
        line=4,
        reason="raised",
    )


# --- with its last call ---------------------------------------------------------


def test_it_ends_with_its_last_call(story: Story) -> None:
    story.fetch("a", after(3))
    story.fetch("b", after(1))
    story.wait_for_all()

    story.returns().ends_with_the_last("fetch", "End with the last")


def test_it_ends_after_its_last_call(story: Story) -> None:
    story.fetch("a", after(1))
    story.wait_until(2)

    assert breach(
        story.returns().ends_with_the_last, "fetch", "End with the last"
    ) == Breach(
        "End with the last; it ended at t=2.0s, not at t=1.0s.",
        "too-long",
        at=1,
        until=2,
        line=10,
    )


def test_it_ends_before_its_last_call(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait(until=1)
    told = breach(story.returns().ends_with_the_last, "fetch", "End with the last")

    assert (told.sign, told.message) == (
        "too-short",
        "End with the last; it ended at t=1.0s, not at t=3.0s.",
    )


def test_it_ends_although_a_call_never_does(story: Story) -> None:
    story.fetch("a", after(1))
    story.fetch("b", never())
    story.wait_for_all()

    assert breach(
        story.returns().ends_with_the_last, "fetch", "End with the last"
    ) == Breach(
        "End with the last; it ended at t=1.0s while fetch('b') was still running.",
        "too-short",
        at=1,
        until=1,
        line=20,
        marks={2: "still running"},
    )


def test_the_last_call_is_not_reached_when_nothing_was_called(story: Story) -> None:
    told = not_reached(story.returns().ends_with_the_last, "fetch", "End with the last")

    assert told == ("fetch was never called: it returned None", "never arose", 0)


def test_it_ends_when_a_certain_call_does(story: Story) -> None:
    story.fetch("a", after(1))
    story.wait_for_all()
    run = story.raises(failure("ValueError"))

    run.ends_when(run.run.operations[0], "End with a")


def test_it_does_not_end_when_a_certain_call_does(story: Story) -> None:
    story.fetch("a", after(1))
    story.wait_until(2)
    run = story.returns()
    told = breach(run.ends_when, run.run.operations[0], "End with a")

    assert told.message == "End with a; it ended at t=2.0s, not at t=1.0s."


def test_it_cannot_end_with_a_call_that_never_does(story: Story) -> None:
    story.fetch("a", never())
    story.wait(until=1)
    run = story.returns()
    told = breach(run.ends_when, run.run.operations[0], "End with a")

    assert told.message == (
        "End with a; it ended at t=1.0s while fetch('a') was still running."
    )


# --- since a note ---------------------------------------------------------------


def test_it_lasts_so_long_since_the_last_note(story: Story) -> None:
    story.note("again")
    story.wait(until=1)
    story.note("again")
    story.wait(until=3)

    story.returns().lasts_since("again", 2 * SECOND, "Two seconds more")


def test_it_lasts_too_long_since_the_note(story: Story) -> None:
    story.wait(until=1)
    story.note("again")
    story.fetch("a", after(3))
    story.wait_for_all()

    assert breach(
        story.returns().lasts_since, "again", 2 * SECOND, "Two more"
    ) == Breach(
        "Two more; it took 3 s instead of 2 s.",
        "too-long",
        at=1,
        until=4,
        line=10,
    )


def test_it_lasts_too_short_since_the_note(story: Story) -> None:
    story.note("again")

    told = breach(story.returns().lasts_since, "again", 2 * SECOND, "Two more")
    assert (told.sign, told.message) == (
        "too-short",
        "Two more; it took 0 s instead of 2 s.",
    )


def test_a_note_that_comes_when_all_is_over_does_not_count(story: Story) -> None:
    story.returned()
    story.wait(until=1)
    story.note("again")

    assert (
        not_reached(story.over().lasts_since, "again", SECOND, "One more")[1]
        == "never arose"
    )


def test_an_error_after_the_note_is_told(story: Story) -> None:
    story.note("again")
    story.wait(until=2)
    run = story.raises(failure("ValueError", "no"))

    assert breach(run.lasts_since, "again", 2 * SECOND, "Two more").sign == "raised"


def test_standing_still_after_the_note_is_told(story: Story) -> None:
    story.note("again")
    told = breach(story.over().lasts_since, "again", 2 * SECOND, "Two more")

    assert (told.sign, told.reason) == ("deadlock", "deadlock")


def test_it_may_end_as_soon_after_the_note_as_it_likes(story: Story) -> None:
    story.wait(until=1)
    story.note("again")
    story.wait(until=3)

    story.raises(failure("ValueError")).ends_soon_after("again", 2, "Soon")


def test_it_ends_too_long_after_the_note(story: Story) -> None:
    story.wait(until=1)
    story.note("again")
    story.wait(until=3)

    assert breach(story.returns().ends_soon_after, "again", 1, "Soon") == Breach(
        "Soon; it took 2 s, from t=1.0s to t=3.0s.", "too-long", at=1, until=3
    )


def test_standing_still_after_the_note_is_not_soon(story: Story) -> None:
    story.note("again")

    assert breach(story.over().ends_soon_after, "again", 1, "Soon").sign == "deadlock"


def test_soon_after_a_note_that_never_came_is_not_reached(story: Story) -> None:
    told = not_reached(story.returns().ends_soon_after, "again", 1, "Soon")

    assert told[0] == 'it never came to "again": it returned None'


def test_since_a_note_that_never_came_is_not_reached(story: Story) -> None:
    told = not_reached(story.over().lasts_since, "again", SECOND, "Two more")

    assert told == (
        (
            'it never came to "again": '
            "it never ended: all were waiting, and nothing could end a wait (deadlock)"
        ),
        "deadlock",
        0,
    )


# --- when calls begin -----------------------------------------------------------


def test_calls_may_begin_at_their_times(story: Story) -> None:
    story.fetch("a")
    story.wait_until(1.5)
    story.fetch("b")
    story.wait_for_all()

    story.returns().begins_at("fetch", [0, 1.5])


def test_a_call_begins_too_late(story: Story) -> None:
    story.wait(until=1)
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().begins_at, "fetch", [0.5, 2]) == Breach(
        "fetch must be called at t=0.5s and t=2.0s; "
        "fetch('a') was called at t=1.0s, not at t=0.5s.",
        "too-late",
        at=0.5,
        until=1,
        line=10,
        marks={1: "late"},
    )


def test_a_call_begins_too_early(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    told = breach(story.returns().begins_at, "fetch", [1])
    assert (told.sign, told.at, told.until, told.marks) == (
        "too-early",
        0,
        1,
        {1: "early"},
    )


def test_a_call_more_than_there_are_times_is_unexpected(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()

    assert breach(story.returns().begins_at, "fetch", [0]) == Breach(
        "fetch must be called at t=0.0s; fetch('b') was called at t=0.0s.",
        "extra-call",
        at=0,
        line=20,
        marks={2: "unexpected"},
    )


def test_a_call_less_than_there_are_times_is_missing(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns(7).begins_at, "fetch", [0, 1]) == Breach(
        "fetch must be called at t=0.0s and t=1.0s; "
        "fetch was called only once: it returned 7.",
        "missing-call",
        at=1,
    )


def test_no_call_at_all_is_missing(story: Story) -> None:
    told = breach(
        story.raises(failure("TypeError", line=3)).begins_at, "fetch", [0], "Now"
    )

    assert (told.message, told.line) == (
        "Now; fetch was never called: it raised TypeError.",
        3,
    )


def test_no_call_is_right_when_there_is_no_time_for_one(story: Story) -> None:
    story.returns().begins_at("fetch", [])


def test_a_call_is_unexpected_when_there_is_no_time_for_one(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().begins_at, "fetch", []).message == (
        "fetch must never be called; fetch('a') was called at t=0.0s."
    )


def test_no_call_in_a_run_that_stood_still_is_not_reached(story: Story) -> None:
    assert not_reached(story.over().begins_at, "fetch", [])[1] == "deadlock"


# --- when a certain call comes --------------------------------------------------


def test_the_first_call_of_that_argument_counts(story: Story) -> None:
    story.fetch("b")
    story.wait_until(1)
    story.fetch("a")
    story.wait_until(2)
    story.fetch("a")
    story.wait_for_all()

    story.returns().comes_at("fetch", "a", 1)


def test_a_certain_call_comes_too_late(story: Story) -> None:
    story.wait(until=1)
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().comes_at, "fetch", "a", 0) == Breach(
        "fetch('a') must come at t=0.0s; fetch('a') was called at t=1.0s, not at t=0.0s.",
        "too-late",
        at=0,
        until=1,
        line=10,
        marks={1: "late"},
    )


def test_another_call_comes_instead(story: Story) -> None:
    story.fetch("x")
    story.wait_for_all()

    assert breach(story.returns().comes_at, "fetch", "a", 0) == Breach(
        "fetch('a') must come at t=0.0s; fetch('a') was never called.",
        "wrong-call",
        at=0,
        line=10,
        marks={1: "instead"},
        seen="at t=0.0s the call was fetch('x')",
    )


def test_other_calls_come_at_other_times(story: Story) -> None:
    story.fetch("x")
    story.fetch("y")
    story.wait_for_all()

    told = breach(story.returns().comes_at, "fetch", "a", 3)
    assert (told.sign, told.seen) == (
        "missing-call",
        "the calls were fetch('x') and fetch('y')",
    )


def test_an_error_comes_before_the_call(story: Story) -> None:
    run = story.raises(failure("TypeError", "no", line=3))

    assert breach(run.comes_at, "fetch", "a", 1) == Breach(
        "fetch('a') must come at t=1.0s; "
        "fetch('a') was never called: it raised TypeError('no').",
        "raised",
        at=0,
        line=3,
        reason="raised",
    )


# --- not later than -------------------------------------------------------------


def test_a_call_may_begin_before_its_time_is_up(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    story.returns().begins_by("fetch", 1, "By then")


def test_a_call_begins_after_its_time_was_up(story: Story) -> None:
    story.wait(until=2)
    story.fetch("a")
    story.wait_for_all()

    told = breach(story.returns().begins_by, "fetch", 1, "By then")
    assert (told.sign, told.message) == (
        "too-late",
        "By then; fetch('a') was called at t=2.0s, not at t=1.0s.",
    )


def test_a_call_that_never_begins_is_missing(story: Story) -> None:
    run = story.raises(failure("TypeError", "no", line=3))

    assert breach(run.begins_by, "fetch", 1, "By then") == Breach(
        "By then; fetch was never called: it raised TypeError('no').",
        "missing-call",
        at=0,
        line=3,
    )


# --- pauses ---------------------------------------------------------------------


def fetches_again(story: Story, *pauses: float) -> None:
    """Fetch, for a second each, with these pauses in between."""
    at = 0.0
    story.fetch("a")
    story.wait_until(1)
    for pause in pauses:
        at += 1 + pause
        story.wait_until(at)
        story.fetch("a")
        story.wait_until(at + 1)


def test_the_pauses_are_as_long_as_they_must_be(story: Story) -> None:
    fetches_again(story, 0.5, 2)

    story.returns().pauses_between("fetch", [0.5, 2, 4], "Wait")


def test_a_pause_is_too_long(story: Story) -> None:
    fetches_again(story, 0.5, 3)

    told = breach(story.returns().pauses_between, "fetch", [0.5, 2], "Wait")
    assert told == Breach(
        "Wait; call 3 of fetch came 3 s after the one before had ended, not 2 s.",
        "too-late",
        at=4.5,
        until=5.5,
        line=30,
        marks={3: "late"},
    )


def test_a_pause_is_too_short(story: Story) -> None:
    fetches_again(story, 0.5)

    told = breach(story.returns().pauses_between, "fetch", [1], "Wait")
    assert (told.sign, told.at, told.until) == ("too-early", 1.5, 2)


def test_one_call_has_no_pause(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    told = not_reached(story.returns().pauses_between, "fetch", [1], "Wait")
    assert told[0] == "fetch was called only once: it returned None"
