import heapq

from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.world.rules import (
    END,
    Failing,
    Rule,
    after,
    answers,
    asynchronous,
    by_argument,
    cleans_up,
)

NEXT, CLOSE = "source.next", "source.close"
WORKERS = integers(1, 4)
MAXSIZE = integers(1, 3)
TAKES = lists(seconds(0.5, 3, 0.5), 2, 8)
GIVEN = "workers={workers}, maxsize={maxsize}, items that take {takes} s to handle"


def names(takes):
    return [f"item-{number}" for number in range(1, len(takes) + 1)]


def gives(items, take=0.0, closing=0.0, fails_after=None):
    """A source of these items, each of which takes `take` s to read.

    With `fails_after` it has only so many of them, and then fails.
    """
    plans = [after(take, item) for item in items[:fails_after]]
    if fails_after is not None:
        plans.append(after(take, fails=Failing("SourceError", "line lost")))

    def decide(call):
        if call.name.endswith(".close"):
            return after(closing, None)
        return plans[call.nth] if call.nth < len(plans) else END

    return Rule("stream", decide)


def handles(items, takes, bad=None, cancelled=None):
    """Each item takes its time to handle; the one at place `bad` fails then."""
    plans = {
        item: after(take, None, cancelled=cancelled)
        for item, take in zip(items, takes, strict=True)
    }
    if bad is not None:
        plans[items[bad]] = after(takes[bad], fails=Failing("HandleError", "refused"))
    return by_argument(plans)


def cleaning(seconds):
    return cleans_up(seconds) if seconds else None


def line(takes, closing=0.0, **fails):
    """A source that has all items at once, and what handles them."""
    return {
        "source": gives(names(takes), closing=closing),
        "handle": handles(names(takes), takes, **fails),
    }


def spans(takes, workers):
    """When each item is handled, from and to, if a free worker takes it at once."""
    free = [0.0] * workers
    found = []
    for take in takes:
        found.append((free[0], free[0] + take))
        heapq.heapreplace(free, free[0] + take)
    return found


# --- every item ---------------------------------------------------------------

ONCE = "Every item must be handled once, to its end"


def comes_to_its_end(run, items):
    """Raise `NotReached` if all is handled and the call does not end: that is another law."""
    if len(run.answered("handle")) >= len(items):
        run.reached(returned=False)


@law("each-item-once")
@cases(
    count=14,
    takes=lists(seconds(0.5, 3, 0.5), 1, 8),
    workers=WORKERS,
    maxsize=MAXSIZE,
    read=sampled([0, 0.25, 1]),
    given=GIVEN + " and {read} s to read",
    examples=[
        {"takes": [1.0, 2.0, 1.0], "workers": 2, "maxsize": 1, "read": 0},
        {"takes": [3.0], "workers": 4, "maxsize": 1, "read": 1},
        {"takes": [1.0] * 6, "workers": 2, "maxsize": 10, "read": 1},
        {"takes": [0.5] * 6, "workers": 2, "maxsize": 1, "read": 1},
    ],
)
def test_every_item_is_handled_once(play, takes, workers, maxsize, read):
    items = names(takes)

    run = play(
        "process",
        workers=workers,
        maxsize=maxsize,
        source=gives(items, read),
        handle=handles(items, takes),
    )

    comes_to_its_end(run, items)
    if run.named("handle"):
        run.all_succeed("handle", ONCE)
    run.once("handle", items, ONCE)


@law("each-item-once")
@cases(
    count=4,
    odd=sampled([None, False, 0, ""]),
    given="workers=2, maxsize=1, items 1, {odd!r}, 2",
    examples=[{"odd": None}, {"odd": ""}],
)
def test_anything_may_be_an_item(play, odd):
    items = [1, odd, 2]

    run = play(
        "process",
        workers=2,
        maxsize=1,
        source=gives(items),
        handle=asynchronous(after(1, None)),
    )

    comes_to_its_end(run, items)
    run.once("handle", items, "Every item must be handled, whatever it is")


