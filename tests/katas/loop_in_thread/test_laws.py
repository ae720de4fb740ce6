from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.world.rules import (
    Failing,
    after,
    asynchronous,
    by_argument,
    cleans_up,
    never,
    synchronous,
)

TAKES = lists(seconds(0.5, 3, 0.5), 1, 6)
CALLS = "coroutines that take {takes} s"
BROKEN = Failing("WorkError", "it does not work")
HOW = sampled(["submit", "run"])
THREADS = "threads that wait in run"
LOOP = "another event loop"
OWN = "the loop's own thread"
CALLERS = {
    LOOP: "call_from_a_loop",
    OWN: "call_from_own_thread",
    THREADS: "wait_in_threads",
}
CLEANUP = sampled([0.0, 0.25, 1.0])


def keys(count):
    """As many names of coroutines as there are calls."""
    return [f"job-{number}" for number in range(1, count + 1)]


def each_takes(takes):
    named = zip(keys(len(takes)), takes, strict=True)
    return by_argument({key: after(take) for key, take in named})


def none_ends(count, cleanup=0.0):
    """Coroutines that end only when they are cancelled."""
    return by_argument(dict.fromkeys(keys(count), never(cancelled=cleans_up(cleanup))))


def answers_a_call(play):
    """Raise `NotReached` unless it answers one call at all."""
    run = play("run_one", key="job-1", work=each_takes([1]))
    with run.given():
        run.returns_answers_of("work")


# --- calls --------------------------------------------------------------------


@law("calls-answered")
@cases(
    count=6,
    takes=lists(lists(seconds(0.5, 3, 0.5), 1, 5), 1, 5),
    given="each thread submits some coroutines and then waits for them: {takes} s",
    examples=[
        {"takes": [[1.0]]},
        {"takes": [[2.0, 1.0], [1.0, 2.0]]},
        {"takes": [[1.0] * 100] * 8},
    ],
)
def test_each_call_of_each_thread_is_answered(play, takes):
    every = [take for share in takes for take in share]
    names = iter(keys(len(every)))
    shares = [[next(names) for _ in share] for share in takes]

    run = play("call_from_threads", shares=shares, work=each_takes(every))

    rule = "Every call must get the result of its own coroutine"
    run.once("work", keys(len(every)), "Every coroutine must run exactly once")
    run.returns_answers("work", keys(len(every)), rule)


@law("calls-answered")
@cases(
    count=6,
    takes=TAKES,
    where=sampled(list(CALLERS)),
    given=CALLS + "; called from {where}",
    examples=[
        {"takes": [2.0, 1.0], "where": LOOP},
        {"takes": [2.0, 1.0], "where": OWN},
        {"takes": [2.0, 1.0], "where": THREADS},
    ],
)
def test_calls_from_anywhere_are_answered(play, takes, where):
    run = play(CALLERS[where], keys=keys(len(takes)), work=each_takes(takes))

    run.returns_answers(
        "work",
        keys(len(takes)),
        "Calls must be answered from whatever thread they come",
    )


@law("side-by-side")
@cases(
    count=8,
    number=integers(2, 6),
    where=sampled([THREADS, LOOP]),
    given="{number} calls at once from {where}, of coroutines that take 1 s each",
    examples=[{"number": 3, "where": THREADS}],
)
def test_coroutines_run_side_by_side(play, number, where):
    run = play(CALLERS[where], keys=keys(number), work=each_takes([1.0] * number))

    run.needs_operations("work", number)
    run.reaches(number, "work", "The coroutines of all calls must run at once")


@law("ready-at-start")
@cases(
    count=8,
    take=seconds(0.5, 2, 0.5),
    given="a coroutine that takes {take} s, called as soon as start has returned",
    examples=[{"take": 1.0}],
)
def test_calls_are_taken_once_start_has_returned(play, take):
    work = each_takes([take])
    later = play("call_at_once", key="job-1", calm=0.25, work=work)
    with later.given():
        later.returns_answers_of("work")

    run = play("call_at_once", key="job-1", calm=0, work=work)

    run.returns_answers_of("work", "When start has returned, calls must be taken")


