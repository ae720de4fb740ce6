from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.world.rules import (
    TOKEN,
    Failing,
    Plan,
    after,
    asynchronous,
    cleans_up,
    each,
    synchronous,
)

TAKE = seconds(0.25, 2, 0.25)
BASE = seconds(0.25, 2, 0.25)
FACTOR = sampled([1, 1.5, 2, 3])
TRIES = {"attempts": integers(1, 6), "take": TAKE, "base": BASE}
GIVEN = "attempts={attempts}, base={base}"
FAILS_ALWAYS = GIVEN + ", op always fails after {take} s"
FAILS_FIRST = GIVEN + ", op takes {take} s; failures before it answers: {failures}"


def fails(take, kind="OpError"):
    return after(take, fails=Failing(kind, "no answer"))


def always_fails(take, kind="OpError"):
    return asynchronous(fails(take, kind))


def fails_first(failures, take, gives=TOKEN):
    """Fail so many times, then answer."""
    return each([*[fails(take)] * failures, after(take, gives)])


def options(attempts, base, **more):
    return {"attempts": attempts, "base": base, **more}


def answers_in_time(attempts, failures, **_):
    return failures < attempts


def waits(attempts, base, factor=2.0, max_delay=60.0):
    return [min(max_delay, base * factor**k) for k in range(attempts - 1)]


FIRST_ANSWER = "The first answer must come back as it is"


@law("first-answer")
@cases(
    count=12,
    **TRIES,
    failures=integers(0, 5),
    answer=sampled([None, False, 0, "", []]),
    given=FAILS_FIRST + "; the answer is {answer!r}",
    assume=answers_in_time,
    examples=[
        {"attempts": 3, "take": 1.0, "base": 1.0, "failures": 0, "answer": None},
        {"attempts": 3, "take": 1.0, "base": 1.0, "failures": 1, "answer": 0},
        {"attempts": 5, "take": 1.0, "base": 1.0, "failures": 3, "answer": []},
    ],
)
def test_any_answer_is_an_answer(play, attempts, take, base, failures, answer):
    op = fails_first(failures, take, answer)

    run = play("call", options=options(attempts, base), op=op)

    run.needs_operations("op")
    run.succeeds("op", FIRST_ANSWER)
    run.returns(answer, FIRST_ANSWER)
    run.ends_when(run.answered("op")[0], FIRST_ANSWER + ", at its moment")


@law("first-answer")
@cases(
    count=12,
    **TRIES,
    failures=integers(0, 5),
    given=FAILS_FIRST,
    assume=answers_in_time,
)
def test_the_first_answer_comes_back_at_its_moment(
    play, attempts, take, base, failures
):
    op = fails_first(failures, take)

    run = play("call", options=options(attempts, base), op=op)

    run.needs_operations("op")
    run.begins_by("op", 0, "The first try must begin at once")
    run.returns_answers_of("op", FIRST_ANSWER)
    run.ends_with_the_last("op", "The first answer must come back at its moment")


@law("tries-counted")
@cases(
    count=16,
    **TRIES,
    given=FAILS_ALWAYS,
    examples=[
        {"attempts": 1, "take": 1.0, "base": 1.0},
        {"attempts": 3, "take": 1.0, "base": 1.0},
    ],
)
def test_op_is_called_attempts_times_if_it_always_fails(play, attempts, take, base):
    run = play("call", options=options(attempts, base), op=always_fails(take))

    run.called_times(
        attempts, "op", f"op must be called anew for each of {attempts} attempts"
    )


@law("tries-counted")
@cases(
    count=12,
    **TRIES,
    failures=integers(0, 5),
    given=FAILS_FIRST,
    assume=answers_in_time,
    examples=[{"attempts": 3, "take": 1.0, "base": 1.0, "failures": 2}],
)
def test_op_is_not_called_again_once_it_has_answered(
    play, attempts, take, base, failures
):
    op = fails_first(failures, take)

    run = play("call", options=options(attempts, base), op=op)

    run.called_times(
        failures + 1, "op", "op must be called until it answers, and not again"
    )
    run.at_most(1, "op", "One try must follow the other")


GROWING = GIVEN + ", factor={factor}, op always fails after {take} s"