@law("returns-count")
@cases(
    count=12,
    takes=lists(seconds(0.5, 3, 0.5), 0, 6),
    workers=WORKERS,
    maxsize=MAXSIZE,
    read=sampled([0, 1]),
    given=GIVEN + " and {read} s to read",
    examples=[
        {"takes": [], "workers": 2, "maxsize": 1, "read": 0},
        {"takes": [1.0], "workers": 3, "maxsize": 2, "read": 0},
        {"takes": [1.0, 3.0, 1.0], "workers": 2, "maxsize": 1, "read": 0},
        {"takes": [0.5, 0.5], "workers": 1, "maxsize": 1, "read": 1},
    ],
)
def test_it_returns_how_many_when_the_last_is_done(play, takes, workers, maxsize, read):
    items = names(takes)

    run = play(
        "process",
        workers=workers,
        maxsize=maxsize,
        source=gives(items, read),
        handle=handles(items, takes),
    )

    run.returns(len(items), "It must return how many items were handled")
    if items:
        run.needs_operations("handle")
        run.ends_with_the_last(
            "handle", "It must return when the last item has been handled"
        )


# --- workers ------------------------------------------------------------------


@law("at-most-workers")
@cases(
    count=12,
    takes=lists(seconds(0.5, 3, 0.5), 4, 8),
    workers=integers(1, 3),
    maxsize=MAXSIZE,
    given=GIVEN,
    examples=[
        {"takes": [1.0] * 5, "workers": 3, "maxsize": 1},
        {"takes": [1.0] * 8, "workers": 2, "maxsize": 20},
    ],
)
def test_never_more_items_at_once_than_workers(play, takes, workers, maxsize):
    run = play("process", workers=workers, maxsize=maxsize, **line(takes))

    run.at_most(workers, "handle", f"At most {workers} items may be handled at once")
    run.needs_operations("handle", len(takes))


@law("worker-used")
@cases(
    count=12,
    takes=TAKES,
    workers=WORKERS,
    maxsize=MAXSIZE,
    given=GIVEN,
    examples=[
        {"takes": [2.0, 1.0, 1.0, 1.0], "workers": 2, "maxsize": 1},
        {"takes": [1.0] * 15, "workers": 12, "maxsize": 1},
    ],
)
def test_a_free_worker_takes_the_next_item_at_once(play, takes, workers, maxsize):
    run = play("process", workers=workers, maxsize=maxsize, **line(takes))

    comes_to_its_end(run, takes)
    run.wastes_no_slot(
        workers,
        "handle",
        len(takes),
        "A free worker must take the next item at once",
    )


@law("worker-used")
@cases(
    count=8,
    read=seconds(0.5, 2, 0.5),
    number=integers(1, 5),
    maxsize=MAXSIZE,
    given="workers=5, maxsize={maxsize}, {number} items that take {read} s to read "
    "and 3 s to handle",
    examples=[{"read": 1.0, "number": 3, "maxsize": 1}],
)
def test_an_item_is_handled_as_soon_as_it_is_read(play, read, number, maxsize):
    items = names([3] * number)

    run = play(
        "process",
        workers=5,
        maxsize=maxsize,
        source=gives(items, read),
        handle=handles(items, [3] * number),
    )

    run.needs_operations("handle")
    came = [
        each.completed.at / wire.NANOSECONDS
        for each in run.named(NEXT)
        if each.completed and not each.plan.exhausted
    ]
    run.begins_at(
        "handle",
        came,
        "While a worker is free, an item must be handled when it is read",
    )


@law("starts-in-order")
@cases(
    count=12,
    takes=TAKES,
    workers=WORKERS,
    maxsize=MAXSIZE,
    given=GIVEN,
    examples=[
        {"takes": [1.0] * 5, "workers": 1, "maxsize": 2},
        {"takes": [0.5, 2.0, 1.0, 0.5, 1.5, 1.0, 0.5], "workers": 2, "maxsize": 3},
    ],
)
def test_items_are_begun_in_the_order_of_the_source(play, takes, workers, maxsize):
    run = play("process", workers=workers, maxsize=maxsize, **line(takes))

    run.starts_in_order(
        "handle", names(takes), "Items must be begun in the order of the source"
    )
    run.needs_operations("handle", len(takes))


# --- reading ------------------------------------------------------------------


