import json

from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import booleans, integers, lists, sampled, seconds, words
from grader.laws.order import first_argument
from grader.laws.served import reply
from grader.world.http import Ask, Browser
from grader.world.peers import Client, crashes, sends
from grader.world.rules import Failing, after, asynchronous
from grader.world.service import Service

OPEN, GET, PUT, CLOSE = "store.open", "store.get", "store.put", "store.close"
JSON = {"Content-Type": "application/json"}
FAILS = range(500, 600)
SERVED = reply(200)


class Store(Service):
    """Where counters are kept. What is kept at first is `kept`.

    `gets` are how long the first, the second ... get takes, again from the first after
    the last. Of a counter in `slow`, getting and putting take so many seconds instead.
    The first put takes `first` seconds.
    """

    def __init__(  # noqa: PLR0913
        self, kept=(), gets=(1,), put=1, *, first=None, slow=(), opening=0.5, fails=None
    ):
        super().__init__()
        self.kept = dict(kept)
        self.gets, self.putting, self.opening = gets, put, opening
        self.first = put if first is None else first
        self.slow = dict(slow)
        self.fails = fails
        self.state = "new"
        self.closed_at = 0

    def open(self, _):
        if self.state != "new":
            self.violate("opened twice", "store.open() was called again")
        return after(self.opening, None)

    def close(self, call):
        if self.state == "closed":
            self.violate("closed twice", "store.close() was called again")
        self.state = "closed"
        self.closed_at = call.began.at
        return after(0.5, None)

    def get(self, call):
        takes = self.gets[call.nth % len(self.gets)]
        return self.used(call, takes, lambda _: self.kept.get(key_of(call)))

    def put(self, call):
        return self.used(call, self.putting if call.nth else self.first, None)

    def used(self, call, takes, gives):
        """The first use of what is to fail does, the others do not."""
        if self.state == "new":
            self.violate(
                "used before open", f"{told(call)} was called before it was open"
            )
        if self.state == "closed":
            self.violate("used after close", f"{told(call)} was called after its close")
        plan = after(self.slow.get(key_of(call), takes), gives)
        fails = call.nth == 0 and call.name == self.fails
        return plan.but(fails=Failing("StoreError", "no disk")) if fails else plan

    def completed(self, call):
        if call.name.endswith(".open"):
            self.state = "open"
        elif not call.name.endswith(".close"):
            self.left(call, call.completed.at)
        if call.name.endswith(".put") and call.plan.fails is None:
            self.kept[key_of(call)] = value_of(call)

    def cancelled(self, call):
        if call.name.endswith(".put"):
            self.violate("put cut short", f"{told(call)} was cancelled")
        self.left(call, call.closed.at)

    def left(self, call, at):
        """A use that ends in the very instant of the closing is not under way any more."""
        if self.state == "closed" and at > self.closed_at:
            fact = f"{told(call)} was still under way when the store was closed"
            self.violate("closed too early", fact)


def told(call):
    given = (
        [key_of(call), value_of(call)] if call.name.endswith(".put") else [key_of(call)]
    )
    return f"{call.name}({', '.join(map(repr, given))})"


def key_of(call):
    key = first_argument(call)
    return key if isinstance(key, str) else ""


def value_of(call):
    """The value that a put was given."""
    given = [*call.args[1:], call.keywords.get("value")]
    return given[0] if isinstance(given[0], int) else None


def gets(name, at=1.0, **options):
    return Browser(at, [Ask("GET", f"/counter/{name}")], **options)


def posts(name, by, at=1.0, **options):
    return Browser(at, [post(name, by)], **options)


def post(name, by, at=0.0):
    body = by if isinstance(by, bytes) else json.dumps({"by": by}).encode()
    return Ask("POST", f"/counter/{name}", body, at, JSON)


def serve(play, browsers, store, until=18.0, **options):
    """Serve until the server stops."""
    return play(
        "serve", network=browsers, store=store, serving=ends_at(until), **options
    )


def ends_at(seconds):
    return asynchronous(
        lambda call: after(max(0, seconds - call.began.at / wire.NANOSECONDS))
    )


def value(*numbers):
    """The answer with one of these values."""
    return reply(200, *({"value": number} for number in numbers))


# --- one request after the other --------------------------------------------------

NAME = words(1, 6)
START = sampled([None, 0, 7, -3])


