from grader import values, wire
from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, permutations, sampled, seconds
from grader.laws.order import first_argument
from grader.world.rules import after, asynchronous, by_argument, cleans_up

NAMES = ["net:a", "disk", "net:b", "clock", "cache", "Zebra", "net:c"]
SOME_NAMES = lists(sampled(NAMES), 0, 6)
PAUSE = asynchronous(after(1))

# --- snapshot -----------------------------------------------------------------

LOOK = "snapshot() in task {name}, beside unfinished tasks {others} and 'main'"


def seen(name, others):
    return values.record("Snapshot", current=name, others=tuple(sorted(others)))


@law("snapshot-names")
@cases(
    count=16,
    name=sampled(["looker", "aaa", "zzz"]),
    others=SOME_NAMES,
    given=LOOK,
    examples=[
        {"name": "looker", "others": ["net:b", "disk", "net:a"]},
        {"name": "looker", "others": ["disk", "disk"]},
        {"name": "looker", "others": []},
    ],
)
def test_snapshot_names_the_current_task_and_the_others(play, name, others):
    run = play("look", name=name, others=others, pause=PAUSE)

    run.returns(
        seen(name, [*others, "main"]),
        "It must name the current task and, sorted, every other unfinished task",
    )


@law("unfinished-only")
@cases(
    count=12,
    name=sampled(["looker", "aaa"]),
    others=SOME_NAMES,
    ending=lists(sampled(["job:1", "job:2", "cache"]), 1, 3),
    given=LOOK + "; once before and once after tasks {ending} have ended",
    examples=[{"name": "looker", "others": ["disk"], "ending": ["job:1"]}],
)
def test_a_task_that_has_ended_is_not_named(play, name, others, ending):
    before = play("look", name=name, others=others, pause=PAUSE)
    with before.given():
        before.returns(seen(name, [*others, "main"]))

    run = play("look_twice", name=name, others=others, ending=ending, pause=PAUSE)

    run.returns(
        seen(name, [*others, "main"]), "A task that has ended must not be named"
    )


NO_TASK = "Where no task is running, snapshot must raise RuntimeError"


def looks_in_a_task(play):
    run = play("look", name="looker", others=["disk"], pause=PAUSE)
    with run.given():
        run.must_return("snapshot must return in a task")


@law("no-current-task")
@cases(given="snapshot() where no event loop is running")
def test_without_a_loop_it_raises_runtime_error(play):
    looks_in_a_task(play)

    run = play("look_without_a_loop")

    run.raises("RuntimeError", rule=NO_TASK)


@law("no-current-task")
@cases(given="snapshot() in a callback of loop.call_soon, which is no task")
def test_in_a_callback_it_raises_runtime_error(play):
    looks_in_a_task(play)

    run = play("look_in_a_callback")

    run.raises("RuntimeError", rule=NO_TASK)


# --- run_named ----------------------------------------------------------------

TAKES = lists(seconds(0.5, 3, 0.5), 1, 6)
JOBS = "jobs that take {takes} s"


def keys(takes):
    """As many keys, in no alphabetical order."""
    return ["b", "a", "e", "c", "f", "d"][: len(takes)]


def each_takes(takes, cleanup=0, bad=None):
    cancelled = cleans_up(cleanup) if cleanup else None
    plans = {
        key: after(take, cancelled=cancelled)
        for key, take in zip(keys(takes), takes, strict=True)
    }
    if bad is not None:
        plans[keys(takes)[bad]] = after(takes[bad], fails="JobError")
    return by_argument(plans)


def results(run, wanted):
    """Return the answers that the jobs got, by key."""
    answered = {first_argument(each): each for each in run.answered("job")}
    return {
        key: answered[key].value
        if key in answered
        else wire.Opaque(f"answer of job({key!r})", "that never came")
        for key in wanted
    }


@law("all-at-once")
@cases(count=16, takes=TAKES, given=JOBS, examples=[{"takes": [2.0, 1.0, 3.0]}])
def test_all_jobs_run_at_once(play, takes):
    run = play("run_jobs", keys=keys(takes), job=each_takes(takes))

    run.needs_operations("job", len(takes))
    run.begins_at("job", [0] * len(takes), "All jobs must begin at once, at t=0.0s")
    run.ends_with_the_last("job", "run_named must end when its slowest job has ended")


@law("results-by-key")
@cases(
    count=12,
    takes=TAKES,
    given=JOBS,
    examples=[{"takes": [2.0, 1.0]}, {"takes": []}],
)
def test_the_results_stand_by_key(play, takes):
    run = play("run_jobs", keys=keys(takes), job=each_takes(takes))

    run.returns(
        results(run, keys(takes)), "It must return a dict of the results by key"
    )