@law("error-comes-out")
@cases(
    count=8,
    take=seconds(0.5, 3, 0.5),
    how=HOW,
    given="a coroutine that fails after {take} s, handed to {how}",
    examples=[{"take": 1.0, "how": "run"}, {"take": 1.0, "how": "submit"}],
)
def test_the_error_of_a_coroutine_comes_out(play, take, how):
    work = asynchronous(after(take, fails=BROKEN))

    run = play(f"{how}_one", key="job-1", work=work)

    what = "run must raise" if how == "run" else "future.result() must raise"
    run.raises(run.first_failed("work"), rule=f"{what} the very error of the coroutine")


# --- timeouts -----------------------------------------------------------------


@law("timeout-raises")
@cases(
    count=8,
    timeout=seconds(0.25, 2, 0.25),
    cleanup=CLEANUP,
    given="timeout={timeout}, a coroutine that never ends by itself and needs "
    "{cleanup} s to clean up",
    examples=[{"timeout": 0.5, "cleanup": 0.0}, {"timeout": 0.5, "cleanup": 1.0}],
)
def test_a_timeout_raises_timeout_error(play, timeout, cleanup):
    run = play(
        "run_with_timeout",
        key="job-1",
        timeout=timeout,
        patience=0,
        work=none_ends(1, cleanup),
    )

    run.needs_operations("work")
    run.raises("TimeoutError", rule="After its timeout run must raise TimeoutError")
    run.ends_between(
        0.25 + timeout,
        0.25 + timeout + cleanup,
        "TimeoutError must come out after the timeout, at the latest when the "
        "coroutine has cleaned up",
    )


@law("timeout-raises")
@cases(
    count=8,
    take=seconds(0.5, 2, 0.5),
    spare=seconds(0.5, 2, 0.5),
    given="a coroutine that takes {take} s, with {spare} s more to spare",
    examples=[{"take": 1.0, "spare": 1.0}],
)
def test_a_timeout_that_is_not_reached_changes_nothing(play, take, spare):
    run = play(
        "run_with_timeout",
        key="job-1",
        timeout=take + spare,
        patience=0,
        work=each_takes([take]),
    )

    run.returns_answers_of("work", "In time, run must return the result")


@law("timeout-cancels")
@cases(
    count=8,
    timeout=seconds(0.25, 2, 0.25),
    cleanup=CLEANUP,
    given="timeout={timeout}, a coroutine that never ends by itself and needs "
    "{cleanup} s to clean up",
    examples=[{"timeout": 0.5, "cleanup": 0.0}, {"timeout": 0.5, "cleanup": 1.0}],
)
def test_a_timeout_cancels_the_coroutine(play, timeout, cleanup):
    run = play(
        "run_with_timeout",
        key="job-1",
        timeout=timeout,
        patience=cleanup + 0.25,
        work=none_ends(1, cleanup),
    )

    run.needs_operations("work")
    run.needs_note("run is over")
    run.finishes("work", "After the timeout the coroutine must be cancelled")


@law("timeout-cancels")
@cases(
    count=6,
    timeout=seconds(0.25, 2, 0.25),
    take=seconds(0.5, 2, 0.5),
    given="a coroutine that runs into a timeout of {timeout} s, then one that takes "
    "{take} s",
    examples=[{"timeout": 0.5, "take": 1.0}],
)
def test_after_a_timeout_the_loop_takes_calls(play, timeout, take):
    work = by_argument({"job-1": never(), "job-2": after(take)})

    run = play("run_after_timeout", keys=keys(2), timeout=timeout, work=work)

    run.needs_note("timed out")
    run.returns_answers(
        "work", ["job-2"], "After a timeout the next call must be answered"
    )


# --- refusals -----------------------------------------------------------------


