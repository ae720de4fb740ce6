from grader.judge.cases import cases, law
from grader.judge.draws import sampled, seconds
from grader.world.rules import (
    Failing,
    after,
    answers,
    asynchronous,
    cleans_up,
    never,
    synchronous,
)

ASK = "task.cancel"
HOW = sampled(["cancelled", "finished", "failed"])
ENDS = seconds(0, 3, 0.25)
SPARE = seconds(0.25, 2, 0.25)
TAKES = "a task that needs {ends} s to end when it is asked, and ends {how}"
IN_TIME = TAKES + "; the grace is {spare} s longer"
GRACE = seconds(0, 3, 0.5)
STUCK = "a task that needs {over} s more than the grace of {grace} s to end"
LOST = Failing("WorkError", "the work is lost")


def work(how, ends):
    """What the task runs: it goes on for ever, unless it is cancelled."""
    does = {
        "cancelled": cleans_up(ends),
        "finished": answers(ends, "saved"),
        "failed": answers(ends, fails=LOST),
    }
    return asynchronous(never(cancelled=does[how]))


def ended(how):
    """What a task ran that has ended before it is stopped."""
    plans = {
        "cancelled": never(),
        "finished": after(1, "saved"),
        "failed": after(1, fails=LOST),
    }
    return asynchronous(plans[how])


def operations(**rules):
    return {ASK: synchronous(), **rules}


@law("says-how")
@cases(
    count=16,
    how=HOW,
    ends=ENDS,
    spare=SPARE,
    given=IN_TIME,
    examples=[
        {"how": "cancelled", "ends": 1.0, "spare": 1.0},
        {"how": "finished", "ends": 1.0, "spare": 1.0},
        {"how": "failed", "ends": 1.0, "spare": 1.0},
    ],
)
def test_it_says_how_the_task_ended(play, how, ends, spare):
    run = play("stop_one", grace=ends + spare, **operations(work=work(how, ends)))

    run.needs_operations(ASK)
    run.returns(how, f'The task ended {how}: it must return "{how}"')


@law("says-how")
@cases(given="a task that has not begun yet, and a grace of 1 s")
def test_a_task_that_has_not_begun_is_cancelled(play):
    run = play("stop_unstarted", grace=1, **operations(work=work("cancelled", 1)))

    run.needs_operations(ASK)
    run.returns("cancelled", "A task that has not begun never will: it is cancelled")


@law("waits-for-end")
@cases(
    count=16,
    how=sampled(["cancelled", "finished"]),
    ends=seconds(0.25, 3, 0.25),
    spare=SPARE,
    given=IN_TIME,
    examples=[{"how": "cancelled", "ends": 2.0, "spare": 1.0}],
)
def test_it_returns_as_soon_as_the_task_has_ended(play, how, ends, spare):
    run = play("stop_one", grace=ends + spare, **operations(work=work(how, ends)))

    run.needs_operations(ASK)
    run.takes(ends, "It must return as soon as the task has ended, and not before")


@law("grace-over")
@cases(
    count=12,
    how=HOW,
    grace=GRACE,
    over=sampled([0.5, 1, 9]),
    given=STUCK,
    examples=[
        {"how": "cancelled", "grace": 1.0, "over": 1.0},
        {"how": "cancelled", "grace": 0, "over": 1.0},
    ],
)
def test_when_the_grace_is_over_the_task_is_stuck(play, how, grace, over):
    run = play("stop_one", grace=grace, **operations(work=work(how, grace + over)))

    run.needs_operations(ASK)
    rule = 'When the grace is over it must return "stuck"'
    run.takes(grace, rule)
    run.returns("stuck", rule)


ONCE = "The task must be asked once, and no more"


@law("asks-once")
@cases(
    count=8,
    how=HOW,
    ends=ENDS,
    spare=SPARE,
    given=IN_TIME,
    examples=[{"how": "finished", "ends": 1.0, "spare": 1.0}],
)
def test_a_task_that_ends_in_time_is_asked_once(play, how, ends, spare):
    run = play("stop_one", grace=ends + spare, **operations(work=work(how, ends)))

    run.called_at_most(1, ASK, ONCE)


