import heapq

from grader.judge.cases import cases, law
from grader.judge.draws import booleans, integers, lists, sampled, seconds
from grader.world.rules import Failing, after, asynchronous, by_argument, synchronous

BEAT = 0.25
UNREADABLE = Failing("HashError", "this blob cannot be hashed")
THREADS = integers(1, 5)
TAKES = lists(seconds(0.5, 4, 0.5), 2, 8)
CROWDED = lists(seconds(0.5, 3, 0.5), 4, 8)
BLOBS = "threads={threads}, blobs that take {takes} s"


def blobs(takes):
    """As many blobs, neither rising nor falling."""
    return [b"kiwi", b"fig", b"plum", b"apple", b"pear", b"date", b"nut", b"lime"][
        : len(takes)
    ]


def hashing(takes, *bad):
    """Each call blocks its thread for its time; those at the places `bad` fail then."""
    plans = {
        blob: after(take, fails=UNREADABLE if place in bad else None)
        for place, (blob, take) in enumerate(zip(blobs(takes), takes, strict=True))
    }
    return synchronous(by_argument(plans).decide)


def spans(takes, threads):
    """When each call begins and ends if a free thread is used at once."""
    free = [0.0] * threads
    found = []
    for take in takes:
        found.append((free[0], free[0] + take))
        heapq.heapreplace(free, free[0] + take)
    return found


def heartbeats(takes):
    """Enough for the slowest of answers, and a rule for them."""
    return {
        "beats": round(sum(takes) / BEAT) + 40,
        "heartbeat": asynchronous(after(BEAT)),
    }


@law("results-in-order")
@cases(
    count=16,
    takes=TAKES,
    threads=THREADS,
    given=BLOBS,
    examples=[{"takes": [], "threads": 1}, {"takes": [2.0, 1.0], "threads": 2}],
)
def test_hashes_stand_in_the_order_of_the_blobs(play, takes, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes)
    )

    rule = "The hashes must stand in the order of the blobs"
    run.returns_answers("hash_fn", blobs(takes), rule)


@law("results-in-order")
@cases(
    count=12,
    chosen=lists(sampled([b"kiwi", b"fig", b"plum"]), 2, 6),
    threads=integers(1, 3),
    given="threads={threads}, blobs {chosen}",
    examples=[{"chosen": [b"kiwi", b"kiwi"], "threads": 2}],
)
def test_a_blob_that_occurs_twice_is_hashed_twice(play, chosen, threads):
    run = play("hash_blobs", blobs=chosen, threads=threads, hash_fn=hashing([1, 2, 3]))

    run.once(
        "hash_fn", chosen, "Every blob must be hashed once for each time it occurs"
    )
    run.returns_answers(
        "hash_fn", chosen, "The hashes must stand in the order of the blobs"
    )


@law("loop-stays-free")
@cases(
    count=12,
    takes=TAKES,
    threads=THREADS,
    given=BLOBS + "; another task does something every 0.25 s",
    examples=[{"takes": [1.0, 2.0], "threads": 2}, {"takes": [0.5], "threads": 1}],
)
def test_the_loop_is_never_blocked(play, takes, threads):
    run = play(
        "hash_beside_a_heartbeat",
        blobs=blobs(takes),
        threads=threads,
        hash_fn=hashing(takes),
        **heartbeats(takes),
    )

    run.needs_operations("hash_fn", len(takes))
    run.keeps_beating("heartbeat", "hash_fn must not block the event loop")


FAILING = (
    "threads={threads}, blobs that take {takes} s, number {bad} of them (from 0) fails"
)
FAILURE = {
    "takes": lists(seconds(0.5, 4, 0.5), 3, 8),
    "bad": integers(0, 7),
    "threads": integers(2, 5),
}


def fails_alone(takes, bad, threads, **_):
    """No other call ends or begins in the instant of the error, and some are running."""
    if bad >= len(takes):
        return False
    found = spans(takes, threads)
    error = found[bad][1]
    others = found[:bad] + found[bad + 1 :]
    return all(end != error for _, end in others) and any(
        begin < error < end for begin, end in others
    )


def fails_before_the_queue_is_empty(takes, bad, threads, **_):
    return fails_alone(takes, bad, threads) and any(
        begin > spans(takes, threads)[bad][1] for begin, _ in spans(takes, threads)
    )


