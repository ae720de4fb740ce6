from grader.laws import JudgedRun
from grader.world.record import Violation
from grader.world.rules import after

from .conftest import Breach, Story, breach, time_up


def run_in_which(story: Story, what: str, fact: str) -> JudgedRun:
    """Return a run in which a service saw that at the end of the second call."""
    story.call("save", after(1), "a")
    story.call("save", after(2), "b")
    story.wait_for_all()
    run = story.returns()
    completed = run.run.operations[1].completed
    assert completed is not None
    run.run.violations.append(Violation(completed, what, fact))
    return run


def test_an_invariant_that_nobody_broke_holds(story: Story) -> None:
    run = run_in_which(story, "lost update", "the counter went from 2 to 1")

    run.never("two at once", "Save one after the other")


def test_an_invariant_is_told_with_its_moment_and_its_call(story: Story) -> None:
    run = run_in_which(story, "lost update", "the counter went from 2 to 1")

    assert breach(run.never, "lost update", "No update may be lost") == Breach(
        "No update may be lost; the counter went from 2 to 1 at t=2.0s.",
        "lost-update",
        at=2,
        line=20,
        marks={2: "here"},
    )


def test_an_invariant_is_not_judged_when_time_is_up(story: Story) -> None:
    run = story.stops("wall time")

    assert time_up(run.never, "lost update", "No update may be lost")[1] == "wall time"