@law("own-thread")
@cases(
    count=2,
    timeout=sampled([None, 1.0]),
    given="a coroutine on the loop calls run, timeout={timeout}",
    examples=[{"timeout": None}, {"timeout": 1.0}],
)
def test_run_refuses_to_wait_on_the_own_thread_of_the_loop(play, timeout):
    answers_a_call(play)

    run = play("run_on_own_thread", key="job-1", timeout=timeout, work=each_takes([1]))

    rule = "On the loop's own thread run must raise RuntimeError at once"
    run.raises("RuntimeError", rule=rule)
    run.nothing_happened("work", rule)
    run.ends_between(0.25, 0.5, rule)


@law("refuses-calls")
@cases(
    given="{how} before start",
    how=HOW,
    count=2,
    examples=[{"how": "submit"}, {"how": "run"}],
)
def test_calls_before_start_are_refused(play, how):
    answers_a_call(play)

    run = play("call_unstarted", key="job-1", how=how, work=each_takes([1]))

    run.raises("RuntimeError", rule=f"Before start, {how} must raise RuntimeError")


@law("refuses-calls")
@cases(
    given="{how} after stop",
    how=HOW,
    count=2,
    examples=[{"how": "submit"}, {"how": "run"}],
)
def test_calls_after_stop_are_refused(play, how):
    answers_a_call(play)

    run = play("call_stopped", key="job-1", how=how, work=each_takes([1]))

    run.needs_note("stopped")
    run.raises("RuntimeError", rule=f"After stop, {how} must raise RuntimeError")


@law("refuses-calls")
@cases(
    count=4,
    how=HOW,
    cleanup=seconds(0.5, 2, 0.5),
    given="{how} while stop waits for a cleanup that takes {cleanup} s",
    examples=[{"how": "submit", "cleanup": 1.0}, {"how": "run", "cleanup": 1.0}],
)
def test_calls_during_stop_are_refused(play, how, cleanup):
    answers_a_call(play)
    alone = play("stop_under_calls", keys=keys(1), work=none_ends(1, cleanup))
    with alone.given():
        alone.finishes("work", "stop must wait for the cleanup")

    run = play(
        "call_while_stopping",
        key="job-1",
        late="job-2",
        how=how,
        work=by_argument(
            {"job-1": never(cancelled=cleans_up(cleanup)), "job-2": after(0.25)}
        ),
    )

    run.needs_note("stopping")
    run.raises(
        "RuntimeError", rule=f"As soon as stop is called, {how} must raise RuntimeError"
    )


# --- stopping -----------------------------------------------------------------

STOPPED = "stop must cancel what is running and wait until it has cleaned up"


@law("stop-cancels")
@cases(
    count=8,
    number=integers(1, 5),
    cleanup=CLEANUP,
    given="number of coroutines: {number}; they never end by themselves and need "
    "{cleanup} s to clean up",
    examples=[{"number": 1, "cleanup": 0.0}, {"number": 2, "cleanup": 0.5}],
)
def test_stop_cancels_what_runs_and_waits_for_its_cleanup(play, number, cleanup):
    run = play("stop_under_calls", keys=keys(number), work=none_ends(number, cleanup))

    run.needs_note("stop")
    run.finishes("work", STOPPED)


@law("stop-cancels")
@cases(
    count=8,
    number=integers(1, 4),
    cleanup=CLEANUP,
    given="number of coroutines: {number}; each has ended and left a task, which never "
    "ends by itself and needs {cleanup} s to clean up",
    examples=[{"number": 1, "cleanup": 0.0}, {"number": 1, "cleanup": 0.5}],
)
def test_stop_cancels_the_tasks_that_coroutines_made(play, number, cleanup):
    run = play(
        "stop_under_children", keys=keys(number), work=none_ends(number, cleanup)
    )

    run.needs_note("stop")
    run.finishes("work", STOPPED + ", also what a coroutine left behind")


@law("callers-freed")
@cases(
    count=6,
    number=integers(1, 4),
    cleanup=CLEANUP,
    given="number of threads that wait in run when stop is called: {number}; cleaning "
    "up takes {cleanup} s",
    examples=[{"number": 1, "cleanup": 0.0}],
)
def test_who_waits_in_run_when_it_stops_gets_an_error(play, number, cleanup):
    run = play("stop_under_callers", keys=keys(number), work=none_ends(number, cleanup))

    run.returns(
        ["CancelledError"] * number,
        "Who waits for a coroutine that stop cancels must get CancelledError",
    )


