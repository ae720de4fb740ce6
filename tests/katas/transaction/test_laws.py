from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.laws import words
from grader.laws.order import first_argument
from grader.world.rules import Failing, after, asynchronous, never
from grader.world.service import Service

BEGIN, COMMIT, ROLLBACK = "db.begin", "db.commit", "db.rollback"
UNKNOWN, TWICE = "no such transaction", "ended twice"

SPAN = seconds(0.5, 2, 0.5)
NUMBER = integers(1, 900)
BROKEN_PIPE = Failing("RollbackError", "the pipe is broken")


class Db(Service):
    """What transactions are made on. It knows what has become of each."""

    def __init__(self, number=1, begin=1, commit=1, rollback=1, fails=()):
        super().__init__()
        takes = {BEGIN: begin, COMMIT: commit, ROLLBACK: rollback}
        failing = {
            BEGIN: Failing("BeginError"),
            COMMIT: Failing("CommitError"),
            ROLLBACK: BROKEN_PIPE,
        }
        self.plans = {
            name: after(time, None, fails=failing[name] if name in fails else None)
            for name, time in takes.items()
        }
        self.number = number
        self.numbers = {}
        self.state = {}

    def begin(self, call):
        self.numbers[call.number] = self.number
        self.number += 1
        return self.plans[BEGIN].but(gives=self.numbers[call.number])

    def commit(self, call):
        self.end(call, "being committed")
        return self.plans[COMMIT]

    def rollback(self, call):
        self.end(call, "rolled back")
        return self.plans[ROLLBACK]

    def end(self, call, state):
        told = words.call(call.name, call.args, str)
        tx = transaction_of(call)
        if tx not in self.state:
            self.violate(
                UNKNOWN, f"{told} was called, and no transaction has that number"
            )
        elif self.state[tx] != "open":
            self.violate(
                TWICE, f"{told} was called, but the transaction was {self.state[tx]}"
            )
        self.state[tx] = state

    def completed(self, call):
        failed = call.plan.fails is not None
        if call.name == BEGIN and not failed:
            self.state[self.numbers[call.number]] = "open"
        if call.name == COMMIT:
            self.state[transaction_of(call)] = "open" if failed else "committed"

    def cancelled(self, call):
        if call.name == COMMIT:
            self.state[transaction_of(call)] = "open"


def transaction_of(call):
    tx = first_argument(call)
    return tx if isinstance(tx, int | str) else None


def body(takes, error=None):
    failing = Failing(error, "of the body") if error else None
    return asynchronous(after(takes, None, fails=failing))


def ends_in_order(run):
    """No transaction is ended twice, and none that was not begun."""
    run.never(UNKNOWN, "commit and rollback must be given the number that begin gave")
    run.never(TWICE, "A transaction must be committed or rolled back, and only once")


def is_rolled_back(run, number, rule):
    ends_in_order(run)
    run.once(ROLLBACK, [number], rule)
    run.succeeds(ROLLBACK, rule)


# --- entering -----------------------------------------------------------------


@law("begins-on-entry")
@cases(
    count=5,
    pause=SPAN,
    given="transaction(db) is called, and entered {pause} s later",
    examples=[{"pause": 1.0}],
)
def test_it_begins_when_it_is_entered(play, pause):
    run = play(
        "use_later", db=Db(), body=body(1), pause=asynchronous(after(pause, None))
    )

    run.nothing_before(
        "entered", BEGIN, "A transaction must begin on entry, not when it is made"
    )
    run.needs_operations(BEGIN)


@law("begins-on-entry")
@cases(
    count=5,
    number=NUMBER,
    given="a transaction with the number {number}",
    examples=[{"number": 7}],
)
def test_as_gives_the_number(play, number):
    run = play("use", db=Db(number), body=body(1))

    run.called_at_most(1, BEGIN, "It must begin once")
    run.once("body", [number], "The body must be given the number that begin gave")


TIMES = "begin takes {begin} s, the body {takes} s, commit {commit} s"
SPANS = {"begin": SPAN, "takes": SPAN, "commit": SPAN}