@law("gets-value")
@cases(
    count=3,
    name=NAME,
    start=integers(-9, 99),
    given='GET of the counter "{name}", which is {start}',
    examples=[{"name": "hits", "start": 5}, {"name": "hits", "start": 0}],
)
def test_a_get_is_told_the_value(play, name, start):
    asks = gets(name)

    run = serve(play, [asks], Store({name: start}), 4)

    run.tells(asks, [value(start)], "A GET must be told the value of the counter")


@law("gets-value")
@cases(
    count=2,
    name=NAME,
    given='GET of the counter "{name}", which is not there',
    examples=[{"name": "hits"}],
)
def test_a_counter_that_is_not_there_is_not_found(play, name):
    asks, known = gets(name), gets(f"{name}s", 2.0)

    run = serve(play, [asks, known], Store({f"{name}s": 1}), 5)

    with run.given():
        run.tells(known, [value(1)], "A GET must be told the value of the counter")
    run.tells(asks, [reply(404)], "A counter that is not there must give 404")


@law("post-adds")
@cases(
    count=4,
    name=NAME,
    start=START,
    amounts=lists(integers(-9, 99), 1, 3),
    given='the counter "{name}" is {start}; POST of {amounts}, one after the other',
    assume=lambda start, amounts, **_: sum(amounts, start or 0) != 0,
    examples=[
        {"name": "hits", "start": None, "amounts": [5]},
        {"name": "hits", "start": 0, "amounts": [5, -7, 0]},
        {"name": "hits", "start": 7, "amounts": [3]},
    ],
)
def test_a_post_adds_and_is_told_the_new_value(play, name, start, amounts):
    asks = [post(name, by, 4.0 * place) for place, by in enumerate(amounts)]
    browser, looks = Browser(1.0, asks), gets(name, 16.0)
    totals = [sum(amounts[: place + 1], start or 0) for place in range(len(amounts))]
    kept = {} if start is None else {name: start}

    run = serve(play, [browser, looks], Store(kept))

    rule = "A POST must be told the new value"
    run.tells(browser, [value(each) for each in totals], rule)
    run.tells(looks, [value(totals[-1])], "A later GET must be told the new value")


@law("post-adds")
@cases(
    count=2,
    put=seconds(0.5, 3, 0.5),
    given="a POST; put takes {put} s",
    examples=[{"put": 1.0}],
)
def test_a_post_is_answered_when_the_new_value_is_kept(play, put):
    asks = posts("hits", 5)

    run = serve(play, [asks], Store(put=put), 9)

    run.tells(asks, [value(5)], "A POST must be told the new value")
    run.tells_after(asks, PUT, "A POST is answered when the store has the new value")


BAD = [
    b"",
    b"nonsense",
    b'{"by": 5',
    b"[5]",
    b"5",
    b'"5"',
    b"null",
    b"{}",
    b'{"to": 5}',
    b'{"by": null}',
    b'{"by": "5"}',
    b'{"by": 1.5}',
    b'{"by": true}',
    b'{"by": [5]}',
    b'{"by": NaN}',
    b'{"by": "\xff"}',
]


@law("bad-body")
@cases(
    count=4,
    bodies=lists(sampled(BAD), 1, 3, unique=True),
    given="POST of {bodies}, one after the other",
    examples=[{"bodies": [each]} for each in BAD[:3]] + [{"bodies": BAD[3:]}],
)
def test_a_body_that_says_no_amount_is_a_bad_request(play, bodies):
    bad = [posts("hits", body, 1 + nth / 8) for nth, body in enumerate(bodies)]
    looks = gets("hits", 12.0)

    run = serve(play, [*bad, looks], Store({"hits": 7}), 14)

    rule = 'A body that is not {"by": n} must give 400 and {"error": ...}'
    for each in bad:
        run.tells(each, [reply(400, key="error")], rule)
    rule = "A bad request must change nothing"
    run.nothing_happened(PUT, rule)
    run.tells(looks, [value(7)], rule)


# --- several at once --------------------------------------------------------------

AMOUNTS = lists(integers(1, 9), 2, 6)
GAP = sampled([0.0, 0.0, 0.25, 0.75])
SPAN = seconds(0.25, 1, 0.25)
NO_LOSS = "No update may be lost"


