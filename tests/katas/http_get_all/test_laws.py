from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds, tuples
from grader.values import record
from grader.world.http import Page, Site
from grader.world.rules import after, by_argument, synchronous

LIMITS = integers(1, 4)
HALF = seconds(0.5, 2, 0.5)
PAGES = lists(tuples(HALF, HALF).map(list), 2, 7)
CROWDED = lists(tuples(HALF, HALF).map(list), 4, 8)
GIVEN = "limit={limit}; pages whose [head, then body] take {pages} s"
WAYS = sampled(["get_pages", "run_main"])
MAKES = synchronous(after(0))

ANY_TEXT = wire.Opaque("str")
ANYTHING = wire.Opaque("object")


def url(number):
    return f"http://a.test/{number}"


def urls(pages):
    return [url(number) for number in range(1, len(pages) + 1)]


def token(text):
    return text.encode()


def site(*pages, host="a.test"):
    """A site whose pages are called 1, 2, 3 and so on."""
    return Site(host, {f"/{number}": page for number, page in enumerate(pages, 1)})


def good(head, body):
    return Page(token, after=head, takes=body)


def good_site(pages):
    return site(*(good(head, body) for head, body in pages))


def played(play, way, network, **given):
    """Play get_all on a session, or main."""
    if way.endswith("main"):
        given["make_session"] = MAKES
    return play(way, network=network, **given)


def failure(url, status=None):
    return record("Failure", url=url, reason=ANY_TEXT, status=status)


# --- what comes out -------------------------------------------------------------

READ = "Each page must be read while its response is open"
TEXT = "Under each url there must be the text of its page"


@law("pages")
@cases(
    count=8,
    pages=PAGES,
    limit=LIMITS,
    way=WAYS,
    given=GIVEN + "; {way}",
    examples=[
        {"pages": [[1.0, 1.0], [0.5, 0.5]], "limit": 2, "way": "get_pages"},
        {"pages": [[1.0, 1.0], [0.5, 0.5]], "limit": 2, "way": "run_main"},
    ],
)
def test_under_each_url_is_the_text_of_its_page(play, pages, limit, way):
    run = played(play, way, [good_site(pages)], urls=urls(pages), limit=limit)

    run.reads_to_the_end(READ)
    for each in urls(pages):
        run.returns_under(each, run.body(each), TEXT)


@law("pages")
@cases(
    count=4,
    charset=sampled(["utf-8", "latin-1", "utf-16", "cp1252"]),
    given="a page in {charset}",
    examples=[{"charset": "latin-1"}],
)
def test_a_page_is_decoded_as_its_answer_says(play, charset):
    kind = {"Content-Type": f"text/plain; charset={charset}"}
    page = Page(lambda token: f"{token} é".encode(charset), headers=kind)

    run = play("get_pages", network=[site(page)], urls=[url(1)], limit=1)

    run.reads_to_the_end(READ)
    body = run.body(url(1))
    decoded = f"{body} é" if isinstance(body, str) else body
    run.returns_under(url(1), decoded, "A page must be decoded as its answer says")


@law("keys-in-order")
@cases(
    count=8,
    pages=PAGES,
    chosen=lists(integers(1, 9), 1, 8),
    limit=LIMITS,
    way=WAYS,
    given=GIVEN + "; of them and of missing ones these are wanted: {chosen}; {way}",
    examples=[
        {"pages": [[1.0, 1.0]], "chosen": [], "limit": 1, "way": "get_pages"},
        {
            "pages": [[2.0, 1.0], [0.5, 0.5], [1.0, 0.5]],
            "chosen": [3, 1, 9, 2, 1],
            "limit": 4,
            "way": "get_pages",
        },
    ],
)
def test_keys_stand_in_the_order_of_first_appearance(play, pages, chosen, limit, way):
    wanted = [url(number) for number in chosen]

    run = played(play, way, [good_site(pages)], urls=wanted, limit=limit)

    rule = "The keys must stand in the order in which the urls first appear"
    run.returns_keys(list(dict.fromkeys(wanted)), rule)


