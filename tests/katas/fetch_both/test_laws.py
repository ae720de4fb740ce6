from grader.judge.cases import cases, law
from grader.judge.draws import sampled, seconds
from grader.world.rules import TOKEN, Failing, after, answers, asynchronous, cleans_up

TAKES = {"left": seconds(0.5, 4, 0.5), "right": seconds(0.5, 4, 0.5)}
UNEVEN = [{"left": 2.0, "right": 1.0}, {"left": 1.0, "right": 2.0}]
PAIR = "left takes {left} s, right takes {right} s"
SIDES = ("left", "right")


def takes(time, gives=TOKEN):
    return asynchronous(after(time, gives))


def takes_or_cleans_up(time, cleanup):
    cancelled = cleans_up(cleanup) if cleanup else None
    return asynchronous(after(time, cancelled=cancelled))


def fails(time):
    return asynchronous(after(time, fails=Failing("FetchError", "no answer")))


CLEANUP_FAILS = answers(fails=Failing("FetchError", "cleanup failed"))


def fails_in_cleanup(time):
    return asynchronous(after(time, cancelled=CLEANUP_FAILS))


def fails_anyway(time):
    """Fails when its time is up, and in its cleanup when it is cancelled before."""
    failing = Failing("FetchError", "no answer")
    return asynchronous(after(time, fails=failing, cancelled=CLEANUP_FAILS))


def starts_both_at_once(run):
    rule = "Both must start at once"
    run.begins_at("left", [0], rule)
    run.begins_at("right", [0], rule)


def one_fails(left, right, bad, cleanup=0):
    """The side called `bad` fails when its time is up; the other would go on."""
    times = {"left": left, "right": right}
    sides = {side: takes_or_cleans_up(times[side], cleanup) for side in SIDES}
    return sides | {bad: fails(times[bad])}


@law("both-at-once")
@cases(count=16, **TAKES, given=PAIR, examples=UNEVEN)
def test_both_start_at_once(play, left, right):
    run = play("fetch_pair", left=takes(left), right=takes(right))

    starts_both_at_once(run)


@law("ends-with-slower")
@cases(count=16, **TAKES, given=PAIR, examples=UNEVEN)
def test_the_call_returns_when_the_slower_one_is_done(play, left, right):
    run = play("fetch_pair", left=takes(left), right=takes(right))

    with run.given():
        starts_both_at_once(run)
    run.takes(max(left, right), "The call must return when the slower one is done")


ANSWERS = "The result must be a tuple: the left answer, then the right one"


@law("left-then-right")
@cases(count=16, **TAKES, given=PAIR, examples=UNEVEN)
def test_the_left_answer_comes_first(play, left, right):
    run = play("fetch_pair", left=takes(left), right=takes(right))

    run.needs_operations("left")
    run.returns_answers_of(("left", "right"), ANSWERS)


@law("left-then-right")
@cases(
    count=12,
    **TAKES,
    answer=sampled([None, False, 0, ""]),
    given=PAIR + ", and left answers {answer!r}",
    examples=[{"left": 1.0, "right": 2.0, "answer": None}],
)
def test_none_is_an_answer_like_any_other(play, left, right, answer):
    run = play("fetch_pair", left=takes(left, answer), right=takes(right))

    run.needs_operations("left")
    run.returns_answers_of(("left", "right"), ANSWERS)


FAILURE = {**TAKES, "bad": sampled(SIDES)}
FAILING = PAIR + ", {bad} fails"
FIRST_ERROR = "The first error must come out, bare and at its moment"


@law("first-error-out")
@cases(
    count=20,
    **FAILURE,
    given=FAILING,
    examples=[
        {"left": 4.0, "right": 1.0, "bad": "right"},
        {"left": 1.0, "right": 4.0, "bad": "left"},
        {"left": 1.0, "right": 4.0, "bad": "right"},
    ],
)
def test_the_error_comes_out_bare_at_its_moment(play, left, right, bad):
    run = play("fetch_pair", **one_fails(left, right, bad))

    run.raises(run.first_failed(SIDES), at_its_moment=True, rule=FIRST_ERROR)


@law("first-error-out")
@cases(
    count=12,
    **TAKES,
    given=PAIR + ", both fail",
    assume=lambda left, right: left != right,
    examples=UNEVEN,
)
def test_of_two_errors_the_first_comes_out(play, left, right):
    run = play("fetch_pair", left=fails(left), right=fails(right))

    run.raises(run.first_failed(SIDES), at_its_moment=True, rule=FIRST_ERROR)


@law("first-error-out")
@cases(count=4, time=TAKES["left"], given="both fail after {time} s")
def test_of_two_errors_at_one_instant_either_comes_out(play, time):
    run = play("fetch_pair", left=fails(time), right=fails(time))

    failed = run.first_failed(SIDES)
    run.raises(
        "FetchError", rule="When both fail at once, one error must come out bare"
    )
    run.ends_when(failed, "The error must come out at its moment")


@law("first-error-out")
@cases(
    count=12,
    **TAKES,
    given=PAIR + "; the first to end fails, and so does the cleanup of the other",
    assume=lambda left, right: left != right,
    examples=UNEVEN,
)
def test_an_error_in_the_cleanup_of_the_other_does_not_come_out(play, left, right):
    run = play("fetch_pair", left=fails_anyway(left), right=fails_anyway(right))

    run.raises(run.first_failed(SIDES), at_its_moment=True, rule=FIRST_ERROR)


