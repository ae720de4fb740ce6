from itertools import pairwise

from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import lists, sampled, seconds, tuples
from grader.world.rules import (
    Failing,
    after,
    answers,
    asynchronous,
    by_argument,
    cleans_up,
    synchronous,
)
from grader.world.script import script, step

KEYS = "abcdef"
TAKES = lists(seconds(0.5, 3, 0.5), 1, 5)
GIVEN = "tasks that take {takes} s"
ON_ERROR = {"on_error": synchronous()}

SPANS = lists(tuples(sampled([0, 0, 0.5, 1.5]), seconds(0.5, 3, 0.5)).map(list), 1, 5)
SPAWNED = "tasks a, b and so on, each [spawned at, takes] = {spans} s"


def split(spans):
    """Return the first of each pair, and the second."""
    return [first for first, _ in spans], [second for _, second in spans]


# --- the cast -----------------------------------------------------------------


def plans(takes, bad=(), cleanups=()):
    """What becomes of each job; those of `bad` fail when their time is up."""
    made = {}
    for place, (key, take) in enumerate(zip(KEYS, takes, strict=False)):
        cleanup = cleanups[place] if place < len(cleanups) else 0
        made[key] = after(
            take,
            fails="JobError" if key in bad else None,
            cancelled=cleans_up(cleanup) if cleanup else None,
        )
    return made


def jobs(takes, bad=(), cleanups=()):
    return ON_ERROR | {"job": by_argument(plans(takes, bad, cleanups))}


def spawns(takes, times=()):
    """One step for each job: at these times, or all at 0 s."""
    begun = [times[place] if place < len(times) else 0 for place in range(len(takes))]
    pairs = sorted(zip(begun, KEYS, strict=False))
    return [step(at, "user", "call", "spawn", key) for at, key in pairs]


def drains(at, actor="drainer"):
    return step(at, actor, "call", "tasks.drain")


def closes(at, actor="closer"):
    return step(at, actor, "call", "tasks.aclose")


def looks(at):
    return step(at, "looker", "peek", "len(tasks)")


def collects(at):
    return step(at, "cleaner", "collect")


def error_of(operation):
    return wire.Handle(f"error {operation.token}")


def told_error(call):
    return call.args[1] if len(call.args) > 1 else None


def failed(run):
    return [each for each in run.named("job") if each.completed and each.failed]


# --- spawn --------------------------------------------------------------------


@law("starts-at-once")
@cases(
    count=12,
    spans=SPANS,
    given=SPAWNED,
    examples=[{"spans": [[0, 2.0], [0, 1.0]]}],
)
def test_spawn_starts_each_coroutine_at_once(play, spans):
    times, takes = split(spans)

    run = play("follow", steps=script(spawns(takes, times), looks(6)), **jobs(takes))

    rule = "spawn must start the coroutine at once"
    run.begins_at("job", sorted(times), rule)
    run.needs_operations("job", len(takes))


@law("task-result")
@cases(count=8, takes=TAKES, given=GIVEN, examples=[{"takes": [2.0, 1.0]}])
def test_a_task_gives_the_result_of_its_coroutine(play, takes):
    keys = list(KEYS[: len(takes)])

    run = play("results", keys=keys, **jobs(takes))

    rule = "await of the task must give what the coroutine returns"
    run.returns_answers("job", keys, rule)


@law("task-result")
@cases(count=4, takes=TAKES, given=GIVEN, examples=[{"takes": [1.0, 1.0]}])
def test_a_task_has_the_name_that_is_given(play, takes):
    keys = list(KEYS[: len(takes)])

    run = play("names", keys=keys, pause=asynchronous(after(4)), **jobs(takes))

    run.needs_operations("job", len(takes))
    run.returns([f"the {key}" for key in keys], "The task must have the name given")


HELD = "A task must be held until it has ended, even if nobody else does"
COLLECTED = ", held by nobody else; garbage is collected at {collected} s"