def at_once(play, amounts, gap, times, put):
    """Post all amounts to one counter, look at it long after all have had their time."""
    asks = [posts("hits", by, 1.0 + gap * nth) for nth, by in enumerate(amounts)]
    over = 9.0 + (gap + 4 * (max(times) + put)) * len(amounts)
    looks = gets("hits", over)
    store = Store({"hits": 100}, times, put)
    return serve(play, [*asks, looks], store, over + max(times) + 1), asks, looks


@law("nothing-lost")
@cases(
    count=6,
    amounts=AMOUNTS,
    gap=GAP,
    get=SPAN,
    put=SPAN,
    given="the counter is 100; POST of {amounts}, each {gap} s after the one before; "
    "get takes {get} s, put {put} s",
    examples=[
        {"amounts": [5, 7], "gap": 0.0, "get": 1.0, "put": 1.0},
        {"amounts": [1] * 50, "gap": 0.0, "get": 0.25, "put": 0.25},
        {"amounts": [5, 7, 2], "gap": 1.25, "get": 1.0, "put": 1.0},
    ],
)
def test_updates_of_one_counter_do_not_mix(play, amounts, gap, get, put):
    run, _, looks = at_once(play, amounts, gap, [get], put)

    run.tells(looks, [value(100 + sum(amounts))], NO_LOSS)


@law("post-adds")
@cases(
    count=4,
    amounts=lists(integers(1, 9), 2, 4),
    gap=GAP,
    times=lists(sampled([0.5, 3.0]), 1, 4),
    given="the counter is 100; POST of {amounts}, each {gap} s after the one before; "
    "gets take {times} s in turn",
    examples=[
        {"amounts": [5, 7], "gap": 0.0, "times": [1.0]},
        {"amounts": [5, 7, 2], "gap": 0.0, "times": [0.5, 3.0, 0.5]},
        {"amounts": [5, 7, 2], "gap": 0.0, "times": [0.5, 0.5, 3.0]},
    ],
)
def test_each_of_several_posts_is_told_its_own_total(play, amounts, gap, times):
    run, asks, looks = at_once(play, amounts, gap, times, 0.5)

    with run.given():
        run.tells(looks, [value(100 + sum(amounts))], NO_LOSS)
    rule = "Each POST must be told the value after its own amount"
    own = list(zip(asks, amounts, strict=True))
    run.tells_totals(own, "value", 100, rule)


METHOD = sampled(["GET", "POST"])


def asks_for(name, method, at=1.0, **options):
    if method == "GET":
        return gets(name, at, **options)
    return posts(name, 5, at, **options)


@law("counters-apart")
@cases(
    count=4,
    slow=METHOD,
    fast=METHOD,
    gap=seconds(0.25, 5, 0.25),
    given='{slow} of the counter "slow" at 1 s, whose get and put take 4 s; '
    '{fast} of the counter "fast" {gap} s later',
    examples=[
        {"slow": "GET", "fast": "GET", "gap": 0.5},
        {"slow": "GET", "fast": "POST", "gap": 0.5},
        {"slow": "POST", "fast": "GET", "gap": 0.5},
        {"slow": "POST", "fast": "POST", "gap": 4.5},
    ],
    assume=lambda slow, gap, **_: slow == "POST" or gap < 4,
)
def test_requests_for_different_counters_do_not_wait(play, slow, fast, gap):
    waits, does_not = asks_for("slow", slow), asks_for("fast", fast, 1.0 + gap)
    store = Store({"slow": 1, "fast": 1}, slow={"slow": 4})
    alone = serve(play, [does_not], store).waited(does_not)

    run = serve(play, [waits, does_not], store)

    rule = "A request for one counter must not wait for another counter"
    run.tells_within(does_not, alone, rule)


@law("slow-client")
@cases(
    count=2,
    gap=seconds(0.5, 4, 0.5),
    given="a client sends half of its POST at 1 s and the rest at 6 s; "
    "another POST to the same counter {gap} s after the first half",
    examples=[{"gap": 1.0}],
)
def test_who_sends_slowly_keeps_nobody_waiting(play, gap):
    begins, ends = halves(post("hits", 3))
    slow = Client(1.0, [sends(0, begins), sends(5, ends)])
    asks, looks = posts("hits", 5, 1.0 + gap), gets("hits", 15.0)
    store = Store({"hits": 100})
    alone = serve(play, [asks, looks], store).waited(asks)

    run = serve(play, [slow, asks, looks], store)

    rule = "A client that sends its body slowly must keep nobody waiting"
    run.tells_within(asks, alone, rule)
    run.tells(looks, [value(108)], "It is served once all of its body has come")


