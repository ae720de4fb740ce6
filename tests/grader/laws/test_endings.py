"""How a run that came to no good end is told by every law alike."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.laws import JudgedRun, words
from grader.laws.witness import Witness
from grader.world.record import OutcomeKind

from .conftest import (
    LAWS,
    Breach,
    Story,
    breach,
    failure,
    group,
    not_reached,
    time_up,
)

Law = Callable[[JudgedRun], Any]

WANTS_AN_END = [
    "asks_once",
    "asks_when_free",
    "begins_by",
    "cancels_at",
    "begins_when_free",
    "calls_all",
    "comes_at",
    "ends_at",
    "ends_with_the_last",
    "ends_with_the_last_response",
    "once",
    "raises",
    "raises_group_of",
    "reads_to_the_end",
    "refuses",
    "returns",
    "returns_answers",
    "returns_answers_of",
    "returns_keys",
    "returns_under",
    "returns_records",
    "shares_nothing",
    "succeeds",
    "takes",
    "tells",
    "tells_after",
    "tells_totals",
    "tells_within",
    "undoes",
    "wastes_no_slot",
    "works_on_second_loop",
]
"""Laws that a run breaks by not ending; the others are not reached."""

DEADLOCK = "it never ended: all were waiting, and nothing could end a wait (deadlock)"

every_law = pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
laws_that_want_an_end = pytest.mark.parametrize("name", WANTS_AN_END)
other_laws = pytest.mark.parametrize("name", sorted(set(LAWS) - set(WANTS_AN_END)))


# --- not begun, and out of time ---------------------------------------------------


@every_law
def test_a_stub_reaches_no_law(law: Law, story: Story) -> None:
    stub = failure("NotImplementedError", line=6, function="fetch_limited")

    assert not_reached(law, story.raises(stub)) == (
        "fetch_limited raises NotImplementedError",
        "not started",
        6,
    )


@every_law
def test_a_stub_in_a_group_reaches_no_law(law: Law, story: Story) -> None:
    stub = failure("NotImplementedError", line=6, function="fetch_limited")

    assert not_reached(law, story.raises(group(stub)))[1] == "not started"


@every_law
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "processor time",
            "It used up its processor time without waiting for anything",
        ),
        (
            "wall time",
            "It stopped answering: something waits outside of the event loop",
        ),
        (
            "endless",
            "It never came to an end: the run was stopped after too many steps",
        ),
    ],
)
def test_no_law_is_judged_when_time_is_up(
    law: Law, kind: OutcomeKind, text: str, story: Story
) -> None:
    assert time_up(law, story.stops(kind, line=9)) == (text, kind, 9)


# --- without an end ---------------------------------------------------------------


@laws_that_want_an_end
def test_standing_still_breaks_a_law_that_wants_an_end(name: str, story: Story) -> None:
    told = breach(LAWS[name], story.over())

    assert (told.sign, told.reason) == ("deadlock", "deadlock")
    assert told.message.endswith(f"{DEADLOCK}.")


@other_laws
def test_standing_still_reaches_no_other_law(name: str, story: Story) -> None:
    assert not_reached(LAWS[name], story.over())[1] == "deadlock"


@laws_that_want_an_end
def test_a_crash_breaks_a_law_that_wants_an_end(name: str, story: Story) -> None:
    told = breach(LAWS[name], story.stops("crashed", "the process is gone"))

    assert told.reason == "crashed"
    assert told.message.endswith("the process is gone.")


@other_laws
@pytest.mark.parametrize("kind", ["crashed", "livelock", "protocol violation"])
def test_no_other_law_is_reached(name: str, kind: OutcomeKind, story: Story) -> None:
    assert not_reached(LAWS[name], story.stops(kind, "gone"))[1] == kind


def test_going_round_and_round_is_told(story: Story) -> None:
    assert breach(story.spins().takes, 1) == Breach(
        "It must take exactly 1 s; it never ended: the loop went round and round "
        "and time stood still (livelock).",
        "livelock",
        at=0,
        reason="livelock",
    )


def test_interfering_is_told(story: Story) -> None:
    told = breach(story.stops("protocol violation", "a timer at -1").takes, 1)

    assert told.message == (
        "It must take exactly 1 s; the program interfered with the grader (a timer at -1)."
    )


# --- what a law may ask for -------------------------------------------------------


def test_a_run_that_returned_is_reached(story: Story) -> None:
    story.returns().reached()


def test_a_run_that_raised_is_reached_where_an_error_will_do(story: Story) -> None:
    run = story.raises(failure("ValueError", "no", line=3))

    run.reached(returned=False)
    assert not_reached(run.reached) == ("it raised ValueError('no')", "raised", 3)


def test_a_law_given_by_another_is_not_reached_when_that_is_broken(
    story: Story,
) -> None:
    run = story.returns(3)

    def law() -> None:
        with run.given():
            run.returns(4)

    why = "It must return 4; it returned 3."
    assert not_reached(law) == (why, "behaviour", 0)


def test_a_law_given_by_another_is_judged_when_that_holds(story: Story) -> None:
    run = story.returns(3)
    with run.given():
        run.returns(3)


def test_a_run_without_an_outcome_is_a_fault_of_ours(story: Story) -> None:
    with pytest.raises(RuntimeError, match=r"^the run has no outcome$"):
        Witness(story.world.run, str).outcome  # noqa: B018


# --- words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nanoseconds", "moment", "span"),
    [
        (0, "t=0.0s", "0 s"),
        (4_000_000_000, "t=4.0s", "4 s"),
        (250_000_000, "t=0.25s", "0.25 s"),
        (10_000_000_000, "t=10.0s", "10 s"),
        (1_000_001_200, "t=1.000001s", "1.000001 s"),
    ],
)
def test_times_are_put_in_seconds(nanoseconds: int, moment: str, span: str) -> None:
    assert (words.moment(nanoseconds), words.seconds(nanoseconds)) == (moment, span)


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ("", ""),
        ("a", "a"),
        ("ab", "a and b"),
        ("abcd", "a, b, c and d"),
        ("abcdef", "a, b, c, d and 2 more"),
    ],
)
def test_lists_are_cut_after_a_few(items: str, text: str) -> None:
    assert words.listing(list(items)) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (failure("ValueError"), "ValueError"),
        (failure("ValueError", "no\nreally not"), "ValueError('no')"),
        (failure("ValueError", "\n"), "ValueError"),
        (failure("KeyError", "'page'"), "KeyError('page')"),
        (failure("OSError", "<Pool object at 0x7f00>"), "OSError('<Pool object>')"),
        (group(kind="BaseExceptionGroup"), "BaseExceptionGroup"),
        (
            group(failure("A"), group(failure("B", "b"))),
            "ExceptionGroup of A and ExceptionGroup of B('b')",
        ),
    ],
)
def test_errors_are_put_in_one_phrase(error: Any, text: str) -> None:
    assert words.error(error) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "never"), (1, "once"), (2, "2 times")]
)
def test_how_often_is_put_in_words(number: int, text: str) -> None:
    assert words.times(number) == text