@law("callers-freed")
@cases(
    count=6,
    number=integers(1, 6),
    given="stop in the very instant of the last call; number of calls: {number}",
    examples=[{"number": 1}],
)
def test_the_futures_of_the_last_calls_are_done(play, number):
    run = play("stop_just_after_calls", keys=keys(number), work=none_ends(number))

    run.needs_note("stop")
    run.returns([True] * number, "When stop has returned, every future must be done")


@law("generators-closed")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    given=CALLS + "; each leaves an async generator open, whose finally calls hang_up",
    examples=[{"takes": [1.0]}],
)
def test_stop_closes_async_generators_that_were_left_open(play, takes):
    users = keys(len(takes))

    run = play(
        "stop_with_open_streams",
        keys=users,
        work=each_takes(takes),
        hang_up=by_argument(dict.fromkeys(users, after(0.5))),
    )

    run.needs_operations("work")
    run.finishes(
        "hang_up",
        "When stop has returned, async generators left open must have run their finally",
        users,
    )


@law("stop-again")
@cases(given="stop before start")
def test_stop_before_start_does_nothing(play):
    answers_a_call(play)

    run = play("stop_unstarted")

    run.must_return("stop before start must do nothing")


@law("stop-again")
@cases(count=2, times=integers(1, 3), given="stop, and {times} more times")
def test_stop_again_does_nothing(play, times):
    run = play("stop_again", key="job-1", times=times, work=each_takes([1]))

    run.needs_note("stopped")
    run.must_return("stop after stop must do nothing")


ENDS = sampled(["return", "BodyError", "OSError"])


@law("block-stops")
@cases(
    count=6,
    ends=ENDS,
    cleanup=CLEANUP,
    given="a block that ends with {ends} while a coroutine runs, which needs {cleanup} s "
    "to clean up",
    examples=[
        {"ends": "return", "cleanup": 0.5},
        {"ends": "BodyError", "cleanup": 0.5},
    ],
)
def test_leaving_the_block_stops(play, ends, cleanup):
    run = play(
        "use_block",
        key="job-1",
        work=none_ends(1, cleanup),
        body=synchronous(after(0, fails=None if ends == "return" else ends)),
    )

    if ends == "return":
        run.must_return("with must start it, give it, and stop it")
    else:
        run.raises(
            run.first_failed("body"), rule="What the body raises must come out of with"
        )
    run.finishes("work", "Leaving with must stop, however its body ends", ["job-1"])


@law("own-state")
@cases(
    count=6,
    takes=lists(seconds(0.5, 3, 0.5), 2, 2),
    given="two of them; one is stopped while the other runs " + CALLS,
    examples=[{"takes": [1.0, 1.0]}],
)
def test_two_of_them_share_nothing(play, takes):
    answers_a_call(play)
    alone = play("stop_under_calls", keys=[], work=none_ends(1))
    with alone.given():
        alone.must_return("stop must return")

    run = play("use_two", keys=keys(2), work=each_takes(takes))

    run.returns_answers(
        "work", keys(2), "To stop one of two must not disturb the other"
    )


# --- what only the program itself can see -------------------------------------


@law("one-thread")
@cases(
    count=8,
    takes=TAKES,
    where=sampled([THREADS, LOOP]),
    given=CALLS + "; called from {where}",
    examples=[
        {"takes": [1.0, 2.0], "where": THREADS},
        {"takes": [1.0, 2.0], "where": LOOP},
    ],
)
def test_all_coroutines_run_on_one_thread(play, takes, where):
    run = play(CALLERS[where], keys=keys(len(takes)), work=each_takes(takes))

    with run.given():
        run.returns_answers("work", keys(len(takes)))
    run.runs_on_one_thread(
        "work", "All coroutines must run on the one thread that start made"
    )