@law("reads-little-ahead")
@cases(
    count=12,
    workers=integers(1, 3),
    maxsize=MAXSIZE,
    more=integers(3, 6),
    take=seconds(0.5, 2, 0.5),
    given="workers={workers}, maxsize={maxsize}, {more} items more than both together, "
    "which take {take} s to handle",
    examples=[{"workers": 2, "maxsize": 1, "more": 5, "take": 1.0}],
)
def test_few_items_wait_to_be_handled(play, workers, maxsize, more, take):
    takes = [take] * (workers + maxsize + more)

    run = play("process", workers=workers, maxsize=maxsize, **line(takes))

    run.needs_operations("handle")
    run.waiting_at_most(
        maxsize + 1,
        NEXT,
        "handle",
        f"At most maxsize={maxsize} may wait, and one in the hand of the reader",
    )
    run.reached(returned=False)


@law("one-reader")
@cases(
    count=8,
    takes=TAKES,
    workers=integers(2, 4),
    maxsize=MAXSIZE,
    read=seconds(0.25, 1, 0.25),
    given=GIVEN + " and {read} s to read",
    examples=[
        {"takes": [1.0] * 4, "workers": 2, "maxsize": 1, "read": 0.5},
        {"takes": [0.5] * 6, "workers": 2, "maxsize": 1, "read": 1.0},
    ],
)
def test_the_source_is_read_by_one_at_a_time(play, takes, workers, maxsize, read):
    items = names(takes)

    run = play(
        "process",
        workers=workers,
        maxsize=maxsize,
        source=gives(items, read),
        handle=handles(items, takes),
    )

    run.at_most(1, NEXT, "The source may be asked for one item at a time only")
    run.needs_operations(NEXT, len(items))
    run.reached(returned=False)


# --- errors -------------------------------------------------------------------

FAILING = GIVEN + "; the handler of number {bad} (from 0) fails"
FAILURE = {
    "takes": lists(seconds(0.5, 4, 0.5), 3, 8),
    "bad": integers(0, 7),
    "workers": integers(1, 4),
    "maxsize": MAXSIZE,
}
FIRST_ERROR = "The first error must come out, bare and at its moment"


def alone(takes, bad, workers, **_):
    """No other handler ends in the instant of the error."""
    if bad >= len(takes):
        return False
    ends = [end for _, end in spans(takes, workers)]
    return ends.count(ends[bad]) == 1


def among_others(takes, bad, workers, **_):
    """No other handler ends in the instant of the error, and some are at work then."""
    if not alone(takes, bad, workers):
        return False
    found = spans(takes, workers)
    error = found[bad][1]
    return any(start < error < end for n, (start, end) in enumerate(found) if n != bad)


@law("first-error-out")
@cases(
    count=14,
    **FAILURE,
    given=FAILING,
    assume=alone,
    examples=[
        {"takes": [1.0] * 6, "bad": 0, "workers": 1, "maxsize": 1},
        {"takes": [1.0, 2.0, 3.0], "bad": 0, "workers": 2, "maxsize": 1},
        {"takes": [2.0, 1.0], "bad": 1, "workers": 4, "maxsize": 1},
    ],
)
def test_the_error_of_a_handler_comes_out(play, takes, bad, workers, maxsize):
    run = play("process", workers=workers, maxsize=maxsize, **line(takes, bad=bad))

    run.raises(run.first_failed("handle"), at_its_moment=True, rule=FIRST_ERROR)


@law("first-error-out")
@cases(
    count=8,
    **FAILURE,
    given=FAILING + "; so do the others in their cleanup when they are cancelled",
    assume=among_others,
    examples=[{"takes": [1.0, 2.0, 3.0], "bad": 0, "workers": 2, "maxsize": 1}],
)
def test_an_error_in_a_cleanup_does_not_come_out(play, takes, bad, workers, maxsize):
    in_cleanup = answers(fails=Failing("HandleError", "cleanup failed"))
    run = play(
        "process",
        workers=workers,
        maxsize=maxsize,
        **line(takes, bad=bad, cancelled=in_cleanup),
    )

    run.raises(run.first_failed("handle"), at_its_moment=True, rule=FIRST_ERROR)


SOURCE_FAILURE = {
    "number": integers(0, 4),
    "workers": WORKERS,
    "maxsize": MAXSIZE,
    "read": sampled([0, 0.5]),
}
SOURCE_FAILING = (
    "workers={workers}, maxsize={maxsize}, a source that fails after {number} items; "
    "each takes {read} s to read and 10.25 s to handle"
)
SOURCE_EXAMPLES = [
    {"number": 0, "workers": 2, "maxsize": 1, "read": 0},
    {"number": 2, "workers": 2, "maxsize": 1, "read": 0.5},
    {"number": 3, "workers": 1, "maxsize": 3, "read": 0},
]


