import pytest

from grader.world.rules import Plan, after, never

from .conftest import CANCELLED, Breach, Story, breach, failure, group

UNDO = "What was fetched must be saved"
PAIRS = [("fetch", "save")]
ALL_ERRORS = "All errors must be in the group"


def fetch_then_save(story: Story, fetched: Plan, *saved: Plan) -> None:
    story.fetch("a", fetched)
    story.wait_for_all()
    for plan in saved:
        story.call("save", plan, "a")
    if saved:
        story.wait_for_all()


# --- undoing ----------------------------------------------------------------------


@pytest.mark.parametrize("saved", [after(1), after(1, fails="SaveError")])
def test_what_was_done_is_undone_or_that_was_tried(story: Story, saved: Plan) -> None:
    fetch_then_save(story, after(1), saved)

    story.raises(CANCELLED).undoes(PAIRS, UNDO)


def test_what_failed_needs_no_undoing(story: Story) -> None:
    fetch_then_save(story, after(1, fails="FetchError"))

    story.raises(story.error(1)).undoes(PAIRS, UNDO)


def test_nothing_was_undone(story: Story) -> None:
    fetch_then_save(story, after(1))

    assert breach(story.raises(CANCELLED).undoes, PAIRS, UNDO) == Breach(
        "What was fetched must be saved; fetch('a') had ended well at t=1.0s, "
        "but save was never called: it raised CancelledError.",
        "not-undone",
        at=1,
        until=1,
        line=10,
        marks={1: "not undone"},
    )


def test_of_two_deeds_one_was_undone(story: Story) -> None:
    story.fetch("a", after(1))
    fetch_then_save(story, after(1), after(1))

    said = breach(story.raises(CANCELLED).undoes, PAIRS, UNDO)

    assert (said.sign, said.marks) == ("not-undone", {2: "not undone"})
    assert said.message.endswith(
        "but save was called only once: it raised CancelledError."
    )


def test_an_undoing_is_cut_short(story: Story) -> None:
    fetch_then_save(story, after(1))
    story.call("save", never(), "a")
    story.wait(until=2)
    story.cancel(2)

    said = breach(story.raises(CANCELLED).undoes, PAIRS, UNDO)

    assert said.sign == "cut-short"
    assert said.message.endswith("but save('a') was cancelled.")


def test_an_undoing_outlives_the_call(story: Story) -> None:
    fetch_then_save(story, after(1))
    story.call("save", after(3), "a")
    story.wait(until=2)

    said = breach(story.raises(CANCELLED).undoes, PAIRS, UNDO)

    assert said.sign == "cut-short"
    assert said.message.endswith(
        "but save('a') was still running when all was over at t=2.0s."
    )


def test_what_failed_is_undone(story: Story) -> None:
    fetch_then_save(story, after(1, fails="FetchError"), after(1))

    assert breach(story.raises(story.error(1)).undoes, PAIRS, UNDO) == Breach(
        "What was fetched must be saved; save('a') was called at t=1.0s, "
        "although no fetch had ended well.",
        "undone-for-nothing",
        at=1,
        line=20,
        marks={2: "nothing to undo"},
    )


def test_it_is_undone_twice(story: Story) -> None:
    fetch_then_save(story, after(1), after(1), after(1))

    said = breach(story.raises(CANCELLED).undoes, PAIRS, UNDO)

    assert (said.sign, said.marks) == ("undone-twice", {3: "nothing to undo"})


# --- a group of all errors --------------------------------------------------------


def two_fail(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(1, fails="FetchError"))
    story.fetch("c", after(1))
    story.wait_for_all()


def test_all_errors_are_in_the_group(story: Story) -> None:
    two_fail(story)

    run = story.raises(group(story.error(2), story.error(1)))
    run.raises_group_of("fetch", ALL_ERRORS)


def test_a_group_may_stand_in_a_group(story: Story) -> None:
    two_fail(story)

    run = story.raises(group(story.error(1), group(story.error(2))))
    run.raises_group_of("fetch", ALL_ERRORS)


def test_an_error_is_missing_in_the_group(story: Story) -> None:
    two_fail(story)

    run = story.raises(group(story.error(1)))
    assert breach(run.raises_group_of, "fetch", ALL_ERRORS) == Breach(
        "All errors must be in the group; "
        "it raised ExceptionGroup of FetchError at t=1.0s.",
        "missing-error",
        at=1,
        seen="the error of fetch('b') is missing",
    )


@pytest.mark.parametrize("extra", ["the same", "another"])
def test_an_error_is_too_many_in_the_group(story: Story, extra: str) -> None:
    two_fail(story)
    first, second = story.error(1), story.error(2)
    third = first if extra == "the same" else failure("KeyError", "'x'")

    said = breach(
        story.raises(group(first, second, third)).raises_group_of, "fetch", ALL_ERRORS
    )

    assert said.sign == "extra-error"


def test_the_error_comes_out_without_a_group(story: Story) -> None:
    two_fail(story)

    run = story.raises(story.error(1, line=4))
    said = breach(run.raises_group_of, "fetch", ALL_ERRORS)

    assert (said.sign, said.line) == ("no-group", 4)


def test_no_error_comes_out(story: Story) -> None:
    two_fail(story)

    assert breach(story.returns().raises_group_of, "fetch", "All").sign == "no-error"
