from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import sampled, seconds
from grader.world.rules import (
    TOKEN,
    Failing,
    after,
    answers,
    asynchronous,
    cleans_up,
    synchronous,
)

DEFAULT = wire.Handle("the default")
CLEANUP = sampled([0, 0.25, 0.5])
IN_TIME = {"take": seconds(0.5, 3, 0.5), "spare": seconds(0.25, 2, 0.25)}
TOO_SLOW = {"limit": seconds(0.5, 3, 0.5), "more": seconds(0.25, 2, 0.25)}
GIVEN_IN_TIME = "op takes {take} s, {spare} s less than the limit"
GIVEN_SLOW = "limit={limit}, op would take {more} s longer"
GIVEN_CLEANUP = GIVEN_SLOW + " and needs {cleanup} s to clean up"


def takes(time, gives=TOKEN, cleanup=0):
    cancelled = cleans_up(cleanup) if cleanup else None
    return asynchronous(after(time, gives, cancelled=cancelled))


def fails(time, kind="OpError"):
    return asynchronous(after(time, fails=Failing(kind, "no answer")))


def refuses_to_stop(time, kind, cleanup):
    """Answers a cancellation with an error, after so long."""
    failing = answers(cleanup, fails=Failing(kind, "cleanup failed"))
    return asynchronous(after(time, cancelled=failing))


def in_time(play, take, spare, **options):
    return play("ask", limit=take + spare, default=DEFAULT, op=takes(take, **options))


def too_slow(play, limit, more, cleanup=0):
    op = takes(limit + more, cleanup=cleanup)
    return play("ask", limit=limit, default=DEFAULT, op=op)


COMES_BACK = "An answer in time must come back as it is"


@law("answer-comes-back")
@cases(
    count=12,
    **IN_TIME,
    answer=sampled([None, False, 0, "", []]),
    given=GIVEN_IN_TIME + ", and answers {answer!r}",
    examples=[
        {"take": 1.0, "spare": 1.0, "answer": None},
        {"take": 1.0, "spare": 1.0, "answer": ""},
    ],
)
def test_any_answer_is_an_answer(play, take, spare, answer):
    run = in_time(play, take, spare, gives=answer)

    run.needs_operations("op")
    run.returns(answer, COMES_BACK)


@law("answer-comes-back")
@cases(count=12, **IN_TIME, given=GIVEN_IN_TIME)
def test_the_answer_comes_back_and_op_is_called_once(play, take, spare):
    run = in_time(play, take, spare)

    run.called_at_most(1, "op", "op must be called once")
    run.returns_answers_of("op", COMES_BACK)


@law("ends-with-op")
@cases(
    count=16,
    **IN_TIME,
    given=GIVEN_IN_TIME,
    examples=[{"take": 1.2345, "spare": 1.0}, {"take": 0.0015, "spare": 0.25}],
)
def test_the_call_is_over_when_op_is(play, take, spare):
    run = in_time(play, take, spare)

    run.begins_at("op", [0], "op must be called at once")
    run.takes(take, "The call must be over in the moment in which op is")


@law("default-at-limit")
@cases(
    count=16,
    **TOO_SLOW,
    given=GIVEN_SLOW,
    examples=[{"limit": 2.0, "more": 2.0}, {"limit": 1.2345, "more": 60.0}],
)
def test_after_the_limit_the_default_comes_back(play, limit, more):
    run = too_slow(play, limit, more)

    rule = "If op is not done after the limit, the default must come back"
    run.needs_operations("op")
    run.returns(DEFAULT, rule)
    run.takes(limit, rule + " in that moment")


@law("op-stopped")
@cases(
    count=20,
    **TOO_SLOW,
    cleanup=sampled([0, 0.5, 1, 3]),
    given=GIVEN_CLEANUP,
    examples=[
        {"limit": 2.0, "more": 2.0, "cleanup": 0.5},
        {"limit": 1.0, "more": 2.0, "cleanup": 3},
    ],
)
def test_at_the_limit_op_is_cancelled_and_cleans_up(play, limit, more, cleanup):
    run = too_slow(play, limit, more, cleanup)

    run.cancels_at(
        "op", limit, "At the limit op must be cancelled and must finish its cleanup"
    )
    run.ends_at(
        limit + cleanup, "The call must be over when op has finished its cleanup"
    )