def live(play, takes, cleanup=0.25, **options):
    """A whole life: calls, an error, a timeout, a call that runs when it stops."""
    named = zip(keys(len(takes)), takes, strict=True)
    plans = {key: after(take) for key, take in named} | {
        "broken": after(1, fails=BROKEN),
        "endless": never(cancelled=cleans_up(cleanup)),
    }
    run = play(
        "live",
        keys=keys(len(takes)),
        failing="broken",
        endless="endless",
        work=by_argument(plans),
        **options,
    )
    with run.given():
        run.returns_answers("work", keys(len(takes)))
        run.finishes("work", STOPPED)
    return run


LIVES = {
    "takes": lists(seconds(0.5, 2, 0.5), 1, 3),
    "cleanup": CLEANUP,
    "given": CALLS
    + ", one that fails, and some that never end and need {cleanup} s to "
    "clean up; then stop",
    "examples": [{"takes": [1.0], "cleanup": 0.0}, {"takes": [1.0], "cleanup": 0.5}],
}


@law("thread-ended")
@cases(count=6, **LIVES)
def test_the_thread_has_ended_when_stop_returns(play, takes, cleanup):
    run = live(play, takes, cleanup)

    rule = "When stop has returned, the thread must have ended"
    run.notes_each("state of the thread", {"stop": "ended"}, rule)
    run.closes_its_loops("When stop has returned, the loop must be closed")


@law("thread-ended")
@cases(
    count=2,
    times=integers(2, 30),
    given="{times} of them, one after the other",
    examples=[{"times": 50}],
)
def test_many_of_them_leave_nothing_behind(play, times):
    run = play("live_often", key="job-1", times=times, work=each_takes([0.5]))

    with run.given():
        run.returns_answers("work", ["job-1"] * times)
    rule = "When stop has returned, the thread must have ended"
    ended = {f"stop {number}": "ended" for number in range(1, times + 1)}
    run.notes_each("state of the thread", ended, rule)
    run.closes_its_loops("When stop has returned, the loop must be closed")


@law("nothing-left")
@cases(count=6, **LIVES)
def test_nothing_is_left_running(play, takes, cleanup):
    live(play, takes, cleanup).leaves_nothing(threads=True)


@law("nothing-left")
@cases(
    count=4,
    takes=lists(seconds(0.5, 2, 0.5), 1, 3),
    given="functions that take {takes} s in threads of asyncio.to_thread; then stop",
    examples=[{"takes": [1.0]}],
)
def test_no_function_in_a_thread_is_left_running(play, takes):
    reads = synchronous(each_takes(takes).decide)

    run = play("stop_under_threads", keys=keys(len(takes)), read=reads)

    run.needs_operations("read", len(takes))
    run.finishes(
        "read", "stop must wait for functions in threads: nobody can cancel them"
    )


@law("no-complaints")
@cases(count=6, **LIVES)
def test_python_has_nothing_to_complain_of(play, takes, cleanup):
    live(play, takes, cleanup, collect=True).warns_nothing()


@law("no-complaints")
@cases(
    count=4,
    number=integers(1, 3),
    given="number of async generators over which coroutines walk when stop is called: "
    "{number}; the finally of each calls hang_up",
    examples=[{"number": 1}],
)
def test_a_walk_that_stop_cuts_off_leaves_no_complaint(play, number):
    run = play(
        "stop_under_walks",
        keys=keys(number),
        work=none_ends(number),
        hang_up=asynchronous(after(0.5)),
        collect=True,
    )

    run.needs_operations("work")
    with run.given():
        run.finishes("hang_up", STOPPED)
    run.warns_nothing()


@law("no-complaints")
@cases(
    count=3,
    take=seconds(0.5, 2, 0.5),
    given="refused calls before start, on the loop's own thread and after stop",
    examples=[{"take": 1.0}],
)
def test_a_refused_coroutine_is_closed(play, take):
    run = play(
        "live_with_refusals",
        key="job-1",
        late="job-2",
        work=each_takes([take]),
        collect=True,
    )

    run.needs_note("refused")
    with run.given():
        run.returns_answers_of("work")
    run.warns_nothing()


@law("never-blocks")
@cases(count=6, **LIVES)
def test_the_event_loop_is_never_blocked(play, takes, cleanup):
    live(play, takes, cleanup).never_blocks()
