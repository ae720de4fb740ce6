from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.world.rules import (
    Failing,
    Plan,
    after,
    answers,
    by_argument,
    cleans_up,
    synchronous,
)

NAMES = ["mail", "disk", "dns", "news", "cpu", "backup", "audit"]
TIME = seconds(0.5, 4, 0.5)
TAKES = lists(TIME, 1, 7)
BAD = lists(integers(0, 6), 0, 3, unique=True)
JOBS = "jobs that take {takes} s"
FAILING = JOBS + "; numbers that fail (from 0): {bad}"
FAILURES = {"takes": TAKES, "bad": BAD}
ONE_FAILS = {"takes": [2.0, 1.0, 3.0], "bad": [1]}
FIRST_FAILS = {"takes": [0.5, 4.0], "bad": [0]}
ALL_FAIL = {"takes": [2.0, 1.0], "bad": [0, 1]}
TEN = {"takes": [1.0 + number % 3 for number in range(15)], "bad": []}

AT_ONCE = "All jobs must start at once, and each must be called once"
CANCELS = "Cancelling the caller must cancel every job"
COMES_OUT = "CancelledError must come out, whatever the jobs do about it"


def names(takes):
    return (NAMES + [f"job-{number}" for number in range(len(takes))])[: len(takes)]


def by_name(plans):
    return by_argument(dict(zip(names(plans), plans, strict=True)))


def some_fail(takes, bad, cleanup=0, error="JobError"):
    """Jobs that take so long; those at the places `bad` fail when their time is up."""
    cancelled = cleans_up(cleanup) if cleanup else None
    failing = Failing(error, "no answer")
    return by_name(
        [
            after(take, fails=failing if place in bad else None, cancelled=cancelled)
            for place, take in enumerate(takes)
        ]
    )


def are_places(takes, bad, **_):
    return all(place < len(takes) for place in bad)


def some_are_bad(takes, bad, **_):
    return bool(bad) and are_places(takes, bad)


def starts_all_at_once(run, number):
    run.begins_at("job", [0] * number, AT_ONCE)


def ok(value):
    return wire.Record("Ok", [("value", value)])


def err(error):
    return wire.Record("Err", [("error", error)])


def is_ok(run, name, rule):
    run.returns_under(name, ok(run.answer("job", name)), rule)


def all_are_ok(run, takes):
    for name in names(takes):
        is_ok(run, name, "What a job returns must be Ok")


@law("all-at-once")
@cases(
    count=24,
    **FAILURES,
    given=FAILING,
    assume=are_places,
    examples=[ONE_FAILS, ALL_FAIL, TEN],
)
def test_all_jobs_start_at_once(play, takes, bad):
    run = play("run_jobs", names=names(takes), job=some_fail(takes, bad))

    starts_all_at_once(run, len(takes))


@law("ends-with-last")
@cases(
    count=24,
    **FAILURES,
    given=FAILING,
    assume=are_places,
    examples=[ONE_FAILS, FIRST_FAILS],
)
def test_the_call_returns_when_the_last_job_is_done(play, takes, bad):
    run = play("run_jobs", names=names(takes), job=some_fail(takes, bad))

    with run.given():
        run.needs_operations("job", len(takes))
        run.begins_at("job", [0] * len(run.operations("job")), AT_ONCE)
    run.takes(max(takes), "The call must return when the last job is done")


@law("every-name")
@cases(
    count=24,
    **FAILURES,
    given=FAILING,
    assume=are_places,
    examples=[ONE_FAILS, ALL_FAIL],
)
def test_every_name_is_there_in_the_order_of_the_mapping(play, takes, bad):
    run = play("run_jobs", names=names(takes), job=some_fail(takes, bad))

    run.returns_keys(
        names(takes),
        "The result must name every job, in the order of the mapping",
    )


@law("every-name")
@cases(given="no jobs")
def test_no_jobs_give_an_empty_dict(play):
    run = play("run_jobs", names=[], job=some_fail([], []))

    run.returns_keys([], "No jobs must give {}")


@law("answers-are-ok")
@cases(count=16, takes=TAKES, given=JOBS, examples=[{"takes": [2.0, 1.0]}])
def test_what_a_job_returns_is_ok(play, takes):
    run = play("run_jobs", names=names(takes), job=some_fail(takes, []))

    run.needs_operations("job")
    all_are_ok(run, takes)


@law("answers-are-ok")
@cases(
    count=8,
    takes=TAKES,
    answer=sampled([None, False, 0, ""]),
    given=JOBS + " and return {answer!r}",
    examples=[
        {"takes": [2.0, 1.0], "answer": None},
        {"takes": [2.0, 1.0], "answer": 0},
    ],
)
def test_an_answer_that_is_nothing_is_ok(play, takes, answer):
    job = by_name([after(take, answer) for take in takes])

    run = play("run_jobs", names=names(takes), job=job)

    run.needs_operations("job")
    all_are_ok(run, takes)