@law("none-no-limit")
@cases(
    count=6,
    take=sampled([0.5, 2.0, 61.0, 301.0, 3601.0, 4000.0]),
    given="limit=None, op takes {take} s",
    examples=[{"take": 4000.0}],
)
def test_none_is_no_limit(play, take):
    run = play("ask", limit=None, default=DEFAULT, op=takes(take))

    run.needs_operations("op")
    run.returns_answers_of("op", "A limit of None is no limit")


ERRORS = sampled(["TimeoutError", "OpError", "KeyError", "OSError"])


@law("own-error-out")
@cases(
    count=16,
    **IN_TIME,
    kind=ERRORS,
    given="op raises a {kind} after {take} s, {spare} s before the limit",
    examples=[
        {"take": 1.0, "spare": 1.0, "kind": "TimeoutError"},
        {"take": 1.0, "spare": 1.0, "kind": "OpError"},
    ],
)
def test_an_error_of_op_comes_out(play, take, spare, kind):
    run = play("ask", limit=take + spare, default=DEFAULT, op=fails(take, kind))

    an_error_comes_out(run)


@law("own-error-out")
@cases(
    count=6,
    take=seconds(0.5, 3, 0.5),
    kind=ERRORS,
    given="limit=None, op raises a {kind} after {take} s",
    examples=[
        {"take": 1.0, "kind": "TimeoutError"},
        {"take": 1.0, "kind": "OSError"},
    ],
)
def test_an_error_of_op_comes_out_without_a_limit(play, take, kind):
    run = play("ask", limit=None, default=DEFAULT, op=fails(take, kind))

    an_error_comes_out(run)


def an_error_comes_out(run):
    run.raises(
        run.first_failed("op"),
        at_its_moment=True,
        rule="An error of op must come out as it is, at its moment",
    )


@law("cleanup-error-out")
@cases(
    count=12,
    **TOO_SLOW,
    cleanup=CLEANUP,
    kind=sampled(["OpError", "KeyError", "ConnectionError"]),
    given=GIVEN_CLEANUP + ", which raises a {kind}",
    examples=[
        {"limit": 1.0, "more": 2.0, "cleanup": 0.5, "kind": kind}
        for kind in ("OpError", "ConnectionError", "KeyError")
    ],
)
def test_an_error_that_answers_the_cancellation_comes_out(
    play, limit, more, cleanup, kind
):
    op = refuses_to_stop(limit + more, kind, cleanup)

    run = play("ask", limit=limit, default=DEFAULT, op=op)

    run.raises(
        run.first_failed("op"),
        at_its_moment=True,
        rule="An error with which op answers the cancellation must come out",
    )


@law("bad-limit")
@cases(
    count=10,
    limit=seconds(-3, 0, 0.5),
    given="limit={limit}",
    examples=[{"limit": 0}, {"limit": 0.0}, {"limit": -1}],
)
def test_a_limit_that_is_not_positive_is_refused(play, limit):
    run = play(
        "ask_counting_calls",
        limit=limit,
        default=DEFAULT,
        called=synchronous(),
        op=takes(1),
    )

    run.refuses(
        "ValueError",
        "A limit that is not positive must raise ValueError, and op must not be called",
    )


CANCEL = "Cancelling the caller must cancel op"


@law("cancel-clean")
@cases(
    count=12,
    **IN_TIME,
    cleanup=sampled([0, 0.25]),
    given=GIVEN_IN_TIME
    + "; the caller is cancelled, and op needs {cleanup} s to clean up",
    examples=[{"take": 1.0, "spare": 1.0, "cleanup": 0.25}],
)
def test_cancelling_the_caller_cancels_op(play, take, spare, cleanup):
    # The limit is never reached in the cleanup, so that nothing cuts it short.
    for run in play.sweep(
        "ask", limit=take + spare, default=DEFAULT, op=takes(take, cleanup=cleanup)
    ):
        run.cancelled_cleanly(cleanup, CANCEL)