@law("asks-once")
@cases(
    count=6,
    how=HOW,
    grace=GRACE,
    over=seconds(0.5, 2, 0.5),
    given=STUCK + ", and ends {how}",
    examples=[{"how": "finished", "grace": 1.0, "over": 1.0}],
)
def test_a_stuck_task_is_not_asked_again(play, how, grace, over):
    rule = work(how, grace + over)

    run = play("stop_and_see_it_end", grace=grace, **operations(work=rule))

    run.called_at_most(1, ASK, ONCE)


@law("asks-once")
@cases(
    count=5,
    how=HOW,
    ends=seconds(0.5, 3, 0.25),
    spare=SPARE,
    given=IN_TIME + "; stop is cancelled while it waits",
    examples=[
        {"how": "cancelled", "ends": 1.0, "spare": 1.0},
        {"how": "finished", "ends": 1.0, "spare": 1.0},
        {"how": "failed", "ends": 1.0, "spare": 1.0},
    ],
)
def test_a_stop_that_is_cancelled_does_not_ask_again(play, how, ends, spare):
    rules = operations(work=work(how, ends))

    for run in play.sweep("stop_one", grace=ends + spare, **rules):
        run.called_at_most(1, ASK, ONCE)


@law("stuck-goes-on")
@cases(
    count=8,
    grace=seconds(0.5, 2, 0.5),
    over=seconds(0.5, 2, 0.5),
    given=STUCK + " and finishes then; it is stopped once more when it has finished",
    examples=[{"grace": 1.0, "over": 1.0}],
)
def test_a_stuck_task_is_left_alone(play, grace, over):
    rules = operations(
        work=work("finished", grace + over), pause=asynchronous(after(over + 1))
    )

    run = play("stop_twice", grace=grace, **rules)

    run.needs_operations("pause")
    run.returns(["stuck", "finished"], "A stuck task must be left alone until it ends")


@law("stuck-goes-on")
@cases(
    count=8,
    grace=seconds(0.5, 2, 0.5),
    pause=seconds(0.5, 2, 0.5),
    given="a task that lets go only when it is asked a second time, a grace of {grace} s; "
    "it is stopped again {pause} s after the first stop",
    examples=[{"grace": 1.0, "pause": 1.0}],
)
def test_a_stuck_task_can_be_stopped_again(play, grace, pause):
    rules = operations(work=work("cancelled", 20), pause=asynchronous(after(pause)))

    run = play("stop_twice", grace=grace, **rules)

    run.needs_operations("pause")
    rule = "A stuck task must be asked again when it is stopped again"
    run.returns(["stuck", "cancelled"], rule)


@law("already-ended")
@cases(
    count=6,
    how=HOW,
    grace=GRACE,
    given="a task that has ended {how} already, and a grace of {grace} s",
    examples=[
        {"how": "cancelled", "grace": 1.0},
        {"how": "finished", "grace": 1.0},
        {"how": "failed", "grace": 1.0},
        {"how": "failed", "grace": 0},
    ],
)
def test_a_task_that_has_ended_is_only_classified(play, how, grace):
    cancelled = how == "cancelled"

    run = play(
        "stop_ended", grace=grace, cancelled=cancelled, **operations(work=ended(how))
    )

    run.needs_note("ended")
    rule = f'The task has ended {how} already: it must return "{how}" at once'
    run.returns(how, rule)
    run.lasts_since("ended", 0, rule)


OWN = "If stop itself is cancelled, CancelledError must come out"


@law("own-cancel-out")
@cases(
    count=8,
    how=HOW,
    ends=seconds(0.5, 3, 0.25),
    spare=SPARE,
    given=IN_TIME + "; stop is cancelled while it waits",
    examples=[{"how": "cancelled", "ends": 1.0, "spare": 1.0}],
)
def test_its_own_cancellation_comes_out_at_once(play, how, ends, spare):
    rules = operations(work=work(how, ends))

    for run in play.sweep("stop_one", grace=ends + spare, **rules):
        run.needs_operations(ASK)
        run.cancelled_at_once(ASK, OWN)


@law("own-cancel-out")
@cases(
    count=8,
    ends=seconds(0.5, 3, 0.25),
    spare=SPARE,
    given="a task that needs {ends} s to end; stop is cancelled at the very instant at "
    "which the task ends; the grace is {spare} s longer",
    examples=[{"ends": 1.0, "spare": 1.0}],
)
def test_it_comes_out_though_the_task_ends_cancelled_at_that_instant(play, ends, spare):
    rules = operations(work=work("cancelled", ends), boss=asynchronous(after(ends)))

    run = play("cancel_the_stop", grace=ends + spare, **rules)

    run.needs_note("cancelled")
    run.raises(
        "CancelledError",
        rule=OWN + ", even if the task ends cancelled at the same instant",
    )