@law("commits")
@cases(
    count=12,
    number=NUMBER,
    **SPANS,
    given=TIMES,
    examples=[{"number": 7, "begin": 1.0, "takes": 1.0, "commit": 1.0}],
)
def test_a_body_that_ends_well_is_committed(play, number, begin, takes, commit):
    run = play("use", db=Db(number, begin, commit), body=body(takes))

    rule = "A body that ends well must be committed, once"
    run.needs_operations("body")
    ends_in_order(run)
    run.nothing_happened(ROLLBACK, "What was committed must not be rolled back")
    run.once(COMMIT, [number], rule)
    run.succeeds(COMMIT, rule)
    run.takes(
        begin + takes + commit, "It must be over when the commit is, and not before"
    )


# --- a body that fails --------------------------------------------------------

ERRORS = sampled(["BodyError", "KeyError", "OSError", "TimeoutError", "StopEverything"])
FAILING = {"takes": SPAN, "error": ERRORS, "rollback": SPAN}
FAILS = "a body that raises {error} after {takes} s, rollback takes {rollback} s"
FAILURES = [
    {"takes": 1.0, "error": "BodyError", "rollback": 1.0},
    {"takes": 1.0, "error": "StopEverything", "rollback": 1.0},
]


@law("rolls-back")
@cases(count=10, **FAILING, number=NUMBER, given=FAILS)
def test_a_body_that_fails_is_rolled_back(play, number, takes, error, rollback):
    run = play("use", db=Db(number, rollback=rollback), body=body(takes, error))

    run.needs_operations("body")
    run.nothing_happened(COMMIT, "What has failed must not be committed")
    is_rolled_back(run, number, "A body that fails must be rolled back, once")


@law("error-out")
@cases(count=10, **FAILING, given=FAILS, examples=FAILURES)
def test_the_error_comes_out_when_the_rollback_has_ended(play, takes, error, rollback):
    run = play("use", db=Db(rollback=rollback), body=body(takes, error))

    failed = run.first_failed("body")
    run.needs_operations(ROLLBACK)
    run.raises(failed, rule="The very error of the body must come out, as it is")
    run.ends_when(
        run.operations(ROLLBACK)[0],
        "The error must come out as soon as the rollback has ended, and not before",
    )


STOPPED = "the task is cancelled {at} s after it came into the body"


@law("cancelled-body")
@cases(
    count=8,
    at=seconds(0.25, 2, 0.25),
    rollback=SPAN,
    given=STOPPED + "; rollback takes {rollback} s",
    examples=[{"at": 1.0, "rollback": 1.0}],
)
def test_a_cancelled_body_is_rolled_back(play, at, rollback):
    db = Db(rollback=rollback)

    run = play("cancel_at", times=[1 + at], db=db, body=asynchronous(never()))

    rule = "A cancelled body must be rolled back"
    run.needs_note("cancelled")
    run.nothing_happened(COMMIT, "What was cancelled must not be committed")
    is_rolled_back(run, 1, rule)
    run.raises("CancelledError", rule=rule + ", and CancelledError must come out")
    run.ends_when(run.operations(ROLLBACK)[0], rule + " at once")


@law("cancelled-body")
@cases(
    count=3,
    **SPANS,
    rollback=SPAN,
    given=TIMES + ", rollback {rollback} s; the task is cancelled at each instant",
)
def test_wherever_it_is_cancelled_that_comes_out(play, begin, takes, commit, rollback):
    db = Db(1, begin, commit, rollback)

    for run in play.sweep("use", db=db, body=body(takes)):
        ends_in_order(run)
        run.cancelled_cleanly(rollback, "A cancelled transaction must end")


# --- begin and commit fail ----------------------------------------------------


@law("failed-commit")
@cases(
    count=6,
    commit=SPAN,
    rollback=SPAN,
    given="commit fails after {commit} s, rollback takes {rollback} s",
    examples=[{"commit": 1.0, "rollback": 1.0}],
)
def test_a_commit_that_fails_is_rolled_back(play, commit, rollback):
    db = Db(7, commit=commit, rollback=rollback, fails=[COMMIT])

    run = play("use", db=db, body=body(1))

    failed = run.first_failed(COMMIT)
    is_rolled_back(run, 7, "A commit that fails must be rolled back")
    run.raises(failed, rule="The very error of the commit must come out")
    run.ends_when(
        run.operations(ROLLBACK)[0], "It must come out when the rollback has ended"
    )


