import pytest

from grader import wire
from grader.laws import JudgedRun
from grader.world.rules import after
from grader.world.script import Step, script, step

from .conftest import CANCELLED, Story, breach, failure, group, not_reached, time_up

RULE = "Say so"

FETCHES = step(0, "A", "call", "fetcher.fetch", "/a")
CLOSES = step(0.5, "B", "call", "fetcher.aclose")


def told(
    story: Story, *steps: Step, **outcomes: wire.Value | wire.Failure
) -> JudgedRun:
    """Tell what came of steps, all at this moment, and return."""
    story.note("script")
    ended(story, **outcomes)
    return played(story.returns(), *steps)


def ended(story: Story, **outcomes: wire.Value | wire.Failure) -> None:
    for name, outcome in outcomes.items():
        story.tell(wire.Stepped(int(name.removeprefix("step_")), outcome))


def played(run: JudgedRun, *steps: Step) -> JudgedRun:
    run.run.script = script(*steps)
    return run


# --- how a step is told -------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (FETCHES, "fetcher.fetch('/a')"),
        (step(0, "A", "enter", "fetcher"), "async with fetcher"),
        (step(0, "A", "exit", "fetcher"), "leaving async with fetcher"),
        (step(0, "A", "step", "ticks"), "anext(ticks)"),
        (step(0, "A", "peek", "fetcher.closed"), "fetcher.closed"),
    ],
)
def test_a_step_is_told_as_the_learner_would_write_it(
    story: Story, shown: Step, words: str
) -> None:
    assert told(story, shown, step_1=None).told(shown) == words


def test_a_cancellation_is_told_with_what_it_stops(story: Story) -> None:
    stops = step(1, "boss", "cancel", "B")

    run = told(story, CLOSES, stops, step_1=None)

    assert run.told(stops) == "the cancellation of fetcher.aclose()"


# --- returned -----------------------------------------------------------------


def test_a_step_that_returned_returns(story: Story) -> None:
    told(story, FETCHES, step_1=None).step_returns(FETCHES, RULE)


def test_a_step_that_raised_does_not_return(story: Story) -> None:
    run = told(story, FETCHES, step_1=failure("OSError", "gone", line=7))

    found = breach(run.step_returns, FETCHES, RULE)

    assert found.message == (
        "Say so; fetcher.fetch('/a'), called at t=0.0s, raised OSError('gone') "
        "at t=0.0s."
    )
    assert (found.sign, found.reason, found.line) == ("raised", "raised", 7)


def test_a_step_that_never_ended_is_named_with_its_line(story: Story) -> None:
    story.note("script")
    waits = wire.Stuck("task", "B", 40, "aclose", "Event.wait")
    story.last_words(stuck=[waits])
    run = played(story.over(), CLOSES)

    found = breach(run.step_returns, CLOSES, RULE)

    assert found.message == (
        "Say so; fetcher.aclose(), called at t=0.5s, never ended: all were waiting, "
        "and nothing could end a wait (deadlock)."
    )
    assert (found.sign, found.reason, found.line) == ("deadlock", "deadlock", 40)


def test_a_script_that_was_never_begun_is_not_reached(story: Story) -> None:
    run = played(story.raises(failure("OSError", line=3)), FETCHES)

    assert not_reached(run.step_returns, FETCHES, RULE) == (
        "it raised OSError",
        "raised",
        3,
    )


def test_a_script_that_was_not_played_is_not_reached(story: Story) -> None:
    run = played(story.returns(), FETCHES)

    assert not_reached(run.step_returns, FETCHES, RULE)[1] == "never arose"


def test_a_step_that_is_not_written_yet_is_not_started(story: Story) -> None:
    unwritten = failure("NotImplementedError", line=9, function="fetch")
    run = told(story, FETCHES, step_1=unwritten)

    assert not_reached(run.step_returns, FETCHES, RULE) == (
        "fetch raises NotImplementedError",
        "not started",
        9,
    )


def test_a_step_of_a_run_that_was_stopped_is_out_of_time(story: Story) -> None:
    run = played(story.stops("processor time"), FETCHES)

    assert time_up(run.step_returns, FETCHES, RULE)[1] == "processor time"


