from grader.judge.cases import cases, law
from grader.judge.draws import booleans, integers, lists, sampled
from grader.laws.files import READING, WRITING
from grader.laws.overlap import busiest
from grader.world.disk import Disk
from grader.world.rules import after, asynchronous

FILES = (READING, WRITING, "disk.replace")
BEAT = 0.125
UNIT = 0.25
"""How long the quickest use of a file takes; of slower files so many times as long."""

ODD = 0.237
"""Another one, whose multiples nobody meets who looks every so often."""

BYTES = [
    b"alpha\r\nbeta\r\n",
    b"\x00\xff\xfe no text \x80",
    b"gamma" * 4000,
    b"",
    b"\r\r\n\n",
    b"zeta",
]
SLOW = lists(integers(1, 4), 2, 6)
LIMITS = integers(1, 4)
GIVEN = "limit={limit}, files that take {slow} times as long as the quickest"
OLD = b"the old bytes of out"


def named(slow):
    """As many files, in an order that is not the one of their names."""
    return [f"in/{name}" for name in ["m", "c", "x", "a", "q", "f"]][: len(slow)]


def holding(slow):
    """What these files hold: plain lines, each other ones."""
    lines = [b"one\n", b"two\n", b"three\n" * 2000, b"four\n", b"five\n", b"six\n"]
    return dict(zip(named(slow), lines, strict=False))


def binary(slow):
    """What these files hold, where it matters that they are no texts."""
    return dict(zip(named(slow), BYTES, strict=False))


def merged(files):
    return b"".join(files.values())


def disk(slow, unit=UNIT, **others):
    """A disk on which each of the files takes its own time."""
    times = dict(zip(named(slow), slow, strict=True))
    return Disk(
        opens=unit, reads=unit, writes=unit, replaces=2 * unit, slow=times, **others
    )


def merging(slow, limit, out="out", **others):
    """What a test plays: inputs in a folder of their own, `out` beside it."""
    return {
        "paths": named(slow),
        "out": out,
        "limit": limit,
        "disk": disk(slow, **others),
    }


@law("bytes-in-order")
@cases(
    count=6,
    slow=SLOW,
    limit=LIMITS,
    given=GIVEN,
    examples=[
        {"slow": [], "limit": 1},
        {"slow": [3], "limit": 2},
        {"slow": [4, 1, 1], "limit": 3},
    ],
)
def test_out_holds_all_bytes_in_order(play, slow, limit):
    files = binary(slow)

    run = play("merge", files=files, **merging(slow, limit))

    rule = "out must hold the bytes of all files, in the order of paths"
    run.folder_holds({**files, "out": merged(files)}, rule)
    run.returns(len(merged(files)), "It must return the number of bytes")


@law("bytes-in-order")
@cases(
    count=4,
    slow=SLOW,
    limit=LIMITS,
    given=GIVEN + "; out is there already",
    examples=[{"slow": [1], "limit": 1}],
)
def test_an_out_that_is_there_gets_the_new_bytes(play, slow, limit):
    files = binary(slow)

    run = play("merge", files={**files, "out": OLD}, **merging(slow, limit))

    rule = "out must hold the bytes of all files, in the order of paths, and no others"
    run.folder_holds({**files, "out": merged(files)}, rule)


@law("out-among-paths")
@cases(
    count=5,
    slow=SLOW,
    limit=LIMITS,
    place=integers(0, 5),
    given=GIVEN + "; number {place} of them (from 0) is also out",
    assume=lambda slow, place, **_: place < len(slow),
    examples=[
        {"slow": [1, 1], "limit": 1, "place": 1},
        {"slow": [1, 1, 1], "limit": 2, "place": 0},
    ],
)
def test_out_may_be_one_of_the_files(play, slow, limit, place):
    out = named(slow)[place]
    files = {**holding(slow), out: OLD}

    run = play("merge", files=files, **merging(slow, limit, out))

    run.needs_operations(READING)
    rule = "Where out is one of the files, its old bytes must be among the new ones"
    run.must_return(rule)
    found = run.run.files.get(out) or b""
    kept = OLD in found and found != OLD
    run.folder_holds({**files, out: found if kept else merged(files)}, rule)


@law("at-most-limit")
@cases(
    count=5,
    slow=lists(integers(1, 4), 3, 6),
    limit=integers(1, 3),
    given=GIVEN,
    examples=[{"slow": [1, 1, 1, 1], "limit": 2}, {"slow": [2, 1, 2], "limit": 1}],
)
def test_never_more_than_limit_are_open(play, slow, limit):
    run = play("merge", files=holding(slow), **merging(slow, limit))

    run.at_most(limit, READING, f"At most {limit} of the files may be open at once")
    run.needs_operations(READING, len(slow))