@law("failed-commit")
@cases(
    count=6,
    commit=SPAN,
    rollback=SPAN,
    given="the task is cancelled 0.25 s after the commit, which takes {commit} s, "
    "has begun; rollback takes {rollback} s",
    examples=[{"commit": 1.0, "rollback": 1.0}],
)
def test_a_commit_that_is_cancelled_has_failed(play, commit, rollback):
    db = Db(7, commit=commit, rollback=rollback)

    run = play("cancel_at", times=[2.25], db=db, body=body(1))

    run.needs_operations(COMMIT)
    run.needs_note("cancelled")
    rule = "A commit that is cancelled must be rolled back"
    is_rolled_back(run, 7, rule)
    run.raises("CancelledError", rule=rule + ", and CancelledError must come out")
    run.ends_when(run.operations(ROLLBACK)[0], rule + " at once")


NOT_BEGUN = "What has not begun can be neither committed nor rolled back"


@law("failed-begin")
@cases(
    count=4,
    begin=SPAN,
    given="begin fails after {begin} s",
    examples=[{"begin": 1.0}],
)
def test_nothing_follows_a_begin_that_fails(play, begin):
    run = play("use", db=Db(begin=begin, fails=[BEGIN]), body=body(1))

    failed = run.first_failed(BEGIN)
    for name in (COMMIT, ROLLBACK):
        run.nothing_happened(name, NOT_BEGUN)
    run.raises(
        failed, at_its_moment=True, rule="The error of begin must come out at once"
    )


@law("failed-begin")
@cases(
    count=4,
    begin=SPAN,
    given="the task is cancelled 0.25 s after begin, which takes {begin} s, has begun",
    examples=[{"begin": 1.0}],
)
def test_nothing_follows_a_begin_that_is_cancelled(play, begin):
    run = play("cancel_at", times=[0.25], db=Db(begin=begin), body=body(1))

    run.needs_operations(BEGIN)
    run.needs_note("cancelled")
    for name in (COMMIT, ROLLBACK):
        run.nothing_happened(name, NOT_BEGUN)
    rule = "A cancellation during begin must come out at once"
    run.raises("CancelledError", rule=rule)
    run.ends_at(0.25, rule)


# --- the rollback -------------------------------------------------------------

FIRST = sampled(["the body fails", "commit fails", "the body is cancelled"])


def first_trouble(first, rollback=1, fails=()):
    """What goes wrong first, at 2 s, as the db, the body and the cancellations of it."""
    wrong = [COMMIT] if first == "commit fails" else []
    db = Db(
        7,
        begin=0.5 if wrong else 1,
        commit=0.5,
        rollback=rollback,
        fails=[*wrong, *fails],
    )
    if first == "the body is cancelled":
        return {"db": db, "body": asynchronous(never())}, [2.0]
    return {"db": db, "body": body(1, None if wrong else "BodyError")}, []


def first_error(run, first):
    """The error that must come out in the end."""
    if first == "the body is cancelled":
        return "CancelledError"
    return run.first_failed(COMMIT if first == "commit fails" else "body")


@law("rollback-to-end")
@cases(
    count=12,
    first=FIRST,
    after=lists(seconds(0.25, 2.25, 0.25), 1, 4, unique=True).map(sorted),
    given="{first} at 2 s; rollback takes 2.5 s, and the task is cancelled when it has "
    "gone on for {after} s",
    examples=[
        {"first": "the body fails", "after": [1.0]},
        {"first": "the body is cancelled", "after": [1.0]},
        {"first": "the body fails", "after": [0.5, 1.0, 1.5]},
    ],
)
def test_a_rollback_runs_to_its_end(play, first, after):
    rules, times = first_trouble(first, rollback=2.5)

    run = play("cancel_at", times=times + [2 + each for each in after], **rules)

    rule = "A rollback must run to its end, however often the task is cancelled"
    run.needs_operations(ROLLBACK)
    run.needs_note("cancelled")
    run.succeeds(ROLLBACK, rule)
    run.called_at_most(1, ROLLBACK, rule)
    run.raises(
        first_error(run, first),
        rule="When the rollback has ended, the first error must come out",
    )
    run.ends_when(run.operations(ROLLBACK)[0], rule)


