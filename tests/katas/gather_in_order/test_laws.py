from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.world.rules import Failing, after, answers, by_argument, cleans_up

TIME = seconds(0.5, 4, 0.5)
TAKES = lists(TIME, 1, 8)
PAGES = "pages that take {takes} s"
MANY = [1.0 + number % 3 for number in range(15)]

AT_ONCE = "All urls must be fetched at once"
IN_ORDER = "The result must be a list in the order of the urls"
FIRST_ERROR = "The first error must come out, bare and at its moment"


def urls(takes, prefix="page"):
    return [f"{prefix}-{number}" for number in range(1, len(takes) + 1)]


def by_url(plans, prefix="page"):
    return by_argument(dict(zip(urls(plans, prefix), plans, strict=True)))


def each_takes(takes, cleanup=0):
    cancelled = cleans_up(cleanup) if cleanup else None
    return by_url([after(take, cancelled=cancelled) for take in takes])


def starts_all_at_once(run, number):
    run.begins_at("fetch", [0] * number, AT_ONCE)


@law("all-at-once")
@cases(
    count=24,
    takes=TAKES,
    given=PAGES,
    examples=[{"takes": [2.0, 1.0]}, {"takes": MANY}, {"takes": [1.0] * 120}],
)
def test_all_urls_are_fetched_at_once(play, takes):
    run = play("fetch_pages", urls=urls(takes), fetch=each_takes(takes))

    starts_all_at_once(run, len(takes))


@law("ends-with-slowest")
@cases(count=24, takes=TAKES, given=PAGES, examples=[{"takes": [2.0, 1.0]}])
def test_the_call_returns_when_the_slowest_is_done(play, takes):
    run = play("fetch_pages", urls=urls(takes), fetch=each_takes(takes))

    with run.given():
        starts_all_at_once(run, len(takes))
    run.takes(max(takes), "The call must return when the slowest fetch is done")


@law("results-in-order")
@cases(
    count=24,
    takes=TAKES,
    given=PAGES,
    examples=[{"takes": [2.0, 1.0]}, {"takes": [1.0, 3.0, 2.0]}, {"takes": MANY}],
)
def test_pages_stand_in_the_order_of_the_urls(play, takes):
    run = play("fetch_pages", urls=urls(takes), fetch=each_takes(takes))

    run.needs_operations("fetch")
    run.returns_answers("fetch", urls(takes), IN_ORDER)


@law("each-time-anew")
@cases(
    count=16,
    chosen=lists(sampled(["page-1", "page-2", "page-3"]), 2, 6),
    given="urls {chosen}",
    assume=lambda chosen: len(set(chosen)) < len(chosen),
    examples=[{"chosen": ["page-1", "page-1"]}],
)
def test_a_url_that_occurs_twice_is_fetched_twice(play, chosen):
    once = sorted(set(chosen))
    alone = play("fetch_pages", urls=once, fetch=each_takes([3, 2, 1]))
    with alone.given():
        alone.returns_answers("fetch", once)

    run = play("fetch_pages", urls=chosen, fetch=each_takes([3, 2, 1]))

    rule = "Every url must be fetched once for each time it occurs"
    run.once("fetch", chosen, rule)
    run.returns_answers(
        "fetch", chosen, "Each place of the list must hold the page of its own fetch"
    )


ANY_URLS = "`urls` may be any iterable"


@law("any-urls")
@cases(
    count=12,
    takes=TAKES,
    given="urls from a generator, " + PAGES,
    examples=[{"takes": [2.0, 1.0]}],
)
def test_urls_may_come_from_a_generator(play, takes):
    listed = play("fetch_pages", urls=urls(takes), fetch=each_takes(takes))
    with listed.given():
        listed.returns_answers("fetch", urls(takes))

    run = play("fetch_from_generator", urls=urls(takes), fetch=each_takes(takes))

    run.once("fetch", urls(takes), ANY_URLS + ", a generator too: walk it once")
    run.returns_answers(
        "fetch", urls(takes), ANY_URLS + ", a generator too: walk it once"
    )


@law("any-urls")
@cases(
    count=2,
    kind=sampled(["list", "generator"]),
    given="no urls: an empty {kind}",
)
def test_no_urls_give_an_empty_list(play, kind):
    scenario = {"list": "fetch_pages", "generator": "fetch_from_generator"}[kind]

    run = play(scenario, urls=[], fetch=each_takes([]))

    run.returns([], "No urls must give []")


