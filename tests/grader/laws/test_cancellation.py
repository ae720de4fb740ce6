import pytest

from grader.world.rules import Failing, after, answers, cleans_up, never

from .conftest import CANCELLED, Breach, Story, breach, failure, group, not_reached

REST = "The first error must cancel the others and wait for them to finish"
ALL = "Cancelling the caller must cancel everything it started"
NO_INSTANT = "there was no quiet instant at which to cancel"


def fails_after_one(story: Story, *others: float) -> None:
    """`a` fails at 1 s while `b`, `c` and so on run, which take so long."""
    story.fetch("a", after(1, fails="FetchError"))
    for key, takes in zip("bcd", others, strict=False):
        story.fetch(key, after(takes, cancelled=cleans_up(0.5)))
    story.wait_until(1)


# --- the first error: right -----------------------------------------------------


def test_the_others_are_cancelled_and_finished_first(story: Story) -> None:
    fails_after_one(story, 3)
    story.cancel(2)
    story.wait_for_all()

    story.raises(story.error(1)).cancels_rest("fetch")


def test_cleaning_up_may_take_no_time(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(3, cancelled=cleans_up(0)))
    story.wait()
    story.cancel(2)
    story.wait()

    story.raises(story.error(1)).cancels_rest("fetch")


def test_one_that_ends_in_the_instant_of_the_error_needs_no_cancelling(
    story: Story,
) -> None:
    story.fetch("b", after(1))
    story.fetch("a", after(1, fails="FetchError"))
    story.wait()

    story.raises(story.error(2)).cancels_rest("fetch")


def test_two_may_fail_in_one_instant(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(1, fails="FetchError"))
    story.wait()

    story.raises(story.error(2)).cancels_rest("fetch")


def test_one_may_be_cancelled_before_it_takes_its_answer(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(1, cancelled=cleans_up(0.5)))
    story.wait(hold=True)
    story.leave(1)
    story.cancel(2)
    story.wait_for_all()

    story.raises(story.error(1)).cancels_rest("fetch")


def test_one_let_in_at_the_instant_of_the_error_and_cancelled_has_not_started(
    story: Story,
) -> None:
    fails_after_one(story, 3)
    story.fetch("c")
    story.cancel(2, 3)
    story.wait_for_all()

    story.raises(story.error(1)).cancels_rest("fetch")


def test_one_cancelled_for_another_reason_may_go_on_cleaning_up(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(3, cancelled=cleans_up(1)))
    story.wait(until=0.5)
    story.cancel(2)
    story.wait_for_all()

    story.raises(story.error(1)).cancels_rest("fetch")


def test_one_may_answer_its_cancellation_with_an_error(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(3, cancelled=answers(0.5, fails=Failing("CleanupError"))))
    story.wait()
    story.cancel(2)
    story.wait_for_all()

    story.raises(group(story.error(1), story.error(2))).cancels_rest("fetch")


def test_several_names_are_taken_together(story: Story) -> None:
    story.call("save", after(1, fails="SaveError"))
    story.fetch("a", after(3))
    story.wait()
    story.cancel(2)

    run = story.raises(story.error(1))
    run.cancels_rest(("fetch", "save"))
    assert run.first_failed(("fetch", "save")).number == 1


# --- the first error: wrong -----------------------------------------------------


def test_a_call_begins_after_the_error(story: Story) -> None:
    fails_after_one(story)
    story.wait(until=2)
    story.fetch("c")
    story.wait_for_all()

    assert breach(story.raises(story.error(1)).cancels_rest, "fetch") == Breach(
        f"{REST}; fetch('c') began at t=2.0s, after the error at t=1.0s.",
        "starts-after-error",
        at=2,
        line=20,
        marks={2: "after the error"},
    )


def test_a_call_begins_after_the_error_although_it_is_cancelled_at_once(
    story: Story,
) -> None:
    fails_after_one(story, 3)
    story.cancel(2)
    story.wait_for_all()
    story.fetch("c")
    story.cancel(3)

    told = breach(story.raises(story.error(1)).cancels_rest, "fetch")
    assert (told.sign, told.at) == ("starts-after-error", 1.5)


def test_another_is_not_cancelled_but_waited_for(story: Story) -> None:
    fails_after_one(story, 3)
    story.wait_for_all()

    assert breach(story.raises(story.error(1)).cancels_rest, "fetch") == Breach(
        f"{REST}; fetch('b') ran on until t=3.0s, after the error at t=1.0s.",
        "not-cancelled",
        at=1,
        until=3,
        line=20,
        marks={2: "not cancelled"},
    )


