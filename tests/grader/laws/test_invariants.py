from grader.laws import JudgedRun
from grader.world.record import Violation
from grader.world.rules import after

from .conftest import Breach, Story, breach, failure, time_up


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


# --- what is taken is given back --------------------------------------------------

BACK = "Whatever is taken must be given back"


def take(story: Story, gives: int) -> None:
    story.call("fetch", after(1, gives))
    story.wait()


def give(story: Story, number: object) -> None:
    story.call("save", after(0), number)
    story.wait()


def test_all_that_was_taken_was_given_back(story: Story) -> None:
    take(story, 7)
    take(story, 8)
    give(story, 8)
    give(story, 7)

    story.returns().gives_back("fetch", "save", BACK)


def test_what_is_never_given_back_was_kept(story: Story) -> None:
    take(story, 7)
    take(story, 8)
    give(story, 8)

    assert breach(story.returns().gives_back, "fetch", "save", BACK) == Breach(
        f"{BACK}; what fetch() gave at t=1.0s was not given back when it was over at "
        "t=2.0s.",
        "kept",
        at=2,
        line=10,
        marks={1: "kept"},
    )


def test_it_is_given_back_too_late_when_all_is_over(story: Story) -> None:
    take(story, 7)
    story.raised(failure("ValueError"))
    give(story, 7)

    told = breach(story.over().gives_back, "fetch", "save", BACK)
    assert told.message == (
        f"{BACK}; what fetch() gave at t=1.0s was not given back before t=1.0s, when it "
        "was over."
    )


def test_what_was_given_twice_under_one_number_is_given_back_twice(
    story: Story,
) -> None:
    take(story, 7)
    give(story, 7)
    take(story, 7)

    assert breach(story.returns().gives_back, "fetch", "save", BACK).sign == "kept"


def test_what_was_cancelled_before_it_was_given_needs_no_giving_back(
    story: Story,
) -> None:
    number = story.call("fetch", after(1, 7))
    story.wait(until=0.5)
    story.cancel(number)

    story.returns().gives_back("fetch", "save", BACK)