@law("asks-once")
@cases(
    count=8,
    pages=PAGES,
    chosen=lists(integers(1, 7), 2, 8),
    limit=LIMITS,
    given=GIVEN + "; these are wanted: {chosen}",
    examples=[
        {"pages": [[1.0, 1.0]] * 2, "chosen": [1, 2, 1], "limit": 3},
        {"pages": [[1.0, 1.0]] * 2, "chosen": [1, 2, 1], "limit": 1},
        {"pages": [[1.0, 1.0]], "chosen": [9, 9], "limit": 1},
    ],
)
def test_each_distinct_url_is_asked_for_once(play, pages, chosen, limit):
    wanted = [url(number) for number in chosen]

    run = play("get_pages", network=[good_site(pages)], urls=wanted, limit=limit)

    distinct = list(dict.fromkeys(wanted))
    run.asks_once(distinct, "Each distinct url must be asked for once")


@law("status-failures")
@cases(
    count=8,
    statuses=lists(sampled([200, 201, 203, 400, 403, 404, 429, 500, 503]), 1, 6),
    limit=LIMITS,
    raises=sampled([False, True]),
    given="limit={limit}; pages with the statuses {statuses}; raise_for_status={raises}",
    examples=[
        {"statuses": [200, 404, 200], "limit": 1, "raises": False},
        {"statuses": [200, 404, 200], "limit": 3, "raises": True},
        {"statuses": [400], "limit": 1, "raises": False},
    ],
)
def test_a_bad_status_becomes_a_failure_with_that_status(play, statuses, limit, raises):
    pages = [Page(token, status, after=1, takes=0.5) for status in statuses]

    run = play(
        "get_pages",
        network=[site(*pages)],
        urls=urls(pages),
        limit=limit,
        raise_for_status=raises,
    )

    rule = "A status of 400 and above must become a Failure, and nothing else"
    for each, status in zip(urls(pages), statuses, strict=True):
        wanted = failure(each, status) if status >= 400 else run.body(each)
        run.returns_under(each, wanted, rule)


TROUBLE = {
    "refused": ("http://down.test/", None),
    "no such host": ("http://nowhere.test/", None),
    "nobody answers": ("http://mute.test/", None),
    "no url": ("a.test/1", None),
    "not http": ("ftp://a.test/1", None),
    "no answer": ("http://bad.test/hang", None),
    "cut off": ("http://bad.test/cut", ANYTHING),
    "body too slow": ("http://bad.test/slow", ANYTHING),
    "no text": ("http://bad.test/bytes", ANYTHING),
}
BAD_PAGES = {
    "/hang": Page(then="hang"),
    "/cut": Page(b"half of it", after=0.5, takes=0.5, then="cut"),
    "/slow": Page(b"late", after=0.5, takes=60),
    "/bytes": Page(b"\xff\xfe\xfd", after=0.5),
}
BAD_SITES = [
    Site("bad.test", BAD_PAGES),
    Site("down.test", refuses=True, answers=0.5),
    Site("mute.test", answers=None),
]


@law("client-failures")
@cases(
    count=7,
    troubles=lists(sampled(list(TROUBLE)), 1, 4, unique=True),
    pages=lists(tuples(seconds(0.5, 1, 0.5), seconds(0, 0.5, 0.5)).map(list), 1, 3),
    limit=LIMITS,
    given=GIVEN + "; after 2 s the session times out; before them {troubles}",
    examples=[
        {"troubles": [each], "pages": [[1.0, 0.5]], "limit": 1} for each in TROUBLE
    ],
)
def test_what_fails_becomes_a_failure_and_the_others_go_on(
    play, troubles, pages, limit
):
    bad = dict(TROUBLE[each] for each in troubles)

    run = play(
        "get_pages",
        network=[*BAD_SITES, good_site(pages)],
        urls=[*bad, *urls(pages)],
        limit=limit,
        seconds=2,
    )

    rule = "Errors of the client, timeouts and bad bodies must become a Failure"
    for each, status in bad.items():
        run.returns_under(each, failure(each, status), rule)
    for each in urls(pages):
        run.returns_under(each, run.body(each), "The other pages must not suffer")


# --- when, and how many at once -------------------------------------------------

MIXED = {
    "count": 8,
    "pages": CROWDED,
    "missing": lists(integers(1, 8), 0, 3, unique=True),
    "limit": integers(1, 3),
    "given": GIVEN + "; these are 404: {missing}",
}