@law("waits-grow")
@cases(
    count=20,
    attempts=integers(2, 6),
    take=TAKE,
    base=seconds(0, 2, 0.25),
    factor=FACTOR,
    given=GROWING,
    examples=[
        {"attempts": 4, "take": 0.5, "base": 1.0, "factor": 2},
        {"attempts": 5, "take": 1.0, "base": 0.5, "factor": 3},
        {"attempts": 3, "take": 1.0, "base": 0, "factor": 2},
        {"attempts": 3, "take": 1.0, "base": 0.1234, "factor": 1},
    ],
)
def test_the_wait_grows_by_the_factor(play, attempts, take, base, factor):
    run = play(
        "call",
        options=options(attempts, base, factor=factor, max_delay=10_000),
        op=always_fails(take),
    )

    run.pauses_between(
        "op",
        waits(attempts, base, factor, 10_000),
        "The wait after failed try k must be base * factor ** (k - 1) seconds",
    )


@law("waits-grow")
@cases(count=6, attempts=integers(2, 4), take=TAKE, base=BASE, given=FAILS_ALWAYS)
def test_the_factor_is_2_if_none_is_given(play, attempts, take, base):
    run = play("call", options=options(attempts, base), op=always_fails(take))

    run.pauses_between(
        "op", waits(attempts, base), "Without a factor each wait must be twice as long"
    )


@law("waits-capped")
@cases(
    count=16,
    attempts=integers(3, 8),
    take=TAKE,
    base=BASE,
    factor=sampled([1.5, 2, 3]),
    most=seconds(1, 8, 0.5),
    given=GROWING + ", max_delay={most}",
    assume=lambda attempts, base, factor, most, **_: (
        base * factor ** (attempts - 2) > most
    ),
    examples=[
        {"attempts": 5, "take": 1.0, "base": 1.0, "factor": 2, "most": 3.0},
        {"attempts": 3, "take": 1.0, "base": 2.0, "factor": 2, "most": 1.0},
    ],
)
def test_no_wait_is_longer_than_max_delay(play, attempts, take, base, factor, most):
    free = play(
        "call",
        options=options(attempts, base, factor=factor, max_delay=100_000),
        op=always_fails(take),
    )
    growing_alone(free, waits(attempts, base, factor, 100_000))

    run = play(
        "call",
        options=options(attempts, base, factor=factor, max_delay=most),
        op=always_fails(take),
    )

    run.pauses_between(
        "op",
        waits(attempts, base, factor, most),
        "No wait may be longer than max_delay",
    )


def growing_alone(run, wanted):
    """Raise `NotReached` unless the waits are right where nothing cuts them."""
    with run.given():
        run.pauses_between("op", wanted, "The waits must grow")


@law("waits-capped")
@cases(
    count=2,
    base=sampled([20.0, 50.0, 100.0]),
    given="attempts=5, base={base}, op always fails after 1 s",
)
def test_max_delay_is_60_if_none_is_given(play, base):
    free = play("call", options=options(5, base, max_delay=100_000), op=always_fails(1))
    growing_alone(free, waits(5, base, 2.0, 100_000))

    run = play("call", options=options(5, base), op=always_fails(1))

    run.pauses_between(
        "op", waits(5, base), "Without a max_delay no wait may be longer than 60 s"
    )


@law("no-last-wait")
@cases(
    count=12,
    **TRIES,
    given=FAILS_ALWAYS,
    examples=[
        {"attempts": 1, "take": 1.0, "base": 1.0},
        {"attempts": 3, "take": 1.0, "base": 1.0},
    ],
)
def test_there_is_no_wait_after_the_last_try(play, attempts, take, base):
    run = play("call", options=options(attempts, base), op=always_fails(take))

    run.needs_operations("op")
    run.ends_when(run.named("op")[-1], "After the last try there must be no wait")


@law("last-error-out")
@cases(
    count=12,
    **TRIES,
    given=FAILS_ALWAYS,
    examples=[
        {"attempts": 1, "take": 1.0, "base": 1.0},
        {"attempts": 3, "take": 1.0, "base": 1.0},
    ],
)
def test_the_error_of_the_last_try_comes_out(play, attempts, take, base):
    run = play("call", options=options(attempts, base), op=always_fails(take))

    run.needs_operations("op")
    run.raises(
        run.named("op")[-1], rule="The error of the last try must come out as it is"
    )


