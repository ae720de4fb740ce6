import msgspec

from grader import wire
from grader.world.rules import after, cleans_up, never

from .conftest import Breach, Story, breach, not_reached

CLOSED = "Every event loop that was made must be closed"
NONE_SET = "No event loop may be left set, and no policy be set"


def loop(*, closed: bool) -> wire.LoopFact:
    return wire.LoopFact(closed, executor_running=False, generators_open=0)


# --- loops are closed -------------------------------------------------------------


def test_every_loop_is_closed(story: Story) -> None:
    story.last_words(loops=[loop(closed=True), loop(closed=True)])

    story.returns().closes_its_loops()


def test_a_loop_is_left_open(story: Story) -> None:
    story.wait(until=1)
    story.last_words(loops=[loop(closed=True), loop(closed=False)])

    assert breach(story.returns().closes_its_loops) == Breach(
        f"{CLOSED}; 1 loop was still open at t=1.0s, when the call was over.",
        "loop-open",
        at=1,
    )


def test_two_loops_are_left_open(story: Story) -> None:
    story.last_words(loops=[loop(closed=False), loop(closed=False)])

    told = breach(story.returns().closes_its_loops, "Close them")
    assert told.message == (
        "Close them; 2 loops were still open at t=0.0s, when the call was over."
    )


def test_loops_that_were_never_made_are_not_reached(story: Story) -> None:
    run = story.returns(3)

    why = "no event loop was made: it returned 3"
    assert not_reached(run.closes_its_loops) == (why, "never arose", 0)


# --- no loop is left set ----------------------------------------------------------


def test_no_loop_is_left_set(story: Story) -> None:
    story.returns().leaves_no_loop_set()


def test_a_loop_is_left_set(story: Story) -> None:
    story.last_words(loop_set=True)

    assert breach(story.returns().leaves_no_loop_set) == Breach(
        f"{NONE_SET}; asyncio.set_event_loop left a loop behind.", "loop-set", at=0
    )


def test_a_policy_is_set(story: Story) -> None:
    story.last_words(policy_set=True, loop_set=True)

    assert breach(story.returns().leaves_no_loop_set) == Breach(
        f"{NONE_SET}; asyncio.set_event_loop_policy was called.", "policy-set", at=0
    )


# --- calls have ended -------------------------------------------------------------


def test_each_call_has_ended_when_it_is_over(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    story.returns().finishes("fetch", "End them", ["a"])


def test_a_call_has_not_ended_when_it_is_over(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait(until=1)

    assert breach(story.returns().finishes, "fetch", "End them") == Breach(
        "End them; fetch('a') was still running at t=1.0s, when the call was over.",
        "unfinished",
        at=1,
        until=3,
        line=10,
        marks={1: "left running"},
    )


def test_a_call_that_was_given_up_has_not_ended(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait(until=1)
    story.leave(1, "dropped")

    assert breach(story.returns().finishes, "fetch", "End them") == Breach(
        "End them; fetch('a') was given up at t=1.0s: it was neither waited for nor "
        "cancelled.",
        "given-up",
        at=1,
        line=10,
        marks={1: "given up"},
    )


def test_a_call_that_begins_afterwards_comes_too_late(story: Story) -> None:
    story.returned()
    story.fetch("a")

    assert breach(story.over().finishes, "fetch", "End them", ["a"]) == Breach(
        "End them; fetch('a') was not called before t=0.0s, when the call was over.",
        "never",
        at=0,
    )


def test_standing_still_is_not_being_over(story: Story) -> None:
    story.fetch("a", never())

    assert breach(story.over().finishes, "fetch", "End them").sign == "deadlock"


def test_calls_that_never_began_are_not_reached(story: Story) -> None:
    run = story.returns(3)

    why = "fetch was never called: it returned 3"
    assert not_reached(run.finishes, "fetch", "End them") == (why, "never arose", 0)


def test_a_call_that_still_cleans_up_is_told_so(story: Story) -> None:
    story.fetch("a", never(cancelled=cleans_up(1)))
    story.cancel(1)

    told = breach(story.returns().finishes, "fetch", "Finish")
    assert told.message == (
        "Finish; fetch('a') was still cleaning up at t=0.0s, when the call was over."
    )


# --- one thread -------------------------------------------------------------------


def begins(story: Story, number: int, thread: int) -> None:
    story.fetch("abc"[number - 1])
    began = story._events[-1]
    assert isinstance(began, wire.Began)
    story._events[-1] = msgspec.structs.replace(began, thread=thread)


def test_all_calls_begin_on_one_thread(story: Story) -> None:
    begins(story, 1, thread=2)
    begins(story, 2, thread=2)
    story.wait_for_all()

    story.returns().runs_on_one_thread("fetch")


def test_a_call_begins_on_another_thread_than_the_first(story: Story) -> None:
    begins(story, 1, thread=2)
    begins(story, 2, thread=3)
    story.wait_for_all()

    assert breach(story.returns().runs_on_one_thread, "fetch") == Breach(
        "fetch must always be called on one thread of its own; "
        "fetch('b') was called on another thread than fetch('a') at t=0.0s.",
        "many-threads",
        at=0,
        line=20,
        marks={2: "another thread"},
    )


def test_a_call_begins_on_the_thread_of_the_scenario(story: Story) -> None:
    begins(story, 1, thread=0)
    story.wait_for_all()

    told = breach(story.returns().runs_on_one_thread, "fetch", "Not here")
    assert told.sign == "main-thread"
    assert told.message == (
        "Not here; fetch('a') was called on the thread of the program itself at t=0.0s."
    )


def test_no_call_is_on_no_thread(story: Story) -> None:
    why = "fetch was never called: it returned 3"
    run = story.returns(3)
    assert not_reached(run.runs_on_one_thread, "fetch") == (why, "never arose", 0)