@law("held")
@cases(
    count=16,
    takes=TAKES,
    collected=lists(sampled([0.25, 0.75, 1.25, 2.25]), 1, 2, unique=True).map(sorted),
    given=GIVEN + COLLECTED,
    assume=lambda takes, collected: collected[0] < max(takes),
    examples=[{"takes": [2.0], "collected": [1.0]}],
)
def test_a_task_that_nobody_else_holds_lives(play, takes, collected):
    end = looks(sum(takes) + 2)
    steps = script(spawns(takes), map(collects, collected), end)

    run = play("follow", steps=steps, **jobs(takes))

    run.loses_none("job", HELD)
    run.all_succeed("job", HELD)


@law("held")
@cases(
    count=4,
    take=seconds(1.5, 3, 0.5),
    given="a task that fails after {take} s" + COLLECTED.format(collected=1),
    examples=[{"take": 2.0}],
)
def test_a_task_that_nobody_else_holds_tells_its_error(play, take):
    setting = jobs([take], "a")
    plain = play("follow", steps=script(spawns([take]), looks(6)), **setting)
    plain.needs_operations("on_error")
    with plain.given():
        plain.once("on_error", ["a"])

    steps = script(spawns([take]), collects(1), looks(6))
    run = play("follow", steps=steps, **setting)

    run.loses_none("job", HELD)
    run.once("on_error", ["a"], HELD + ", and then its error is told")


# --- errors -------------------------------------------------------------------

FAILS = lists(sampled("abcd"), 1, 3, unique=True).map(sorted)
FAILING = "tasks a, b and so on that take {takes} s; {fails} fail in the end"


def are_there(takes, fails, **_):
    return fails[-1] in KEYS[: len(takes)]


@law("errors-told")
@cases(
    count=16,
    takes=TAKES,
    fails=FAILS,
    given=FAILING,
    assume=are_there,
    examples=[
        {"takes": [1.0], "fails": ["a"]},
        {"takes": [2.0, 1.0, 1.0], "fails": ["a", "c"]},
    ],
)
def test_each_error_is_told_once_when_it_happens(play, takes, fails):
    run = play("follow", steps=script(spawns(takes), looks(4)), **jobs(takes, fails))

    run.needs_operations("job", len(takes))
    rule = "on_error must be called once for each task that fails"
    run.once("on_error", fails, f"{rule}, with the task that spawn returned")
    errors = [error_of(each) for each in failed(run)]
    run.once("on_error", errors, f"{rule}, with its error", told_error)
    at = sorted(takes[KEYS.index(key)] for key in fails)
    run.begins_at("on_error", at, "on_error must be called when the task fails")


def tells_errors(play):
    """Raise `NotReached` unless the error of a task is told."""
    run = play("follow", steps=script(spawns([1]), looks(2)), **jobs([1], "a"))
    run.needs_operations("on_error")


@law("cancelled-no-error")
@cases(
    count=8,
    takes=lists(seconds(1.5, 3, 0.5), 1, 4),
    cleanup=sampled([0, 0.5]),
    given=GIVEN + "; the first is cancelled at 1 s, cleaning up takes {cleanup} s",
    examples=[{"takes": [2.0, 3.0], "cleanup": 0}],
)
def test_the_cancellation_of_a_task_is_no_error(play, takes, cleanup):
    tells_errors(play)
    stops = step(1, "user", "call", "cancel", "a")
    steps = script(spawns(takes), stops, looks(5))

    run = play(
        "follow_with_handler",
        steps=steps,
        handler=synchronous(),
        **jobs(takes, cleanups=[cleanup]),
    )

    is_cancelled(run, stops)
    run.needs_operations("job", len(takes))
    rule = "A cancellation is no error"
    run.nothing_happened("on_error", f"{rule}: on_error must not be called")
    run.nothing_happened("handler", f"{rule}: nothing must reach the loop's handler")


