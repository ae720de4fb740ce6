"""Whatever run is judged, laws say what they may say, and a verdict can be shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from grader import wire
from grader.laws import JudgedRun
from grader.laws.outcome import Broken, NotReached, TimeUp
from grader.world.world import World
from tests.grader.world.hand import nothing_seen

from .judged import asked, check_laws
from .targets import judge, tell
from .worlds import FORGED, Story, stories, world_of

often = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


@often
@given(stories())
def test_any_run_has_a_verdict_that_can_be_shown(story: Story) -> None:
    judge(story)


@settings(often, max_examples=40)
@given(FORGED)
def test_a_forged_run_has_a_verdict_that_can_be_shown(story: Story) -> None:
    judge(story)


@settings(often, max_examples=15)
@given(stories())
def test_the_same_story_is_judged_the_same(story: Story) -> None:
    first, second = ([str(each) for each in said_of(story)] for _ in range(2))

    assert first == second


def said_of(story: Story) -> list[Broken | NotReached | TimeUp]:
    return check_laws(tell(story), 10**6)


# --- what a law costs -----------------------------------------------------------


def crowd(size: int) -> JudgedRun:
    """Return a run of so many calls, half failed and half cancelled, and their errors."""
    world = world_of(Story([], [], 1, False, None))  # noqa: FBT003
    step(world, [began(number, "tidy") for number in range(1, size + 1)])
    cancels: list[wire.Event] = [wire.CancelSeen(n) for n in range(1, size + 1)]
    fails = [began(number, "fail") for number in range(size + 1, 2 * size + 1)]
    step(world, [*cancels, *fails])
    step(world, [])
    handles = [f"error {each.token}" for each in world.run.operations[size:]]
    members = [wire.Failure("FetchError", "", handle) for handle in handles]
    error = wire.Failure("ExceptionGroup", "all", group=members)
    closed: list[wire.Event] = [
        wire.Closed(number, "error") for number in range(size + 1, 2 * size + 1)
    ]
    ended = [wire.Raised(error)]
    while isinstance(step(world, [*closed, *ended]), wire.Reply):
        closed, ended = [], []
    return JudgedRun(world.conclude(nothing_seen()), world.label)


def began(number: int, name: str) -> wire.Event:
    return wire.Began(number, name, [number], {}, 1, "", 0)


def step(world: World, events: Sequence[wire.Event]) -> wire.Reply | wire.Over:
    return world.step(wire.Turn(list(events), None, None))


def lines_of(law: Callable[[JudgedRun], object], run: JudgedRun) -> int:
    """Return how many lines of Python a law runs through, each round of a loop anew."""
    lines = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        law(run)
    except (Broken, NotReached, TimeUp):
        pass
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("name", asked(crowd(1)))
def test_a_law_costs_twice_as_much_for_twice_the_calls(name: str) -> None:
    small, large = crowd(100), crowd(200)
    law = asked(small)[name]

    assert lines_of(law, large) <= 2.5 * lines_of(law, small) + 200
