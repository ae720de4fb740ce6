from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.laws.order import first_argument
from grader.world.rules import (
    Failing,
    after,
    answers,
    by_argument,
    cleans_up,
    instant,
    synchronous,
)

TAKES = lists(seconds(0.5, 4, 0.5), 2, 7)
USERS = "users that take {takes} s"


def ids(takes):
    """As many ids, neither rising nor falling."""
    return [7, 3, 9, 1, 8, 2, 5][: len(takes)]


def data(user_id):
    """What a fetch of that user returns: nobody can know it before."""
    return lambda token: {"id": user_id, "data": token}


def each_takes(takes, cleanup=0):
    cancelled = cleans_up(cleanup) if cleanup else None
    users = zip(ids(takes), takes, strict=True)
    plans = {user: after(take, data(user), cancelled=cancelled) for user, take in users}
    return by_argument(plans)


def one_fails(takes, bad, cleanup=0):
    """The user at place `bad` fails when its time is up; the others would go on."""
    cancelled = cleans_up(cleanup) if cleanup else None
    plans = {
        user: after(take, cancelled=cancelled)
        for user, take in zip(ids(takes), takes, strict=True)
    }
    plans[ids(takes)[bad]] = after(takes[bad], fails="FetchError")
    return by_argument(plans)


@law("results-in-order")
@cases(
    count=20,
    takes=TAKES,
    given=USERS,
    examples=[{"takes": []}, {"takes": [2.0, 1.0]}, {"takes": [1.0]}],
)
def test_results_stand_in_the_order_of_the_ids(play, takes):
    run = play("report", ids=ids(takes), fetch=each_takes(takes))

    run.returns_answers(
        "fetch", ids(takes), "The results must stand in the order of the ids"
    )


@law("results-in-order")
@cases(
    count=12,
    chosen=lists(sampled([7, 3, 9]), 2, 6),
    given="ids {chosen}",
    examples=[{"chosen": [7, 7]}],
)
def test_an_id_that_occurs_twice_is_fetched_twice(play, chosen):
    run = play("report", ids=chosen, fetch=each_takes([1, 2, 3]))

    run.once("fetch", chosen, "Every id must be fetched once for each time it occurs")
    run.returns_answers(
        "fetch", chosen, "The results must stand in the order of the ids"
    )


@law("all-at-once")
@cases(count=24, takes=TAKES, given=USERS, examples=[{"takes": [2.0, 1.0, 3.0]}])
def test_every_id_is_fetched_at_the_same_time(play, takes):
    run = play("report", ids=ids(takes), fetch=each_takes(takes))

    run.needs_operations("fetch", len(takes))
    run.begins_at(
        "fetch", [0] * len(takes), "All fetches must begin at once, at t=0.0s"
    )
    run.ends_with_the_last(
        "fetch", "The call must end when its slowest fetch has ended"
    )


FAILING = "users that take {takes} s, number {bad} of them (from 0) fails"
FAILURE = {"takes": lists(seconds(0.5, 4, 0.5), 2, 6), "bad": integers(0, 5)}


def fails_alone(takes, bad, **_):
    """No other fetch ends in the instant of the error, and some would go on."""
    return bad < len(takes) and takes.count(takes[bad]) == 1 and takes[bad] < max(takes)


FIRST_ERROR = "The first error must come out, bare and at its moment"


@law("first-error-out")
@cases(
    count=20,
    **FAILURE,
    given=FAILING,
    assume=fails_alone,
    examples=[{"takes": [2.0, 1.0, 3.0], "bad": 1}],
)
def test_the_first_error_comes_out_bare_at_its_moment(play, takes, bad):
    run = play("report", ids=ids(takes), fetch=one_fails(takes, bad))

    run.raises(run.first_failed("fetch"), at_its_moment=True, rule=FIRST_ERROR)