@law("loop-stays-free")
@cases(
    count=10,
    **FAILURE,
    given=FAILING + "; another task does something every 0.25 s",
    assume=fails_alone,
    examples=[{"takes": [1.0, 3.0, 2.0], "bad": 0, "threads": 2}],
)
def test_the_loop_is_not_blocked_by_an_error(play, takes, bad, threads):
    run = play(
        "hash_beside_a_heartbeat",
        blobs=blobs(takes),
        threads=threads,
        hash_fn=hashing(takes, bad),
        **heartbeats(takes),
    )

    run.first_failed("hash_fn")
    run.keeps_beating(
        "heartbeat", "After an error, too, the event loop must not be blocked"
    )


@law("at-most-threads")
@cases(count=16, takes=CROWDED, threads=integers(1, 3), given=BLOBS)
def test_never_more_calls_than_threads(play, takes, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes)
    )

    run.at_most(threads, "hash_fn")
    run.needs_operations("hash_fn", len(takes))


@law("at-most-threads")
@cases(
    count=12,
    **FAILURE,
    given=FAILING,
    assume=fails_before_the_queue_is_empty,
    examples=[{"takes": [1.0, 3.0, 3.0, 2.0, 2.0, 2.0], "bad": 0, "threads": 3}],
)
def test_never_more_calls_than_threads_after_an_error(play, takes, bad, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes, bad)
    )

    run.first_failed("hash_fn")
    run.at_most(
        threads,
        "hash_fn",
        f"A call that runs keeps its thread: at most {threads} may run",
    )


@law("free-thread-used")
@cases(
    count=20,
    takes=TAKES,
    threads=THREADS,
    given=BLOBS,
    examples=[
        {"takes": [2.0, 1.0, 1.0, 1.0], "threads": 2},
        {"takes": [1.0] * 5, "threads": 5},
    ],
)
def test_a_free_thread_is_used_at_once(play, takes, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes)
    )

    run.wastes_no_slot(
        threads, "hash_fn", len(takes), "A free thread must be used at once"
    )
    run.ends_with_the_last("hash_fn", "The call must end when the last hash is there")


@law("first-error-out")
@cases(
    count=16,
    **FAILURE,
    given=FAILING,
    assume=fails_alone,
    examples=[{"takes": [1.0, 2.0, 3.0, 4.0], "bad": 0, "threads": 2}],
)
def test_the_first_error_comes_out_bare(play, takes, bad, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes, bad)
    )

    run.raises(run.first_failed("hash_fn"), rule="The first error must come out bare")
    rule = "The error must come out at once, or when the calls that run have ended"
    run.ends_with_the_running("hash_fn", rule)


@law("first-error-out")
@cases(
    count=8,
    takes=lists(seconds(0.5, 4, 0.5), 2, 4, unique=True),
    given="as many threads as blobs, which fail after {takes} s",
    examples=[{"takes": [2.0, 1.0]}],
)
def test_the_first_of_several_errors_comes_out(play, takes):
    every = range(len(takes))

    run = play(
        "hash_blobs",
        blobs=blobs(takes),
        threads=len(takes),
        hash_fn=hashing(takes, *every),
    )

    run.raises(
        run.first_failed("hash_fn"), rule="The error that came first must come out"
    )


@law("error-stops-queue")
@cases(
    count=16,
    **FAILURE,
    given=FAILING,
    assume=fails_before_the_queue_is_empty,
    examples=[{"takes": [1.0, 3.0, 2.0, 2.0, 1.0], "bad": 0, "threads": 2}],
)
def test_after_an_error_no_call_begins(play, takes, bad, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes, bad)
    )

    run.starts_no_more("hash_fn", "After an error no further call may begin")


@law("cancel-at-once")
@cases(
    count=10,
    takes=lists(seconds(0.5, 2, 0.5), 1, 6),
    threads=integers(1, 3),
    given=BLOBS,
    examples=[{"takes": [2.0, 1.0, 1.0], "threads": 1}],
)
def test_a_cancellation_comes_out_at_once(play, takes, threads):
    hash_fn = hashing(takes)

    for run in play.sweep(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hash_fn
    ):
        run.needs_operations("hash_fn")
        run.cancelled_at_once("hash_fn", "Cancelling the caller must end the call")


@law("bad-threads")
@cases(
    count=12,
    threads=integers(-3, 0),
    number=integers(0, 4),
    given="threads={threads} and {number} blobs",
    examples=[{"threads": 0, "number": 3}, {"threads": 0, "number": 0}],
)
def test_less_than_one_thread_is_refused(play, threads, number):
    takes = [1] * number

    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes)
    )

    run.refuses(
        "ValueError", "threads below 1 must raise ValueError before anything is hashed"
    )