@law("not-itself")
@cases(
    count=3,
    grace=seconds(0.5, 3, 0.5),
    given="a task that stops itself, with a grace of {grace} s",
)
def test_stopping_the_current_task_is_refused(play, grace):
    run = play("stop_itself", grace=grace, **operations())

    run.refuses(
        "ValueError",
        "Stopping the current task must raise ValueError, and not cancel it",
    )


@law("side-by-side")
@cases(
    count=8,
    left=HOW,
    right=HOW,
    ends=seconds(0.5, 2, 0.5),
    later=seconds(0.5, 2, 0.5),
    given="two tasks stopped at once: one ends {left} after {ends} s, "
    "the other ends {right} {later} s later",
    examples=[
        {"left": "cancelled", "right": "finished", "ends": 1.0, "later": 1.0},
        {"left": "failed", "right": "cancelled", "ends": 1.0, "later": 1.0},
    ],
)
def test_two_stops_at_once_do_not_disturb_each_other(play, left, right, ends, later):
    grace = ends + later + 1
    rules = {"left": work(left, ends), "right": work(right, ends + later)}
    for side, how in [("left", left), ("right", right)]:
        alone = play("stop_one", grace=grace, **operations(work=rules[side]))
        with alone.given():
            alone.returns(how)

    run = play("stop_side_by_side", grace=grace, **operations(**rules))

    rule = "Two stops at once must not disturb each other"
    run.shares_nothing(alone.duration, rule)
    run.returns([left, right], rule)


@law("second-loop")
@cases(
    count=4,
    how=sampled(["cancelled", "finished"]),
    ends=seconds(0.5, 2, 0.5),
    spare=SPARE,
    given=IN_TIME + "; under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, how, ends, spare):
    rules = operations(work=work(how, ends))
    once = play("stop_one", grace=ends + spare, **rules)
    once.needs_operations(ASK)
    once.reached()

    run = play("stop_in_two_loops", grace=ends + spare, **rules)

    run.must_return("It must work again under a second event loop")


@law("nothing-left")
@cases(
    count=6,
    how=HOW,
    ends=seconds(0.5, 2, 0.25),
    spare=SPARE,
    given=TAKES + "; the grace is {spare} s longer, or so much shorter",
    assume=lambda ends, spare, **_: spare < ends,
    examples=[{"how": "cancelled", "ends": 1.0, "spare": 0.5}],
)
def test_nothing_is_left_running(play, how, ends, spare):
    for run in in_time_and_stuck(play, how, ends, spare):
        run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=6,
    how=HOW,
    ends=seconds(0.5, 2, 0.25),
    spare=SPARE,
    given=TAKES + "; the grace is {spare} s longer, or so much shorter",
    assume=lambda ends, spare, **_: spare < ends,
    examples=[{"how": "failed", "ends": 1.0, "spare": 0.5}],
)
def test_python_has_nothing_to_complain_of(play, how, ends, spare):
    for run in in_time_and_stuck(play, how, ends, spare, collect=True):
        run.warns_nothing()

    before = play(
        "stop_ended",
        grace=1,
        cancelled=how == "cancelled",
        collect=True,
        **operations(work=ended(how)),
    )
    with before.given():
        before.returns(how)
    before.warns_nothing()


def in_time_and_stuck(play, how, ends, spare, **options):
    """Two runs: the task ends in time, and when the grace is over."""
    rules = operations(work=work(how, ends))
    for grace, said in [(ends + spare, how), (ends - spare, "stuck")]:
        run = play("stop_and_see_it_end", grace=grace, **rules, **options)
        run.needs_operations(ASK)
        with run.given():
            run.returns(said)
        yield run


@law("never-blocks")
@cases(count=6, how=HOW, ends=ENDS, spare=SPARE, given=IN_TIME)
def test_the_event_loop_is_never_blocked(play, how, ends, spare):
    run = play("stop_one", grace=ends + spare, **operations(work=work(how, ends)))

    with run.given():
        run.returns(how)
    run.never_blocks()
