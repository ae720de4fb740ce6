from grader.world.rules import after

from .conftest import Breach, Story, breach, not_reached

NOW = after(0)
RULE = "Others must have a turn"


def say(story: Story, *keys: str) -> None:
    for key in keys:
        story.call("say", NOW, key)


def fetch(story: Story, *keys: str) -> None:
    for key in keys:
        story.fetch(key, NOW)


# --- in between -------------------------------------------------------------------


def test_a_call_in_between_is_enough(story: Story) -> None:
    fetch(story, "a", "b")
    say(story, "x")
    fetch(story, "c")
    story.wait_for_all()

    story.returns().lets_in("say", "fetch", RULE)


def test_a_call_before_the_first_or_after_the_last_is_not_in_between(
    story: Story,
) -> None:
    say(story, "x")
    fetch(story, "a", "b")
    say(story, "x")
    story.wait_for_all()

    assert breach(story.returns().lets_in, "say", "fetch", RULE) == Breach(
        "Others must have a turn; fetch was called 2 times, and nobody else had a turn "
        "in between.",
        "no-turn",
        at=0,
        line=30,
    )


def test_without_a_call_nobody_knows_who_is_let_in(story: Story) -> None:
    say(story, "x")
    story.wait_for_all()

    told, reason, _ = not_reached(story.returns().lets_in, "say", "fetch", RULE)

    assert (told, reason) == (
        "fetch was never called: it returned None",
        "never arose",
    )


# --- in a row ---------------------------------------------------------------------


def test_as_many_as_allowed_may_follow_each_other(story: Story) -> None:
    fetch(story, "a", "b")
    say(story, "x")
    fetch(story, "c", "d")
    story.wait_for_all()

    story.returns().at_most_in_a_row(2, "fetch", "say", ["x"], 9, RULE)


def test_one_more_in_a_row_is_too_many(story: Story) -> None:
    fetch(story, "a", "b")
    say(story, "x")
    fetch(story, "c", "d", "e")
    story.wait_for_all()
    run = story.returns()

    assert breach(run.at_most_in_a_row, 2, "fetch", "say", ["x"], 9, RULE) == Breach(
        "Others must have a turn; fetch was called 3 times in a row while say('x') "
        "waited for a turn: fetch('c'), fetch('d') and fetch('e').",
        "too-many",
        at=0,
        line=60,
        marks={6: "too many"},
    )


def test_each_of_the_others_must_have_a_turn(story: Story) -> None:
    fetch(story, "a")
    say(story, "x")
    fetch(story, "b")
    say(story, "x", "y")
    story.wait_for_all()
    run = story.returns()

    run.at_most_in_a_row(1, "fetch", "say", ["x"], 9, RULE)
    told = breach(run.at_most_in_a_row, 1, "fetch", "say", ["x", "y"], 9, RULE)
    assert "2 times in a row while say('y') waited" in told.message


def test_who_has_had_all_its_turns_waits_no_more(story: Story) -> None:
    fetch(story, "a")
    say(story, "x")
    fetch(story, "b", "c", "d")
    story.wait_for_all()
    run = story.returns()

    run.at_most_in_a_row(1, "fetch", "say", ["x"], 1, RULE)
    breach(run.at_most_in_a_row, 1, "fetch", "say", ["x"], 2, RULE)


def test_calls_after_the_end_are_in_no_row(story: Story) -> None:
    fetch(story, "a")
    story.wait_for_all()
    story.returned()
    fetch(story, "b", "c")

    story.over().at_most_in_a_row(1, "fetch", "say", ["x"], 9, RULE)


# --- after a note -----------------------------------------------------------------


def test_a_few_calls_may_begin_after_a_note(story: Story) -> None:
    fetch(story, "a")
    story.note("stop")
    fetch(story, "b")
    story.wait_for_all()

    story.returns().begins_few_after("stop", 1, "fetch", "It must stop")


def test_one_more_after_a_note_is_too_many(story: Story) -> None:
    story.note("stop")
    fetch(story, "b", "c")
    story.wait_for_all()

    told = breach(story.returns().begins_few_after, "stop", 1, "fetch", "It must stop")

    assert told == Breach(
        "It must stop; after that fetch was called 2 times: fetch('b') and fetch('c').",
        "goes-on",
        at=0,
        line=20,
        marks={2: "too many"},
    )


def test_a_run_that_never_came_to_the_note_tells_nothing(story: Story) -> None:
    fetch(story, "a")
    story.wait_for_all()

    told, reason, _ = not_reached(
        story.returns().begins_few_after, "stop", 1, "fetch", "It must stop"
    )

    assert (told, reason) == (
        'it never came to "stop": it returned None',
        "never arose",
    )


# --- on which thread --------------------------------------------------------------


def test_calls_on_the_loops_thread_are_where_they_must_be(story: Story) -> None:
    fetch(story, "a", "b")
    story.wait_for_all()

    story.returns().stays_on_the_loop("fetch", "It must stay")


def test_a_call_on_another_thread_is_told(story: Story) -> None:
    fetch(story, "a")
    story.thread = 1
    fetch(story, "b")
    story.wait_for_all()

    assert breach(story.returns().stays_on_the_loop, "fetch", "It must stay") == Breach(
        "It must stay; fetch('b') was called on another thread.",
        "other-thread",
        at=0,
        line=20,
        marks={2: "other thread"},
    )