def halves(ask):
    sent = ask.encoded()
    return sent[:-5], sent[-5:]


# --- the life of the store --------------------------------------------------------


@law("store-opens")
@cases(
    count=3,
    opening=seconds(0.5, 2, 0.5),
    given="opening takes {opening} s; a GET at 0.25 s and some requests at 4 s",
    examples=[{"opening": 1.0}],
)
def test_the_store_opens_once_before_the_first_request(play, opening):
    early, later = gets("hits", 0.25), [gets("hits", 4.0), posts("hits", 5, 4.5)]
    store = Store({"hits": 1}, opening=opening)

    run = serve(play, [early, *later], store, 9)

    run.never("opened twice", "The store must be opened once")
    run.never("used before open", "The store must be open before it is used")
    run.called_times(1, OPEN, "The store must be opened once")
    run.tells(later[0], [value(1)], "When the store is open, requests must be served")


@law("store-closes")
@cases(
    count=4,
    left=sampled([0.125, 0.625, 1.125, 1.875]),
    method=METHOD,
    given="the server stops {left} s after a {method} has come; get and put take 1 s",
    examples=[{"left": 0.625, "method": "GET"}, {"left": 1.125, "method": "POST"}],
    assume=lambda left, method: left < 1 or method == "POST",
)
def test_the_store_closes_after_the_running_requests(play, left, method):
    asks = asks_for("hits", method)

    run = serve(play, [asks], Store({"hits": 1}), 1.0 + left)

    run.needs_operations(OPEN)
    run.never("closed twice", "The store must be closed once")
    run.never("closed too early", "The store must be closed when nothing uses it")
    run.never("used after close", "A store that is closed must not be used")
    run.succeeds(CLOSE, "The store must be closed when the server stops")
    run.called_times(1, CLOSE, "The store must be closed once")
    run.tells(asks, [SERVED], "A request that runs when the server stops is served")


@law("store-closes")
@cases(
    count=2,
    cancels=booleans(),
    given="a POST whose put fails after 4 s; its client leaves after 1 s of it, and the "
    "server stops a second later; handler_cancellation={cancels}",
    examples=[{"cancels": True}],
)
def test_the_store_closes_though_an_update_has_failed(play, cancels):
    store = Store({"hits": 1}, put=4, fails=PUT)

    run = serve(play, [posts("hits", 5, leaves=2.0)], store, 4.0, cancels=cancels)

    run.needs_operations(PUT)
    run.succeeds(CLOSE, "The store must be closed, also if an update has failed")


PUTS = sampled([4.0, 6.5])


@law("stop-finishes")
@cases(
    count=3,
    cancels=booleans(),
    put=PUTS,
    given="a POST whose put takes {put} s; the server stops after 1 s of it, with a "
    "shutdown_timeout of 0.5 s; handler_cancellation={cancels}",
    examples=[{"cancels": False, "put": 4.0}],
)
def test_a_put_is_finished_before_the_store_closes(play, cancels, put):
    store = Store({"hits": 1}, put=put)

    run = serve(play, [posts("hits", 5)], store, 3.0, cancels=cancels, grace=0.5)

    finishes_its_put(run)


@law("stop-finishes")
@cases(
    count=3,
    cancels=booleans(),
    put=PUTS,
    given="a POST whose put takes {put} s; its client leaves after 1 s of it, and the "
    "server stops a second later; handler_cancellation={cancels}",
    examples=[{"cancels": True, "put": 4.0}],
)
def test_a_put_is_finished_though_its_client_is_gone(play, cancels, put):
    store = Store({"hits": 1}, put=put)

    run = serve(play, [posts("hits", 5, leaves=2.0)], store, 4.0, cancels=cancels)

    finishes_its_put(run)


def finishes_its_put(run):
    run.needs_operations(PUT)
    rule = "A put that is under way must be finished before the store closes"
    run.never("put cut short", rule)
    run.never("closed too early", rule)
    run.never("used after close", rule)
    run.all_succeed(PUT, rule)