def other_runs_on(left, right, bad, **_):
    return left < right if bad == "left" else right < left


@law("error-cancels-other")
@cases(
    count=20,
    **FAILURE,
    cleanup=sampled([0, 0.5, 1]),
    given=FAILING + "; the other needs {cleanup} s to clean up",
    assume=other_runs_on,
    examples=[
        {"left": 1.0, "right": 3.0, "bad": "left", "cleanup": 0.5},
        {"left": 3.0, "right": 1.0, "bad": "right", "cleanup": 0.5},
    ],
)
def test_an_error_cancels_the_other_one(play, left, right, bad, cleanup):
    run = play("fetch_pair", **one_fails(left, right, bad, cleanup))

    with run.given():
        starts_both_at_once(run)
    run.cancels_rest(
        SIDES, "An error must cancel the other one and wait for it to finish"
    )
    run.ends_at(
        min(left, right) + cleanup,
        "The error must come out when the other one has finished its cleanup",
    )


@law("cancel-both")
@cases(
    count=16,
    **TAKES,
    left_cleanup=sampled([0, 0.5]),
    right_cleanup=sampled([0, 0.5]),
    given=PAIR
    + ", the caller is cancelled; left needs {left_cleanup} s to clean up, "
    + "right {right_cleanup} s",
    examples=[
        {"left": 2.0, "right": 2.0, "left_cleanup": 0, "right_cleanup": 0},
        {"left": 0.5, "right": 1.0, "left_cleanup": 0.5, "right_cleanup": 0.5},
    ],
)
def test_cancelling_the_caller_cancels_both(
    play, left, right, left_cleanup, right_cleanup
):
    sides = {
        "left": takes_or_cleans_up(left, left_cleanup),
        "right": takes_or_cleans_up(right, right_cleanup),
    }
    whole = play("fetch_pair", **sides)
    with whole.given():
        starts_both_at_once(whole)

    for run in play.sweep("fetch_pair", **sides):
        run.cancelled_cleanly(
            max(left_cleanup, right_cleanup), "Cancelling the caller must cancel both"
        )


@law("cancel-both")
@cases(
    count=8,
    **FAILURE,
    given=PAIR + ", the caller is cancelled; the cleanup of {bad} fails at once, "
    "that of the other takes 0.5 s",
    examples=[
        {"left": 2.0, "right": 2.0, "bad": "left"},
        {"left": 2.0, "right": 2.0, "bad": "right"},
    ],
)
def test_a_cleanup_that_fails_does_not_cut_the_other_short(play, left, right, bad):
    times = {"left": left, "right": right}
    sides = {side: takes_or_cleans_up(times[side], 0.5) for side in SIDES}
    sides[bad] = fails_in_cleanup(times[bad])
    whole = play("fetch_pair", **sides)
    with whole.given():
        starts_both_at_once(whole)

    for run in play.sweep("fetch_pair", **sides):
        run.cancelled_cleanly(0.5, "Cancelling the caller must cancel both")


@law("own-answers")
@cases(
    count=16,
    **TAKES,
    more=seconds(0.5, 2, 0.5),
    given="two calls at once: in one " + PAIR + ", in the other each {more} s longer",
)
def test_two_calls_at_once_do_not_mix_their_answers(play, left, right, more):
    first = {"first.left": takes(left), "first.right": takes(right)}
    second = {"second.left": takes(left + more), "second.right": takes(right + more)}
    alone = play("fetch_pair", left=takes(left), right=takes(right))
    with alone.given():
        alone.returns_answers_of(("left", "right"))

    run = play("fetch_two_pairs", **first, **second)

    run.returns_answers_of(
        [("first.left", "first.right"), ("second.left", "second.right")],
        "Two calls at once must not mix their answers",
    )


@law("nothing-left")
@cases(
    count=16,
    **FAILURE,
    given=FAILING,
    assume=other_runs_on,
    examples=[
        {"left": 1.0, "right": 3.0, "bad": "left"},
        {"left": 3.0, "right": 1.0, "bad": "right"},
    ],
)
def test_nothing_is_left_running(play, left, right, bad):
    whole = play("fetch_pair", left=takes(left), right=takes(right))
    with whole.given():
        whole.returns_answers_of(("left", "right"))
    whole.leaves_nothing(threads=True)

    failing = play("fetch_pair", **one_fails(left, right, bad, 0.25))
    failing.needs_operations("left")
    failing.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=16, **FAILURE, given=PAIR + ", {bad} fails, or both fail after {left} s")
def test_python_has_nothing_to_complain_of(play, left, right, bad):
    whole = play("fetch_pair", left=takes(left), right=takes(right), collect=True)
    with whole.given():
        whole.returns_answers_of(("left", "right"))
    whole.warns_nothing()

    failing = play("fetch_pair", **one_fails(left, right, bad), collect=True)
    failing.warns_nothing()

    both = play("fetch_pair", left=fails(left), right=fails(left), collect=True)
    both.warns_nothing()


@law("never-blocks")
@cases(count=12, **TAKES, given=PAIR)
def test_the_loop_is_never_blocked(play, left, right):
    run = play("fetch_pair", left=takes(left), right=takes(right))

    with run.given():
        run.returns_answers_of(("left", "right"))
    run.never_blocks()