@law("cancelled-no-error")
@cases(
    count=4,
    takes=lists(seconds(1.5, 3, 0.5), 1, 4),
    given=GIVEN + "; aclose at 1 s",
    examples=[{"takes": [2.0, 3.0]}],
)
def test_the_cancellation_by_aclose_is_no_error(play, takes):
    tells_errors(play)

    run = play(
        "follow_with_handler",
        steps=script(spawns(takes), closes(1), looks(5)),
        handler=synchronous(),
        **jobs(takes),
    )

    run.needs_operations("job", len(takes))
    rule = "aclose cancels its tasks, and that is no error"
    run.nothing_happened("on_error", f"{rule}: on_error must not be called")
    run.nothing_happened("handler", f"{rule}: nothing must reach the loop's handler")


def others_go_on(takes, fails, **_):
    """Some fail, and somebody is still at it then."""
    bad = [take for key, take in zip(KEYS, takes, strict=False) if key in fails]
    good = [take for key, take in zip(KEYS, takes, strict=False) if key not in fails]
    return are_there(takes, fails) and bool(good) and min(bad) < max(good)


@law("error-alone")
@cases(
    count=10,
    takes=lists(seconds(0.5, 3, 0.5), 2, 5),
    fails=FAILS,
    given=FAILING + "; one more is spawned at 2.25 s",
    assume=others_go_on,
    examples=[{"takes": [1.0, 2.0], "fails": ["a"]}],
)
def test_an_error_stops_no_other_task(play, takes, fails):
    good = [key for key in KEYS[: len(takes)] if key not in fails]
    late = step(2.25, "user", "call", "spawn", "f")
    plan = plans(takes, fails) | {"f": after(1)}
    whole = play(
        "follow",
        steps=script(spawns(takes), looks(4)),
        **jobs(takes),
    )
    with whole.given():
        whole.all_succeed("job", "All tasks must go on to their end")

    run = play(
        "follow",
        steps=script(spawns(takes), late, looks(4)),
        **ON_ERROR | {"job": by_argument(plan)},
    )

    rule = "An error must stop no other task, and none that is spawned later"
    run.step_returns(late, rule)
    run.all_succeed("job", rule, [*good, "f"])


@law("on-error-raises")
@cases(
    count=10,
    takes=lists(seconds(0.5, 3, 0.5), 1, 5),
    fails=FAILS,
    given=FAILING + ", and on_error raises; drain at 0.25 s",
    assume=are_there,
    examples=[{"takes": [1.0, 2.0], "fails": ["a"]}],
)
def test_what_on_error_raises_goes_to_the_exception_handler(play, takes, fails):
    drain, look = drains(0.25), looks(4)
    steps = script(spawns(takes), drain, look)
    raising = synchronous(after(0, fails="ReportError"))
    plain = play("follow", steps=steps, **jobs(takes, fails))

    run = play(
        "follow_with_handler",
        steps=steps,
        handler=synchronous(),
        **jobs(takes, fails) | {"on_error": raising},
    )

    run.needs_operations("on_error")
    good = [key for key in KEYS[: len(takes)] if key not in fails]
    with plain.given():
        goes_on(plain, good, drain, look, max(takes))
    goes_on(run, good, drain, look, max(takes))
    raised = [error_of(each) for each in run.named("on_error")]
    rule = "What on_error raises must go to the loop's exception handler"
    run.once("handler", raised, rule)


def goes_on(run, good, drain, look, end):
    rule = "When on_error raises, all else must go on"
    if good:
        run.all_succeed("job", rule, good)
    run.step_returns(drain, rule)
    run.step_ends_at(drain, end, rule)
    run.step_gives(look, 0, rule)


# --- len ----------------------------------------------------------------------

LEN = "len must be the number of tasks that have not ended"


@law("len-counts")
@cases(
    count=14,
    spans=SPANS,
    given=SPAWNED + "; a fails in the end, b is cancelled at 1 s if it is on then",
    examples=[{"spans": [[0, 1.0]]}, {"spans": [[0, 1.0], [0, 2.0], [0, 3.0]]}],
)
def test_len_counts_the_tasks_that_have_not_ended(play, spans):
    times, takes = split(spans)
    on = {key: (at, at + take) for key, (at, take) in zip(KEYS, spans, strict=False)}
    stops = step(1, "boss", "call", "cancel", "b")
    stopped = "b" in on and on["b"][0] < 1 < on["b"][1]
    if stopped:
        on["b"] = on["b"][0], 1
    peeks = [looks(at) for at in (0.25, 1.25, 2.25, 5)]

    run = play(
        "follow",
        steps=script(spawns(takes, times), [stops] if stopped else [], peeks),
        **jobs(takes, "a"),
    )

    run.needs_operations("job")
    if stopped:
        is_cancelled(run, stops)
    for look in peeks:
        at = look.at / wire.NANOSECONDS
        count = sum(begun < at < ended for begun, ended in on.values())
        run.step_gives(look, count, LEN)


