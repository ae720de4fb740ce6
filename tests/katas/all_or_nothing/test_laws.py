from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds, tuples
from grader.world.rules import Failing, after, answers, cleans_up
from grader.world.script import script, step
from grader.world.service import Service

NAMES = ["paris", "tokyo", "lima", "oslo", "cairo", "quito"]
KEY, VALUE = "colour", "blue"
WRITE_FAILS = Failing("WriteError", "disk full")
DELETE_FAILS = Failing("DeleteError", "out of reach")

AT_ONCE = "All writes must start at once"
WITH_KEY = "Each write must get the key and the value, each delete the key"
CANCELS_REST = "A failed write must cancel the others and wait for them to finish"
DELETES_LAST = "No delete may start before every write has ended"
UNDOES = "Each completed write must be undone once, and nothing else"
ALL_ERRORS = "An ExceptionGroup with the errors of all writes must come out"
CANCEL = "Cancelling the caller must cancel the writes and undo what was written"


class Replica(Service):
    """A copy of the data whose writes and deletes all go the same way."""

    LINGERS = True

    def __init__(self, write, delete):
        super().__init__()
        self._write = write
        self._delete = delete

    def write(self, call):
        self._wants(call, {"key": KEY, "value": VALUE})
        return self._write

    def delete(self, call):
        self._wants(call, {"key": KEY})
        return self._delete

    def _wants(self, call, arguments):
        given = dict(zip(arguments, call.args, strict=False)) | call.keywords
        if given != arguments or len(call.args) > len(arguments):
            self.violate("wrong arguments", f"{call.name} was given something else")


def stored(names, writes, deletes):
    """The replicas by name, as plays take them."""
    pairs = zip(writes, deletes, strict=True)
    return dict(zip(names, (Replica(*each) for each in pairs), strict=True))


def verbs(verb, names):
    return [f"{name}.{verb}" for name in names]


def pairs_of(names):
    return list(zip(verbs("write", names), verbs("delete", names), strict=True))


def starts_all_at_once(run, names):
    for write in verbs("write", names):
        run.begins_at(write, [0], AT_ONCE)


class Plan:
    """A case in which replica `bad`, if any, fails; each is [write s, delete s]."""

    def __init__(self, times, bad=None, cleanup=0, delete_fails=()):
        self.names = NAMES[: len(times)]
        cancelled = cleans_up(cleanup) if cleanup else None
        writes = [after(take, None, cancelled=cancelled) for take, _ in times]
        if bad is not None:
            writes[bad] = after(times[bad][0], fails=WRITE_FAILS)
        deletes = [
            after(take, None, fails=DELETE_FAILS if place in delete_fails else None)
            for place, (_, take) in enumerate(times)
        ]
        self.writes, self.deletes = writes, deletes
        self.slowest = max(take for take, _ in times)
        self.slowest_delete = max(take for _, take in times)
        if bad is not None:
            error = times[bad][0]
            written = [each for each in times if each[0] < error]
            running = any(take > error for take, _ in times)
            self.written = [
                name
                for name, (take, _) in zip(self.names, times, strict=True)
                if take < error
            ]
            self.writes_end = error + cleanup * running
            self.end = self.writes_end + max((each[1] for each in written), default=0)

    @property
    def given(self):
        """What `play` takes."""
        return {
            "names": self.names,
            **stored(self.names, self.writes, self.deletes),
        }

    @property
    def pairs(self):
        return pairs_of(self.names)

    def write_verbs(self):
        return verbs("write", self.names)


TIMES = lists(tuples(seconds(0.5, 4, 0.5), seconds(0.5, 2, 0.5)).map(list), 1, 5)
SAVED = "replicas that take {times} s to write and to delete"
FAILURE = {"times": TIMES, "bad": integers(0, 4)}
FAILING = SAVED + "; the write of number {bad} (from 0) fails"
CLEANUP = sampled([0, 0.5])
CLEANING = "; a cancelled write needs {cleanup} s to clean up"


def fails_alone(times, bad, **_):
    """No other write ends at the instant of the error."""
    if bad >= len(times):
        return False
    return [take for take, _ in times].count(times[bad][0]) == 1


def others_run_on(times, bad, **_):
    return fails_alone(times, bad) and any(each[0] > times[bad][0] for each in times)


def some_are_written(times, bad, **_):
    return fails_alone(times, bad) and any(each[0] < times[bad][0] for each in times)


def both(times, bad, **_):
    return others_run_on(times, bad) and some_are_written(times, bad)


THREE = {"times": [[1.0, 1.0], [2.0, 1.0], [4.0, 1.0]], "bad": 1}
FOUR = {"times": [[0.5, 2.0], [1.0, 1.0], [2.0, 1.0], [4.0, 1.0]], "bad": 2}


