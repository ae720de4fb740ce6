"""Whatever turns a player sends, the world answers or calls them a violation."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from grader import wire
from grader.world.world import World

from .targets import at_most, check_record, check_reply, tell
from .worlds import ENDS, FORGED, SAID, Story, stories, turn, world_of

often = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
BOUNDS = ("MAX_TURNS", "MAX_EVENTS", "MAX_OPERATIONS", "MAX_RUN_ON")


@often
@given(stories())
def test_a_player_that_turns_out_to_lie_gets_replies_or_a_violation(
    story: Story,
) -> None:
    tell(story)


@often
@given(FORGED)
def test_forged_turns_get_replies_or_a_violation(story: Story) -> None:
    tell(story)


@settings(often, max_examples=60)
@given(stories(), st.lists(SAID | ENDS, max_size=3), st.none() | st.integers(0, 3))
def test_nothing_but_a_violation_comes_of_turns_after_the_end(
    story: Story, events: list[wire.Event], timer: int | None
) -> None:
    world = world_of(story)
    said = feed(world, [*story.turns, *[turn(*events, timer=timer)] * 3])

    check_record(world.abort("protocol violation", "a turn after the end"), said)


def feed(world: World, turns: list[bytes]) -> int:
    """Feed turns to a world whatever it says of them; return how many bytes they were."""
    said = 0
    for body in turns:
        said += len(body)
        try:
            world.step(wire.from_player(body))  # type: ignore[arg-type]
        except wire.ProtocolViolation:
            break
    return said


@settings(often, max_examples=80)
@given(stories(), st.none() | st.integers(0, 10**10), st.integers(1, 9))
def test_no_story_goes_on_for_ever(story: Story, timer: int | None, bound: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in BOUNDS:
            patch.setattr(f"grader.world.world.{name}", bound)
        replies = replies_to(story, [turn(timer=timer)] * (10 * bound + 20))

    assert replies <= 3 * bound + len(story.turns) + 2


def replies_to(story: Story, more: list[bytes]) -> int:
    """Return how often a world replies to a story, and to more turns behind it."""
    world = world_of(story)
    for count, body in enumerate([*story.turns, *more]):
        try:
            reply = world.step(wire.from_player(body))  # type: ignore[arg-type]
        except wire.ProtocolViolation:
            return count
        check_reply(world, reply)
        if isinstance(reply, wire.Over):
            return count
    return len(story.turns) + len(more)


# --- floods ---------------------------------------------------------------------


def began(number: int, name: str = "hang") -> wire.Event:
    return wire.Began(number, name, [], {}, 1, "", 0)


FLOODS: dict[str, list[wire.Event]] = {
    "calls": [began(number) for number in range(1, 25_001)],
    "cancellations": [began(1, "stay"), *[wire.CancelSeen(1)] * 30_000],
    "notes": [wire.Noted("", [])] * 30_000,
    "steps": [wire.Stepped(number, None) for number in range(30_000)],
    "items": [wire.Yielded("", None)] * 30_000,
    "blocks": [wire.Blocked("", 0, "")] * 30_000,
    "spins": [wire.Spun(0, [])] * 30_000,
    "arguments": [wire.Began(1, "fetch", [0] * 200_000, {}, 1, "", 0)],
    "keywords": [
        wire.Began(1, "pages", [], {str(n): n for n in range(50_000)}, 1, "", 0)
    ],
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_in_one_turn_costs_as_much_as_it_says(name: str) -> None:
    world = world_of(Story([], [], None, False, None))  # noqa: FBT003
    body = turn(*FLOODS[name])
    with at_most(60 * len(body)):
        world.step(wire.from_player(body))  # type: ignore[arg-type]

    check_record(world.abort("wall time", ""), len(body))