def source_fails(number, read, cancelled=None):
    items = names([10.25] * number)
    return {
        "source": gives(items, read, fails_after=number),
        "handle": handles(items, [10.25] * number, cancelled=cancelled),
    }


@law("first-error-out")
@cases(count=8, **SOURCE_FAILURE, given=SOURCE_FAILING, examples=SOURCE_EXAMPLES)
def test_the_error_of_the_source_comes_out(play, number, workers, maxsize, read):
    run = play(
        "process", workers=workers, maxsize=maxsize, **source_fails(number, read)
    )

    run.raises(run.first_failed(NEXT), at_its_moment=True, rule=FIRST_ERROR)


STOPS = "The first error must stop everything else before it comes out"


@law("error-stops-rest")
@cases(
    count=14,
    **FAILURE,
    cleanup=sampled([0, 0.25]),
    given=FAILING + "; cleaning up takes {cleanup} s",
    assume=among_others,
    examples=[
        {
            "takes": [1.0, 2.0, 3.0, 4.0],
            "bad": 0,
            "workers": 2,
            "maxsize": 1,
            "cleanup": 0.5,
        }
    ],
)
def test_an_error_of_a_handler_stops_everything(
    play, takes, bad, workers, maxsize, cleanup
):
    run = play(
        "process",
        workers=workers,
        maxsize=maxsize,
        **line(takes, bad=bad, cancelled=cleaning(cleanup)),
    )

    run.cancels_rest(("handle", NEXT), STOPS)


@law("error-stops-rest")
@cases(
    count=8,
    **SOURCE_FAILURE,
    cleanup=sampled([0, 0.25]),
    given=SOURCE_FAILING + "; cleaning up takes {cleanup} s",
    assume=lambda number, **_: number > 0,
    examples=[{"number": 2, "workers": 2, "maxsize": 1, "read": 0.5, "cleanup": 0.5}],
)
def test_an_error_of_the_source_stops_everything(
    play, number, workers, maxsize, read, cleanup
):
    run = play(
        "process",
        workers=workers,
        maxsize=maxsize,
        **source_fails(number, read, cleaning(cleanup)),
    )

    run.cancels_rest(("handle", NEXT), STOPS)


# --- the source is closed -----------------------------------------------------

CLOSED = "The iterator of the source must be closed before the call is over"
KINDS = sampled(["iterator", "iterable"])


def ends_as_without_closing(run, bad):
    """Closing the source changes nothing of what comes out; what does is another law."""
    run.needs_operations(NEXT)
    run.reached(returned=False)
    if bad is None:
        run.must_return("A source that ends well is no error")
    elif run.outcome.kind == "raised":
        error = run.first_failed("handle")
        rule = "Closing the source must not replace the error of a handler"
        run.raises(error, group=None, rule=rule)


@law("source-closed")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 0, 4),
    closing=sampled([0, 0.5]),
    kind=KINDS,
    given="workers=2, maxsize=1, items that take {takes} s to handle; closing takes "
    "{closing} s",
    examples=[{"takes": [1.0, 1.0], "closing": 0.5, "kind": "iterator"}],
)
def test_the_source_is_closed_at_the_end(play, takes, closing, kind):
    run = play("process", workers=2, maxsize=1, kind=kind, **line(takes, closing))

    run.needs_operations(NEXT)
    run.reached(returned=False)
    run.succeeds(CLOSE, CLOSED)
    run.must_return("The source has ended well, and so must the call")


@law("source-closed")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 2, 6),
    workers=integers(1, 3),
    closing=sampled([0, 0.5]),
    kind=KINDS,
    given="workers={workers}, maxsize=1, items that take {takes} s to handle, the first "
    "handler fails; closing takes {closing} s",
    examples=[{"takes": [1.0] * 6, "workers": 1, "closing": 0.5, "kind": "iterator"}],
)
def test_the_source_is_closed_after_an_error(play, takes, workers, closing, kind):
    run = play(
        "process", workers=workers, maxsize=1, kind=kind, **line(takes, closing, bad=0)
    )

    run.first_failed("handle")
    run.reached(returned=False)
    run.succeeds(CLOSE, CLOSED)