@law("all-at-once")
@cases(count=20, times=TIMES, given=SAVED, examples=[{"times": THREE["times"]}])
def test_all_writes_start_at_once(play, times):
    plan = Plan(times)

    run = play("save", **plan.given)

    starts_all_at_once(run, plan.names)
    run.never("wrong arguments", WITH_KEY)


@law("ends-with-slowest")
@cases(count=20, times=TIMES, given=SAVED, examples=[{"times": THREE["times"]}])
def test_it_returns_with_the_slowest_write_and_deletes_nothing(play, times):
    plan = Plan(times)

    run = play("save", **plan.given)

    with run.given():
        starts_all_at_once(run, plan.names)
    run.takes(plan.slowest, "The call must return when the slowest write is done")
    for delete in verbs("delete", plan.names):
        run.nothing_happened(delete, "If all goes well nothing may be deleted")


@law("ends-with-slowest")
@cases(given="no replicas")
def test_no_replicas_nothing_happens(play):
    play("save", names=[]).takes(0, "Without replicas the call must return at once")


@law("error-cancels-rest")
@cases(
    count=20,
    **FAILURE,
    cleanup=CLEANUP,
    given=FAILING + CLEANING,
    assume=others_run_on,
    examples=[THREE | {"cleanup": 0}, THREE | {"cleanup": 0.5}],
)
def test_a_failed_write_cancels_the_others(play, times, bad, cleanup):
    plan = Plan(times, bad, cleanup)

    run = play("save", **plan.given)

    with run.given():
        starts_all_at_once(run, plan.names)
    run.cancels_rest(plan.write_verbs(), CANCELS_REST)
    run.lets_clean_up(plan.write_verbs(), CANCELS_REST)


@law("deletes-after-writes")
@cases(
    count=20,
    **FAILURE,
    given=FAILING + "; a cancelled write needs 0.5 s to clean up",
    assume=both,
    examples=[THREE, FOUR],
)
def test_no_delete_starts_before_every_write_has_ended(play, times, bad):
    plan = Plan(times, bad, 0.5)

    run = play("save", **plan.given)

    deletes = run.named(verbs("delete", plan.names))
    for write in run.named(plan.write_verbs()):
        for delete in deletes:
            run.before(write, delete, DELETES_LAST)
    if not deletes:
        run.needs_operations(f"{plan.written[0]}.delete")


@law("undoes-the-written")
@cases(
    count=24,
    **FAILURE,
    cleanup=CLEANUP,
    given=FAILING + CLEANING,
    assume=fails_alone,
    examples=[THREE | {"cleanup": 0}, FOUR | {"cleanup": 0.5}],
)
def test_each_completed_write_is_undone_once(play, times, bad, cleanup):
    plan = Plan(times, bad, cleanup)

    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    run.undoes(plan.pairs, UNDOES)
    run.never("wrong arguments", WITH_KEY)


@law("undoes-the-written")
@cases(
    count=8,
    **FAILURE,
    given=FAILING + "; the others end well 0.5 s after they were cancelled",
    assume=others_run_on,
    examples=[THREE],
)
def test_a_write_that_is_completed_in_spite_of_its_cancellation_is_undone(
    play, times, bad
):
    plan = Plan(times, bad)
    plan.writes = [
        each if each.fails else each.but(cancelled=answers(0.5)) for each in plan.writes
    ]

    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    run.undoes(plan.pairs, UNDOES)


@law("undoes-the-written")
@cases(
    count=8,
    **FAILURE,
    given=SAVED
    + "; the write of number {bad} (from 0) raises CancelledError by itself",
    assume=fails_alone,
    examples=[THREE, FOUR],
)
def test_a_write_that_is_cancelled_by_itself_has_failed(play, times, bad):
    plan = Plan(times, bad)
    plan.writes[bad] = plan.writes[bad].but(fails=Failing("CancelledError"))

    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    run.undoes(plan.pairs, UNDOES)
    run.raises(
        "CancelledError",
        rule="A write that is cancelled by itself has failed: CancelledError must come "
        "out",
    )


@law("undoes-the-written")
@cases(
    count=4,
    take=seconds(0.5, 1, 0.5),
    given="one replica is in the list twice and takes {take} s to write; another one "
    "fails after 2 s",
)
def test_a_replica_that_is_there_twice_is_undone_twice(play, take):
    plan = Plan([[take, 1.0], [2.0, 1.0]], 1)
    names = ["paris", "tokyo", "paris"]

    run = play("save", **(plan.given | {"names": names}))

    run.first_failed(plan.write_verbs())
    run.undoes(plan.pairs, UNDOES)