FAILURE = {"takes": lists(TIME, 2, 7), "bad": integers(0, 6)}
FAILING = PAGES + ", number {bad} of them (from 0) fails"


def one_fails(takes, bad, cleanup=0):
    """The page at place `bad` fails when its time is up; the others would go on."""
    cancelled = cleans_up(cleanup) if cleanup else None
    plans = [after(take, cancelled=cancelled) for take in takes]
    plans[bad] = after(takes[bad], fails=Failing("FetchError", "no page"))
    return by_url(plans)


CLEANUP_FAILS = answers(fails=Failing("FetchError", "cleanup failed"))


def is_a_place(takes, bad, **_):
    return bad < len(takes)


def others_run_on(takes, bad, **_):
    return bad < len(takes) and any(take > takes[bad] for take in takes)


@law("first-error-out")
@cases(
    count=24,
    **FAILURE,
    given=FAILING,
    assume=is_a_place,
    examples=[
        {"takes": [4.0, 1.0], "bad": 1},
        {"takes": [1.0, 4.0], "bad": 1},
        {"takes": [1.0, 4.0], "bad": 0},
    ],
)
def test_the_error_comes_out_bare_at_its_moment(play, takes, bad):
    run = play("fetch_pages", urls=urls(takes), fetch=one_fails(takes, bad))

    run.raises(run.first_failed("fetch"), at_its_moment=True, rule=FIRST_ERROR)


@law("first-error-out")
@cases(
    count=12,
    takes=lists(TIME, 2, 5, unique=True),
    given=PAGES + "; the first to end fails, and so do the cleanups of the others",
    examples=[{"takes": [3.0, 1.0, 2.0]}, {"takes": [1.0, 2.0]}],
)
def test_an_error_in_a_cleanup_does_not_come_out(play, takes):
    failing = Failing("FetchError", "no page")
    plans = [after(take, fails=failing, cancelled=CLEANUP_FAILS) for take in takes]

    run = play("fetch_pages", urls=urls(takes), fetch=by_url(plans))

    run.raises(run.first_failed("fetch"), at_its_moment=True, rule=FIRST_ERROR)


@law("first-error-out")
@cases(count=4, time=TIME, number=integers(2, 4), given="{number} fail after {time} s")
def test_of_errors_at_one_instant_any_comes_out(play, time, number):
    plans = [after(time, fails="FetchError")] * number

    run = play("fetch_pages", urls=urls(plans), fetch=by_url(plans))

    failed = run.first_failed("fetch")
    run.raises("FetchError", rule="When two fail at once, one error must come out bare")
    run.ends_when(failed, "The error must come out at its moment")


CANCELS_REST = "An error must cancel the other fetches and wait for them to finish"


@law("error-cancels-rest")
@cases(
    count=24,
    **FAILURE,
    cleanup=sampled([0, 0.5, 1]),
    given=FAILING + "; the others need {cleanup} s to clean up",
    assume=others_run_on,
    examples=[
        {"takes": [1.0, 3.0, 2.0], "bad": 0, "cleanup": 0.5},
        {"takes": [3.0, 1.0], "bad": 1, "cleanup": 0.5},
        {"takes": [3.0, 1.0], "bad": 1, "cleanup": 0},
    ],
)
def test_an_error_cancels_the_other_fetches(play, takes, bad, cleanup):
    run = play("fetch_pages", urls=urls(takes), fetch=one_fails(takes, bad, cleanup))

    with run.given():
        starts_all_at_once(run, len(takes))
    run.cancels_rest("fetch", CANCELS_REST)
    run.ends_at(
        takes[bad] + cleanup,
        "The error must come out when the others have finished their cleanup",
    )


CANCELS_ALL = "Cancelling the caller must cancel every fetch"


@law("cancel-all")
@cases(
    count=12,
    takes=lists(TIME, 1, 5),
    cleanup=sampled([0, 0.5]),
    given=PAGES + ", the caller is cancelled; cleaning up takes {cleanup} s",
    examples=[{"takes": [2.0, 2.0], "cleanup": 0}, {"takes": [2.0, 1.0], "cleanup": 1}],
)
def test_cancelling_the_caller_cancels_every_fetch(play, takes, cleanup):
    fetch = each_takes(takes, cleanup)
    whole = play("fetch_pages", urls=urls(takes), fetch=fetch)
    with whole.given():
        starts_all_at_once(whole, len(takes))

    for run in play.sweep("fetch_pages", urls=urls(takes), fetch=fetch):
        run.cancelled_cleanly(cleanup, CANCELS_ALL)