NOT_LISTED = "An error that is not listed in retry_on must come out at once"


@law("only-listed")
@cases(
    count=16,
    take=TAKE,
    base=BASE,
    listed=sampled(
        [
            ["NetworkError"],
            ["TimeoutError", "NetworkError"],
            ["LookupError", "TimeoutError"],
            [],
        ]
    ),
    failures=integers(0, 2),
    given="attempts=5, base={base}, retry_on={listed}; op raises listed errors "
    "{failures} times and then an OpError, after {take} s each",
    assume=lambda listed, failures, **_: bool(listed) or not failures,
    examples=[
        {"take": 1.0, "base": 1.0, "listed": ["NetworkError"], "failures": 0},
        {"take": 1.0, "base": 1.0, "listed": ["NetworkError"], "failures": 2},
        {"take": 1.0, "base": 1.0, "listed": [], "failures": 0},
    ],
)
def test_an_error_that_is_not_listed_comes_out_at_once(
    play, take, base, listed, failures
):
    kinds = [listed[n % len(listed)] for n in range(failures)]
    op = each([*[fails(take, kind) for kind in kinds], fails(take)])

    run = play("call", options=options(5, base, retry_on=listed), op=op)

    run.called_times(failures + 1, "op", NOT_LISTED)
    run.raises(run.named("op")[-1], at_its_moment=True, rule=NOT_LISTED)


@law("only-listed")
@cases(
    count=12,
    take=TAKE,
    base=BASE,
    kinds=lists(sampled(["NetworkError", "ResetError", "TimeoutError"]), 1, 3),
    given="attempts=5, base={base}, retry_on=['NetworkError', 'TimeoutError']; op "
    "raises {kinds}, where ResetError is derived from NetworkError, and then answers",
    examples=[{"take": 1.0, "base": 1.0, "kinds": ["ResetError"]}],
)
def test_a_listed_error_is_tried_again(play, take, base, kinds):
    op = each([*[fails(take, kind) for kind in kinds], after(take)])
    listed = ["NetworkError", "TimeoutError"]

    run = play("call", options=options(5, base, retry_on=listed), op=op)

    run.called_times(
        len(kinds) + 1,
        "op",
        "An error listed in retry_on, or derived from one, must be tried again",
    )


JITTER = {
    "attempts": integers(2, 5),
    "take": TAKE,
    "base": BASE,
    "most": seconds(1, 6, 0.5),
    "gives": lists(seconds(0, 9, 0.75), 4, 4),
}


@law("jitter")
@cases(
    count=16,
    **JITTER,
    given=FAILS_ALWAYS + ", max_delay={most}; jitter returns {gives}",
    examples=[
        {
            "attempts": 4,
            "take": 1.0,
            "base": 1.0,
            "most": 3.0,
            "gives": [0.75, 2.25, 6.0, 1.5],
        }
    ],
)
def test_jitter_makes_the_wait(play, attempts, take, base, most, gives):
    tries = options(attempts, base, max_delay=most)
    plain = play("call", options=tries, op=always_fails(take))
    wanted = waits(attempts, base, 2.0, most)
    growing_alone(plain, wanted)
    jitter = synchronous(lambda call: Plan(gives=gives[min(call.nth, 3)]))

    run = play("call", options=tries, op=always_fails(take), jitter=jitter)

    run.starts_in_order(
        "jitter", wanted, "jitter must be called with the wait that was worked out"
    )
    run.called_at_most(
        max(1, len(run.named("op")) - 1), "jitter", "jitter must be called once a wait"
    )
    run.pauses_between("op", gives, "The wait must be what jitter returned")