def mixed_site(pages, missing):
    """Pages of which some are missing; the answer that says so takes its time too."""
    return site(
        *(
            Page(token, 404 if number in missing else 200, after=head, takes=body)
            for number, (head, body) in enumerate(pages, 1)
        )
    )


@law("at-most-limit")
@cases(
    **MIXED,
    examples=[
        {"pages": [[1.0, 1.0]] * 5, "missing": [], "limit": 3},
        {"pages": [[0.5, 2.0]] * 3, "missing": [], "limit": 1},
        {"pages": [[1.0, 1.0]] * 12, "missing": [], "limit": 9},
        {"pages": [[1.0, 1.0]] * 3, "missing": [1], "limit": 1},
    ],
)
def test_never_more_than_limit_at_once(play, pages, missing, limit):
    network = [mixed_site(pages, missing)]

    run = play("get_pages", network=network, urls=urls(pages), limit=limit)

    run.opens_at_most(limit, f"At most {limit} may be open at once")
    run.needs_visits(len(pages))


def uses_places(play, pages, missing, limit, more):
    network = [mixed_site(pages, missing), *BAD_SITES]
    wanted = [*more, *urls(pages)]
    run = play("get_pages", network=network, urls=wanted, limit=limit)
    run.asks_when_free(limit, len(wanted), "A free place must be used at once")
    run.ends_with_the_last_response("It must be over when the last page is")


@law("free-place-used")
@cases(
    **MIXED,
    examples=[
        {"pages": [[2.0, 1.0], [0.5, 0.5], [0.5, 0.5]], "missing": [], "limit": 2},
        {"pages": [[1.0, 1.0]] * 3, "missing": [1], "limit": 1},
        {"pages": [[1.0, 0.5]] * 10, "missing": [], "limit": 8},
    ],
)
def test_a_free_place_is_used_at_once(play, pages, missing, limit):
    uses_places(play, pages, missing, limit, [])


@law("free-place-used")
@cases(
    count=4,
    pages=PAGES,
    limit=integers(1, 3),
    given=GIVEN + "; before them a host that refuses after 0.5 s, and a page cut off",
)
def test_a_page_that_fails_gives_its_place_back(play, pages, limit):
    more = [TROUBLE["refused"][0], TROUBLE["cut off"][0]]

    uses_places(play, pages, [], limit, more)


@law("responses-released")
@cases(
    count=7,
    pages=PAGES,
    size=sampled([2, 400_000]),
    place=integers(0, 6),
    limit=LIMITS,
    given=GIVEN + "; at place {place} (from 0) one that is 404, whose body of {size} "
    "bytes comes 9 s after its head",
    examples=[
        {
            "pages": [[1.0, 1.0], [1.0, 1.0]],
            "size": 2,
            "place": 1,
            "limit": 3,
        }
    ],
)
def test_every_response_is_given_back(play, pages, size, place, limit):
    all_pages = [good(head, body) for head, body in pages]
    all_pages.insert(place, Page(bytes(size), 404, after=0.5, takes=9))
    network = [site(*all_pages)]

    run = play("get_pages", network=network, urls=urls(all_pages), limit=limit)

    run.gives_all_back("over", "No response may be left open")
    run.needs_visits(len(all_pages))


# --- the session ----------------------------------------------------------------

ONE = "main must make one session, and ask for every page with it"


@law("one-session")
@cases(
    count=5,
    pages=PAGES,
    limit=LIMITS,
    given=GIVEN,
    examples=[{"pages": [[1.0, 1.0]] * 3, "limit": 2}],
)
def test_main_asks_for_all_pages_with_one_session(play, pages, limit):
    run = played(play, "run_main", [good_site(pages)], urls=urls(pages), limit=limit)

    run.called_times(1, "make_session", ONE)
    run.asks_with("X-Session", run.named("make_session")[0].token, ONE)


@law("one-session")
@cases(count=5, pages=PAGES, limit=LIMITS, given=GIVEN)
def test_all_pages_are_asked_for_with_the_session_given(play, pages, limit):
    run = play("get_pages", network=[good_site(pages)], urls=urls(pages), limit=limit)

    rule = "Every page must be asked for with the session that is given"
    run.asks_with("X-Session", "given", rule)