@law("cancel-all")
@cases(
    count=8,
    takes=lists(TIME, 2, 4),
    bad=integers(0, 3),
    given=PAGES + ", the caller is cancelled; the cleanup of number {bad} (from 0) "
    "fails at once, those of the others take 0.5 s",
    assume=is_a_place,
    examples=[{"takes": [2.0, 2.0], "bad": 0}, {"takes": [2.0, 2.0], "bad": 1}],
)
def test_a_cleanup_that_fails_does_not_cut_the_others_short(play, takes, bad):
    plans = [after(take, cancelled=cleans_up(0.5)) for take in takes]
    plans[bad] = after(takes[bad], cancelled=CLEANUP_FAILS)
    whole = play("fetch_pages", urls=urls(takes), fetch=by_url(plans))
    with whole.given():
        starts_all_at_once(whole, len(takes))

    for run in play.sweep("fetch_pages", urls=urls(takes), fetch=by_url(plans)):
        run.cancelled_cleanly(0.5, CANCELS_ALL)


@law("own-pages")
@cases(
    count=12,
    takes=lists(TIME, 1, 4),
    more=seconds(0.5, 2, 0.5),
    given="two calls at once: in one " + PAGES + ", in the other each {more} s longer",
    examples=[{"takes": [1.0, 2.0], "more": 0.5}],
)
def test_two_calls_at_once_do_not_mix_their_pages(play, takes, more):
    left, right = urls(takes, "left"), urls(takes, "right")
    longer = [take + more for take in takes]
    plans = [after(take) for take in takes + longer]
    fetch = by_argument(dict(zip(left + right, plans, strict=True)))
    alone = play("fetch_pages", urls=left, fetch=fetch)
    with alone.given():
        alone.returns_answers("fetch", left)

    run = play("fetch_side_by_side", left=left, right=right, fetch=fetch)

    run.returns_answers(
        "fetch", left + right, "Two calls at once must not mix their pages"
    )


@law("second-loop")
@cases(
    count=8,
    takes=lists(TIME, 1, 4),
    given=PAGES + ", fetched under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, takes):
    fetch = each_takes(takes)
    once = play("fetch_pages", urls=urls(takes), fetch=fetch)
    with once.given():
        once.returns_answers("fetch", urls(takes))

    run = play("fetch_in_two_loops", urls=urls(takes), fetch=fetch)

    run.works_on_second_loop(2 * once.duration)


@law("nothing-left")
@cases(
    count=16,
    **FAILURE,
    given=FAILING,
    assume=others_run_on,
    examples=[{"takes": [1.0, 3.0], "bad": 0}],
)
def test_nothing_is_left_running(play, takes, bad):
    whole = play("fetch_pages", urls=urls(takes), fetch=each_takes(takes))
    with whole.given():
        whole.returns_answers("fetch", urls(takes))
    whole.leaves_nothing(threads=True)

    fetch = one_fails(takes, bad, 0.25)
    failing = play("fetch_pages", urls=urls(takes), fetch=fetch)
    failing.needs_operations("fetch")
    failing.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=16,
    **FAILURE,
    given=FAILING + ", or all fail at once",
    assume=is_a_place,
    examples=[{"takes": [1.0, 3.0], "bad": 0}],
)
def test_python_has_nothing_to_complain_of(play, takes, bad):
    names = urls(takes)
    whole = play("fetch_pages", urls=names, fetch=each_takes(takes), collect=True)
    with whole.given():
        whole.returns_answers("fetch", names)
    whole.warns_nothing()

    fetch = one_fails(takes, bad)
    play("fetch_pages", urls=names, fetch=fetch, collect=True).warns_nothing()

    all_fail = by_url([after(takes[bad], fails="FetchError")] * len(takes))
    play("fetch_pages", urls=names, fetch=all_fail, collect=True).warns_nothing()


@law("never-blocks")
@cases(count=12, takes=TAKES, given=PAGES)
def test_the_loop_is_never_blocked(play, takes):
    run = play("fetch_pages", urls=urls(takes), fetch=each_takes(takes))

    with run.given():
        run.returns_answers("fetch", urls(takes))
    run.never_blocks()