def is_cancelled(run, stops):
    """Raise `NotReached` unless there was a task to cancel."""
    with run.given():
        run.step_gives(stops, True, "spawn must return the task")  # noqa: FBT003


MANY = 2_000


@law("len-counts")
@cases(given=f"{MANY} tasks that end at once")
def test_len_is_0_after_very_many_tasks(play):
    run = play("spawn_many", count=MANY, pause=asynchronous(after(5)), **jobs([]))

    run.returns(0, "len must be 0 when all tasks have ended")


@law("forgets-ended")
@cases(given=f"{MANY} tasks that end at once")
def test_nothing_is_kept_of_a_task_that_has_ended(play):
    run = play("spawn_many", count=MANY, pause=asynchronous(after(5)), **jobs([]))

    with run.given():
        run.must_return("It must return")
    run.notes_at_most(
        "tasks still kept", 10, "Nothing may be kept of a task that has ended"
    )


# --- drain --------------------------------------------------------------------

DRAIN = "drain must end when the last task has ended"


def drained_at(begin, spans):
    """When no task is left, of those that are spawned while there is one."""
    end = begin
    while True:
        last = max([end, *(at + take for at, take in spans if at < end)])
        if last == end:
            return end
        end = last


def no_tie(spans):
    """No task is spawned in the instant in which all others have ended."""
    return drained_at(0.25, spans) not in [at for at, _ in spans]


@law("drain-waits")
@cases(
    count=16,
    spans=SPANS,
    given=SPAWNED + "; drain at 0.25 s",
    assume=no_tie,
    examples=[
        {"spans": [[0, 2.0], [0, 1.0]]},
        {"spans": [[0, 1.0], [0.5, 2.0]]},
        {"spans": [[1.5, 1.0]]},
    ],
)
def test_drain_ends_when_the_last_task_has_ended(play, spans):
    times, takes = split(spans)
    drain = drains(0.25)

    run = play(
        "follow", steps=script(spawns(takes, times), drain, looks(6)), **jobs(takes)
    )

    run.step_ends_at(drain, drained_at(0.25, spans), DRAIN)
    run.step_returns(drain, DRAIN)
    run.needs_operations("job")


@law("drain-waits")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 2, 4),
    given=GIVEN
    + ", each of them spawned by the one before, in its end; drain at 0.25 s",
    examples=[{"takes": [1.0, 1.0]}],
)
def test_drain_waits_for_tasks_that_tasks_spawn(play, takes):
    drain, again = drains(0.25), drains(0.5, "second drainer")
    follows = dict(pairwise(KEYS[: len(takes)]))
    begins = step(0, "user", "call", "spawn", "a")

    run = play(
        "follow",
        steps=script(begins, drain, again, looks(9)),
        follows=follows,
        **jobs(takes),
    )

    for each in (drain, again):
        run.step_ends_at(each, sum(takes), DRAIN + ", those that it spawns as well")
        run.step_returns(each, DRAIN)
    run.needs_operations("job", len(takes))


QUIET = "drain must raise none of the tasks' errors"


@law("drain-raises-nothing")
@cases(
    count=10,
    takes=lists(seconds(0.5, 3, 0.5), 2, 5),
    fails=FAILS,
    given=FAILING + "; b is cancelled at 0.25 s; drain at 0 s and at 9 s",
    assume=are_there,
    examples=[
        {"takes": [1.0, 2.0], "fails": ["a"]},
        {"takes": [1.0, 1.0, 1.0], "fails": ["a", "c"]},
    ],
)
def test_drain_raises_none_of_the_errors(play, takes, fails):
    drain, late = drains(0), drains(9)
    stops = step(0.25, "boss", "call", "cancel", "b")

    run = play(
        "follow",
        steps=script(spawns(takes), drain, stops, late),
        **jobs(takes, fails),
    )

    run.needs_operations("job", len(takes))
    run.step_returns(drain, QUIET)
    run.step_returns(late, QUIET)