def test_another_is_cancelled_late(story: Story) -> None:
    fails_after_one(story, 3)
    story.wait(until=2)
    story.cancel(2)
    story.wait_for_all()

    assert breach(story.raises(story.error(1)).cancels_rest, "fetch") == Breach(
        f"{REST}; fetch('b') was cancelled only at t=2.0s, after the error at t=1.0s.",
        "not-cancelled",
        at=1,
        until=2,
        line=20,
        marks={2: "cancelled late"},
    )


def test_another_is_left_running(story: Story) -> None:
    fails_after_one(story, 3)

    assert breach(story.raises(story.error(1)).cancels_rest, "fetch", "Stop") == Breach(
        "Stop; fetch('b') was still running when the error came out at t=1.0s.",
        "not-cancelled",
        at=1,
        until=3,
        line=20,
        marks={2: "still running"},
    )


def test_another_is_cancelled_but_not_waited_for(story: Story) -> None:
    fails_after_one(story, 3)
    story.cancel(2)

    assert breach(story.raises(story.error(1)).cancels_rest, "fetch") == Breach(
        f"{REST}; fetch('b') was still cleaning up when the error came out at t=1.0s.",
        "not-awaited",
        at=1,
        until=1.5,
        line=20,
        marks={2: "still running"},
    )