# --- answers ------------------------------------------------------------------


def test_a_step_answers_with_what_the_call_gave(story: Story) -> None:
    call = story.fetch("/a")
    story.note("script")
    story.wait()
    ended(story, step_1=story.token(call))
    run = played(story.returns(), FETCHES)

    run.step_answers(FETCHES, "fetch", "/a", RULE)


def test_a_step_answers_with_a_list_of_answers(story: Story) -> None:
    calls = [story.fetch("/a"), story.fetch("/b")]
    story.note("script")
    story.wait()
    answers = wire.List([story.token(each) for each in calls])
    ended(story, step_1=answers)
    run = played(story.returns(), FETCHES)

    run.step_answers(FETCHES, "fetch", ["/a", "/b"], RULE)


def test_another_value_is_not_the_answer(story: Story) -> None:
    story.fetch("/a")
    story.note("script")
    story.wait()
    ended(story, step_1="mine")
    run = played(story.returns(), FETCHES)

    found = breach(run.step_answers, FETCHES, "fetch", "/a", RULE)

    assert found.message == (
        "Say so; fetcher.fetch('/a'), called at t=0.0s, returned 'mine' at t=1.0s."
    )
    assert (found.sign, found.seen) == (
        "wrong-value",
        "expected <answer of fetch('/a')>",
    )


def test_what_was_never_asked_has_no_answer(story: Story) -> None:
    run = told(story, FETCHES, step_1="mine")

    found = breach(run.step_answers, FETCHES, "fetch", "/a", RULE)

    assert found.seen == "expected <fetch('/a') was never answered>"


# --- raised -------------------------------------------------------------------


def test_a_step_raises_an_error_of_that_type(story: Story) -> None:
    error = failure("ClosedError", bases=("ClosedError", "RuntimeError"))

    told(story, FETCHES, step_1=error).step_raises(FETCHES, "RuntimeError", RULE)


def test_a_step_raises_a_group_of_nothing_else(story: Story) -> None:
    error = group(failure("RuntimeError"), failure("RuntimeError"))

    told(story, FETCHES, step_1=error).step_raises(FETCHES, "RuntimeError", RULE)


def test_a_group_with_something_else_is_another_error(story: Story) -> None:
    error = group(failure("RuntimeError"), failure("OSError"))
    run = told(story, FETCHES, step_1=error)

    assert breach(run.step_raises, FETCHES, "RuntimeError", RULE).sign == "wrong-error"


def test_a_group_may_be_forbidden_or_wanted(story: Story) -> None:
    run = told(
        story,
        FETCHES,
        CLOSES,
        step_1=group(failure("OSError")),
        step_2=failure("OSError"),
    )

    def raises(each: Step, *, group: bool) -> str:
        return breach(run.step_raises, each, "OSError", RULE, group=group).sign

    assert raises(FETCHES, group=False) == "group"
    assert raises(CLOSES, group=True) == "no-group"


def test_a_step_that_returned_raises_nothing(story: Story) -> None:
    run = told(story, FETCHES, step_1=None)

    found = breach(run.step_raises, FETCHES, "OSError", RULE)

    assert found.message == (
        "Say so; fetcher.fetch('/a'), called at t=0.0s, returned None at t=0.0s."
    )
    assert found.sign == "no-error"


def test_a_step_raises_the_error_of_that_very_call(story: Story) -> None:
    calls = [story.fetch(key, after(1, fails="OSError")) for key in ("/a", "/b")]
    story.note("script")
    story.wait()
    ended(story, step_1=story.error(calls[0]))
    run = played(story.returns(), FETCHES)
    first, second = run.named("fetch")

    run.step_raises(FETCHES, first, RULE)

    assert breach(run.step_raises, FETCHES, second, RULE).sign == "wrong-error"


# --- when ---------------------------------------------------------------------


def at_one_and_two(story: Story) -> JudgedRun:
    """The script began at 1 s; step 1 ended at 1 s, step 2 at 2 s, a call at 2 s."""
    story.wait(until=1)
    story.note("script")
    ended(story, step_1=None)
    story.fetch("/a")
    story.wait()
    ended(story, step_2=CANCELLED)
    return played(story.returns(), FETCHES, CLOSES)


