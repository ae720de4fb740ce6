import pytest

from grader import wire
from grader.world.rules import after, cleans_up

from .conftest import Breach, Story, breach, failure, not_reached, stuck

LEFT = "Nothing may be left running when the call is over"
COMPLAINTS = "Python must have nothing to complain of"
WAITS = "The event loop's thread must never wait for anything"


def warned(message: str, kind: str = "RuntimeWarning") -> wire.Warned:
    return wire.Warned(kind, message, 8)


# --- nothing is left ------------------------------------------------------------


def test_nothing_is_left_when_all_has_ended(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    story.returns().leaves_nothing(threads=True)


def test_an_error_may_leave_nothing_either(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait(until=1)
    story.cancel(1)

    story.raises(failure("ValueError")).leaves_nothing()


def test_a_call_is_left_running(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait(until=1)

    assert breach(story.returns().leaves_nothing) == Breach(
        f"{LEFT}; fetch('a') was still running when the call was over at t=1.0s.",
        "operation",
        at=1,
        until=3,
        line=10,
        marks={1: "left running"},
    )


def test_a_call_is_left_cleaning_up(story: Story) -> None:
    story.fetch("a", after(3, cancelled=cleans_up(0.5)))
    story.wait(until=1)
    story.cancel(1)

    told = breach(story.returns().leaves_nothing)
    assert (told.message, told.until) == (
        f"{LEFT}; fetch('a') was still cleaning up when the call was over at t=1.0s.",
        1.5,
    )


def test_a_call_begins_when_all_is_over(story: Story) -> None:
    story.wait(until=1)
    story.returned()
    story.wait(until=2)
    story.fetch("a")

    told = breach(story.over().leaves_nothing)
    assert told.message == (
        f"{LEFT}; fetch('a') began at t=2.0s, after the call was over at t=1.0s."
    )


def test_a_task_is_left(story: Story) -> None:
    story.wait(until=1)
    story.returned()
    story.leaves_behind("task", "Task-2", waits_for="Event.wait")

    assert breach(story.over().leaves_nothing) == Breach(
        f"{LEFT}; task Task-2 in watch was still there at t=1.0s, waiting for Event.wait.",
        "task",
        at=1,
        line=7,
    )


def test_a_suspended_generator_is_left(story: Story) -> None:
    story.returned()
    story.leaves_behind("generator", "pages", function="pages")

    told = breach(story.over().leaves_nothing)
    assert (told.message, told.sign) == (
        f"{LEFT}; async generator pages was still there at t=0.0s.",
        "generator",
    )


def test_a_thread_is_left_where_threads_count(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    story.last_words(left=[stuck("thread", "worker", function="")])
    run = story.returns()

    run.leaves_nothing()
    told = breach(run.leaves_nothing, threads=True)
    assert (told.message, told.sign) == (
        f"{LEFT}; thread worker was still there at t=1.0s, when all calls had ended.",
        "thread",
    )


def test_a_thread_is_left_for_a_while(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    story.returned()
    story.leaves_behind("thread", "worker", waits_for="Queue.get")
    story.wait(until=6)
    run = story.over()

    run.leaves_nothing()
    assert breach(run.leaves_nothing, threads=True) == Breach(
        f"{LEFT}; thread worker was still there at t=1.0s, when all calls had ended, "
        "waiting for Queue.get.",
        "thread",
        at=1,
        line=7,
    )


def test_what_was_never_started_cannot_be_left(story: Story) -> None:
    run = story.returns(3)

    why = "nothing was started: it returned 3"
    assert not_reached(run.leaves_nothing) == (why, "never arose", 0)
    assert not_reached(run.warns_nothing) == (why, "never arose", 0)
    assert not_reached(run.never_blocks) == (why, "never arose", 0)


def test_what_never_ended_leaves_nothing_behind(story: Story) -> None:
    run = story.over()

    assert not_reached(run.leaves_nothing)[1] == "deadlock"
    assert not_reached(run.warns_nothing)[1] == "deadlock"
    assert not_reached(run.never_blocks)[1] == "deadlock"


# --- no complaints --------------------------------------------------------------


def test_there_is_nothing_to_complain_of(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    story.last_words(warnings=[warned("old", "DeprecationWarning")])

    story.returns().warns_nothing()


@pytest.mark.parametrize(
    ("said", "told", "sign"),
    [
        (
            "coroutine 'fetch' was never awaited",
            "coroutine 'fetch' was never awaited.",
            "never-awaited",
        ),
        (
            "Task exception was never retrieved: KeyError: 'x'",
            "Task exception was never retrieved: KeyError: 'x'.",
            "never-retrieved",
        ),
        (
            "Task was destroyed but it is pending!",
            "Task was destroyed but it is pending!",
            "destroyed-pending",
        ),
        ("<Lock at 0x7f00ab> is odd.", "<Lock> is odd.", "warning"),
        ("", "RuntimeWarning.", "warning"),
    ],
)
def test_a_complaint_is_told(story: Story, said: str, told: str, sign: str) -> None:
    story.last_words(warnings=[warned(said)])

    assert breach(story.returns().warns_nothing) == Breach(
        f"{COMPLAINTS}; it said: {told}", sign, line=8
    )


# --- the loop is never blocked --------------------------------------------------


def test_nothing_blocked_the_loop(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    story.returns().never_blocks()


def test_something_blocked_the_loop(story: Story) -> None:
    story.wait(until=1)
    story.tell(wire.Blocked("time.sleep(1)", 12, "Task-2"))

    assert breach(story.returns().never_blocks) == Breach(
        f"{WAITS}; time.sleep(1) in Task-2 stopped every task at t=1.0s.",
        "blocked",
        at=1,
        line=12,
        reason="blocked call",
    )


def test_something_outside_of_tasks_blocked_the_loop(story: Story) -> None:
    story.tell(wire.Blocked("a lock", 12, ""))

    told = breach(story.over().never_blocks)
    assert told.message == f"{WAITS}; a lock stopped every task at t=0.0s."


# --- a heartbeat ----------------------------------------------------------------


def test_a_heartbeat_is_on_time(story: Story) -> None:
    story.call("say", after(1))
    story.wait()
    story.call("say", after(1))
    story.wait()

    story.returns().keeps_beating("say")


def test_a_heartbeat_is_late(story: Story) -> None:
    story.call("say", after(1))
    story.tell(wire.Blocked("time.sleep(3)", 12, "Task-2"))
    story.wait(hold=True)
    story.wait(until=3)
    story.leave(1)

    assert breach(story.returns().keeps_beating, "say") == Breach(
        "The event loop must never be blocked; no other task could run from t=1.0s to t=3.0s.",
        "blocked",
        at=1,
        until=3,
        line=12,
        marks={1: "late"},
        seen="the loop's own thread was waiting for time.sleep(3)",
    )


def test_without_a_heartbeat_it_is_not_reached(story: Story) -> None:
    run = story.returns()

    why = "it was over before the first say"
    assert not_reached(run.keeps_beating, "say") == (why, "never arose", 0)


# --- threads --------------------------------------------------------------------


def test_no_thread_is_left(story: Story) -> None:
    story.returns().leaves_no_thread()


def test_a_thread_is_left_when_its_work_is_done(story: Story) -> None:
    story.wait(until=2)
    story.last_words(left=[stuck("thread", "worker")])

    assert breach(story.returns().leaves_no_thread) == Breach(
        "No thread may be left when its work is done; "
        "thread worker was still there at t=2.0s, when all calls had ended.",
        "thread",
        at=2,
        line=7,
    )


def test_a_thread_is_left_only_until_later(story: Story) -> None:
    story.fetch("a", after(2))
    story.wait(until=1)
    story.raised(failure("ValueError"))
    story.leaves_behind("thread", "at work")
    story.wait()
    story.leaves_behind("thread", "idle", waits_for="Queue.get")
    story.wait(until=7)

    assert breach(story.over().leaves_no_thread) == Breach(
        "No thread may be left when its work is done; thread idle was still there "
        "at t=2.0s, when all calls had ended, waiting for Queue.get.",
        "thread",
        at=2,
        line=7,
    )


def test_a_thread_that_works_until_the_last_call_has_ended_is_not_left(
    story: Story,
) -> None:
    story.fetch("a", after(2))
    story.wait(until=1)
    story.raised(failure("ValueError"))
    story.leaves_behind("thread", "at work")
    story.wait()

    story.over().leaves_no_thread()


# --- timers ---------------------------------------------------------------------


def test_no_call_is_lost(story: Story) -> None:
    story.fetch("a", after(1))
    story.fetch("b", after(2))
    story.wait_until(1)
    story.cancel(2)

    story.returns().loses_none("fetch", "Hold each task")


def test_a_call_is_lost(story: Story) -> None:
    story.fetch("a", after(1))
    story.fetch("b", after(3))
    story.wait_until(1)
    story.leave(2, "dropped")
    story.wait_until(2)

    assert breach(story.returns().loses_none, "fetch", "Hold each task") == Breach(
        "Hold each task; fetch('b') was lost at t=1.0s: "
        "the task that waited for it was gone.",
        "lost",
        at=1,
        line=20,
        marks={2: "lost"},
    )


def test_what_is_dropped_when_all_is_over_is_not_lost(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait_until(1)
    story.returned()
    story.leave(1, "dropped")

    story.over().loses_none("fetch", "Hold each task")


def test_where_nothing_is_called_nothing_is_lost(story: Story) -> None:
    assert "never called" in not_reached(story.returns().loses_none, "fetch", "")[0]


def test_no_timer_is_left_when_none_is_noted(story: Story) -> None:
    story.note("timers", [])

    story.returns().leaves_no_timer()


def test_a_timer_is_left(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    story.note("timers", [2.5])

    assert breach(story.returns().leaves_no_timer) == Breach(
        "No timer may be left when the call is over; a timer was still set at t=1.0s, "
        "to ring 2.5 s later.",
        "timer",
        at=1,
    )


@pytest.mark.parametrize("forged", [["soon"], [float("nan")], [1e300], [-1], [None]])
def test_when_a_timer_rings_may_be_forged(story: Story, forged: list[object]) -> None:
    story.note("timers", forged)

    told = breach(story.returns().leaves_no_timer).message
    assert told.endswith("a timer was still set at t=0.0s.")


def test_timers_must_be_noted(story: Story) -> None:
    assert not_reached(story.returns(3).leaves_no_timer)[0] == (
        'it never came to "timers": it returned 3'
    )