# --- clients that leave -----------------------------------------------------------

LEAVES = sampled([0.125, 0.375, 0.625, 0.875, 1.125, 1.375, 1.625, 1.875])
FIRST = sampled([1.0, 3.0])
LEAVING = (
    "the counter is 100; POST of 5 at 1 s, its client leaves {leaves} s later; POST of 7 "
    "at 1.5 s; get and put take 1 s, the first put {first} s; "
    "handler_cancellation={cancels}"
)
WHOLE = "After a client has left, its update must be there as a whole or not at all"
NO_CUT = "A put that is under way must not be cancelled"


@law("whole-updates")
@cases(
    count=6,
    leaves=LEAVES,
    first=FIRST,
    cancels=booleans(),
    given=LEAVING,
    examples=[
        {"leaves": 1.625, "first": 1.0, "cancels": True},
        {"leaves": 1.625, "first": 3.0, "cancels": True},
        {"leaves": 1.625, "first": 1.0, "cancels": False},
        {"leaves": 0.625, "first": 1.0, "cancels": True},
    ],
)
def test_a_client_that_leaves_breaks_nothing_off(play, leaves, first, cancels):
    stays, looks = posts("hits", 7, 1.5), gets("hits", 14.0)
    store = Store({"hits": 100}, first=first)
    loses_none(serve(play, [posts("hits", 5), stays, looks], store), looks)

    goes = posts("hits", 5, leaves=leaves)
    run = serve(play, [goes, stays, looks], store, cancels=cancels)

    is_whole(run, stays, looks)


@law("whole-updates")
@cases(
    count=3,
    leaves=sampled([0.25, 0.75, 1.25, 2.25, 3.25]),
    cancels=booleans(),
    given="the counter is 100; POST of 7 at 1 s; POST of 5 at 1.125 s, its client leaves "
    "{leaves} s later; get and put take 1 s; handler_cancellation={cancels}",
    examples=[{"leaves": 1.25, "cancels": True}],
)
def test_a_client_that_leaves_while_it_waits_breaks_nothing_off(play, leaves, cancels):
    stays, looks = posts("hits", 7), gets("hits", 14.0)
    store = Store({"hits": 100})
    loses_none(serve(play, [stays, posts("hits", 5, 1.125), looks], store), looks)

    goes = posts("hits", 5, 1.125, leaves=leaves)
    run = serve(play, [stays, goes, looks], store, cancels=cancels)

    is_whole(run, stays, looks)


def loses_none(run, looks):
    """Raise `NotReached` if an update is lost although nobody leaves."""
    with run.given():
        run.tells(looks, [value(112)], NO_LOSS)


def is_whole(run, stays, looks):
    run.never("put cut short", NO_CUT)
    with run.given():
        run.tells(stays, [SERVED], "The other client must be served")
    run.tells(looks, [value(107, 112)], WHOLE)


@law("whole-updates")
@cases(
    given="a client sends half of its POST and leaves; handler_cancellation={cancels}",
    examples=[{"cancels": True}, {"cancels": False}],
)
def test_half_a_request_changes_nothing(play, cancels):
    begins, _ = halves(post("hits", 5))
    goes = Client(1.0, [sends(0, begins), crashes(1)])
    looks = gets("hits", 6.0)

    run = serve(play, [goes, looks], Store({"hits": 100}), 9, cancels=cancels)

    run.tells(looks, [value(100)], "Half a request must change nothing")


@law("free-after-leaving")
@cases(
    count=4,
    leaves=LEAVES,
    first=FIRST,
    cancels=booleans(),
    given=LEAVING,
    examples=[
        {"leaves": 0.625, "first": 1.0, "cancels": True},
        {"leaves": 0.625, "first": 1.0, "cancels": False},
        {"leaves": 1.625, "first": 1.0, "cancels": True},
    ],
)
def test_after_a_client_has_left_the_next_request_works(play, leaves, first, cancels):
    stays, later = posts("hits", 7, 1.5), posts("hits", 9, 14.0)
    store = Store({"hits": 100}, first=first)
    whole = serve(play, [posts("hits", 5), stays, later], store)
    waits = whole.waited(stays), whole.waited(later)

    goes = posts("hits", 5, leaves=leaves)
    run = serve(play, [goes, stays, later], store, cancels=cancels)

    rule = "A client that has left must not keep the next one waiting"
    run.tells_within(stays, waits[0], rule)
    run.tells_within(later, waits[1], rule)