@law("source-closed")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 2, 6),
    workers=integers(1, 3),
    bad=sampled([None, 0]),
    read=sampled([0, 0.75, 3]),
    given="workers={workers}, maxsize=1; an async generator of items that take {takes} s "
    "to handle and {read} s to read; handler that fails (from 0): {bad}",
    examples=[
        {"takes": [1.0] * 6, "workers": 1, "bad": 0, "read": 0},
        {"takes": [1.0] * 3, "workers": 2, "bad": 0, "read": 3},
        {"takes": [1.0, 0.5], "workers": 2, "bad": 0, "read": 0.75},
        {"takes": [0.5] * 4, "workers": 1, "bad": None, "read": 0.75},
    ],
)
def test_a_generator_has_cleaned_up_before_the_call_is_over(
    play, takes, workers, bad, read
):
    items = names(takes)
    run = play(
        "process",
        workers=workers,
        maxsize=1,
        kind="generator",
        source=gives(items, read),
        handle=handles(items, takes, bad),
        release=asynchronous(after(0.5, None)),
    )

    ends_as_without_closing(run, bad)
    if bad is None or not has_come_to_its_end(run, items):
        rule = "The `finally` of the source must be over before the call is"
        run.succeeds("release", rule)


def has_come_to_its_end(run, items):
    """Say whether the generator has given all its items, and the end after them.

    It may then be in its `finally` when a handler fails: who was reading from it is
    cancelled, and so is that.
    """
    return len([each for each in run.named(NEXT) if each.completed]) > len(items)


@law("source-closed")
@cases(
    count=5,
    takes=lists(seconds(0.5, 2, 0.5), 0, 4),
    bad=sampled([None, 0]),
    given="workers=2, maxsize=1; an iterator without aclose of items that take {takes} s "
    "to handle; handler that fails (from 0): {bad}",
    assume=lambda takes, bad: takes or bad is None,
    examples=[{"takes": [1.0, 1.0], "bad": None}, {"takes": [1.0, 1.0], "bad": 0}],
)
def test_a_source_without_aclose_is_as_good(play, takes, bad):
    run = play("process", workers=2, maxsize=1, kind="plain", **line(takes, bad=bad))

    ends_as_without_closing(run, bad)


@law("source-closed")
@cases(
    count=4,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    workers=integers(1, 2),
    cleanup=sampled([0, 0.25]),
    given=GIVEN.replace("{maxsize}", "1")
    + "; the caller is cancelled, a handler cleans "
    "up for {cleanup} s",
    examples=[{"takes": [1.0] * 4, "workers": 1, "cleanup": 0}],
)
def test_the_source_is_closed_when_the_caller_is_cancelled(
    play, takes, workers, cleanup
):
    given = line(takes, cancelled=cleaning(cleanup))
    for run in play.sweep("process", workers=workers, maxsize=1, **given):
        sent = run.run.cancel_sent
        at = sent.at / wire.NANOSECONDS if sent else 0
        # One that the cancellation itself has hit has begun.
        if not any(each.blinked for each in run.named(CLOSE)):
            run.begins_by(CLOSE, at + cleanup, CLOSED)


# --- what holds for every kata ------------------------------------------------


@law("cancel-clean")
@cases(
    count=4,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    workers=integers(1, 2),
    maxsize=integers(1, 2),
    read=sampled([0, 0.75]),
    cleanup=sampled([0, 0.5]),
    given=GIVEN + " and {read} s to read; cleaning up takes {cleanup} s",
    examples=[
        {"takes": [1.0] * 4, "workers": 2, "maxsize": 1, "read": 0, "cleanup": 0.5},
        {"takes": [1.0] * 3, "workers": 2, "maxsize": 2, "read": 0.75, "cleanup": 0},
        {"takes": [0.5] * 4, "workers": 1, "maxsize": 1, "read": 0.75, "cleanup": 0},
    ],
)
def test_cancelling_the_caller_cancels_everything(
    play, takes, workers, maxsize, read, cleanup
):
    items = names(takes)
    given = {
        "source": gives(items, read),
        "handle": handles(items, takes, cancelled=cleaning(cleanup)),
    }

    for run in play.sweep("process", workers=workers, maxsize=maxsize, **given):
        run.cancelled_cleanly(cleanup)


