import heapq

from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds, tuples
from grader.world.rules import Failing, after, answers, by_argument, cleans_up

LIMITS = integers(1, 5)
TAKES = lists(seconds(0.5, 4, 0.5), 2, 9)
CROWDED = lists(seconds(0.5, 3, 0.5), 4, 9)
PAGES = "limit={limit}, pages that take {takes} s"


def urls(takes, prefix="page"):
    return [f"{prefix}-{number}" for number in range(1, len(takes) + 1)]


def each_takes(takes, prefix="page", cleanup=0):
    cancelled = cleans_up(cleanup) if cleanup else None
    plans = [after(take, cancelled=cancelled) for take in takes]
    return by_argument(dict(zip(urls(takes, prefix), plans, strict=True)))


def starts(takes, limit):
    """When each fetch starts if a free slot is used at once."""
    free = [0.0] * limit
    begun = []
    for take in takes:
        begun.append(free[0])
        heapq.heapreplace(free, free[0] + take)
    return begun


def one_fails(takes, bad, cleanup=0):
    """The page at place `bad` fails when its time is up; the others would go on."""
    names = urls(takes)
    cancelled = cleans_up(cleanup) if cleanup else None
    plans = {
        name: after(take, cancelled=cancelled)
        for name, take in zip(names, takes, strict=True)
    }
    plans[names[bad]] = after(takes[bad], fails="FetchError")
    return by_argument(plans)


CLEANUP_FAILS = answers(fails=Failing("FetchError", "cleanup failed"))


def one_fails_and_cleanups_too(takes, bad):
    """The page at place `bad` fails when its time is up; the others when cancelled."""
    plans = [after(take, cancelled=CLEANUP_FAILS) for take in takes]
    plans[bad] = after(takes[bad], fails="FetchError")
    return by_argument(dict(zip(urls(takes), plans, strict=True)))


def one_cleanup_fails(takes, bad, cleanup):
    """When they are cancelled, the page at `bad` fails at once, the others clean up."""
    plans = [after(take, cancelled=cleans_up(cleanup)) for take in takes]
    plans[bad] = after(takes[bad], cancelled=CLEANUP_FAILS)
    return by_argument(dict(zip(urls(takes), plans, strict=True)))


def fails_alone(takes, bad, limit):
    """No other fetch ends or starts at the instant of the error, and some are running."""
    begun = starts(takes, limit)
    error = begun[bad] + takes[bad]
    ends = [a + b for a, b in zip(begun, takes, strict=True)]
    others = [end for place, end in enumerate(ends) if place != bad]
    return error not in others and any(
        begun[n] < error < ends[n] for n in range(len(takes)) if n != bad
    )


@law("results-in-order")
@cases(
    count=16,
    takes=TAKES,
    limit=LIMITS,
    given=PAGES,
    examples=[{"takes": [], "limit": 1}, {"takes": [2.0, 1.0], "limit": 2}],
)
def test_results_stand_in_the_order_of_the_urls(play, takes, limit):
    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    run.returns_answers(
        "fetch", urls(takes), "The results must stand in the order of the urls"
    )


@law("results-in-order")
@cases(
    count=8,
    chosen=lists(sampled(["page-1", "page-2", "page-3"]), 2, 6),
    limit=LIMITS,
    given="limit={limit}, urls {chosen}",
    examples=[{"chosen": ["page-1", "page-1"], "limit": 2}],
)
def test_a_url_that_occurs_twice_is_fetched_twice(play, chosen, limit):
    fetch = each_takes([1, 2, 3])

    run = play("fetch_from_generator", urls=chosen, limit=limit, fetch=fetch)

    run.once("fetch", chosen, "Every url must be fetched once for each time it occurs")
    run.returns_answers(
        "fetch", chosen, "The results must stand in the order of the urls"
    )


@law("at-most-limit")
@cases(
    count=16,
    takes=CROWDED,
    limit=integers(1, 3),
    given=PAGES,
    examples=[
        {"takes": [1.0] * 5, "limit": 3},
        {"takes": [2.0, 0.5, 1.0], "limit": 1},
        {"takes": [1.0] * 15, "limit": 12},
    ],
)
def test_never_more_than_limit_at_once(play, takes, limit):
    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    run.at_most(limit, "fetch")
    run.needs_operations("fetch", len(takes))