@law("undo-at-once")
@cases(
    count=20,
    **FAILURE,
    cleanup=CLEANUP,
    given=FAILING + CLEANING,
    assume=some_are_written,
    examples=[THREE | {"cleanup": 0.5}, FOUR | {"cleanup": 0}],
)
def test_all_deletes_start_at_once(play, times, bad, cleanup):
    plan = Plan(times, bad, cleanup)

    run = play("save", **plan.given)

    with run.given():
        starts_all_at_once(run, plan.names)
        run.cancels_rest(plan.write_verbs())
        run.lets_clean_up(plan.write_verbs(), CANCELS_REST)
        run.undoes(plan.pairs, UNDOES)
    for delete in verbs("delete", plan.written):
        rule = "All deletes must start at once, when the last write has ended"
        run.begins_at(delete, [plan.writes_end], rule)
    run.ends_at(plan.end, "The error must come out when the slowest delete has ended")


@law("errors-in-group")
@cases(
    count=16,
    **FAILURE,
    given=FAILING,
    assume=fails_alone,
    examples=[THREE, {"times": [[1.0, 1.0]], "bad": 0}],
)
def test_the_error_comes_out_in_a_group(play, times, bad):
    plan = Plan(times, bad)

    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    run.raises_group_of(plan.write_verbs(), ALL_ERRORS)


@law("errors-in-group")
@cases(
    count=12,
    **FAILURE,
    given=FAILING + "; so do the others when they are cancelled, or all fail after 1 s",
    assume=others_run_on,
    examples=[THREE],
)
def test_all_errors_come_out_in_the_group(play, times, bad):
    plan = Plan(times, bad)
    cleanup_fails = answers(0.5, fails=Failing("WriteError", "cleanup failed"))
    plan.writes = [
        each if each.fails else each.but(cancelled=cleanup_fails)
        for each in plan.writes
    ]

    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    run.raises_group_of(plan.write_verbs(), ALL_ERRORS)

    plan.writes = [after(1, fails=WRITE_FAILS)] * len(times)
    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    run.raises_group_of(plan.write_verbs(), ALL_ERRORS)


@law("failed-delete")
@cases(
    count=16,
    **FAILURE,
    which=sampled(["the quickest", "every"]),
    given=FAILING + "; {which} delete fails",
    assume=some_are_written,
    examples=[FOUR | {"which": "the quickest"}, FOUR | {"which": "every"}],
)
def test_a_delete_that_fails_stops_no_other(play, times, bad, which):
    plan = Plan(times, bad)
    well = play("save", **plan.given)
    with well.given():
        well.undoes(plan.pairs, UNDOES)
        well.raises_group_of(plan.write_verbs(), ALL_ERRORS)

    written = sorted(map(plan.names.index, plan.written), key=lambda n: times[n][1])
    failing = Plan(
        times, bad, delete_fails=written[:1] if which != "every" else written
    )
    run = play("save", **failing.given)

    run.undoes(plan.pairs, "A delete that fails must stop no other delete")
    run.raises_group_of(
        plan.write_verbs() + verbs("delete", plan.names),
        "The errors of deletes must join the errors of writes in one ExceptionGroup",
    )


@law("cancel-undoes")
@cases(
    count=12,
    times=lists(tuples(seconds(0.5, 3, 0.5), seconds(0.5, 2, 0.5)).map(list), 1, 4),
    cleanup=CLEANUP,
    deletes=sampled(["succeed", "fail"]),
    given=SAVED + CLEANING + "; the caller is cancelled, deletes {deletes}",
    examples=[
        {"times": [[1.0, 1.0], [2.0, 1.0]], "cleanup": 0.5, "deletes": "succeed"},
        {
            "times": [[1.0, 1.0], [1.0, 2.0], [2.0, 1.0]],
            "cleanup": 0,
            "deletes": "fail",
        },
    ],
)
def test_cancelling_the_caller_undoes_too(play, times, cleanup, deletes):
    plan = Plan(times, None, cleanup, range(len(times)) if deletes == "fail" else ())
    whole = play("save", **plan.given)
    with whole.given():
        starts_all_at_once(whole, plan.names)

    for run in play.sweep("save", **plan.given):
        run.cancelled_cleanly(cleanup + plan.slowest_delete, CANCEL)
        run.undoes(plan.pairs, CANCEL)
        run.raises("CancelledError", rule="CancelledError must come out")


NOTHING_STOPS = "A further cancellation must not stop the undo"


def between(numbers):
    """Instants at which nothing else happens, before the last delete has ended."""
    return sorted(2.25 + number / 2 for number in numbers)


REASONS = ["a write fails", "the caller is cancelled"]