@law("cancel-drain")
@cases(
    count=8,
    takes=lists(seconds(1.5, 3, 0.5), 1, 4),
    given=GIVEN + "; drain at 0.25 s, cancelled at 1 s; a second drain at 0.5 s",
    examples=[{"takes": [2.0, 3.0]}],
)
def test_a_cancelled_drain_ends_at_once_and_cancels_nobody(play, takes):
    drain, other = drains(0.25), drains(0.5, "second drainer")
    stops = step(1, "boss", "cancel", "drainer")

    run = play(
        "follow",
        steps=script(spawns(takes), drain, other, stops, looks(4)),
        **jobs(takes),
    )

    run.needs_operations("job", len(takes))
    run.needs_step_on(drain, stops)
    run.step_raises(drain, "CancelledError", "CancelledError must come out of drain")
    run.step_ends_at(drain, 1, "A cancelled drain must end at once")
    rule = "A cancelled drain must cancel nobody else"
    run.all_succeed("job", rule)
    run.step_returns(other, rule)


# --- aclose -------------------------------------------------------------------

CLOSE = "aclose must cancel every task and wait until all have ended"
ONCE = "aclose must not cancel a task a second time"


@law("aclose-cancels")
@cases(
    count=16,
    each=lists(tuples(seconds(0.5, 3, 0.5), sampled([0, 0.5, 1])).map(list), 1, 5),
    at=sampled([0.25, 1.25]),
    given="tasks a, b and so on, each [takes, cleans up for] = {each} s; "
    "aclose at {at} s",
    assume=lambda each, at: max(each)[0] > at,
    examples=[
        {"each": [[2.0, 0.5]], "at": 1.25},
        {"each": [[2.0, 1], [0.5, 1], [3.0, 0.5]], "at": 1.25},
    ],
)
def test_aclose_cancels_all_and_waits_for_their_cleanup(play, each, at):
    takes, cleanups = split(each)
    close = closes(at)

    run = play(
        "follow",
        steps=script(spawns(takes), close, looks(6)),
        **jobs(takes, cleanups=cleanups),
    )

    run.cancels_at("job", at, CLOSE)
    on = [cleanup for take, cleanup in each if take > at]
    run.step_ends_at(close, at + max(on), CLOSE)
    run.step_returns(close, "aclose must return when all tasks have ended")


@law("aclose-cancels")
@cases(
    count=5,
    late=sampled([0.25, 0.5, 1]),
    given="two tasks that take 3 s, aclose at 1 s; cancelled, one of them fails after "
    "{late} s and one returns after 0.5 s",
    examples=[{"late": 1.0}],
)
def test_aclose_waits_for_tasks_that_end_in_their_own_way(play, late):
    ways = [answers(late, fails=Failing("JobError")), answers(0.5, "done all the same")]
    plan = {key: after(3, cancelled=way) for key, way in zip("ab", ways, strict=True)}
    close, again = closes(1), closes(5)

    run = play(
        "follow",
        steps=script(spawns([3, 3]), close, again),
        **ON_ERROR | {"job": by_argument(plan)},
    )

    run.needs_operations("job", 2)
    run.step_ends_at(close, 1 + max(late, 0.5), CLOSE)
    rule = "aclose must raise none of the tasks' errors"
    run.step_returns(close, rule)
    run.step_returns(again, "aclose may be called again, when all is over")
    run.step_ends_at(again, 5, "aclose must return at once when no task is left")