@law("bad-numbers")
@cases(
    count=12,
    attempts=integers(-2, 3),
    base=seconds(-2, 2, 0.5),
    factor=sampled([-1, 0, 0.5, 0.99, 1, 2]),
    given=GIVEN + ", factor={factor}",
    assume=lambda attempts, base, factor: attempts < 1 or base < 0 or factor < 1,
    examples=[
        {"attempts": 0, "base": 1.0, "factor": 2},
        {"attempts": 3, "base": -0.5, "factor": 2},
        {"attempts": 3, "base": 1.0, "factor": 0.99},
        {"attempts": 1, "base": -1.0, "factor": 2},
    ],
)
def test_bad_numbers_are_refused(play, attempts, base, factor):
    run = play(
        "call_counting_calls",
        options=options(attempts, base, factor=factor),
        called=synchronous(),
        op=asynchronous(after(1)),
    )

    run.refuses(
        "ValueError",
        "attempts below 1, a base below 0 or a factor below 1 must raise ValueError, "
        "and op must not be called",
    )


@law("cancel-clean")
@cases(
    count=12,
    attempts=integers(2, 4),
    take=TAKE,
    base=BASE,
    cleanup=sampled([0, 0.25]),
    given=FAILS_ALWAYS + " and needs {cleanup} s to clean up; the caller is cancelled",
    examples=[{"attempts": 3, "take": 1.0, "base": 1.0, "cleanup": 0}],
)
def test_a_cancellation_comes_out_and_op_is_not_called_again(
    play, attempts, take, base, cleanup
):
    cancelled = cleans_up(cleanup) if cleanup else None
    failing = Failing("OpError", "no answer")
    op = asynchronous(after(take, fails=failing, cancelled=cancelled))

    for run in play.sweep("call", options=options(attempts, base), op=op):
        run.begins_nothing_after_cancel("op", "A cancellation must not be tried again")
        run.cancelled_cleanly(cleanup, "A cancellation must come out")


WHOLE = {
    "attempts": integers(2, 4),
    "take": TAKE,
    "base": BASE,
    "given": FAILS_ALWAYS + ", or fails once and then answers",
}


def good(play, take, base, **more):
    """A call whose second try answers."""
    run = play("call", options=options(3, base), op=fails_first(1, take), **more)
    run.needs_operations("op", 2)
    with run.given():
        run.must_return("It must return")
    return run


def in_vain(play, attempts, take, base, **more):
    """A call whose tries all fail."""
    op = always_fails(take)
    return play("call", options=options(attempts, base), op=op, **more)


@law("nothing-left")
@cases(count=8, **WHOLE)
def test_nothing_is_left_running(play, attempts, take, base):
    good(play, take, base).leaves_nothing(threads=True)
    in_vain(play, attempts, take, base).leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=8, **WHOLE)
def test_python_has_nothing_to_complain_of(play, attempts, take, base):
    good(play, take, base, collect=True).warns_nothing()
    in_vain(play, attempts, take, base, collect=True).warns_nothing()


@law("never-blocks")
@cases(count=8, **WHOLE)
def test_the_event_loop_is_never_blocked(play, attempts, take, base):
    good(play, take, base).never_blocks()
    in_vain(play, attempts, take, base).never_blocks()


@law("own-tries")
@cases(
    count=8,
    attempts=integers(1, 4),
    take=TAKE,
    base=BASE,
    given="two calls at once with " + FAILS_ALWAYS,
    examples=[{"attempts": 2, "take": 1.0, "base": 1.0}],
)
def test_two_calls_at_once_count_their_tries_apart(play, attempts, take, base):
    alone = in_vain(play, attempts, take, base)
    with alone.given():
        alone.called_times(attempts, "op")
        alone.raises("OpError", group=None)

    run = play(
        "call_twice",
        options=options(attempts, base),
        left=always_fails(take),
        right=always_fails(take),
    )

    rule = "Two calls at once must count their tries apart"
    run.called_times(attempts, "left", rule)
    run.called_times(attempts, "right", rule)
    run.shares_nothing(alone.duration, rule)


@law("second-loop")
@cases(
    count=4,
    attempts=integers(2, 3),
    take=TAKE,
    base=BASE,
    given=FAILS_ALWAYS + "; under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, attempts, take, base):
    once = in_vain(play, attempts, take, base)
    once.needs_operations("op")
    with once.given():
        once.raises("OpError", group=None)

    run = play(
        "call_in_two_loops", options=options(attempts, base), op=always_fails(take)
    )

    run.works_on_second_loop(2 * once.duration)