@law("cancel-clean")
@cases(
    count=4,
    take=seconds(0.5, 3, 0.5),
    cleanup=CLEANUP,
    given="limit=None, op takes {take} s; the caller is cancelled, and op needs "
    "{cleanup} s to clean up",
)
def test_cancelling_the_caller_cancels_op_without_a_limit(play, take, cleanup):
    for run in play.sweep(
        "ask", limit=None, default=DEFAULT, op=takes(take, cleanup=cleanup)
    ):
        run.cancelled_cleanly(cleanup, CANCEL)


@law("cancel-clean")
@cases(
    count=8,
    **TOO_SLOW,
    cleanup=seconds(0.5, 2, 0.5),
    given=GIVEN_CLEANUP + "; the caller is cancelled while op cleans up",
    examples=[{"limit": 1.0, "more": 2.0, "cleanup": 0.5}],
)
def test_a_caller_cancelled_during_the_cleanup_gets_no_default(
    play, limit, more, cleanup
):
    whole = too_slow(play, limit, more, cleanup)
    with whole.given():
        whole.cancels_at("op", limit, "At the limit op must be cancelled")

    run = play(
        "ask",
        limit=limit,
        default=DEFAULT,
        op=takes(limit + more, cleanup=cleanup),
        cancel_at=2,
    )

    run.needs_operations("op")
    run.raises(
        "CancelledError",
        rule="A cancelled caller must get CancelledError, never the default",
    )


OWN = "A timeout of the caller's own must work as ever: its TimeoutError must come out"


@law("callers-timeout")
@cases(
    count=10,
    own=seconds(0.5, 3, 0.5),
    spare=seconds(0.75, 2, 0.25),
    cleanup=CLEANUP,
    given="the caller's own timeout is {own} s, {spare} s tighter than the limit; op "
    "takes longer, and needs {cleanup} s to clean up",
    examples=[{"own": 1.0, "spare": 1.0, "cleanup": 0}],
)
def test_a_tighter_timeout_of_the_caller_comes_out(play, own, spare, cleanup):
    run = play(
        "ask_under_timeout",
        limit=own + spare,
        default=DEFAULT,
        own=own,
        op=takes(own + spare + 1, cleanup=cleanup),
    )

    run.needs_operations("op")
    run.raises("TimeoutError", rule=OWN)
    run.ends_at(own + cleanup, OWN)


@law("callers-timeout")
@cases(
    count=8,
    **TOO_SLOW,
    rest=seconds(0.5, 3, 0.5),
    given=GIVEN_SLOW + "; the caller's own timeout rings {rest} s after the limit, "
    "while the caller waits for something else",
    examples=[{"limit": 1.0, "more": 2.0, "rest": 1.0}],
)
def test_a_looser_timeout_of_the_caller_still_counts(play, limit, more, rest):
    run = play(
        "ask_and_go_on_under_timeout",
        limit=limit,
        default=DEFAULT,
        own=limit + rest,
        op=takes(limit + more),
        rest=takes(60),
    )

    run.needs_note("answered")
    run.raises("TimeoutError", rule=OWN)
    run.ends_at(limit + rest, OWN)


@law("nothing-left")
@cases(count=12, **TOO_SLOW, given=GIVEN_SLOW + "; and with a limit that is longer")
def test_nothing_is_left_running(play, limit, more):
    whole = in_time(play, limit, more)
    with whole.given():
        whole.returns_answers_of("op")
    whole.leaves_nothing(threads=True)

    late = too_slow(play, limit, more, 0.25)
    late.needs_operations("op")
    late.leaves_nothing(threads=True)


NO_TIMER = "When the call is over no timer of its limit may be left"


@law("no-timer-left")
@cases(
    count=8,
    **IN_TIME,
    given=GIVEN_IN_TIME + "; the caller goes on with something else",
    examples=[{"take": 1.0, "spare": 1.0}],
)
def test_the_limit_does_not_disturb_what_comes_after(play, take, spare):
    run = play(
        "ask_and_go_on",
        limit=take + spare,
        default=DEFAULT,
        op=takes(take),
        rest=takes(10),
    )

    run.needs_note("answered")
    run.must_return(NO_TIMER)