@law("aclose-cancels")
@cases(given="aclose at 1 s, when no task is left, and again at 2 s")
def test_aclose_without_a_task_returns_at_once(play):
    first, second = closes(1), closes(2)

    run = play("follow", steps=script(spawns([0.5]), first, second), **jobs([0.5]))

    run.needs_operations("job")
    for close, at in ((first, 1), (second, 2)):
        rule = "aclose must return at once when no task is left"
        run.step_returns(close, rule)
        run.step_ends_at(close, at, rule)


@law("aclose-cancels")
@cases(
    count=5,
    takes=lists(seconds(1.5, 3, 0.5), 1, 3),
    again=sampled([0.5, 1.25]),
    given=GIVEN + " and 2 s to clean up; aclose at 0.25 s, another at {again} s",
    examples=[{"takes": [2.0], "again": 1.25}],
)
def test_an_aclose_that_finds_another_one_waiting_waits_as_well(play, takes, again):
    first, second = closes(0.25), closes(again, "second closer")

    run = play(
        "follow",
        steps=script(spawns(takes), first, second, looks(6)),
        **jobs(takes, cleanups=[2] * 5),
    )

    run.needs_operations("job", len(takes))
    run.lets_clean_up("job", ONCE + ", even when it is called again")
    for close in (first, second):
        run.step_returns(close, "aclose must return when all tasks have ended")
        run.step_ends_at(
            close, 2.25, "Each aclose must wait until all tasks have ended"
        )


@law("cancel-aclose")
@cases(
    count=5,
    takes=lists(seconds(1.5, 3, 0.5), 1, 3),
    given=GIVEN + " and 2 s to clean up; aclose at 0.25 s, cancelled at 1 s; in "
    "another run one more aclose at 1.25 s",
    examples=[{"takes": [2.0]}],
)
def test_cancelled_error_comes_out_of_a_cancelled_aclose(play, takes):
    close, again = closes(0.25), closes(1.25, "second closer")
    stops = step(1, "boss", "cancel", "closer")
    setting = jobs(takes, cleanups=[2] * 5)

    run = play("follow", steps=script(spawns(takes), close, stops, looks(6)), **setting)

    run.needs_operations("job", len(takes))
    run.needs_step_on(close, stops)
    rule = "CancelledError must come out of a cancelled aclose"
    run.step_raises(close, "CancelledError", rule)
    run.step_ends_within(
        close, 1, 2.25, "A cancelled aclose must end at once, or with the last task"
    )
    run.lets_clean_up("job", ONCE + ", even when it is cancelled")

    run = play("follow", steps=script(spawns(takes), close, stops, again), **setting)

    run.step_returns(again, "An aclose must work even if another one was cancelled")


REFUSED = "aclose was called at 0.25 s: from then on spawn must raise RuntimeError"


@law("refuses")
@cases(
    count=8,
    cleanup=sampled([0.5, 1]),
    at=sampled([0.5, 1.0, 1.75, 4.0]),
    given="a task that takes 3 s and cleans up for {cleanup} s; aclose at 0.25 s, "
    "spawn at {at} s",
    examples=[{"cleanup": 1, "at": 4.0}, {"cleanup": 1, "at": 0.5}],
)
def test_from_aclose_on_spawn_is_refused(play, cleanup, at):
    late = step(at, "late", "call", "spawn", "b")
    setting = jobs([3, 1], cleanups=[cleanup])
    early = play("follow", steps=script(spawns([3]), late, looks(6)), **setting)
    with early.given():
        early.step_returns(late, "spawn must work before aclose")
    early.needs_operations("job", 2)

    run = play(
        "follow", steps=script(spawns([3]), closes(0.25), late, looks(6)), **setting
    )

    run.step_raises(late, "RuntimeError", REFUSED)
    run.nothing_happened("job", "A refused coroutine must not be started", ["b"])


@law("refused-closed")
@cases(
    count=2,
    at=sampled([0.5, 2.0]),
    given="aclose at 0.25 s; at {at} s spawn is given a coroutine that has begun already "
    "and whose `finally` calls clean_up()",
    examples=[{"at": 2.0}],
)
def test_a_refused_coroutine_is_closed(play, at):
    offers = step(at, "late", "call", "offer", "the coroutine")

    run = play(
        "follow",
        steps=script(spawns([3]), closes(0.25), offers, looks(4)),
        clean_up=synchronous(),
        **jobs([3], cleanups=[1]),
    )

    rule = "spawn must close a coroutine that it refuses, so that its finally calls clean_up()"
    with run.given():
        run.step_raises(offers, "RuntimeError", REFUSED)
    run.begins_at("clean_up", [at], rule)


