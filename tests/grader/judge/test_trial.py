from pathlib import Path

import pytest

from grader.judge import trial
from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, seconds
from grader.judge.play import Play
from grader.judge.trial import HOLDS, Result
from grader.world.rules import after, asynchronous

from .conftest import Judge

FETCH = asynchronous(after(1))

RIGHT = "async def answer(fetch, number): return number"


@law("the-law")
@cases(count=20, number=integers(0, 1000))
def returns_the_number(play: Play, number: int) -> None:
    play("call", number=number, fetch=FETCH).returns(number)


def test_a_right_answer_holds_on_every_case(judge: Judge) -> None:
    result = judge(RIGHT, returns_the_number)

    assert (result.outcome, result.played) == ("holds", 20)


def test_a_failure_is_shrunk_to_the_smallest_case(judge: Judge) -> None:
    source = "async def answer(fetch, number): return number if number < 10 else 0"

    result = judge(source, returns_the_number)

    assert result.case is not None
    assert (result.outcome, result.shrunk, result.case.values) == (
        "broken",
        True,
        {"number": 10},
    )


def test_the_same_failure_is_found_and_shrunk_in_the_same_way_each_time(
    judge: Judge,
) -> None:
    source = "async def answer(fetch, number): return number if number % 7 else 0"

    first, second = (judge(source, returns_the_number) for _ in range(2))

    assert (first.message, first.case) == (second.message, second.case)


def test_a_stub_is_not_started_and_ends_the_law_at_once(judge: Judge) -> None:
    result = judge(
        "async def answer(fetch, number): raise NotImplementedError", returns_the_number
    )

    assert (result.outcome, result.reason, result.played) == (
        "not reached",
        "not started",
        1,
    )


def test_an_endless_loop_is_out_of_time_with_its_line(judge: Judge) -> None:
    source = "async def answer(fetch, number):\n    while True:\n        pass\n"

    result = judge(source, returns_the_number)

    assert (result.outcome, result.reason) == ("out of time", "processor time")
    assert result.error is not None
    assert result.error.line in {2, 3}


def test_a_process_that_ends_itself_breaks_the_law(judge: Judge) -> None:
    result = judge(
        "import os\nasync def answer(fetch, number): os._exit(0)", returns_the_number
    )

    assert (result.outcome, result.reason) == ("broken", "crashed")


def test_a_module_is_executed_afresh_for_each_run(judge: Judge) -> None:
    source = "calls = []\nasync def answer(fetch, number):\n    calls.append(1)\n    return number if len(calls) == 1 else 0"

    assert judge(source, returns_the_number).outcome == "holds"


def test_unseeded_randomness_is_the_same_in_every_run(judge: Judge) -> None:
    source = "import random\nasync def answer(fetch, number):\n    return number if random.random() > 0.5 else 0"

    first, second = (judge(source, returns_the_number) for _ in range(2))

    assert (first.outcome, first.message) == (second.outcome, second.message)


def test_a_failure_that_needs_earlier_calls_is_told_so(judge: Judge) -> None:
    source = (
        "import math\n"
        "math.calls = getattr(math, 'calls', 0)\n"
        "async def answer(fetch, number):\n"
        "    math.calls += 1\n"
        "    return number if math.calls < 5 else -1\n"
    )

    result = judge(source, returns_the_number)

    assert (result.outcome, result.reason) == ("broken", "depends on earlier calls")


def fails_once(marks: Path) -> str:
    """A submission that fails in the fifth run of all, whichever player it is in."""
    return (
        "import pathlib\n"
        "async def answer(fetch, number):\n"
        f"    marks = pathlib.Path({str(marks)!r})\n"
        "    (marks / str(len(list(marks.iterdir())))).touch()\n"
        "    return -1 if len(list(marks.iterdir())) == 5 else number\n"
    )


def test_a_failure_that_does_not_come_again_is_the_submissions(
    judge: Judge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = fails_once(tmp_path_factory.mktemp("marks"))

    result = judge(source, returns_the_number, reference=lambda *_: HOLDS)

    assert (result.outcome, result.reason) == ("broken", "not repeatable")


def test_a_failure_that_our_own_answer_shows_too_is_our_fault(
    judge: Judge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = fails_once(tmp_path_factory.mktemp("marks"))

    result = judge(source, returns_the_number, reference=lambda *_: Result("broken"))

    assert (result.outcome, result.reason) == ("fault", "grader error")


@law("the-law")
@cases(examples=[{"number": 1}])
def raises_by_mistake(play: Play, number: int) -> None:
    run = play("call", number=number, fetch=FETCH)
    run.absent_method()  # type: ignore[attr-defined]


def test_an_error_in_a_hidden_test_is_our_fault(judge: Judge) -> None:
    result = judge(RIGHT, raises_by_mistake)

    assert (result.outcome, result.reason) == ("fault", "grader error")
    assert "absent_method" in result.message


@law("the-law")
@cases(count=12, takes=lists(seconds(0.5, 2, 0.5), 1, 4))
def fetches_all(play: Play, takes: list[float]) -> None:
    for run in play.sweep("call", takes=takes, fetch=FETCH):
        run.cancelled_cleanly()


def test_a_sweep_cancels_at_every_quiet_instant(judge: Judge) -> None:
    source = "async def answer(fetch, takes):\n    for each in takes:\n        await fetch(each)\n"

    assert judge(source, fetches_all).outcome == "holds"


def test_a_cancellation_swallowed_late_is_found_by_the_sweep(judge: Judge) -> None:
    source = (
        "import asyncio\n"
        "async def answer(fetch, takes):\n"
        "    for number, each in enumerate(takes):\n"
        "        try:\n"
        "            await fetch(each)\n"
        "        except asyncio.CancelledError:\n"
        "            if number != 1: raise\n"
    )

    result = judge(source, fetches_all)

    assert result.outcome == "broken"
    assert result.message.startswith(
        "Cancelling the caller must cancel everything it started, and CancelledError must come out; "
        "it returned None at t=1.0s."
    ), result.message


def test_a_submission_without_any_wait_does_not_reach_the_sweep(judge: Judge) -> None:
    result = judge("async def answer(fetch, takes): return None", fetches_all)

    assert (result.outcome, result.reason) == ("not reached", "never arose")


def test_a_test_that_takes_too_much_real_time_is_out_of_time(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "WALL_SECONDS", 0.0)

    result = judge(RIGHT, returns_the_number)

    assert (result.outcome, result.reason) == ("out of time", "wall time")