@law("named-jobs")
@cases(count=12, takes=TAKES, given=JOBS, examples=[{"takes": [2.0, 1.0]}])
def test_each_job_runs_in_a_task_of_its_name(play, takes):
    run = play("run_jobs", keys=keys(takes), job=each_takes(takes))

    with run.given():
        run.once("job", keys(takes))
    run.notes_each(
        "the task's name",
        {key: f"job:{key}" for key in keys(takes)},
        "Each job must run in a task named job:<key>, from its first line on",
    )


FAILING = JOBS + ", number {bad} of them (from 0) fails; cleaning up takes {cleanup} s"


def fails_alone(takes, bad, **_):
    """No other job ends in the instant of the error, and some would go on."""
    return bad < len(takes) and takes.count(takes[bad]) == 1 and takes[bad] < max(takes)


@law("job-error-out")
@cases(
    count=16,
    takes=lists(seconds(0.5, 3, 0.5), 2, 6),
    bad=integers(0, 5),
    cleanup=sampled([0, 0.25]),
    given=FAILING,
    assume=fails_alone,
    examples=[{"takes": [2.0, 1.0, 3.0], "bad": 1, "cleanup": 0.5}],
)
def test_an_error_cancels_the_other_jobs_and_comes_out(play, takes, bad, cleanup):
    run = play("run_jobs", keys=keys(takes), job=each_takes(takes, cleanup, bad))

    failed = run.first_failed("job")
    run.cancels_rest("job", "An error must cancel the other jobs and wait for them")
    run.raises(failed, group=None, rule="The first error must come out of run_named")
    stopped = any(each.cancelled for each in run.named("job"))
    run.ends_at(
        failed.completed.at / wire.NANOSECONDS + (cleanup if stopped else 0),
        "The error must come out when the other jobs have cleaned up",
    )


@law("cancel-jobs")
@cases(
    count=10,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    cleanup=sampled([0, 0.5]),
    given=JOBS + ", the caller is cancelled; cleaning up takes {cleanup} s",
    examples=[{"takes": [2.0, 1.0], "cleanup": 0.5}],
)
def test_cancelling_the_caller_cancels_the_jobs(play, takes, cleanup):
    job = each_takes(takes, cleanup)
    play("run_jobs", keys=keys(takes), job=job).needs_operations("job", len(takes))

    for run in play.sweep("run_jobs", keys=keys(takes), job=job):
        run.cancelled_cleanly(
            cleanup, "Cancelling the caller of run_named must cancel every job"
        )


# --- drain --------------------------------------------------------------------

PREFIX = "net:"
ANY_TASKS = ["net:a", "network", "disk", "net:b", "my net:1", "net:", "net:c"]
TASKS = permutations(ANY_TASKS).flatmap(
    lambda names: integers(1, 6).map(lambda count: names[:count])
)
TIMES = lists(seconds(0.5, 4, 0.5), 6, 6)
DRAIN = 'drain("net:") beside tasks {names} that take {times} s'


def jobs(names, times, **more):
    """Tasks by name, and how long each takes; `more` come later."""
    takes = dict(zip(names, times, strict=False)) | more
    return by_argument({name: after(take) for name, take in takes.items()})


def matching(names):
    return [name for name in names if name.startswith(PREFIX)]


def last_of(names, times):
    """Return when the last task that matches ends."""
    takes = dict(zip(names, times, strict=False))
    return max((takes[name] for name in matching(names)), default=0)


UNTIL = "drain must end when the last task that it waits for has ended"


@law("drain-waits")
@cases(
    count=16,
    names=TASKS,
    times=TIMES,
    given=DRAIN,
    examples=[
        {"names": ["net:a", "disk", "net:b"], "times": [1.0, 4.0, 3.0]},
        {"names": ["my net:1", "net:a"], "times": [2.0, 1.0]},
        {"names": ["disk"], "times": [1.0]},
    ],
)
def test_drain_ends_when_the_last_match_ends(play, names, times):
    run = play("drain_beside", names=names, prefix=PREFIX, job=jobs(names, times))

    run.takes(last_of(names, times), UNTIL)
    run.needs_operations("job")