# --- what holds for every kata ------------------------------------------------


@law("own-state")
@cases(
    count=6,
    takes=lists(seconds(1.5, 3, 0.5), 2, 2),
    given="two objects, one task of {takes} s each; drain of the left one at 0.5 s, "
    "aclose of the left one after it, or of the right one at 1 s",
    examples=[{"takes": [2.0, 3.0]}],
)
def test_two_objects_share_nothing(play, takes):
    left, right = takes
    begins = [
        step(0, "user", "call", "spawn_left", "a"),
        step(0, "user", "call", "spawn_right", "b"),
    ]
    drain = step(0.5, "drainer", "call", "left_tasks.drain")
    look = step(0.75, "looker", "peek", "len(left_tasks)")
    close = step(1, "closer", "call", "right_tasks.aclose")
    again = step(1.25, "user", "call", "spawn_left", "c")
    alone(play)

    run = play(
        "follow_two",
        steps=script(begins, drain, look, close, again),
        left=by_argument({"a": after(left), "c": after(0.25)}),
        right=asynchronous(after(right)),
        **ON_ERROR,
    )

    rule = "Two objects must share nothing"
    run.step_gives(look, 1, rule)
    run.step_returns(again, rule)
    run.step_ends_at(drain, left, rule)
    run.all_succeed("left", rule)


def alone(play):
    """Raise `NotReached` unless one object counts and drains its own task."""
    look, drain = looks(0.75), drains(0.5)
    run = play("follow", steps=script(spawns([2]), drain, look), **jobs([2]))
    run.needs_operations("job")
    with run.given():
        run.step_gives(look, 1, LEN)
        run.step_ends_at(drain, 2, DRAIN)


@law("second-loop")
@cases(
    count=5,
    takes=lists(seconds(0.5, 2, 0.5), 1, 3),
    given=GIVEN + ", under one event loop and then under another",
    examples=[{"takes": [2.0, 1.0]}],
)
def test_it_works_again_under_a_second_loop(play, takes):
    setting = jobs(takes) | {"pause": asynchronous(after(0.25))}
    keys = list(KEYS[: len(takes)])
    once = play("drained", keys=keys, **setting)
    once.needs_operations("job")
    once.reached()

    run = play("live_in_two_loops", keys=keys, **setting)

    run.works_on_second_loop(2 * once.duration)


LIFE = {
    "takes": lists(seconds(0.5, 3, 0.5), 1, 3),
    "given": GIVEN + ", one that fails, one that is cancelled, one that never begins; "
    "then aclose",
    "examples": [{"takes": [2.0, 0.5]}],
}


def lived(play, takes, **options):
    keys = [*KEYS[: len(takes)], "failing", "cancelled", "cleaning"]
    plan = plans(takes) | {
        "failing": after(0.25, fails="JobError"),
        "cancelled": after(9),
        "cleaning": after(9, cancelled=cleans_up(0.5)),
        "never begun": after(1),
    }
    run = play(
        "live",
        keys=keys,
        job=by_argument(plan),
        pause=asynchronous(after(0.75)),
        **ON_ERROR,
        **options,
    )
    with run.given():
        run.must_return("aclose must return")
        run.finishes("job", "aclose must wait until all tasks have ended")
    run.needs_operations("job", len(keys))
    return run


@law("nothing-left")
@cases(count=5, **LIFE)
def test_nothing_is_left_running(play, takes):
    lived(play, takes).leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=5, **LIFE)
def test_python_has_nothing_to_complain_of(play, takes):
    lived(play, takes, collect=True).warns_nothing()


@law("never-blocks")
@cases(count=5, **LIFE)
def test_the_event_loop_is_never_blocked(play, takes):
    lived(play, takes).never_blocks()