@law("first-error-out")
@cases(
    count=10,
    takes=lists(seconds(0.5, 4, 0.5), 2, 6),
    given=USERS + "; the first to end fails, and so do the cleanups of the others",
    assume=lambda takes: takes.count(min(takes)) == 1,
    examples=[{"takes": [2.0, 1.0, 3.0]}],
)
def test_an_error_in_a_cleanup_does_not_come_out(play, takes):
    in_cleanup = answers(fails=Failing("FetchError", "cleanup failed"))
    plan = after(fails=Failing("FetchError", "no answer"), cancelled=in_cleanup)
    plans = {
        user: plan.but(takes=instant(take))
        for user, take in zip(ids(takes), takes, strict=True)
    }

    run = play("report", ids=ids(takes), fetch=by_argument(plans))

    run.raises(run.first_failed("fetch"), at_its_moment=True, rule=FIRST_ERROR)


@law("error-stops-rest")
@cases(
    count=20,
    **FAILURE,
    cleanup=sampled([0, 0.25]),
    given=FAILING + "; cleaning up takes {cleanup} s",
    assume=fails_alone,
    examples=[{"takes": [2.0, 1.0, 3.0], "bad": 1, "cleanup": 0.5}],
)
def test_an_error_cancels_the_others(play, takes, bad, cleanup):
    run = play("report", ids=ids(takes), fetch=one_fails(takes, bad, cleanup))

    run.cancels_rest("fetch")


@law("running-loop")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 1, 5),
    given=USERS + ", called inside a coroutine",
    examples=[{"takes": [1.0, 2.0]}, {"takes": []}],
)
def test_under_a_running_loop_it_refuses(play, takes):
    run = play("report_under_a_loop", ids=ids(takes), fetch=each_takes(takes))

    run.refuses(
        "RuntimeError",
        "Under a running loop it must raise RuntimeError and fetch nothing",
    )


GENERATORS = "; each fetch leaves an async generator open, whose finally calls hang_up"
GENERATORS_CLOSED = (
    "When the call is over, async generators left open must have run their finally"
)


@law("generators-closed")
@cases(
    count=10,
    takes=lists(seconds(0.5, 3, 0.5), 1, 5),
    given=USERS + GENERATORS,
    examples=[{"takes": [1.0]}],
)
def test_async_generators_left_open_are_closed(play, takes):
    users = ids(takes)

    run = play(
        "report_from_streams",
        ids=users,
        fetch=each_takes(takes),
        hang_up=by_argument(dict.fromkeys(users, after(0.5))),
    )

    run.needs_operations("fetch")
    run.finishes("hang_up", GENERATORS_CLOSED, users)


@law("generators-closed")
@cases(
    count=8,
    **FAILURE,
    given=FAILING + GENERATORS,
    assume=lambda takes, bad: fails_alone(takes, bad) and min(takes) < takes[bad],
    examples=[{"takes": [1.0, 2.0, 3.0], "bad": 1}],
)
def test_async_generators_are_closed_after_an_error(play, takes, bad):
    users = ids(takes)

    run = play(
        "report_from_streams",
        ids=users,
        fetch=one_fails(takes, bad),
        hang_up=by_argument(dict.fromkeys(users, after(0.5))),
    )

    failed = run.first_failed("fetch").completed
    left_open = [
        first_argument(each)
        for each in run.answered("fetch")
        if each.closed.order < failed.order
    ]
    run.finishes("hang_up", GENERATORS_CLOSED + ", also after an error", left_open)


@law("threads-ended")
@cases(
    count=12,
    **FAILURE,
    given="files read in threads by asyncio.to_thread, which take {takes} s; "
    "number {bad} of them (from 0) fails",
    assume=lambda takes, bad: len(takes) < 6 and fails_alone(takes, bad),
    examples=[{"takes": [1.0, 3.0], "bad": 0}],
)
def test_threads_of_the_loop_have_ended(play, takes, bad):
    reading = synchronous(one_fails(takes, bad).decide)

    run = play("report_from_files", ids=ids(takes), read=reading)

    run.first_failed("read")
    run.finishes(
        "read", "Threads that a fetch started must have ended when the call is over"
    )