LATER = {
    "names": TASKS,
    "times": TIMES,
    "first": seconds(0.5, 2, 0.5),
    "child": seconds(0.5, 2, 0.5),
    "given": DRAIN + "; the first of them ends early and starts net:2, "
    "which outlives the others and then starts net:3",
    "assume": lambda names, **_: bool(matching(names)),
    "examples": [
        {"names": ["net:a"], "times": [1.0], "first": 1.0, "child": 1.0},
        {
            "names": ["disk", "net:a"],
            "times": [1.0, 2.0],
            "first": 1.0,
            "child": 1.0,
        },
    ],
}


def drain_with_later_tasks(play, names, times, first, child):
    """Drain while tasks appear that outlive all that are there; say when they end.

    The first task starts the first of them when it ends. It must end before the others
    do, or match itself: otherwise nobody is waited for any more.
    """
    last = last_of(names, times)
    times = [min(times[0], last / 2), *times[1:]]
    last = last_of(names, times)
    follows = {names[0]: "net:2", "net:2": "net:3"}
    later = {"net:2": last + first, "net:3": child}
    run = play(
        "drain_beside",
        names=names,
        prefix=PREFIX,
        follows=follows,
        job=jobs(names, times, **later),
    )
    return run, times[0] + last + first + child


@law("drain-waits")
@cases(count=12, **LATER)
def test_drain_waits_for_tasks_that_appear_meanwhile(play, names, times, first, child):
    run, end = drain_with_later_tasks(play, names, times, first, child)

    run.takes(end, UNTIL + ", and those are also tasks that appear meanwhile")
    run.needs_operations("job")


COUNT = "drain must return how many tasks it waited for"


@law("drain-counts")
@cases(
    count=12,
    names=TASKS,
    times=TIMES,
    given=DRAIN,
    examples=[
        {"names": ["net:a", "disk", "net:b"], "times": [1.0, 4.0, 3.0]},
        {"names": ["disk"], "times": [1.0]},
    ],
)
def test_drain_returns_how_many_it_waited_for(play, names, times):
    run = play("drain_beside", names=names, prefix=PREFIX, job=jobs(names, times))

    run.returns(len(matching(names)), COUNT)


@law("drain-counts")
@cases(count=10, **LATER)
def test_each_task_that_appears_is_counted_once(play, names, times, first, child):
    run, _ = drain_with_later_tasks(play, names, times, first, child)

    run.returns(len(matching(names)) + 2, COUNT + ", each of them once")


ALONE = "drain must cancel nobody and raise nobody's error"


@law("drain-leaves-alone")
@cases(
    count=12,
    names=TASKS,
    times=TIMES,
    bad=integers(0, 5),
    given=DRAIN + "; number {bad} of them (from 0) fails; afterwards each is awaited",
    assume=lambda names, bad, **_: bad < len(names) and bool(matching(names)),
    examples=[
        {"names": ["net:a", "net:b"], "times": [1.0, 2.0], "bad": 0},
        {"names": ["net:a", "disk"], "times": [1.0, 2.0], "bad": 1},
        {"names": ["my net:1", "net:a"], "times": [2.0, 1.0], "bad": 1},
    ],
)
def test_drain_cancels_nobody_and_raises_nothing(play, names, times, bad):
    takes = dict(zip(names, times, strict=False))
    plans = {name: after(take) for name, take in takes.items()}
    plans[names[bad]] = after(takes[names[bad]], fails="JobError")

    run = play("drain_and_ask", names=names, prefix=PREFIX, job=by_argument(plans))

    run.must_return(ALONE)
    run.needs_note("drained")
    answers = list(results(run, names).values())
    answers[bad] = "failed"
    run.returns(answers, ALONE + ": each task ends by itself")


def outlasts(names, times, bad, at):
    """One of the tasks fails; another one, that matches, has not ended at that time."""
    waited = [
        time
        for number, (name, time) in enumerate(zip(names, times, strict=False))
        if name.startswith(PREFIX) and number != bad
    ]
    return bad < len(names) and max(waited, default=0) > at


@law("drain-leaves-alone")
@cases(
    count=6,
    names=TASKS,
    times=TIMES,
    bad=integers(0, 5),
    at=seconds(0.5, 3, 0.5).map(lambda time: time - 0.25),  # when no task ends
    given=DRAIN + "; number {bad} of them (from 0) fails; the caller is cancelled at "
    "{at} s; afterwards each task is awaited",
    assume=outlasts,
    examples=[
        {"names": ["net:a", "net:b"], "times": [2.0, 1.0], "bad": 1, "at": 0.75},
        {"names": ["net:a", "disk"], "times": [1.0, 2.0], "bad": 1, "at": 0.75},
    ],
)
def test_a_cancelled_drain_cancels_nobody(play, names, times, bad, at):
    takes = dict(zip(names, times, strict=False))
    plans = {name: after(take) for name, take in takes.items()}
    plans[names[bad]] = after(takes[names[bad]], fails="JobError")

    run = play(
        "cancel_and_ask", names=names, prefix=PREFIX, at=at, job=by_argument(plans)
    )

    run.needs_note("cancelled")
    others = [name for name in names if name != names[bad]]
    run.all_succeed("job", ALONE + ", also if it is cancelled", others)
    answers = list(results(run, names).values())
    answers[bad] = "failed"
    run.returns(answers, ALONE + ": each task ends by itself")