@law("free-place-used")
@cases(
    count=5,
    slow=SLOW,
    limit=LIMITS,
    given=GIVEN,
    examples=[
        {"slow": [4, 1, 1, 1], "limit": 2},
        {"slow": [1, 1, 1, 1], "limit": 4},
        {"slow": [1, 1], "limit": 1},
    ],
)
def test_the_next_file_is_opened_at_once(play, slow, limit):
    run = play("merge", files=holding(slow), **merging(slow, limit, unit=ODD))

    run.needs_operations(READING)
    run.wastes_no_slot(
        limit,
        READING,
        len(slow),
        "As soon as one file is closed the next must be opened",
        since=run.named(READING)[0].began.at / 10**9,
    )


@law("loop-stays-free")
@cases(
    count=5,
    slow=SLOW,
    limit=LIMITS,
    given=GIVEN + "; another task does something every 0.125 s",
    examples=[{"slow": [1, 2], "limit": 2}, {"slow": [1], "limit": 1}],
)
def test_the_loop_is_never_blocked(play, slow, limit):
    run = play(
        "merge_beside_a_heartbeat",
        files=holding(slow),
        beats=round(sum(slow) * 4 * UNIT / BEAT) + 100,
        heartbeat=asynchronous(after(BEAT)),
        **merging(slow, limit),
    )

    run.needs_operations(READING, len(slow))
    run.needs_operations(WRITING)
    run.keeps_beating("heartbeat", "No call for a file may block the event loop")


@law("all-or-nothing")
@cases(
    count=6,
    slow=lists(integers(1, 4), 2, 4),
    limit=LIMITS,
    old=sampled([None, OLD]),
    given=GIVEN + "; out held {old} before",
    examples=[
        {"slow": [1, 1], "limit": 1, "old": OLD},
        {"slow": [1, 1], "limit": 2, "old": None},
    ],
)
def test_out_is_complete_at_every_moment(play, slow, limit, old):
    files = holding(slow)
    before = {} if old is None else {"out": old}

    run = play(
        "merge", files={**files, **before}, watch=["out"], **merging(slow, limit)
    )

    rule = "Whoever looks at out must see what it held before or all of the new bytes"
    run.changes_at_once("out", rule)


@law("all-or-nothing")
@cases(
    count=4,
    slow=lists(integers(1, 3), 2, 4),
    limit=LIMITS,
    given=GIVEN + "; a folder has a file system of its own, in which out lies",
    examples=[{"slow": [1, 1], "limit": 2}],
)
def test_the_temporary_file_is_in_the_same_file_system(play, slow, limit):
    files = holding(slow)

    run = play(
        "merge",
        files={**files, "far/out": OLD},
        watch=["far/out"],
        **merging(slow, limit, "far/out", mounts=["far"]),
    )

    run.needs_operations(READING)
    rule = "In a file system of its own, too, out must be replaced, and as a whole"
    if run.run.files.get("far/out") == OLD:
        run.must_return(rule)
    run.changes_at_once("far/out", rule)


FAILURE = {
    "slow": lists(integers(1, 4), 3, 6),
    "bad": integers(0, 5),
    "limit": integers(1, 3),
}


def is_there(slow, bad, **_):
    return bad < len(slow)


@law("error-comes-out")
@cases(
    count=5,
    **FAILURE,
    given=GIVEN + "; number {bad} of them (from 0) is missing",
    assume=is_there,
    examples=[
        {"slow": [1, 3, 1], "bad": 0, "limit": 2},
        {"slow": [4, 1, 1], "bad": 1, "limit": 2},
        {"slow": [1], "bad": 0, "limit": 1},
    ],
)
def test_a_missing_file_raises_file_not_found(play, slow, bad, limit):
    missing = named(slow)[bad]
    files = holding(slow)
    del files[missing]

    run = play("merge", files=files, **merging(slow, limit, missing=[missing]))

    run.raises(
        "FileNotFoundError", rule="A missing file must raise a bare FileNotFoundError"
    )
    if any(each.failed for each in run.named(READING)):
        rule = "The error must come out at once, or when the files then open are closed"
        run.ends_with_the_running(FILES, rule)


def written_in_vain(run):
    """The write whose error came out, or else the first: a file is flushed again."""
    failed = [each for each in run.named("disk.write") if each.failed]
    error = run.outcome.error
    raised = [
        each for each in failed if error and error.handle == f"error {each.token}"
    ]
    return (raised or failed)[0]


@law("error-comes-out")
@cases(count=4, slow=SLOW, limit=LIMITS, given=GIVEN + "; the disk is full")
def test_a_full_disk_raises_its_error(play, slow, limit):
    run = play("merge", files=holding(slow), **merging(slow, limit, full=True))

    run.first_failed("disk.write")
    rule = "When the disk is full its error must come out bare"
    run.raises(written_in_vain(run), rule=rule)