@law("free-slot-used")
@cases(
    count=16,
    takes=TAKES,
    limit=LIMITS,
    given=PAGES,
    examples=[
        {"takes": [2.0, 1.0, 1.0, 1.0], "limit": 2},
        {"takes": [1.0] * 10, "limit": 3},
    ],
)
def test_a_free_slot_is_used_at_once(play, takes, limit):
    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    run.wastes_no_slot(limit, "fetch", len(takes))
    run.ends_with_the_last("fetch", "The call must end when its last fetch has ended")


@law("free-slot-used")
@cases(
    count=8,
    limit=integers(6, 12),
    more=integers(0, 4),
    given="limit={limit}, so many pages and {more} more, each takes 1 s",
    examples=[{"limit": 12, "more": 3}],
)
def test_every_slot_of_a_large_limit_is_used(play, limit, more):
    takes = [1.0] * (limit + more)

    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    run.wastes_no_slot(limit, "fetch", len(takes))
    run.ends_with_the_last("fetch", "The call must end when its last fetch has ended")


@law("starts-in-order")
@cases(count=16, takes=TAKES, limit=LIMITS, given=PAGES)
def test_fetches_start_in_the_order_of_the_urls(play, takes, limit):
    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    run.starts_in_order(
        "fetch", urls(takes), "Fetches must start in the order of the urls"
    )
    run.needs_operations("fetch", len(takes))


FAILING = (
    "limit={limit}, pages that take {takes} s, number {bad} of them (from 0) fails"
)
FAILURE = {
    "takes": lists(seconds(0.5, 4, 0.5), 3, 8),
    "bad": integers(0, 7),
    "limit": integers(2, 5),
}


def failure_shows(takes, bad, limit, **_):
    return bad < len(takes) and fails_alone(takes, bad, limit)


@law("first-error-out")
@cases(
    count=16,
    **FAILURE,
    given=FAILING,
    assume=failure_shows,
    examples=[{"takes": [1.0, 2.0, 3.0, 4.0], "bad": 0, "limit": 2}],
)
def test_the_first_error_comes_out_bare_at_its_moment(play, takes, bad, limit):
    fetch = one_fails(takes, bad)

    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=fetch)

    run.raises(
        run.first_failed("fetch"),
        at_its_moment=True,
        rule="The first error must come out, bare and at its moment",
    )


@law("first-error-out")
@cases(
    count=8,
    **FAILURE,
    given=FAILING + "; so do the others in their cleanup when they are cancelled",
    assume=failure_shows,
    examples=[
        {"takes": [1.0, 2.0, 3.0], "bad": 0, "limit": 2},
        {"takes": [4.0, 1.0, 3.0], "bad": 1, "limit": 2},
    ],
)
def test_an_error_in_a_cleanup_does_not_come_out(play, takes, bad, limit):
    fetch = one_fails_and_cleanups_too(takes, bad)

    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=fetch)

    run.raises(
        run.first_failed("fetch"),
        at_its_moment=True,
        rule="The first error must come out, bare and at its moment",
    )


@law("error-stops-rest")
@cases(
    count=16,
    **FAILURE,
    cleanup=sampled([0, 0.25]),
    given=FAILING + "; cleaning up takes {cleanup} s",
    assume=failure_shows,
    examples=[{"takes": [1.0, 2.0, 3.0, 4.0], "bad": 0, "limit": 2, "cleanup": 0.5}],
)
def test_an_error_cancels_the_running_and_stops_the_waiting(
    play, takes, bad, limit, cleanup
):
    fetch = one_fails(takes, bad, cleanup)

    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=fetch)

    run.cancels_rest("fetch")


@law("works-after-error")
@cases(
    count=8,
    takes=lists(seconds(0.5, 2, 0.5), 2, 6),
    limit=integers(1, 3),
    given="limit={limit}; of pages that take {takes} s the first fails, then the others are fetched",
)
def test_after_an_error_the_next_call_has_all_its_slots(play, takes, limit):
    more = urls(takes)[1:]
    alone = play("fetch_pages", urls=more, limit=limit, fetch=each_takes(takes))
    alone.needs_operations("fetch", len(more))
    alone.reached()

    fetch = one_fails(takes, 0)
    run = play("fetch_again", urls=urls(takes), more=more, limit=limit, fetch=fetch)

    rule = "After an error the next call must have all its slots"
    run.must_return(rule)
    run.lasts_since("failed", alone.duration, rule)