@law("nothing-stops-undo")
@cases(
    count=12,
    reason=sampled(REASONS),
    delete=seconds(1, 2, 0.5),
    again=lists(integers(0, 3), 1, 3, unique=True).map(between),
    given="{reason} at 2 s, cleaning up takes 1 s and deletes up to {delete} s; the "
    "caller is cancelled again at {again} s",
    examples=[
        {"reason": reason, "delete": 1.0, "again": again}
        for reason in REASONS
        for again in ([2.25], [3.25], [2.25, 3.25], [3.25, 3.75])
    ],
)
def test_a_further_cancellation_does_not_stop_the_undo(play, reason, delete, again):
    failing = reason == REASONS[0]
    times = [[0.5, delete], [1.0, 1.0], [2.0 if failing else 9.0, 1.0], [9.0, 1.0]]
    plan = Plan(times, 2 if failing else None, 1)
    saves = step(0, "caller", "call", "store.save")
    stops = [] if failing else [step(2, "boss", "cancel", "caller")]
    more = [step(at, "boss", "cancel", "caller") for at in again]
    once = play("follow", steps=script(saves, stops), **plan.given)
    with once.given():
        once.undoes(plan.pairs, UNDOES)
        once.step_ends_at(saves, 3 + delete, NOTHING_STOPS)
        if not failing:
            once.step_raises(saves, "CancelledError", CANCEL)

    run = play("follow", steps=script(saves, stops, more), **plan.given)

    run.undoes(plan.pairs, NOTHING_STOPS)
    run.lets_clean_up(plan.write_verbs(), "Nor may it cut a cleanup short")
    run.step_ends_at(
        saves, 3 + delete, NOTHING_STOPS + ": it ends with the last delete"
    )
    if not failing or max(again) > 3:
        rule = "Whoever is cancelled during the undo must get CancelledError"
        run.step_raises(saves, "CancelledError", rule, group=False)


@law("own-undo")
@cases(
    count=8,
    take=seconds(0.5, 1.5, 0.5),
    given="two calls at once: in one a write fails at 2 s, in the other all go well; "
    "the first write of each takes {take} s",
)
def test_two_calls_at_once_do_not_undo_each_others_writes(play, take):
    left = Plan([[take, 1.0], [2.0, 1.0]], 1)
    right = Plan([[take, 1.0], [4.0, 1.0]])
    right.names = NAMES[2:4]
    alone = play("save", **left.given)
    alone.first_failed(left.write_verbs())
    with alone.given():
        alone.undoes(left.pairs, UNDOES)

    given = left.given | right.given
    del given["names"]
    run = play("save_side_by_side", left=left.names, right=right.names, **given)

    rule = "Two calls at once must not undo each other's writes"
    run.undoes(left.pairs, rule)
    for name in verbs("delete", right.names):
        run.nothing_happened(name, rule)


@law("second-loop")
@cases(
    count=8,
    times=TIMES,
    given=SAVED + ", under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, times):
    plan = Plan(times)
    once = play("save", **plan.given)
    with once.given():
        starts_all_at_once(once, plan.names)
        once.must_return("The call must return when all goes well")

    run = play("save_in_two_loops", **plan.given)

    run.works_on_second_loop(2 * once.duration)


@law("nothing-left")
@cases(count=12, **FAILURE, given=FAILING, assume=others_run_on, examples=[FOUR])
def test_nothing_is_left_running(play, times, bad):
    well = Plan(times)
    whole = play("save", **well.given)
    with whole.given():
        starts_all_at_once(whole, well.names)
        whole.must_return("The call must return when all goes well")
    whole.leaves_nothing(threads=True)

    failing = play("save", **Plan(times, bad, 0.25).given)
    failing.leaves_nothing(threads=True)

    cancelled = play("save", cancel_at=1, **Plan(times, None, 0.25).given)
    cancelled.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=12,
    **FAILURE,
    given=FAILING + ", and so do the deletes; in another run the caller is cancelled",
    assume=both,
    examples=[FOUR],
)
def test_python_has_nothing_to_complain_of(play, times, bad):
    well = Plan(times)
    whole = play("save", collect=True, **well.given)
    with whole.given():
        starts_all_at_once(whole, well.names)
        whole.must_return("The call must return when all goes well")
    whole.warns_nothing()

    failing = Plan(times, bad, 0.25, range(len(times)))
    play("save", collect=True, **failing.given).warns_nothing()

    cancelled = Plan(times, None, 0.25, range(len(times)))
    run = play("save", collect=True, cancel_at=2, **cancelled.given)
    run.warns_nothing()


@law("never-blocks")
@cases(count=12, **FAILURE, given=FAILING, assume=some_are_written, examples=[FOUR])
def test_the_loop_is_never_blocked(play, times, bad):
    plan = Plan(times, bad)

    run = play("save", **plan.given)

    run.first_failed(plan.write_verbs())
    with run.given():
        run.undoes(plan.pairs, UNDOES)
    run.never_blocks()