@law("error-comes-out")
@cases(count=4, slow=SLOW, limit=LIMITS, given=GIVEN + "; the disk is read-only")
def test_a_disk_that_is_read_only_raises_its_error(play, slow, limit):
    run = play("merge", files=holding(slow), **merging(slow, limit, read_only=True))

    failed = run.first_failed(WRITING)
    run.raises(failed, rule="When no file can be written that error must come out bare")


@law("error-leaves-folder")
@cases(
    count=6,
    **FAILURE,
    given=GIVEN + "; number {bad} of them (from 0) cannot be read",
    assume=is_there,
    examples=[{"slow": [1, 1, 1], "bad": 2, "limit": 1}],
)
def test_a_file_that_cannot_be_read_changes_nothing(play, slow, bad, limit):
    files = {**holding(slow), "out": OLD}
    unreadable = [named(slow)[bad]]

    run = play("merge", files=files, **merging(slow, limit, unreadable=unreadable))

    run.first_failed(READING)
    rule = "After an error out must be as it was, and no temporary file be left"
    run.folder_holds(files, rule)


@law("error-leaves-folder")
@cases(
    count=5,
    slow=SLOW,
    limit=LIMITS,
    old=sampled([None, OLD]),
    given=GIVEN + "; the disk is full; out held {old} before",
    examples=[{"slow": [1, 1], "limit": 2, "old": OLD}],
)
def test_a_full_disk_changes_nothing(play, slow, limit, old):
    files = holding(slow) | ({} if old is None else {"out": old})

    run = play("merge", files=files, **merging(slow, limit, full=True))

    run.first_failed(WRITING)
    rule = "After an error out must be as it was, and no temporary file be left"
    run.folder_holds(files, rule)


@law("error-leaves-folder")
@cases(count=4, slow=SLOW, limit=LIMITS, given=GIVEN + "; out is a folder")
def test_an_out_that_cannot_be_replaced_leaves_nothing(play, slow, limit):
    files = {**holding(slow), "out/kept": OLD}

    run = play("merge", files=files, **merging(slow, limit))

    run.needs_operations(READING, len(slow))
    rule = "If out cannot be replaced, no temporary file may be left"
    run.folder_holds(files, rule)


@law("error-stops-reading")
@cases(
    count=6,
    **FAILURE,
    given=GIVEN + "; number {bad} of them (from 0) cannot be read",
    assume=lambda slow, bad, limit: bad + limit < len(slow),
    examples=[{"slow": [1, 4, 4, 1, 1], "bad": 0, "limit": 2}],
)
def test_after_an_error_no_file_is_opened(play, slow, bad, limit):
    unreadable = [named(slow)[bad]]

    run = play(
        "merge", files=holding(slow), **merging(slow, limit, unreadable=unreadable)
    )

    run.starts_no_more(FILES, "After an error no further file may be opened")


@law("bad-limit")
@cases(
    count=5,
    limit=integers(-3, 0),
    slow=lists(integers(1, 2), 0, 3),
    given="limit={limit}, files that take {slow} times as long as the quickest",
    examples=[{"limit": 0, "slow": [1, 1]}, {"limit": 0, "slow": []}],
)
def test_a_limit_below_one_is_refused(play, limit, slow):
    run = play("merge", files=holding(slow), **merging(slow, limit))

    run.refuses(
        "ValueError", "A limit below 1 must raise ValueError before a file is opened"
    )


SWEPT = {"slow": lists(integers(1, 3), 1, 3), "limit": integers(1, 3)}


@law("cancel-in-time")
@cases(count=2, **SWEPT, given=GIVEN, examples=[{"slow": [1, 2, 1], "limit": 2}])
def test_a_cancellation_comes_out(play, slow, limit):
    files = holding(slow)
    play("merge", files=files, **merging(slow, limit)).needs_operations(READING)

    for run in play.sweep("merge", files=files, **merging(slow, limit)):
        if not run.had_begun("disk.replace"):
            rule = "Cancelling the caller must end the call"
            run.cancelled_with_the_running(FILES, rule)


@law("cancel-leaves-folder")
@cases(count=2, **SWEPT, given=GIVEN, examples=[{"slow": [1, 2, 1], "limit": 2}])
def test_a_cancellation_leaves_the_folder_as_it_was(play, slow, limit):
    files = {**holding(slow), "out": OLD}
    play("merge", files=files, **merging(slow, limit)).needs_operations(READING)

    for run in play.sweep("merge", files=files, **merging(slow, limit)):
        rule = "After a cancellation out must be as it was, and no temporary file left"
        run.must_end(rule)
        new = merged(holding(slow))
        replaced = run.had_begun("disk.replace") and run.run.files.get("out") == new
        run.folder_holds({**files, "out": new} if replaced else files, rule)