@law("no-timer-left")
@cases(
    count=8,
    **IN_TIME,
    given=GIVEN_IN_TIME + "; it answers, or fails, or the caller is cancelled, or it "
    "is too slow",
    examples=[{"take": 1.0, "spare": 1.0}],
)
def test_no_timer_is_left(play, take, spare):
    whole = in_time(play, take, spare)
    with whole.given():
        whole.returns_answers_of("op")
    limit = take + spare
    ways = [
        {"op": takes(take)},
        {"op": fails(take)},
        {"op": takes(take), "cancel_at": 1},
        {"op": takes(limit + 1)},
    ]
    for way in ways:
        run = play("ask_and_look_at_timers", limit=limit, default=DEFAULT, **way)
        run.leaves_no_timer(NO_TIMER)


@law("no-complaints")
@cases(
    count=8,
    **TOO_SLOW,
    given=GIVEN_SLOW + "; or it answers, fails, or fails when it is cancelled; "
    "and a call with a limit of 0 comes first",
)
def test_python_has_nothing_to_complain_of(play, limit, more):
    whole = in_time(play, limit, more)
    with whole.given():
        whole.returns_answers_of("op")
    ways = [
        takes(limit / 2),
        fails(limit / 2),
        takes(limit + more),
        refuses_to_stop(limit + more, "OpError", 0.25),
    ]
    for op in ways:
        for scenario in ("ask", "ask_after_refusal"):
            run = play(scenario, limit=limit, default=DEFAULT, op=op, collect=True)
            run.warns_nothing()


@law("never-blocks")
@cases(count=8, **TOO_SLOW, given=GIVEN_SLOW + "; and with a limit that is longer")
def test_the_event_loop_is_never_blocked(play, limit, more):
    whole = in_time(play, limit, more)
    with whole.given():
        whole.returns_answers_of("op")
    whole.never_blocks()

    too_slow(play, limit, more).never_blocks()


@law("own-limits")
@cases(
    count=12,
    limits=sampled([[1.0, 3.0], [3.0, 1.0], [2.0, 2.5], [0.5, 4.0]]),
    left=seconds(0.75, 4.25, 0.5),
    right=seconds(0.75, 4.25, 0.5),
    given="two calls at once with limits of {limits} s, whose ops take {left} s "
    "and {right} s",
    assume=lambda limits, left, right: left not in limits and right not in limits,
    examples=[{"limits": [1.0, 3.0], "left": 1.75, "right": 1.75}],
)
def test_two_calls_at_once_have_a_limit_each(play, limits, left, right):
    alone = [
        play("ask", limit=limit, default=DEFAULT, op=takes(take))
        for limit, take in zip(limits, (left, right), strict=True)
    ]
    for each in alone:
        with each.given():
            each.must_return("A call that is alone must return")

    run = play(
        "ask_twice",
        limits=limits,
        default=DEFAULT,
        left=takes(left),
        right=takes(right),
    )

    rule = "Two calls at once must have a limit each"
    run.must_return(rule)
    run.returns(
        [
            first_answer(run, name) if take < limit else DEFAULT
            for name, limit, take in zip(
                ("left", "right"), limits, (left, right), strict=True
            )
        ],
        rule,
    )


def first_answer(run, name):
    answered = run.answered(name)
    return (
        answered[0].value
        if answered
        else wire.Opaque(f"answer of {name}()", "that never came")
    )


@law("second-loop")
@cases(
    count=6,
    **TOO_SLOW,
    given=GIVEN_SLOW + "; under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, limit, more):
    once = too_slow(play, limit, more)
    once.needs_operations("op")
    with once.given():
        once.must_return("A call that is alone must return")

    run = play("ask_in_two_loops", limit=limit, default=DEFAULT, op=takes(limit + more))

    run.works_on_second_loop(2 * once.duration)