@law("bad-arguments")
@cases(
    count=8,
    workers=integers(-2, 3),
    maxsize=integers(-2, 3),
    number=integers(0, 3),
    given="workers={workers}, maxsize={maxsize} and {number} items",
    assume=lambda workers, maxsize, **_: workers < 1 or maxsize < 1,
    examples=[
        {"workers": 0, "maxsize": 1, "number": 2},
        {"workers": 1, "maxsize": 0, "number": 2},
        {"workers": 0, "maxsize": 1, "number": 0},
    ],
)
def test_bad_arguments_are_refused_before_anything_is_read(
    play, workers, maxsize, number
):
    run = play("process", workers=workers, maxsize=maxsize, **line([1.0] * number))

    run.refuses(
        "ValueError",
        "workers or maxsize below 1 must raise ValueError before the source is touched",
    )


def whole(play, takes, workers, maxsize, **options):
    """Play a call that nothing disturbs; `NotReached` unless it handles everything."""
    run = play("process", workers=workers, maxsize=maxsize, **line(takes), **options)
    with run.given():
        run.once("handle", names(takes))
        run.returns(len(takes))
    return run


QUIET = {"takes": TAKES, "workers": integers(1, 3), "maxsize": MAXSIZE, "given": GIVEN}
TWO = [{"takes": [1.0, 2.0, 1.0], "workers": 2, "maxsize": 1}]


@law("own-workers")
@cases(
    count=8,
    **QUIET | {"given": "two calls at once, each with " + GIVEN},
    examples=TWO,
)
def test_two_calls_at_once_do_not_disturb_each_other(play, takes, workers, maxsize):
    single = whole(play, takes, workers, maxsize)
    left, right = line(takes), line(takes)

    run = play(
        "process_side_by_side",
        workers=workers,
        maxsize=maxsize,
        **{f"left.{name}": rule for name, rule in left.items()},
        **{f"right.{name}": rule for name, rule in right.items()},
    )

    rule = "Two calls at once must not disturb each other"
    run.returns([len(takes)] * 2, rule)
    run.once("left.handle", names(takes), rule)
    run.shares_nothing(single.duration, rule)


@law("own-workers")
@cases(
    count=6,
    **QUIET | {"given": GIVEN + "; after a call whose first handler failed"},
    examples=TWO,
)
def test_a_call_after_one_that_failed_is_not_disturbed(play, takes, workers, maxsize):
    single = whole(play, takes, workers, maxsize)
    bad, good = line(takes, bad=0), line(takes)

    run = play(
        "process_again",
        workers=workers,
        maxsize=maxsize,
        **{f"bad.{name}": rule for name, rule in bad.items()},
        **{f"good.{name}": rule for name, rule in good.items()},
    )

    rule = "A call that failed must not disturb the next one"
    run.needs_note("failed")
    run.returns(len(takes), rule)
    run.lasts_since("failed", single.duration, rule)


@law("second-loop")
@cases(
    count=6,
    **QUIET | {"given": GIVEN + "; under one event loop and then under another"},
    examples=TWO,
)
def test_it_works_again_under_a_second_loop(play, takes, workers, maxsize):
    once = whole(play, takes, workers, maxsize)
    first, second = line(takes), line(takes)

    run = play(
        "process_in_two_loops",
        workers=workers,
        maxsize=maxsize,
        **{f"first.{name}": rule for name, rule in first.items()},
        **{f"second.{name}": rule for name, rule in second.items()},
    )

    run.works_on_second_loop(2 * once.duration)


@law("nothing-left")
@cases(count=8, **FAILURE, given=FAILING, assume=among_others)
def test_nothing_is_left_running(play, takes, bad, workers, maxsize):
    whole(play, takes, workers, maxsize).leaves_nothing(threads=True)

    failing = play("process", workers=workers, maxsize=maxsize, **line(takes, bad=bad))
    failing.needs_operations("handle")
    failing.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=8, **FAILURE, given=FAILING, assume=among_others)
def test_python_has_nothing_to_complain_of(play, takes, bad, workers, maxsize):
    whole(play, takes, workers, maxsize, collect=True).warns_nothing()

    fails = line(takes, bad=bad)
    failing = play("process", workers=workers, maxsize=maxsize, collect=True, **fails)
    failing.warns_nothing()


@law("never-blocks")
@cases(count=8, **QUIET, examples=TWO)
def test_the_event_loop_is_never_blocked(play, takes, workers, maxsize):
    whole(play, takes, workers, maxsize).never_blocks()