@law("session-lent")
@cases(
    count=5,
    pages=PAGES,
    limit=LIMITS,
    given=GIVEN + "; when get_all is over one more is asked for",
    examples=[{"pages": [[1.0, 1.0]], "limit": 1}],
)
def test_the_session_can_be_used_again(play, pages, limit):
    more = url(len(pages) + 1)
    network = [good_site([*pages, [0.5, 0.5]])]

    run = play("get_more", network=network, urls=urls(pages), limit=limit, more=more)

    run.needs_visits(len(pages))
    run.returns(run.body(more), "get_all must leave the session open")


CLOSED = "main must close its session, however things end"


@law("session-closed")
@cases(
    count=5,
    pages=PAGES,
    missing=lists(integers(1, 7), 0, 3, unique=True),
    limit=LIMITS,
    given=GIVEN + "; these are 404: {missing}",
    examples=[
        {"pages": [[1.0, 1.0]] * 3, "missing": [2], "limit": 2},
        {"pages": [[0.5, 0.5]] * 3, "missing": [1], "limit": 1},
    ],
)
def test_main_closes_its_session(play, pages, missing, limit):
    network = [mixed_site(pages, missing)]

    run = played(play, "run_main", network, urls=urls(pages), limit=limit)

    run.hangs_up("over", CLOSED)


SIGNED = {
    "count": 6,
    "pages": lists(tuples(HALF, HALF).map(list), 2, 6),
    "bad": integers(2, 6),
    "limit": integers(2, 4),
    "given": GIVEN + "; signing the request for number {bad} fails after 0.75 s",
    "assume": lambda pages, bad, **_: bad <= len(pages),
    "examples": [{"pages": [[0.5, 0.5]] + [[2.0, 2.0]] * 3, "bad": 2, "limit": 2}],
}


def signs(pages, bad):
    plans = {each: after(0) for each in urls(pages)}
    plans[url(bad)] = after(0.75, fails="SigningError")
    return by_argument(plans)


@law("session-closed")
@cases(**SIGNED)
def test_main_closes_its_session_when_an_error_comes_out(play, pages, bad, limit):
    run = played(
        play,
        "run_signed_main",
        [good_site(pages)],
        urls=urls(pages),
        limit=limit,
        sign=signs(pages, bad),
    )

    run.first_failed("sign")
    run.hangs_up("over", CLOSED)


@law("session-closed")
@cases(
    count=2,
    pages=lists(tuples(HALF, HALF).map(list), 2, 4),
    limit=LIMITS,
    given=GIVEN,
    examples=[{"pages": [[0.5, 0.5], [2.0, 2.0]], "limit": 2}],
)
def test_main_closes_its_session_when_it_is_cancelled(play, pages, limit):
    network = [good_site(pages)]

    for run in play.sweep(
        "run_main", network=network, urls=urls(pages), limit=limit, make_session=MAKES
    ):
        run.hangs_up("over", CLOSED)


# --- errors, and the end --------------------------------------------------------


@law("other-errors-out")
@cases(**SIGNED)
def test_any_other_error_comes_out_and_stops_the_rest(play, pages, bad, limit):
    run = play(
        "get_signed_pages",
        network=[good_site(pages)],
        urls=urls(pages),
        limit=limit,
        sign=signs(pages, bad),
    )

    rule = "Any other error must come out at once, bare or alone in a group"
    run.raises(run.first_failed("sign"), at_its_moment=True, group=None, rule=rule)
    run.gives_all_back("over", "An error must stop the rest before it comes out")


@law("bad-limit")
@cases(
    count=4,
    limit=integers(-3, 0),
    number=integers(0, 3),
    given="limit={limit} and {number} urls",
    examples=[{"limit": 0, "number": 2}, {"limit": 0, "number": 0}],
)
def test_a_limit_below_one_is_refused_before_anything_is_asked_for(play, limit, number):
    pages = [[1.0, 1.0]] * number
    rule = "A limit below 1 must raise ValueError before anything is asked for"

    run = play("get_pages", network=[good_site(pages)], urls=urls(pages), limit=limit)
    run.refuses("ValueError", rule)
    run.asks_nothing(rule)

    run = played(play, "run_main", [good_site(pages)], urls=urls(pages), limit=limit)
    run.raises("ValueError", group=None, rule=rule)
    run.asks_nothing(rule)