@law("answers-are-ok")
@cases(
    count=12,
    takes=TAKES,
    given=JOBS + "; the first of them returns an exception object",
    examples=[{"takes": [2.0, 1.0]}],
)
def test_an_exception_object_that_is_returned_is_ok(play, takes):
    returning = names(takes)[0]

    run = play(
        "run_jobs",
        names=names(takes),
        returning=[returning],
        job=some_fail(takes, []),
    )

    run.needs_operations("job")
    error = wire.Handle(f"an error that {returning} returned")
    run.returns_under(returning, ok(error), "An error that is only returned must be Ok")


@law("errors-are-err")
@cases(
    count=24,
    **FAILURES,
    given=FAILING,
    assume=some_are_bad,
    examples=[ONE_FAILS, FIRST_FAILS, ALL_FAIL],
)
def test_what_a_job_raises_is_err(play, takes, bad):
    run = play("run_jobs", names=names(takes), job=some_fail(takes, bad))

    run.needs_operations("job")
    for place in bad:
        rule = "What a job raises must be Err, with that very error"
        name = names(takes)[place]
        run.returns_under(name, err(run.error("job", name)), rule)


@law("refusal-is-err")
@cases(
    count=16,
    takes=lists(TIME, 2, 6),
    bad=integers(0, 5),
    given=JOBS + ", but the call of number {bad} (from 0) raises at once",
    assume=lambda takes, bad: bad < len(takes),
    examples=[{"takes": [2.0, 1.0], "bad": 0}, {"takes": [2.0, 1.0], "bad": 1}],
)
def test_a_job_that_raises_when_it_is_called_is_err(play, takes, bad):
    refusing = names(takes)[bad]
    others = [name for name in names(takes) if name != refusing]
    whole = play("run_jobs", names=others, job=some_fail(takes, []))
    with whole.given():
        for name in others:
            is_ok(whole, name, "What a job returns must be Ok")

    run = play(
        "run_jobs",
        names=names(takes),
        refusing=[refusing],
        job=some_fail(takes, []),
        refuse=synchronous(Plan(fails=Failing("JobError", "not today"))),
    )

    rule = "A job that raises as soon as it is called must be Err like any other"
    run.returns_under(refusing, err(run.error("refuse", refusing)), rule)
    for name in others:
        is_ok(run, name, rule)


ANY_CANCELLATION = wire.Opaque("CancelledError")


@law("own-cancel")
@cases(
    count=16,
    takes=TAKES,
    bad=integers(0, 6),
    given=JOBS + "; number {bad} (from 0) raises CancelledError by itself",
    assume=lambda takes, bad: bad < len(takes),
    examples=[{"takes": [1.0, 3.0], "bad": 0}, {"takes": [3.0, 1.0], "bad": 1}],
)
def test_a_job_that_is_cancelled_by_itself_is_err(play, takes, bad):
    whole = play("run_jobs", names=names(takes), job=some_fail(takes, []))
    with whole.given():
        all_are_ok(whole, takes)

    job = some_fail(takes, [bad], error="CancelledError")
    run = play("run_jobs", names=names(takes), job=job)

    rule = "A job that is cancelled by itself must be Err, and the others must go on"
    run.returns_under(names(takes)[bad], err(ANY_CANCELLATION), rule)
    for place, name in enumerate(names(takes)):
        if place != bad:
            is_ok(run, name, rule)


@law("cancel-comes-out")
@cases(
    count=12,
    takes=lists(TIME, 1, 4),
    bad=lists(integers(0, 3), 0, 2, unique=True),
    cleanup=sampled([0, 0.5]),
    given=FAILING + "; the caller is cancelled, cleaning up takes {cleanup} s",
    assume=are_places,
    examples=[
        {"takes": [2.0, 2.0], "bad": [], "cleanup": 0},
        {"takes": [2.0, 2.0], "bad": [], "cleanup": 0.5},
        {"takes": [1.0, 2.0], "bad": [0], "cleanup": 0.5},
    ],
)
def test_a_caller_that_is_cancelled_gets_no_outcomes(play, takes, bad, cleanup):
    job = some_fail(takes, bad, cleanup)
    whole = play("run_jobs", names=names(takes), job=job)
    with whole.given():
        starts_all_at_once(whole, len(takes))

    for run in play.sweep("run_jobs", names=names(takes), job=job):
        run.cancelled_cleanly(cleanup, CANCELS)
        run.raises("CancelledError", rule=COMES_OUT)
        run.lets_clean_up("job", "A job that is cancelled must finish its cleanup")