@law("works-again")
@cases(
    count=12, takes=lists(seconds(0.5, 3, 0.5), 1, 5), given=USERS + ", called twice"
)
def test_it_can_be_called_again(play, takes):
    once = play("report", ids=ids(takes), fetch=each_takes(takes))
    once.needs_operations("fetch", len(takes))
    once.reached()

    run = play("report_twice", ids=ids(takes), fetch=each_takes(takes))

    rule = "The second call must work like the first"
    run.must_return(rule)
    run.lasts_since("second call", once.duration, rule)


@law("any-thread")
@cases(
    count=12,
    takes=lists(seconds(0.5, 3, 0.5), 2, 6),
    given=USERS + ", half of them in one thread and half in another",
    examples=[{"takes": [2.0, 1.0]}],
)
def test_two_threads_may_call_it_at_once(play, takes):
    half = len(takes) // 2
    left, right = ids(takes)[:half], ids(takes)[half:]
    fetch = each_takes(takes)
    alone = [play("report", ids=each, fetch=fetch) for each in (left, right)]
    for each in alone:
        each.needs_operations("fetch")
        each.reached()

    run = play("report_in_two_threads", left=left, right=right, fetch=fetch)

    longest = max(each.duration for each in alone)
    run.shares_nothing(longest, "Two threads must be able to call it at once")


@law("loop-closed")
@cases(count=8, takes=TAKES, given=USERS, examples=[{"takes": [2.0, 1.0, 3.0]}])
def test_the_loop_is_closed(play, takes):
    run = play("report", ids=ids(takes), fetch=each_takes(takes))

    with run.given():
        run.once("fetch", ids(takes))
    run.closes_its_loops()


@law("loop-closed")
@cases(
    count=8,
    **FAILURE,
    given=FAILING,
    assume=fails_alone,
    examples=[{"takes": [2.0, 1.0, 3.0], "bad": 1}],
)
def test_the_loop_is_closed_after_an_error(play, takes, bad):
    run = play("report", ids=ids(takes), fetch=one_fails(takes, bad))

    run.first_failed("fetch")
    run.closes_its_loops(
        "The loop must be closed also when the call ends with an error"
    )


@law("no-loop-set")
@cases(count=8, takes=TAKES, given=USERS, examples=[{"takes": [2.0, 1.0, 3.0]}])
def test_no_loop_is_left_set_and_no_policy_set(play, takes):
    run = play("report", ids=ids(takes), fetch=each_takes(takes))

    with run.given():
        run.once("fetch", ids(takes))
    run.leaves_no_loop_set()


@law("no-loop-set")
@cases(count=8, **FAILURE, given=FAILING, assume=fails_alone)
def test_no_loop_is_left_set_after_an_error(play, takes, bad):
    run = play("report", ids=ids(takes), fetch=one_fails(takes, bad))

    run.first_failed("fetch")
    run.leaves_no_loop_set()


@law("nothing-left")
@cases(count=8, takes=TAKES, given=USERS, examples=[{"takes": [2.0, 1.0, 3.0]}])
def test_nothing_is_left_running(play, takes):
    run = play("report", ids=ids(takes), fetch=each_takes(takes))

    with run.given():
        run.once("fetch", ids(takes))
    run.leaves_nothing(threads=True)


@law("nothing-left")
@cases(count=8, **FAILURE, given=FAILING, assume=fails_alone)
def test_nothing_is_left_running_after_an_error(play, takes, bad):
    run = play("report", ids=ids(takes), fetch=one_fails(takes, bad))

    with run.given():
        run.cancels_rest("fetch")
    run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    given=USERS + ", called inside a coroutine, where it refuses, and then outside",
    examples=[{"takes": [1.0, 2.0]}],
)
def test_a_refusal_makes_no_coroutine(play, takes):
    fetch = each_takes(takes)

    run = play("report_refused_and_allowed", ids=ids(takes), fetch=fetch, collect=True)

    run.needs_note("refusal")
    run.needs_operations("fetch", len(takes))
    run.warns_nothing()


@law("no-complaints")
@cases(count=8, **FAILURE, given=FAILING, assume=fails_alone)
def test_python_has_nothing_to_complain_of_after_an_error(play, takes, bad):
    run = play("report", ids=ids(takes), fetch=one_fails(takes, bad), collect=True)

    run.first_failed("fetch")
    run.warns_nothing()