# --- what holds for every kata --------------------------------------------------


@law("cancel-clean")
@cases(
    count=4,
    pages=lists(tuples(HALF, HALF).map(list), 2, 4),
    missing=lists(integers(1, 4), 0, 1),
    limit=integers(1, 3),
    way=WAYS,
    given=GIVEN + "; these are 404: {missing}; {way}",
    examples=[
        {"pages": [[0.5, 0.5]] * 2, "missing": [], "limit": 1, "way": "run_main"}
    ],
)
def test_cancelling_the_caller_closes_every_response(play, pages, missing, limit, way):
    given = {"make_session": MAKES} if way.endswith("main") else {}
    network = [mixed_site(pages, missing)]

    for run in play.sweep(way, network=network, urls=urls(pages), limit=limit, **given):
        rule = "Cancelling the caller must close every response at once"
        run.cancelled_cleanly(0, rule)
        run.gives_all_back("over", rule)


LIVES = {
    "count": 4,
    "pages": PAGES,
    "missing": lists(integers(1, 7), 0, 3, unique=True),
    "limit": LIMITS,
    "given": GIVEN + "; these are 404: {missing}",
    "examples": [
        {"pages": [[0.5, 0.5]] * 3, "missing": [1], "limit": 1},
        {"pages": [[0.5, 0.5], [0.5, 1.0]], "missing": [1, 2], "limit": 1},
    ],
}


def lives(play, pages, missing, limit, **options):
    """A whole call, with pages that fail."""
    network = [mixed_site(pages, missing), *BAD_SITES]
    wanted = [*urls(pages), TROUBLE["refused"][0]]
    run = play("get_pages", network=network, urls=wanted, limit=limit, **options)
    run.needs_visits(len(wanted))
    with run.given():
        run.returns_keys(wanted, "It must return all pages")
    return run


@law("nothing-left")
@cases(**LIVES)
def test_nothing_is_left_running(play, pages, missing, limit):
    lives(play, pages, missing, limit).leaves_nothing()


@law("no-complaints")
@cases(**LIVES)
def test_python_has_nothing_to_complain_of(play, pages, missing, limit):
    lives(play, pages, missing, limit, collect=True).warns_nothing()


@law("never-blocks")
@cases(**LIVES)
def test_the_event_loop_is_never_blocked(play, pages, missing, limit):
    lives(play, pages, missing, limit).never_blocks()


TWICE = {
    "count": 4,
    "pages": lists(tuples(HALF, HALF).map(list), 3, 6),
    "limit": integers(1, 2),
}


def alone(play, pages, limit):
    """Return how long a call takes alone."""
    run = play("get_pages", network=[good_site(pages)], urls=urls(pages), limit=limit)
    run.needs_visits(len(pages))
    run.reached()
    return run.duration


@law("own-limit")
@cases(**TWICE, given="two calls at once with one session; " + GIVEN)
def test_two_calls_at_once_have_a_limit_each(play, pages, limit):
    duration = alone(play, pages, limit)
    right = [each.replace("a.test", "b.test") for each in urls(pages)]
    other = site(*(good(head, body) for head, body in pages), host="b.test")

    run = play(
        "get_side_by_side",
        network=[good_site(pages), other],
        left=urls(pages),
        right=right,
        limit=limit,
    )

    run.shares_nothing(duration, "Two calls at once must have a limit each")


@law("second-loop")
@cases(
    **TWICE,
    given="under one event loop, then under another; " + GIVEN,
    examples=[{"pages": [[0.5, 0.5], [1.0, 0.5], [0.5, 1.0], [0.5, 0.5]], "limit": 2}],
)
def test_it_works_again_under_a_second_loop(play, pages, limit):
    duration = alone(play, pages, limit)

    run = play(
        "get_in_two_loops", network=[good_site(pages)], urls=urls(pages), limit=limit
    )

    run.works_on_second_loop(2 * duration)