@law("cancel-comes-out")
@cases(
    count=8,
    takes=lists(TIME, 1, 4),
    odd=integers(0, 3),
    does=sampled(["raises an error", "returns a value"]),
    given=JOBS + " and 0.5 s to clean up; the caller is cancelled, and number {odd} "
    "(from 0) {does} in answer to that",
    assume=lambda takes, odd, **_: odd < len(takes),
    examples=[
        {"takes": [2.0, 2.0], "odd": 0, "does": "raises an error"},
        {"takes": [2.0, 2.0], "odd": 0, "does": "returns a value"},
    ],
)
def test_whatever_the_jobs_do_the_cancellation_comes_out(play, takes, odd, does):
    plans = [after(take, cancelled=cleans_up(0.5)) for take in takes]
    failing = Failing("JobError", "cleanup failed")
    plans[odd] = plans[odd].but(
        cancelled=answers(0.25, "late")
        if does == "returns a value"
        else answers(0.25, fails=failing)
    )
    whole = play("run_jobs", names=names(takes), job=by_name(plans))
    with whole.given():
        starts_all_at_once(whole, len(takes))

    for run in play.sweep("run_jobs", names=names(takes), job=by_name(plans)):
        run.cancelled_cleanly(0.5, CANCELS)
        run.raises("CancelledError", rule=COMES_OUT)
        run.lets_clean_up("job", "A job that is cancelled must finish its cleanup")


@law("own-outcomes")
@cases(
    count=12,
    takes=lists(TIME, 1, 4),
    more=seconds(0.5, 2, 0.5),
    given="two calls at once with the same names: in one " + JOBS + ", in the other "
    "each {more} s longer",
    examples=[{"takes": [1.0, 2.0], "more": 0.5}],
)
def test_two_calls_at_once_do_not_mix_their_outcomes(play, takes, more):
    alone = play("run_jobs", names=names(takes), job=some_fail(takes, []))
    with alone.given():
        all_are_ok(alone, takes)
    plans = {
        f"{side} {name}": after(take + extra)
        for side, extra in (("left", 0), ("right", more))
        for name, take in zip(names(takes), takes, strict=True)
    }

    run = play("run_side_by_side", names=names(takes), job=by_argument(plans))

    for name in plans:
        is_ok(run, name, "Two calls at once must not mix their outcomes")


@law("second-loop")
@cases(
    count=8,
    **FAILURES,
    given=FAILING + "; they are run under one event loop and then under another",
    assume=are_places,
    examples=[ONE_FAILS],
)
def test_it_works_again_under_a_second_loop(play, takes, bad):
    job = some_fail(takes, bad)
    once = play("run_jobs", names=names(takes), job=job)
    with once.given():
        once.returns_keys(names(takes), "The result must name every job")

    run = play("run_in_two_loops", names=names(takes), job=job)

    run.works_on_second_loop(2 * once.duration)


@law("nothing-left")
@cases(
    count=12,
    takes=lists(TIME, 1, 4),
    given=JOBS + ", once to the end; then the first fails, and once more the caller is "
    "cancelled",
    examples=[{"takes": [1.0, 3.0]}],
)
def test_nothing_is_left_running(play, takes):
    whole = play("run_jobs", names=names(takes), job=some_fail(takes, []))
    with whole.given():
        all_are_ok(whole, takes)
    whole.leaves_nothing(threads=True)

    job = some_fail(takes, [0], 0.25)
    play("run_jobs", names=names(takes), job=job).leaves_nothing(threads=True)

    cancelled = play("run_jobs", names=names(takes), job=job, cancel_at=1)
    cancelled.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=12,
    takes=lists(TIME, 2, 4, unique=True),
    given=JOBS + "; the first of them to end fails, and in another run the caller is "
    "cancelled after that",
    examples=[{"takes": [1.0, 3.0]}],
)
def test_python_has_nothing_to_complain_of(play, takes):
    whole = play("run_jobs", names=names(takes), job=some_fail(takes, []), collect=True)
    with whole.given():
        all_are_ok(whole, takes)
    whole.warns_nothing()

    job = some_fail(takes, [takes.index(min(takes))])
    play("run_jobs", names=names(takes), job=job, collect=True).warns_nothing()

    cancelled = play("run_jobs", names=names(takes), job=job, collect=True, cancel_at=2)
    cancelled.warns_nothing()


@law("never-blocks")
@cases(count=12, takes=TAKES, given=JOBS)
def test_the_loop_is_never_blocked(play, takes):
    run = play("run_jobs", names=names(takes), job=some_fail(takes, []))

    with run.given():
        all_are_ok(run, takes)
    run.never_blocks()