@law("bad-limit")
@cases(
    count=6,
    limit=integers(-3, 0),
    number=integers(0, 4),
    given="limit={limit} and {number} urls",
    examples=[{"limit": 0, "number": 3}, {"limit": 0, "number": 0}],
)
def test_a_limit_below_one_is_refused_before_anything_is_fetched(play, limit, number):
    takes = [1] * number

    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    run.refuses(
        "ValueError", "A limit below 1 must raise ValueError before anything is fetched"
    )


@law("cancel-clean")
@cases(
    count=6,
    takes=lists(seconds(0.5, 2, 0.5), 1, 5),
    limit=integers(1, 3),
    cleanup=sampled([0, 0.5]),
    given=PAGES + "; cleaning up takes {cleanup} s",
)
def test_cancelling_the_caller_cancels_every_fetch(play, takes, limit, cleanup):
    fetch = each_takes(takes, cleanup=cleanup)

    for run in play.sweep("fetch_pages", urls=urls(takes), limit=limit, fetch=fetch):
        run.cancelled_cleanly(cleanup)


@law("cancel-clean")
@cases(
    count=5,
    takes=lists(seconds(0.5, 2, 0.5), 2, 4),
    limit=integers(2, 3),
    bad=integers(0, 3),
    given=PAGES
    + "; cleaning up takes 0.5 s, but that of number {bad} (from 0) fails at once",
    assume=lambda takes, bad, **_: bad < len(takes),
    examples=[{"takes": [1.0, 1.0], "limit": 2, "bad": 0}],
)
def test_a_cleanup_that_fails_does_not_cut_the_others_short(play, takes, limit, bad):
    fetch = one_cleanup_fails(takes, bad, 0.5)

    for run in play.sweep("fetch_pages", urls=urls(takes), limit=limit, fetch=fetch):
        run.cancelled_cleanly(0.5)


@law("nothing-left")
@cases(count=8, **FAILURE, given=FAILING, assume=failure_shows)
def test_nothing_is_left_running(play, takes, bad, limit):
    whole = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))
    with whole.given():
        whole.returns_answers("fetch", urls(takes))
    whole.leaves_nothing()

    failing = play(
        "fetch_pages", urls=urls(takes), limit=limit, fetch=one_fails(takes, bad, 0.25)
    )
    failing.needs_operations("fetch")
    failing.leaves_nothing()


@law("no-complaints")
@cases(count=8, **FAILURE, given=FAILING, assume=failure_shows)
def test_python_has_nothing_to_complain_of(play, takes, bad, limit):
    whole = play(
        "fetch_pages",
        urls=urls(takes),
        limit=limit,
        fetch=each_takes(takes),
        collect=True,
    )
    with whole.given():
        whole.returns_answers("fetch", urls(takes))
    whole.warns_nothing()

    fetch = one_fails(takes, bad)
    failing = play(
        "fetch_pages", urls=urls(takes), limit=limit, fetch=fetch, collect=True
    )
    failing.warns_nothing()


@law("never-blocks")
@cases(count=8, takes=TAKES, limit=LIMITS, given=PAGES)
def test_the_event_loop_is_never_blocked(play, takes, limit):
    run = play("fetch_pages", urls=urls(takes), limit=limit, fetch=each_takes(takes))

    with run.given():
        run.returns_answers("fetch", urls(takes))
    run.never_blocks()


@law("own-limit")
@cases(
    count=8,
    each=tuples(seconds(0.5, 2, 0.5), integers(1, 3), integers(2, 6)).map(list),
    given="two calls, each with [seconds a page, limit, pages] = {each}",
)
def test_two_calls_at_once_have_a_limit_each(play, each):
    take, limit, number = each
    left, right = urls([take] * number, "left"), urls([take] * number, "right")
    fetch = by_argument({url: after(take) for url in left + right})
    alone = play("fetch_pages", urls=left, limit=limit, fetch=fetch)
    alone.needs_operations("fetch", number)
    alone.reached()

    run = play("fetch_side_by_side", left=left, right=right, limit=limit, fetch=fetch)

    run.shares_nothing(alone.duration, "Two calls at once must have a limit each")


@law("second-loop")
@cases(
    count=6,
    takes=lists(seconds(0.5, 2, 0.5), 2, 5),
    limit=integers(1, 2),
    given=PAGES + ", fetched under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, takes, limit):
    fetch = each_takes(takes)
    once = play("fetch_pages", urls=urls(takes), limit=limit, fetch=fetch)
    once.needs_operations("fetch", len(takes))
    once.reached()

    run = play("fetch_in_two_loops", urls=urls(takes), limit=limit, fetch=fetch)

    run.works_on_second_loop(2 * once.duration)