def test_another_runs_for_ever(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", never())
    story.wait_until(3)

    told = breach(story.returns(3).cancels_rest, "fetch")
    assert (told.message, told.at, told.until) == (
        f"{REST}; fetch('b') was still running when the call returned at t=3.0s.",
        3,
        3,
    )


def test_another_is_called_behind_the_error(story: Story) -> None:
    fails_after_one(story)
    story.raised(story.error(1))
    story.fetch("b")

    told = breach(story.over().cancels_rest, "fetch")
    assert told.message == (
        f"{REST}; fetch('b') began at t=1.0s, after the error came out at t=1.0s."
    )


def test_an_error_after_which_it_stands_still_is_told(story: Story) -> None:
    fails_after_one(story)
    told = breach(story.over().cancels_rest, "fetch")

    assert (told.sign, told.reason) == ("deadlock", "deadlock")


def test_without_an_error_there_is_no_rest(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    run = story.returns(3)

    why = "no call of fetch failed: it returned 3"
    assert not_reached(run.cancels_rest, "fetch") == (why, "never arose", 0)
    assert not_reached(run.first_failed, ("fetch", "save"))[0] == (
        "no call of fetch or save failed: it returned 3"
    )


# --- calls that cannot be cancelled ---------------------------------------------


def test_those_that_run_may_run_on_but_no_more_begin(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(3))
    story.wait()
    story.fetch("c", after(1))
    story.wait_for_all()
    run = story.raises(story.error(1))

    run.starts_no_more("fetch", "No more")
    run.ends_with_the_running("fetch", "Wait no longer")


def test_one_more_begins_after_the_error(story: Story) -> None:
    fails_after_one(story)
    story.wait(until=2)
    story.fetch("b")
    story.wait_for_all()

    told = breach(story.raises(story.error(1)).starts_no_more, "fetch", "No more")
    assert told.message == (
        "No more; fetch('b') began at t=2.0s, after the error at t=1.0s."
    )


def test_it_waits_for_longer_than_what_ran(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(2))
    story.wait_for_all()
    story.wait(until=4)
    run = story.raises(story.error(1))

    assert breach(run.ends_with_the_running, "fetch", "Wait no longer") == Breach(
        "Wait no longer; it ended at t=4.0s, although the error was at t=1.0s "
        "and all that ran then had ended by t=2.0s.",
        "too-late",
        at=2,
        until=4,
    )


# --- the caller is cancelled: right ---------------------------------------------


def test_everything_is_cancelled_with_its_caller(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.cancel(1)

    story.raises(CANCELLED).cancelled_cleanly()


def test_cleaning_up_may_take_the_time_that_is_granted(story: Story) -> None:
    story.fetch("a", after(2, cancelled=cleans_up(0.5)))
    story.fetch("b", after(2))
    story.cancel_caller()
    story.cancel(1, 2)
    story.wait_for_all()

    story.raises(CANCELLED).cancelled_cleanly(0.5)


def test_what_ends_in_that_instant_needs_no_cancelling() -> None:
    story = Story(tape=(1,))
    story.fetch("a", after(1))
    story.wait(until=1)
    story.cancel_caller()
    story.wait()

    story.raises(CANCELLED).cancelled_cleanly()


def test_the_last_call_may_be_over_when_the_cancellation_comes(story: Story) -> None:
    story.fetch("a", after(1))
    story.wait()
    story.cancel_caller()

    story.raises(CANCELLED).cancelled_cleanly()


def test_an_error_of_a_cleanup_may_come_out_instead(story: Story) -> None:
    story.fetch("a", after(2, cancelled=answers(fails=Failing("CleanupError"))))
    story.cancel_caller()
    story.cancel(1)
    story.wait_for_all()

    story.raises(story.error(1)).cancelled_cleanly()


def test_errors_of_cleanups_may_come_out_in_a_group(story: Story) -> None:
    fails = answers(fails=Failing("CleanupError"))
    story.fetch("a", after(2, cancelled=fails))
    story.fetch("b", after(2, cancelled=fails))
    story.cancel_caller()
    story.cancel(1, 2)
    story.wait_for_all()

    story.raises(group(story.error(1), group(story.error(2)))).cancelled_cleanly()


def test_an_error_that_is_on_its_way_out_may_come_out_instead(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(3, cancelled=cleans_up(0.5)))
    story.wait()
    story.cancel(2)
    story.cancel_caller()
    story.wait_for_all()

    story.raises(group(story.error(1))).cancelled_cleanly(0.5)


# --- the caller is cancelled: wrong ---------------------------------------------


def test_the_cancellation_is_swallowed(story: Story) -> None:
    story.cancel_caller()

    assert breach(story.returns([]).cancelled_cleanly) == Breach(
        f"{ALL}, and CancelledError must come out; it returned [] at t=0.0s.",
        "swallowed",
        at=0,
    )


def test_an_error_of_its_own_comes_out_instead(story: Story) -> None:
    story.cancel_caller()
    run = story.raises(failure("TypeError", "no", line=9))

    told = breach(run.cancelled_cleanly, rule="Stop")
    assert (told.message, told.sign, told.line) == (
        "Stop, and CancelledError must come out; it raised TypeError('no') at t=0.0s.",
        "swallowed",
        9,
    )


def test_an_error_from_before_comes_out_instead(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.wait()
    story.cancel_caller()

    told = breach(story.raises(story.error(1)).cancelled_cleanly)
    assert told.message == (
        f"{ALL}, and CancelledError must come out; it raised FetchError at t=1.0s."
    )


def test_an_error_whose_others_have_long_ended_comes_out_instead(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(3))
    story.wait()
    story.cancel(2)
    story.wait(until=2)
    story.cancel_caller()

    assert breach(story.raises(story.error(1)).cancelled_cleanly).sign == "swallowed"


def test_an_error_from_before_comes_out_in_a_group(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.wait()
    story.cancel_caller()

    run = story.raises(group(story.error(1)))
    assert breach(run.cancelled_cleanly).sign == "swallowed"


def test_a_group_of_nothing_comes_out_instead(story: Story) -> None:
    story.cancel_caller()

    assert breach(story.raises(group()).cancelled_cleanly).sign == "swallowed"


def test_it_ends_late_after_the_cancellation(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.wait_for_all()

    assert breach(story.raises(CANCELLED).cancelled_cleanly) == Breach(
        f"{ALL} at once; cancelled at t=0.0s, it ended at t=2.0s.",
        "too-late",
        at=0,
        until=2,
    )


def test_it_ends_later_than_its_cleanup(story: Story) -> None:
    story.cancel_caller()
    story.wait(until=2)

    told = breach(story.raises(CANCELLED).cancelled_cleanly, 0.5)
    assert told.message == (
        f"{ALL} at once; cancelled at t=0.0s with 0.5 s to clean up, it ended at t=2.0s."
    )


def test_a_call_is_left_running(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()

    assert breach(story.raises(CANCELLED).cancelled_cleanly) == Breach(
        f"{ALL}; fetch('a') was still running when CancelledError came out at t=0.0s.",
        "left-running",
        at=0,
        until=2,
        line=10,
        marks={1: "left running"},
    )


def test_a_call_is_left_cleaning_up(story: Story) -> None:
    story.fetch("a", after(2, cancelled=cleans_up(0.5)))
    story.cancel_caller()
    story.cancel(1)

    told = breach(story.raises(CANCELLED).cancelled_cleanly, 0.5)
    assert (told.message, told.until) == (
        f"{ALL}; fetch('a') was still cleaning up when CancelledError came out at t=0.0s.",
        0.5,
    )


def test_a_call_begins_behind_the_cancellation(story: Story) -> None:
    story.cancel_caller()
    story.raised(CANCELLED)
    story.wait(until=1)
    story.fetch("a")

    told = breach(story.over().cancelled_cleanly)
    assert (told.message, told.at, told.until) == (
        f"{ALL}; fetch('a') began at t=1.0s, after CancelledError came out at t=0.0s.",
        0,
        2,
    )


def test_standing_still_after_the_cancellation_is_told(story: Story) -> None:
    story.cancel_caller()

    assert breach(story.over().cancelled_cleanly).sign == "deadlock"


def test_without_a_quiet_instant_it_is_not_reached(story: Story) -> None:
    run = story.returns()

    assert not_reached(run.cancelled_cleanly) == (NO_INSTANT, "never arose", 0)
    assert not_reached(run.cancelled_at_once, "fetch", "Stop")[0] == NO_INSTANT
    assert not_reached(run.begins_nothing_after_cancel, "fetch")[0] == NO_INSTANT


def test_a_crash_before_the_cancellation_is_its_reason(story: Story) -> None:
    run = story.stops("crashed", "the process was ended by SIGKILL")

    why = f"{NO_INSTANT}: the process was ended by SIGKILL"
    assert not_reached(run.cancelled_cleanly) == (why, "crashed", 0)


# --- nothing new after the cancellation -----------------------------------------


def test_nothing_new_begins_after_the_cancellation(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.cancel(1)

    story.raises(CANCELLED).begins_nothing_after_cancel("fetch")


def test_one_let_in_at_the_instant_of_the_cancellation_has_not_begun(
    story: Story,
) -> None:
    story.cancel_caller()
    story.fetch("b")
    story.cancel(1)

    story.raises(CANCELLED).begins_nothing_after_cancel("fetch")


@pytest.mark.parametrize("at", [0, 1])
def test_something_new_begins_after_the_cancellation(story: Story, at: float) -> None:
    story.cancel_caller()
    story.wait_until(at)
    story.call("say", after(0), "bye")
    story.wait_for_all()

    run = story.raises(CANCELLED)
    assert breach(run.begins_nothing_after_cancel, "say") == Breach(
        "After a cancellation nothing new may begin; "
        f"it was cancelled at t=0.0s, and say('bye') was called at t={at}.0s.",
        "begins-after-cancel",
        at=0,
        until=at,
        line=10,
        marks={1: "after the cancellation"},
    )


# --- calls that cannot be cancelled with their caller ----------------------------


def test_it_ends_at_once_and_lets_them_run(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.fetch("b", after(2))

    story.raises(CANCELLED).cancelled_at_once("fetch", "Stop")


def test_one_more_begins_after_the_cancellation(story: Story) -> None:
    story.cancel_caller()
    story.raised(CANCELLED)
    story.wait(until=1)
    story.fetch("b")

    assert breach(story.over().cancelled_at_once, "fetch", "Stop") == Breach(
        "Stop; fetch('b') began at t=1.0s, after the cancellation at t=0.0s.",
        "starts-after-cancel",
        at=0,
        until=1,
        line=10,
        marks={1: "after the cancellation"},
    )


def test_it_waits_for_those_that_run(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.wait_for_all()

    told = breach(story.raises(CANCELLED).cancelled_at_once, "fetch", "Stop")
    assert told.message == "Stop at once; cancelled at t=0.0s, it ended at t=2.0s."


def test_it_ends_while_those_that_ran_still_run(story: Story) -> None:
    story.fetch("a", after(2))
    story.fetch("b", after(3))
    story.cancel_caller()
    story.wait()

    story.raises(CANCELLED).cancelled_with_the_running("fetch", "Stop")


def test_it_waits_for_more_than_those_that_ran(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.wait_for_all()
    story.wait_until(3)

    told = breach(story.raises(CANCELLED).cancelled_with_the_running, "fetch", "Stop")
    assert (told.sign, told.at, told.until) == ("too-late", 0, 3)


def test_one_more_begins_while_it_waits_for_the_running(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.wait(until=1)
    story.fetch("b", after(1))
    story.wait_for_all()

    told = breach(story.raises(CANCELLED).cancelled_with_the_running, "fetch", "Stop")
    assert (told.sign, told.marks) == (
        "starts-after-cancel",
        {2: "after the cancellation"},
    )


def test_what_had_begun_when_the_caller_was_cancelled(story: Story) -> None:
    story.fetch("a", after(2))
    story.cancel_caller()
    story.call("save", after(2))

    run = story.raises(CANCELLED)
    assert run.had_begun("fetch")
    assert not run.had_begun("save")


# --- cancelled at a time ---------------------------------------------------------


def test_what_still_runs_at_that_time_is_cancelled_and_finishes(story: Story) -> None:
    story.fetch("a", after(3, cancelled=cleans_up(0.5)))
    story.fetch("b", after(0.5))
    story.wait_until(1)
    story.cancel(1)
    story.wait_for_all()

    story.returns().cancels_at("fetch", 1, "Stop")


def test_it_is_never_cancelled(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait_for_all()

    assert breach(story.returns().cancels_at, "fetch", 1, "Stop") == Breach(
        "Stop; fetch('a') ran on until t=3.0s and was not cancelled at t=1.0s.",
        "not-cancelled",
        at=1,
        until=3,
        line=10,
        marks={1: "not cancelled"},
    )


def test_it_is_cancelled_at_another_time(story: Story) -> None:
    story.fetch("a", after(3, cancelled=cleans_up(0.5)))
    story.wait_until(2)
    story.cancel(1)
    story.wait_for_all()

    assert breach(story.returns().cancels_at, "fetch", 1, "Stop") == Breach(
        "Stop; fetch('a') was cancelled at t=2.0s, not at t=1.0s.",
        "wrong-time",
        at=1,
        until=2.5,
        line=10,
        marks={1: "wrong time"},
    )


def test_a_second_cancellation_cuts_its_cleanup_short(story: Story) -> None:
    story.fetch("a", after(3, cancelled=cleans_up(1)))
    story.wait_until(1)
    story.cancel(1)
    story.wait_until(1.5)
    story.cancel(1)

    assert breach(story.returns().cancels_at, "fetch", 1, "Stop") == Breach(
        "Stop; fetch('a') was cancelled a second time while it cleaned up.",
        "cut-short",
        at=1,
        until=1.5,
        line=10,
        marks={1: "cut short"},
    )


@pytest.mark.parametrize(
    ("cancelled", "sign"), [(True, "not-awaited"), (False, "not-cancelled")]
)
def test_it_is_left_running(story: Story, *, cancelled: bool, sign: str) -> None:
    story.fetch("a", after(3, cancelled=cleans_up(1)))
    story.wait_until(1)
    story.cancel(*[1] * cancelled)

    assert breach(story.returns().cancels_at, "fetch", 1, "Stop").sign == sign


def test_nothing_was_called_that_could_be_cancelled(story: Story) -> None:
    told = not_reached(story.returns().cancels_at, "fetch", 1, "Stop")

    assert told[0] == "fetch was never called: it returned None"


# --- a cleanup that is cut short --------------------------------------------------

CLEAN = "A cleanup must come to its end"


def test_a_cleanup_comes_to_its_end(story: Story) -> None:
    story.fetch("a", never(cancelled=cleans_up(2)))
    story.wait(until=1)
    story.cancel(1)
    story.wait_for_all()

    story.raises(CANCELLED).lets_clean_up("fetch", CLEAN)


def test_a_cleanup_is_cut_short(story: Story) -> None:
    story.fetch("a", never(cancelled=cleans_up(2)))
    story.wait(until=1)
    story.cancel(1)
    story.wait(until=1.5)
    story.cancel(1)

    assert breach(story.raises(CANCELLED).lets_clean_up, "fetch", CLEAN) == Breach(
        "A cleanup must come to its end; "
        "fetch('a') was cancelled again at t=1.5s, while it cleaned up.",
        "cut-short",
        at=1.5,
        line=10,
        marks={1: "cut short"},
    )


def test_what_is_cut_short_after_the_end_is_another_law(story: Story) -> None:
    story.fetch("a", never(cancelled=cleans_up(2)))
    story.wait(until=1)
    story.cancel(1)
    story.raised(CANCELLED)
    story.wait(until=1.5)
    story.cancel(1)

    story.over().lets_clean_up("fetch", CLEAN)