@law("calls-apart")
@cases(
    count=2,
    slow=lists(integers(1, 3), 4, 4),
    limit=integers(1, 2),
    given="two calls at once, each with limit={limit} and two of the files that take {slow} times as long as the quickest",
    examples=[{"slow": [1, 1, 1, 1], "limit": 1}],
)
def test_two_calls_at_once_have_a_limit_each(play, slow, limit):
    files, paths = holding(slow), named(slow)
    left, right = paths[:2], paths[2:]
    most = 0
    for half in (left, right):
        alone = play(
            "merge", files=files, paths=half, out="out", limit=limit, disk=disk(slow)
        )
        alone.needs_operations(READING, 2)
        most += len(busiest(alone.named(READING)).running)

    run = play(
        "merge_side_by_side",
        files=files,
        left=left,
        right=right,
        outs=["one", "two"],
        limit=limit,
        disk=disk(slow),
    )

    rule = "Two calls at once may have as many files open as each of them alone"
    run.reaches(most, READING, rule)


@law("calls-apart")
@cases(
    count=2,
    slow=lists(integers(1, 3), 4, 4),
    limit=integers(1, 2),
    given="two calls at once, for the same out, each with limit={limit} and two of the files that take {slow} times as long as the quickest",
    examples=[{"slow": [1, 1, 1, 1], "limit": 2}, {"slow": [1, 1, 2, 1], "limit": 2}],
)
def test_two_calls_for_one_out_do_not_meet(play, slow, limit):
    files, paths = holding(slow), named(slow)
    left, right = paths[:2], paths[2:]
    wholes = []
    for half in (left, right):
        alone = play(
            "merge", files=files, paths=half, out="out", limit=limit, disk=disk(slow)
        )
        alone.needs_operations(READING, 2)
        alone.reached()
        wholes.append(alone.run.files.get("out"))

    run = play(
        "merge_side_by_side",
        files=files,
        left=left,
        right=right,
        outs=["out", "out"],
        limit=limit,
        disk=disk(slow),
    )

    rule = "Two calls at once for one out must not get in each other's way"
    run.must_return(rule)
    found = run.run.files.get("out")
    run.folder_holds({**files, "out": found if found in wholes else wholes[1]}, rule)


@law("second-loop")
@cases(
    count=4,
    slow=lists(integers(1, 2), 2, 4),
    limit=integers(1, 2),
    given=GIVEN + ", merged under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, slow, limit):
    files = holding(slow)
    once = play("merge", files=files, **merging(slow, limit))
    once.needs_operations(READING, len(slow))
    once.reached()

    run = play("merge_in_two_loops", files=files, **merging(slow, limit))

    rule = "It must work again under a second event loop"
    run.must_return(rule)
    run.folder_holds(once.run.files, rule)


@law("files-closed")
@cases(count=5, slow=SLOW, limit=LIMITS, given=GIVEN)
def test_every_file_is_closed_again(play, slow, limit):
    files = holding(slow)

    run = play("merge", files=files, **merging(slow, limit))

    run.needs_operations(READING, len(slow))
    run.closes_files("When the call returns, every file must be closed")


@law("nothing-left")
@cases(count=3, **FAILURE, given=GIVEN, assume=is_there)
def test_nothing_is_left(play, slow, bad, limit):
    files = holding(slow)
    whole = play("merge", files=files, **merging(slow, limit))
    whole.needs_operations(READING, len(slow))
    whole.reached()
    whole.leaves_nothing()
    whole.leaves_no_thread()

    failing = play(
        "merge", files=files, **merging(slow, limit, unreadable=[named(slow)[bad]])
    )
    failing.first_failed(READING)
    failing.leaves_no_thread(
        "After an error, too, no thread may be left when its work is done"
    )


@law("no-complaints")
@cases(
    count=5,
    # The first fails when all are read: an open that is cancelled may lose its file.
    slow=lists(sampled([3, 2]), 2, 4),
    all_bad=booleans(),
    given="as many places as files, which take {slow} times as long as the quickest; none of them can be read: {all_bad}",
    examples=[{"slow": [3, 2], "all_bad": True}, {"slow": [3, 2], "all_bad": False}],
)
def test_python_has_nothing_to_complain_of(play, slow, all_bad):
    unreadable = named(slow) if all_bad else []

    run = play(
        "merge",
        files=holding(slow),
        collect=True,
        **merging(slow, len(slow), unreadable=unreadable),
    )

    run.needs_operations(READING)
    run.warns_nothing()