# --- what else may happen ---------------------------------------------------------


@law("error-frees")
@cases(
    count=3,
    fails=sampled([GET, PUT]),
    start=integers(0, 9),
    given="the counter is {start}; {fails} fails in the first of three POSTs",
    examples=[{"fails": GET, "start": 7}, {"fails": PUT, "start": 7}],
)
def test_after_an_error_of_the_store_the_counter_works(play, fails, start):
    first, second = posts("hits", 5), posts("hits", 7, 1.5)
    third, looks = posts("hits", 2, 9), gets("hits", 15)
    store = Store({"hits": start}, fails=fails)

    run = serve(play, [first, second, third, looks], store)

    run.tells(first, [reply(FAILS)], "If the store fails, the answer is 500 or above")
    rule = "After an error of the store the counter must work as before"
    run.tells(second, [SERVED], rule)
    run.tells(third, [SERVED], rule)
    run.tells(looks, [value(start + 9)], rule)


@law("own-state")
@cases(
    count=2,
    method=METHOD,
    given='two apps with a store each; {method} of the counter "hits" of both at once',
    examples=[{"method": "POST"}],
)
def test_two_apps_share_nothing(play, method):
    asks, looks = asks_for("hits", method), gets("hits", 9.0)
    alone = serve(play, [asks], Store({"hits": 10})).waited(asks)
    both = [asks_for("hits", method, port=port) for port in (8001, 8002)]
    again = [gets("hits", 9.0, port=port) for port in (8001, 8002)]

    run = play(
        "serve_two",
        network=[*both, *again],
        left=Store({"hits": 10}),
        right=Store({"hits": 20}),
        serving=ends_at(12),
    )

    rule = "Two apps must not share anything"
    added = 5 if method == "POST" else 0
    for start, asks, looks in zip((10, 20), both, again, strict=True):
        run.tells_within(asks, alone, rule)
        run.tells(looks, [value(start + added)], rule)


@law("second-loop")
@cases(
    count=2,
    amounts=lists(integers(1, 9), 2, 3),
    given="POST of {amounts} at once; under one event loop and then under another",
    examples=[{"amounts": [5, 7]}],
)
def test_it_works_again_under_a_second_loop(play, amounts):
    once, asks, looks = at_once(play, amounts, 0.0, [1.0], 1.0)
    with once.given():
        run_well(once, looks, amounts, NO_LOSS)
    again, looks = [posts("hits", by, 51.0) for by in amounts], gets("hits", 80.0)

    run = play(
        "in_two_loops",
        network=[*asks, *again, looks],
        left=Store({"hits": 100}),
        right=Store({"hits": 100}),
        serving=asynchronous(after(45)),
    )

    run_well(run, looks, amounts, "An app must work again under a second event loop")


def run_well(run, looks, amounts, rule):
    run.must_return(rule)
    run.tells(looks, [value(100 + sum(amounts))], rule)


LIVES = {
    "count": 1,
    "cancels": booleans(),
    "given": "GETs and POSTs, a bad one, and one whose client leaves; "
    "handler_cancellation={cancels}",
    "examples": [{"cancels": False}, {"cancels": True}],
}


def live(play, cancels, **options):
    asks = [
        posts("hits", 5),
        gets("hits", 1.25),
        posts("hits", b"nonsense", 1.75),
        gets("misses", 2.0),
        posts("hits", 7, 6.0, leaves=1.25),
    ]
    last = gets("hits", 9.5)
    store = Store({"hits": 100})
    run = serve(play, [*asks, last], store, 9.75, cancels=cancels, **options)
    with run.given():
        run.tells(last, [value(105, 112)], "It must serve")
    return run


@law("nothing-left")
@cases(**LIVES)
def test_nothing_is_left_running(play, cancels):
    live(play, cancels).leaves_nothing(threads=True)


@law("no-complaints")
@cases(**LIVES)
def test_python_has_nothing_to_complain_of(play, cancels):
    live(play, cancels, collect=True).warns_nothing()


@law("never-blocks")
@cases(**LIVES)
def test_the_event_loop_is_never_blocked(play, cancels):
    live(play, cancels).never_blocks()