@law("own-threads")
@cases(
    count=12,
    takes=lists(seconds(0.5, 2, 0.5), 4, 4),
    threads=integers(1, 2),
    given="two calls at once, each with threads={threads} and two of the blobs that take {takes} s",
    examples=[{"takes": [1.0, 1.0, 1.0, 1.0], "threads": 1}],
)
def test_two_calls_at_once_have_threads_of_their_own(play, takes, threads):
    left, right = blobs(takes)[:2], blobs(takes)[2:]
    hash_fn = hashing(takes)
    alone = [
        play("hash_blobs", blobs=each, threads=threads, hash_fn=hash_fn)
        for each in (left, right)
    ]
    for each in alone:
        each.needs_operations("hash_fn", 2)
        each.reached()

    run = play(
        "hash_side_by_side", left=left, right=right, threads=threads, hash_fn=hash_fn
    )

    longest = max(each.duration for each in alone)
    run.shares_nothing(
        longest,
        "Two calls at once must have threads of their own",
        # Half of the shortest wait for a thread of the other call's.
        slack=0.25,
    )


@law("second-loop")
@cases(
    count=12,
    takes=lists(seconds(0.5, 2, 0.5), 2, 5),
    threads=integers(1, 2),
    given=BLOBS + ", hashed under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, takes, threads):
    hash_fn = hashing(takes)
    once = play("hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hash_fn)
    once.needs_operations("hash_fn", len(takes))
    once.reached()

    run = play(
        "hash_in_two_loops", blobs=blobs(takes), threads=threads, hash_fn=hash_fn
    )

    run.works_on_second_loop(2 * once.duration, slack=0.25)


@law("context-follows")
@cases(
    count=12,
    takes=lists(seconds(0.5, 2, 0.5), 2, 6),
    threads=integers(1, 2),
    callers=sampled([["ann", "bob"], ["bob", "ann"]]),
    given=BLOBS + "; {callers} set a context variable and hash half of them each",
    examples=[{"takes": [1.0, 1.0], "threads": 1, "callers": ["ann", "bob"]}],
)
def test_context_variables_are_seen_in_the_threads(play, takes, threads, callers):
    half = len(takes) // 2
    owners = [callers[0]] * half + [callers[1]] * (len(takes) - half)

    run = play(
        "hash_for_two_callers",
        blobs=blobs(takes),
        threads=threads,
        callers=callers,
        hash_fn=hashing(takes),
    )

    run.needs_operations("hash_fn", len(takes))
    rule = "hash_fn must see the context variables of its caller"
    run.notes_each(
        "the caller seen", dict(zip(blobs(takes), owners, strict=True)), rule
    )


@law("nothing-left")
@cases(count=8, takes=TAKES, threads=THREADS, given=BLOBS)
def test_nothing_is_left(play, takes, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes)
    )

    with run.given():
        run.once("hash_fn", blobs(takes))
    run.leaves_nothing()
    run.leaves_no_thread()


@law("nothing-left")
@cases(count=8, **FAILURE, given=FAILING, assume=fails_alone)
def test_no_thread_is_left_after_an_error(play, takes, bad, threads):
    run = play(
        "hash_blobs", blobs=blobs(takes), threads=threads, hash_fn=hashing(takes, bad)
    )

    run.first_failed("hash_fn")
    run.leaves_no_thread(
        "After an error, too, no thread may be left when its work is done"
    )


@law("nothing-left")
@cases(
    count=6,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    threads=integers(1, 3),
    instant=integers(1, 3),
    given=BLOBS + "; the caller is cancelled",
    examples=[{"takes": [1.0, 1.0], "threads": 1, "instant": 1}],
)
def test_no_thread_is_left_after_a_cancellation(play, takes, threads, instant):
    run = play(
        "hash_blobs",
        cancel_at=instant,
        blobs=blobs(takes),
        threads=threads,
        hash_fn=hashing(takes),
    )

    run.needs_operations("hash_fn")
    run.leaves_no_thread(
        "After a cancellation, too, no thread may be left when its work is done"
    )


@law("no-complaints")
@cases(
    count=12,
    takes=lists(seconds(0.5, 4, 0.5), 2, 4, unique=True),
    all_fail=booleans(),
    given="as many threads as blobs, which take {takes} s; all of them fail: {all_fail}",
    examples=[
        {"takes": [1.0, 2.0], "all_fail": True},
        {"takes": [1.0, 2.0], "all_fail": False},
    ],
)
def test_python_has_nothing_to_complain_of(play, takes, all_fail):
    bad = range(len(takes)) if all_fail else []
    hash_fn = hashing(takes, *bad)

    run = play(
        "hash_blobs",
        blobs=blobs(takes),
        threads=len(takes),
        hash_fn=hash_fn,
        collect=True,
    )

    run.needs_operations("hash_fn")
    run.warns_nothing()