@law("drain-leaves-alone")
@cases(
    count=6,
    names=TASKS,
    times=TIMES,
    given=DRAIN + ", all of which fail",
    assume=lambda names, **_: bool(matching(names)),
    examples=[{"names": ["net:a", "net:b"], "times": [1.0, 2.0]}],
)
def test_a_task_that_fails_is_counted_too(play, names, times):
    takes = dict(zip(names, times, strict=False))
    failing = {name: after(take, fails="JobError") for name, take in takes.items()}
    plain = play("drain_beside", names=names, prefix=PREFIX, job=jobs(names, times))
    with plain.given():
        plain.returns(len(matching(names)))

    run = play("drain_beside", names=names, prefix=PREFIX, job=by_argument(failing))

    rule = "A task that fails is waited for and counted like any other"
    run.returns(len(matching(names)), rule)


@law("drain-not-itself")
@cases(
    count=10,
    names=TASKS,
    times=TIMES,
    given=DRAIN + ", called in a task named net:me",
    examples=[
        {"names": ["net:a", "disk"], "times": [1.0, 2.0]},
        {"names": ["my net:1", "net:a"], "times": [2.0, 1.0]},
    ],
)
def test_drain_does_not_wait_for_its_caller(play, names, times):
    setting = {"names": names, "prefix": PREFIX, "job": jobs(names, times)}
    other = play("drain_in_task", caller="me", **setting)
    with other.given():
        other.takes(last_of(names, times))

    run = play("drain_in_task", caller="net:me", **setting)

    run.takes(last_of(names, times), "drain must not wait for its caller")
    run.needs_operations("job")


@law("cancel-drain")
@cases(
    count=8,
    names=TASKS,
    times=TIMES,
    given=DRAIN + ", the caller is cancelled",
    assume=lambda names, **_: bool(matching(names)),
    examples=[
        {"names": ["net:a", "net:b"], "times": [1.0, 2.0]},
        {"names": ["my net:1", "net:a"], "times": [2.0, 1.0]},
    ],
)
def test_a_cancelled_drain_ends_at_once(play, names, times):
    setting = {"names": names, "prefix": PREFIX, "job": jobs(names, times)}
    whole = play("drain_beside", **setting)
    with whole.given():
        whole.takes(last_of(names, times))

    for run in play.sweep("drain_beside", **setting):
        # The tasks themselves may go on: they are no tasks of drain.
        run.cancelled_at_once(
            "nothing", "Cancelling the caller of drain must end it at once"
        )


# --- what holds for every kata ------------------------------------------------

LIFE = {
    "takes": lists(seconds(0.5, 2, 0.5), 1, 3),
    "given": JOBS + ", then a drain of tasks that take 4 s, then a snapshot",
    "examples": [{"takes": [2.0, 1.0]}],
}
BESIDE = ["net:a", "net:b", "disk"]


def life(takes):
    plans = dict(zip(keys(takes), map(after, takes), strict=True))
    beside = dict.fromkeys(BESIDE, after(4)) | {"disk": after(3)}
    return {
        "keys": keys(takes),
        "names": BESIDE,
        "prefix": PREFIX,
        "job": by_argument(plans | beside),
    }


def lived(play, takes, **options):
    run = play("live", **life(takes), **options)
    with run.given():
        run.returns(results(run, keys(takes)))
    return run


@law("second-loop")
@cases(count=5, **LIFE)
def test_it_works_again_under_a_second_loop(play, takes):
    once = lived(play, takes)

    run = play("live_in_two_loops", **life(takes))

    run.lasts_since(
        "second loop", once.duration, "It must work again under a second event loop"
    )


@law("nothing-left")
@cases(count=6, **LIFE)
def test_nothing_is_left_running(play, takes):
    lived(play, takes).leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=6, **LIFE)
def test_python_has_nothing_to_complain_of(play, takes):
    lived(play, takes, collect=True).warns_nothing()


@law("never-blocks")
@cases(count=6, **LIFE)
def test_the_loop_is_never_blocked(play, takes):
    lived(play, takes).never_blocks()