@law("failed-rollback")
@cases(
    count=8,
    first=FIRST,
    rollback=SPAN,
    given="{first} at 2 s; rollback fails after {rollback} s",
    examples=[
        {"first": "the body fails", "rollback": 1.0},
        {"first": "commit fails", "rollback": 1.0},
        {"first": "the body is cancelled", "rollback": 1.0},
    ],
)
def test_the_first_error_comes_out_and_tells_of_that_of_the_rollback(
    play, first, rollback
):
    rules, times = first_trouble(first, rollback, fails=[ROLLBACK])

    run = play("cancel_at", times=times, **rules)

    failed = run.first_failed(ROLLBACK)
    run.raises(
        first_error(run, first),
        rule="If the rollback fails, the first error must come out all the same",
    )
    run.notes_error(
        "what came out",
        failed,
        "The error that comes out must tell of the rollback's, as context, cause or note",
    )


# --- side by side -------------------------------------------------------------


@law("side-by-side")
@cases(
    count=10,
    left=SPAN,
    right=SPAN,
    given="two transactions at once: one body takes {left} s and ends well, "
    "the other fails after {right} s",
    examples=[{"left": 1.0, "right": 2.0}, {"left": 2.0, "right": 1.0}],
)
def test_two_transactions_on_one_db_do_not_disturb_each_other(play, left, right):
    alone = [
        play("use", db=Db(), body=body(left)),
        play("use", db=Db(), body=body(right, "BodyError")),
    ]
    alone[0].needs_operations(COMMIT)
    alone[1].needs_operations(ROLLBACK)
    bodies = {"left": body(left), "right": body(right, "BodyError")}

    run = play("use_side_by_side", db=Db(), **bodies)

    rule = "Two transactions at once must not disturb each other"
    ends_in_order(run)
    run.once(COMMIT, [1], rule)
    run.once(ROLLBACK, [2], rule)
    run.shares_nothing(max(each.duration for each in alone), rule)


@law("second-loop")
@cases(
    count=3,
    takes=SPAN,
    given="one body that takes {takes} s and ends well, and one that fails; "
    "under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, takes):
    bodies = {"left": body(takes), "right": body(takes, "BodyError")}
    once = play("use_side_by_side", db=Db(), **bodies)
    with once.given():
        once.once(COMMIT, [1])
        once.once(ROLLBACK, [2])

    run = play("use_in_two_loops", db=Db(), **bodies)

    rule = "It must work again under a second event loop"
    run.once(COMMIT, [1, 3], rule)
    run.once(ROLLBACK, [2, 4], rule)


# --- what only the player sees --------------------------------------------------


def lives(play, takes, **options):
    """One run that is committed, one that is rolled back, one cancelled meanwhile."""
    good = play("use", db=Db(), body=body(takes), **options)
    with good.given():
        good.once(COMMIT, [1])
        good.takes(2 + takes)
    yield good
    bad = play("use", db=Db(), body=body(takes, "BodyError"), **options)
    with bad.given():
        bad.once(ROLLBACK, [1])
        bad.raises(bad.first_failed("body"))
    yield bad
    rules = {"db": Db(rollback=2), "body": body(takes, "BodyError")}
    stopped = play("cancel_at", times=[takes + 1.5], **rules, **options)
    stopped.needs_operations(ROLLBACK)
    yield stopped


LIVES = {
    "takes": SPAN,
    "given": "bodies that take {takes} s: one ends well, one fails, "
    "one fails and is cancelled during the rollback",
}


@law("nothing-left")
@cases(count=4, **LIVES)
def test_nothing_is_left_running(play, takes):
    for run in lives(play, takes):
        run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=4, **LIVES)
def test_python_has_nothing_to_complain_of(play, takes):
    for run in lives(play, takes, collect=True):
        run.warns_nothing()


@law("never-blocks")
@cases(count=4, **LIVES)
def test_the_event_loop_is_never_blocked(play, takes):
    for run in lives(play, takes):
        run.never_blocks()