def test_a_step_ends_at_a_time_of_the_script(story: Story) -> None:
    run = at_one_and_two(story)

    run.step_ends_at(FETCHES, 0, RULE)
    run.step_ends_at(CLOSES, 1, RULE)


def test_a_step_that_ends_late_is_told_with_both_moments(story: Story) -> None:
    found = breach(at_one_and_two(story).step_ends_at, CLOSES, 0.5, RULE)

    assert found.message == (
        "Say so; fetcher.aclose(), called at t=1.5s, ended at t=2.0s, not at t=1.5s."
    )
    assert (found.sign, found.at, found.until) == ("too-late", 1.5, 2.0)


def test_a_step_that_ends_early_is_told_with_both_moments(story: Story) -> None:
    found = breach(at_one_and_two(story).step_ends_at, CLOSES, 3, RULE)

    assert (found.sign, found.at, found.until) == ("too-early", 2.0, 4.0)


def test_a_step_ends_with_another_step_or_a_call(story: Story) -> None:
    run = at_one_and_two(story)

    run.step_ends_with(CLOSES, run.named("fetch")[0], RULE)

    assert breach(run.step_ends_with, FETCHES, CLOSES, RULE).sign == "too-early"


def test_a_step_that_began_after_the_other_had_ended_ends_at_once(story: Story) -> None:
    run = at_one_and_two(story)

    assert breach(run.step_ends_with, CLOSES, FETCHES, RULE).at == 1.5


def test_a_step_may_end_after_what_it_waits_for_but_not_before(story: Story) -> None:
    run = at_one_and_two(story)

    run.step_waits_for(CLOSES, FETCHES, RULE)

    assert breach(run.step_waits_for, FETCHES, CLOSES, RULE).sign == "too-early"


def test_a_call_that_never_ended_cannot_be_waited_for(story: Story) -> None:
    story.fetch("/a", after(9))
    story.note("script")
    ended(story, step_1=None)
    story.returned()
    story.tell(wire.Left(wire.Stuck("task", "Task-1", 1, "run", "")))
    run = played(story.over(), FETCHES)
    run.run.operations[0].completed = run.run.operations[0].closed = None

    assert not_reached(run.step_ends_with, FETCHES, run.named("fetch")[0], RULE) == (
        "fetch('/a') never ended",
        "never arose",
        0,
    )


def test_a_step_that_had_ended_was_not_on(story: Story) -> None:
    run = at_one_and_two(story)
    later = step(0.5, "boss", "cancel", "A")
    run.run.script = script(FETCHES, CLOSES, later)

    run.needs_step_on(CLOSES, later)

    assert not_reached(run.needs_step_on, FETCHES, later)[0] == (
        "fetcher.fetch('/a'), called at t=1.0s, returned None at t=1.0s, "
        "so it was not on at t=1.5s"
    )


# --- values and spans ---------------------------------------------------------


def test_a_step_gives_exactly_the_value_that_is_wanted(story: Story) -> None:
    story.note("script")
    ended(story, step_1=3)
    run = played(story.returns(), FETCHES)

    run.step_gives(FETCHES, 3, RULE)

    found = breach(run.step_gives, FETCHES, 3.0, RULE)
    assert found.message == (
        "Say so; fetcher.fetch('/a'), called at t=0.0s, returned 3 at t=0.0s."
    )
    assert (found.sign, found.seen) == ("wrong-value", "expected 3.0")


def test_a_step_that_raised_gives_nothing(story: Story) -> None:
    run = told(story, FETCHES, step_1=failure("StopAsyncIteration", line=7))

    assert breach(run.step_gives, FETCHES, 3, RULE).sign == "raised"


def test_a_step_ends_within_a_span_of_the_script(story: Story) -> None:
    run = at_one_and_two(story)

    run.step_ends_within(CLOSES, 0.5, 1, RULE)
    run.step_ends_within(CLOSES, 1, 2, RULE)

    assert breach(run.step_ends_within, CLOSES, 1.5, 2, RULE).sign == "too-early"
    assert breach(run.step_ends_within, CLOSES, 0, 0.5, RULE).sign == "too-late"
