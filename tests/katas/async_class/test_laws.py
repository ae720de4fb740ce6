from contextlib import contextmanager

from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import lists, sampled, seconds
from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken
from grader.world.rules import Failing, after, answers, asynchronous, cleans_up
from grader.world.script import script, step
from grader.world.service import Service

OPEN, GET, CLOSE = "transport.open", "transport.get", "transport.close"
URL = "https://api.test"
ENDPOINTS = [f"/{letter}" for letter in "abcdefghijklmnopqrst"]

EARLY_GET = "get while not open"
EARLY_CLOSE = "close while a get is on"
TWICE = "closed twice"

CLOSING = seconds(0.5, 2, 0.5)


class Transport(Service):
    """What a fetcher talks through. It knows at every instant what is going on."""

    def __init__(
        self, gets=(), opening=0, closing=0, open_fails=None, close_fails=None
    ):
        super().__init__()
        self.plans = dict(gets)
        self.LINGERS = any(plan.cancelled is not None for plan in self.plans.values())
        self.opening = after(opening, None, fails=open_fails)
        self.closing = after(closing, None, fails=close_fails)
        self.is_open = False
        self.gets = []
        self.closes = 0

    def open(self, _):
        self.closes = 0
        return self.opening

    def get(self, call):
        if not self.is_open:
            self.violate(EARLY_GET, f"{shown(call)} was called while it was not open")
        self.gets.append(call)
        endpoint = first_argument(call)
        return self.plans.get(endpoint if isinstance(endpoint, str) else "", after(1))

    def close(self, call):
        if self.gets:
            on = words.listing([shown(each) for each in self.gets])
            are = "was" if len(self.gets) == 1 else "were"
            self.violate(
                EARLY_CLOSE, f"{shown(call)} was called while {on} {are} running"
            )
        if self.closes:
            self.violate(TWICE, f"{shown(call)} was called again")
        self.closes += 1
        self.is_open = False
        return self.closing

    def completed(self, call):
        if call.name.endswith(".open"):
            self.is_open = call.plan.fails is None
        elif call.name.endswith(".get"):
            self.gets.remove(call)
        elif call.plan.fails is not None:
            self.closes -= 1

    def cancelled(self, call):
        if call.name.endswith(".get"):
            self.gets.remove(call)
        elif call.name.endswith(".close"):
            self.closes -= 1


def shown(call):
    return words.call(call.name, call.args, str)


def each_takes(takes, cleanup=0):
    cancelled = cleans_up(cleanup) if cleanup else None
    plans = [after(take, cancelled=cancelled) for take in takes]
    return dict(zip(ENDPOINTS, plans, strict=False))


def one_fails(takes, bad, cleanup=0):
    """The get of `bad` fails when its time is up; the others would go on."""
    plans = each_takes(takes, cleanup)
    return plans | {bad: plans[bad].but(fails=Failing("GetError"), cancelled=None)}


def reads(takes):
    """One task for each endpoint, all at 0 s."""
    return [
        step(0, f"reader {endpoint}", "call", "fetcher.fetch", endpoint)
        for endpoint, _ in zip(ENDPOINTS, takes, strict=False)
    ]


def closes(at, actor="closer"):
    return step(at, actor, "call", "fetcher.aclose")


SIGNS = {"CancelledError": "cancelled", "RuntimeError": "refused"}


@contextmanager
def told_apart(run, each):
    """Give a cancellation and a refusal signs of their own where a step must return."""
    try:
        yield
    except Broken as broken:
        note = run.run.steps.get(run.run.script.number_of(each))
        error = note.error if note is not None else None
        while error is not None and error.group:
            error = error.group[0]
        if broken.sign == "raised" and error is not None:
            broken.sign = SIGNS.get(error.type, broken.sign)
        raise


# --- connect ------------------------------------------------------------------


@law("connect-opens")
@cases(
    count=6,
    opening=seconds(0, 3, 0.5),
    given="a transport that takes {opening} s to open",
    examples=[{"opening": 1.0}],
)
def test_connect_opens_once_and_returns_when_it_is_open(play, opening):
    run = play("connect", base_url=URL, transport=Transport(opening=opening))

    run.once(OPEN, [URL], "connect must open the transport once, with the base url")
    run.takes(opening, "connect must return when the transport is open")


@law("connect-opens")
@cases(
    count=4,
    opening=seconds(0.5, 3, 0.5),
    given="a transport that takes {opening} s to open, and a fetch right after connect",
)
def test_nothing_is_asked_before_it_is_open(play, opening):
    run = play("fetch_in_turn", endpoints=["/a"], transport=Transport(opening=opening))

    run.needs_operations(GET)
    run.never(EARLY_GET, "connect must return when the transport is open")


@law("failed-open")
@cases(
    count=5,
    opening=seconds(0, 3, 0.5),
    given="a transport that fails to open after {opening} s",
    examples=[{"opening": 1.0}],
)
def test_nothing_is_closed_when_opening_fails(play, opening):
    transport = Transport(opening=opening, open_fails="OpenError")

    run = play("connect", base_url=URL, transport=transport)

    error = run.first_failed(OPEN)
    run.nothing_happened(CLOSE, "If opening fails there is nothing to close")
    run.raises(
        error,
        at_its_moment=True,
        rule="If opening fails, that error must come out of connect at once",
    )


# --- fetch and fetch_multiple -------------------------------------------------

TAKES = lists(seconds(0.5, 3, 0.5), 2, 6)
GETS = "gets that take {takes} s"


@law("results-in-order")
@cases(
    count=8,
    takes=TAKES,
    given=GETS,
    examples=[{"takes": [2.0, 1.0]}, {"takes": []}],
)
def test_answers_stand_in_the_order_of_the_endpoints(play, takes):
    wanted = ENDPOINTS[: len(takes)]

    run = play(
        "fetch_at_once", endpoints=wanted, transport=Transport(each_takes(takes))
    )

    run.needs_note("connected")
    run.returns_answers(
        GET, wanted, "The answers must stand in the order of the endpoints"
    )


@law("results-in-order")
@cases(
    count=5,
    chosen=lists(sampled(["/a", "/b", "/c"]), 2, 6),
    given="endpoints {chosen}",
    examples=[{"chosen": ["/a", "/a"]}],
)
def test_an_endpoint_that_occurs_twice_is_asked_for_twice(play, chosen):
    run = play(
        "fetch_at_once", endpoints=chosen, transport=Transport(each_takes([1, 2, 3]))
    )

    run.needs_note("connected")
    run.once(GET, chosen, "Every endpoint must be asked for once each time it occurs")
    run.returns_answers(
        GET, chosen, "The answers must stand in the order of the endpoints"
    )


@law("results-in-order")
@cases(
    count=5,
    chosen=lists(sampled(["/a", "/b", "/c"]), 1, 4),
    given="one fetch after the other, of {chosen}",
    examples=[{"chosen": ["/a", "/a"]}],
)
def test_fetch_returns_what_the_transport_gives(play, chosen):
    run = play(
        "fetch_in_turn", endpoints=chosen, transport=Transport(each_takes([1, 2, 3]))
    )

    run.needs_note("connected")
    run.returns_answers(GET, chosen, "fetch must return what transport.get gives")


@law("all-at-once")
@cases(
    count=10,
    takes=TAKES,
    given=GETS,
    examples=[{"takes": [2.0, 1.0, 3.0]}, {"takes": [1.0] * 20}],
)
def test_all_endpoints_are_asked_for_at_once(play, takes):
    run = play(
        "fetch_at_once",
        endpoints=ENDPOINTS[: len(takes)],
        transport=Transport(each_takes(takes)),
    )

    run.needs_operations(GET, len(takes))
    run.begins_at(GET, [0] * len(takes), "All gets must begin at once, at t=0.0s")
    run.ends_with_the_last(
        GET, "fetch_multiple must end when its slowest get has ended"
    )


@law("all-at-once")
@cases(
    count=5,
    takes=TAKES,
    given="a task for each of the " + GETS,
    examples=[{"takes": [2.0, 1.0]}],
)
def test_tasks_that_fetch_do_not_wait_for_each_other(play, takes):
    run = play(
        "follow", steps=script(reads(takes)), transport=Transport(each_takes(takes))
    )

    run.needs_operations(GET, len(takes))
    run.begins_at(
        GET, [0] * len(takes), "Calls of several tasks must not wait for each other"
    )


FAILING = "gets of /a, /b and so on that take {takes} s; that of {bad} fails"
FAILURE = {"takes": TAKES, "bad": sampled(ENDPOINTS[:6])}
NO_ANSWER = Failing("GetError", "no answer")


def fails_alone(takes, bad, **_):
    """No other get ends in the instant of the error, and some would go on."""
    asked = dict(zip(ENDPOINTS, takes, strict=False))
    return takes.count(asked.get(bad)) == 1 and asked[bad] < max(takes)


@law("error-stops-rest")
@cases(
    count=12,
    **FAILURE,
    cleanup=sampled([0, 0.25]),
    given=FAILING + "; cleaning up takes {cleanup} s",
    assume=fails_alone,
    examples=[
        {"takes": [2.0, 1.0, 3.0], "bad": "/b", "cleanup": 0},
        {"takes": [2.0, 1.0, 3.0], "bad": "/b", "cleanup": 0.5},
    ],
)
def test_an_error_cancels_the_other_gets_and_comes_out(play, takes, bad, cleanup):
    run = play(
        "fetch_at_once",
        endpoints=ENDPOINTS[: len(takes)],
        transport=Transport(one_fails(takes, bad, cleanup)),
    )

    error = run.first_failed(GET)
    run.cancels_rest(
        GET, "An error must cancel the other gets and wait for them to finish"
    )
    run.raises(
        error,
        at_its_moment=not cleanup,
        group=None,
        rule="The error of a get must come out of fetch_multiple at once",
    )


@law("error-stops-rest")
@cases(
    count=5,
    **FAILURE,
    given=FAILING + "; the cleanups of the others fail too",
    assume=fails_alone,
    examples=[{"takes": [2.0, 1.0, 3.0], "bad": "/b"}],
)
def test_an_error_in_a_cleanup_does_not_replace_the_first(play, takes, bad):
    in_cleanup = answers(fails=Failing("GetError", "cleanup failed"))
    gets = {
        endpoint: plan.but(cancelled=in_cleanup)
        for endpoint, plan in each_takes(takes).items()
    }
    failing = after(gets[bad].takes / wire.NANOSECONDS, fails=NO_ANSWER)

    run = play(
        "fetch_at_once",
        endpoints=ENDPOINTS[: len(takes)],
        transport=Transport(gets | {bad: failing}),
    )

    comes_out(
        run,
        run.first_failed(GET),
        "The first error must come out of fetch_multiple, not that of a cleanup alone",
    )


def comes_out(run, failed, rule):
    """That error comes out alone, or in a group, where others may stand beside it."""
    error = run.outcome.error
    members = (error.group if error is not None else None) or []
    if f"error {failed.token}" not in [each.handle for each in members]:
        run.raises(failed, group=None, rule=rule)


@law("error-stops-rest")
@cases(
    count=4,
    take=seconds(0, 3, 0.5),
    given="a fetch whose get fails after {take} s",
    examples=[{"take": 1.0}],
)
def test_the_error_of_a_get_comes_out_of_fetch(play, take):
    transport = Transport({"/a": after(take, fails="GetError")})

    run = play("fetch_in_turn", endpoints=["/a"], transport=transport)

    run.raises(
        run.first_failed(GET),
        at_its_moment=True,
        rule="The error of a get must come out of fetch as it is, at once",
    )


# --- aclose -------------------------------------------------------------------


@law("refuses-calls")
@cases(
    count=12,
    take=seconds(1, 3, 0.5),
    closing=CLOSING,
    at=seconds(0.5, 6, 0.25),
    given="a get that takes {take} s, aclose at 0.25 s, closing takes {closing} s; "
    "new calls at {at} s",
    examples=[
        {"take": 2.0, "closing": 1.0, "at": 1.0},
        {"take": 2.0, "closing": 1.0, "at": 2.5},
        {"take": 2.0, "closing": 1.0, "at": 4.0},
    ],
)
def test_after_aclose_new_calls_are_refused(play, take, closing, at):
    late = [
        step(at, "late reader", "call", "fetcher.fetch", "/late"),
        step(at, "late readers", "call", "fetcher.fetch_multiple", ["/later", "/last"]),
        step(at, "late reader of none", "call", "fetcher.fetch_multiple", []),
        step(at, "late user", "enter", "fetcher"),
    ]

    run = play(
        "follow",
        steps=script(reads([take]), closes(0.25), late),
        transport=Transport(each_takes([take]), closing=closing),
    )

    rule = "Once aclose has been called, new calls must raise RuntimeError at once"
    run.needs_operations(GET)
    for each in late:
        run.step_raises(each, "RuntimeError", rule)
        run.step_ends_at(each, at, rule)
    run.nothing_happened(
        GET,
        "Once aclose has been called, the transport must not be asked again",
        keys=["/late", "/later", "/last"],
    )


IN_FLIGHT = lists(seconds(0.75, 3, 0.25), 1, 4)
ACLOSE = GETS + ", aclose at 0.25 s"


FINISH = "Calls in flight must finish as usual"


@law("calls-finish")
@cases(count=8, takes=IN_FLIGHT, given=ACLOSE, examples=[{"takes": [1.0, 2.0]}])
def test_calls_in_flight_return_their_answers(play, takes):
    asked = reads(takes)

    run = play(
        "follow",
        steps=script(asked, closes(0.25)),
        transport=Transport(each_takes(takes), closing=0.5),
    )

    for each in asked:
        endpoint = each.arguments[0]
        with told_apart(run, each):
            run.step_answers(each, GET, endpoint, FINISH)


@law("calls-finish")
@cases(
    count=4,
    takes=IN_FLIGHT,
    given="fetch_multiple with " + ACLOSE,
    examples=[{"takes": [1.0, 2.0]}],
)
def test_fetch_multiple_in_flight_returns_its_answers(play, takes):
    wanted = ENDPOINTS[: len(takes)]
    asks = step(0, "reader", "call", "fetcher.fetch_multiple", wanted)

    run = play(
        "follow",
        steps=script(asks, closes(0.25)),
        transport=Transport(each_takes(takes), closing=0.5),
    )

    run.needs_operations(GET, len(takes))
    with told_apart(run, asks):
        run.step_returns(asks, FINISH)


JUST_BEFORE = "fetch_multiple with " + GETS + ", aclose right after it at 0 s"


@law("calls-finish")
@cases(
    count=4,
    takes=IN_FLIGHT,
    given=JUST_BEFORE,
    examples=[{"takes": [1.0, 2.0]}],
)
def test_calls_just_before_aclose_return_their_answers(play, takes):
    wanted = ENDPOINTS[: len(takes)]
    asks = step(0, "readers", "call", "fetcher.fetch_multiple", wanted)
    asks_one = step(0, "reader", "call", "fetcher.fetch", "/one")

    run = play(
        "follow",
        steps=script(asks, asks_one, closes(0)),
        transport=Transport(each_takes(takes), closing=0.5),
    )

    rule = FINISH + ", also those called just before aclose"
    with told_apart(run, asks):
        run.step_returns(asks, rule)
    with told_apart(run, asks_one):
        run.step_answers(asks_one, GET, "/one", rule)


@law("calls-finish")
@cases(
    count=5,
    takes=IN_FLIGHT,
    given=ACLOSE + ", cancelled at 0.5 s",
    examples=[{"takes": [1.0, 2.0]}],
)
def test_cancelling_aclose_does_not_cancel_the_calls_in_flight(play, takes):
    asked = reads(takes)
    stops = step(0.5, "boss", "cancel", "closer")

    run = play(
        "follow",
        steps=script(asked, closes(0.25), stops),
        transport=Transport(each_takes(takes), closing=0.5),
    )

    for each in asked:
        endpoint = each.arguments[0]
        with told_apart(run, each):
            run.step_answers(
                each, GET, endpoint, "Cancelling aclose must not harm calls in flight"
            )


AFTER_LAST = "The transport must be closed after the last call has finished"


@law("close-after-last")
@cases(
    count=7,
    takes=IN_FLIGHT,
    given=ACLOSE,
    examples=[{"takes": [1.0, 2.0]}, {"takes": [40.0]}],
)
def test_the_transport_is_never_closed_under_a_fetch(play, takes):
    run = play(
        "follow",
        steps=script(reads(takes), closes(0.25)),
        transport=Transport(each_takes(takes)),
    )

    run.needs_operations(GET, len(takes))
    run.needs_operations(CLOSE)
    run.never(EARLY_CLOSE, AFTER_LAST)


@law("close-after-last")
@cases(
    count=5,
    takes=IN_FLIGHT,
    given="fetch_multiple with " + ACLOSE,
    examples=[{"takes": [2.0, 1.0]}],
)
def test_the_transport_is_never_closed_under_fetch_multiple(play, takes):
    wanted = ENDPOINTS[: len(takes)]
    asks = step(0, "reader", "call", "fetcher.fetch_multiple", wanted)

    run = play(
        "follow",
        steps=script(asks, closes(0.25)),
        transport=Transport(each_takes(takes)),
    )

    run.needs_operations(GET)
    run.needs_operations(CLOSE)
    run.never(EARLY_CLOSE, AFTER_LAST)


@law("close-after-last")
@cases(
    count=4,
    takes=IN_FLIGHT,
    given=JUST_BEFORE,
    examples=[{"takes": [2.0, 1.0]}],
)
def test_the_transport_is_never_closed_before_the_gets_begin(play, takes):
    asks = step(0, "reader", "call", "fetcher.fetch_multiple", ENDPOINTS[: len(takes)])

    run = play(
        "follow",
        steps=script(asks, closes(0)),
        transport=Transport(each_takes(takes)),
    )

    run.needs_operations(CLOSE)
    for each in run.named(GET):
        run.before(each, run.named(CLOSE)[0], AFTER_LAST)


CLEANING = "a get that takes 3 s, cancelled at 0.5 s, cleaning up takes {cleanup} s"


@law("close-after-last")
@cases(
    count=4,
    cleanup=seconds(0.5, 2, 0.25),
    given=CLEANING + "; aclose at 0.75 s",
    examples=[{"cleanup": 1.0}],
)
def test_the_transport_is_never_closed_under_a_cleanup(play, cleanup):
    stops = step(0.5, "boss", "cancel", "reader /a")

    run = play(
        "follow",
        steps=script(reads([3]), stops, closes(0.75)),
        transport=Transport(each_takes([3], cleanup)),
    )

    run.needs_operations(GET)
    run.needs_operations(CLOSE)
    run.never(EARLY_CLOSE, AFTER_LAST)


AT_ONCE = "aclose must close the transport as soon as the last call is over"


@law("closes-at-once")
@cases(
    count=10,
    takes=lists(seconds(0.5, 3, 0.25), 0, 4),
    at=seconds(0.25, 4, 0.25),
    closing=CLOSING,
    given=GETS + ", aclose at {at} s, closing takes {closing} s",
    examples=[
        {"takes": [1.0, 2.0], "at": 0.5, "closing": 1.0},
        {"takes": [], "at": 0.5, "closing": 1.0},
    ],
)
def test_the_transport_is_closed_when_the_last_call_is_over(play, takes, at, closing):
    run = play(
        "follow",
        steps=script(reads(takes), closes(at)),
        transport=Transport(each_takes(takes), closing=closing),
    )

    run.step_returns(closes(at), AT_ONCE)
    run.begins_by(CLOSE, at, AT_ONCE, after=GET)
    run.step_ends_with(
        closes(at),
        run.named(CLOSE)[0],
        "aclose must return when the transport is closed",
    )


@law("closes-at-once")
@cases(
    count=5,
    **FAILURE,
    given=FAILING + "; aclose at 0.25 s",
    assume=lambda takes, bad: bad in ENDPOINTS[: len(takes)],
    examples=[{"takes": [1.0, 2.0], "bad": "/a"}],
)
def test_a_call_that_failed_is_over(play, takes, bad):
    run = play(
        "follow",
        steps=script(reads(takes), closes(0.25)),
        transport=Transport(one_fails(takes, bad)),
    )

    rule = AT_ONCE + ", even if it failed"
    run.needs_operations(GET, len(takes))
    run.step_returns(closes(0.25), rule)
    run.begins_by(CLOSE, 0.25, rule, after=GET)


@law("closes-at-once")
@cases(
    count=5,
    cleanup=sampled([0, 0.5, 1.0, 2.0]),
    at=seconds(0.75, 4, 0.25),
    given=CLEANING + "; aclose at {at} s",
    examples=[{"cleanup": 1.0, "at": 0.75}],
)
def test_a_call_that_was_cancelled_is_over(play, cleanup, at):
    stops = step(0.5, "boss", "cancel", "reader /a")

    run = play(
        "follow",
        steps=script(reads([3]), stops, closes(at)),
        transport=Transport(each_takes([3], cleanup)),
    )

    rule = AT_ONCE + ", even if it was cancelled"
    run.needs_operations(GET)
    run.step_returns(closes(at), rule)
    run.begins_by(CLOSE, at, rule, after=GET)


@law("closes-at-once")
@cases(
    count=3,
    take=seconds(0.5, 2, 0.5),
    given="a get that takes {take} s, aclose at 0.25 s; "
    "the task that called fetch goes on until 5 s",
    examples=[{"take": 1.0}],
)
def test_the_task_that_called_may_go_on(play, take):
    goes_on = step(5, "reader /a", "call", "fetcher.aclose")

    run = play(
        "follow",
        steps=script(reads([take]), closes(0.25), goes_on),
        transport=Transport(each_takes([take])),
    )

    run.needs_operations(GET)
    run.step_returns(closes(0.25), AT_ONCE)
    run.begins_by(CLOSE, 0.25, AT_ONCE, after=GET)


@law("closes-once")
@cases(
    count=10,
    take=seconds(1, 3, 0.5),
    closing=CLOSING,
    again=lists(seconds(0.5, 6, 0.25), 1, 3),
    given="a get that takes {take} s, closing takes {closing} s; "
    "aclose at 0.25 s and again at {again} s",
    examples=[
        {"take": 2.0, "closing": 1.0, "again": [1.0]},
        {"take": 2.0, "closing": 1.0, "again": [2.5]},
        {"take": 2.0, "closing": 1.0, "again": [4.0]},
    ],
)
def test_however_often_aclose_is_called_the_transport_is_closed_once(
    play, take, closing, again
):
    more = [closes(at, f"closer {number}") for number, at in enumerate(again, 2)]

    run = play(
        "follow",
        steps=script(reads([take]), closes(0.25), more),
        transport=Transport(each_takes([take]), closing=closing),
    )

    run.needs_operations(CLOSE)
    run.never(TWICE, "A second aclose must not close the transport again")
    for each in more:
        with told_apart(run, each):
            run.step_returns(each, "A second aclose must do nothing but wait")


@law("closes-once")
@cases(given="aclose in the body of async with")
def test_leaving_async_with_after_aclose_closes_nothing(play):
    run = play("close_in_block", transport=Transport())

    run.needs_operations(CLOSE)
    run.never(TWICE, "Leaving async with after aclose must not close again")
    run.must_return("Leaving async with after aclose must do nothing but wait")


SECOND = "A second aclose must wait until the first is done"


@law("second-waits")
@cases(
    count=7,
    take=seconds(1, 3, 0.5),
    closing=CLOSING,
    again=seconds(0.5, 0.75, 0.25),
    given="a get that takes {take} s, closing takes {closing} s; "
    "aclose at 0.25 s and at {again} s",
    examples=[{"take": 2.0, "closing": 1.0, "again": 0.5}],
)
def test_a_second_aclose_ends_when_the_first_does(play, take, closing, again):
    first, second = closes(0.25), closes(again, "second closer")

    run = play(
        "follow",
        steps=script(reads([take]), first, second),
        transport=Transport(each_takes([take]), closing=closing),
    )

    run.needs_operations(CLOSE)
    with told_apart(run, second):
        run.step_returns(second, SECOND)
    run.step_ends_with(second, first, SECOND)


@law("second-waits")
@cases(
    count=4,
    take=seconds(1, 3, 0.5),
    closing=CLOSING,
    given="a get that takes {take} s, closing takes {closing} s; "
    "aclose at 0.25 s, and again while it closes",
    examples=[{"take": 2.0, "closing": 1.0}],
)
def test_a_second_aclose_waits_for_the_transport(play, take, closing):
    first, second = closes(0.25), closes(take + 0.25, "second closer")

    run = play(
        "follow",
        steps=script(reads([take]), first, second),
        transport=Transport(each_takes([take]), closing=closing),
    )

    run.needs_operations(CLOSE)
    run.step_waits_for(second, first, SECOND)


@law("second-waits")
@cases(
    count=3,
    take=seconds(1.5, 3, 0.5),
    given="a get that takes {take} s; aclose at 0.25 s and at 0.5 s; "
    "the second one is cancelled at 1 s",
    examples=[{"take": 2.0}],
)
def test_cancelling_a_second_aclose_does_not_stop_the_first(play, take):
    first, second = closes(0.25), closes(0.5, "second closer")
    stops = step(1, "boss", "cancel", "second closer")

    run = play(
        "follow",
        steps=script(reads([take]), first, second, stops),
        transport=Transport(each_takes([take]), closing=2),
    )

    run.needs_step_on(second, stops)
    with told_apart(run, first):
        run.step_returns(first, "Cancelling a second aclose must not stop the first")


CANCELLED = "When an aclose is cancelled, the next one must get the transport closed"


@law("cancelled-close")
@cases(
    count=6,
    take=seconds(1.5, 3, 0.5),
    again=sampled([[9.0], [0.5, 9.0]]),
    given="a get that takes {take} s, closing takes 2 s; "
    "aclose at 0.25 s, cancelled at 1 s; aclose again at {again} s",
    examples=[{"take": 2.0, "again": [0.5, 9.0]}, {"take": 2.0, "again": [9.0]}],
)
def test_the_next_aclose_closes_when_one_is_cancelled_as_it_waits(play, take, again):
    others = [closes(at, f"closer {number}") for number, at in enumerate(again, 2)]
    stops = step(1, "boss", "cancel", "closer")

    run = play(
        "follow",
        steps=script(reads([take]), closes(0.25), others, stops),
        transport=Transport(each_takes([take]), closing=2),
    )

    the_next_one_closes(run, closes(0.25), stops, others)


@law("cancelled-close")
@cases(
    count=4,
    closing=seconds(1, 3, 0.5),
    again=sampled([[5.0], [0.25, 5.0]]),
    given="closing takes {closing} s; aclose at 0 s, cancelled at 0.5 s; "
    "aclose again at {again} s",
    examples=[
        {"closing": 1.0, "again": [0.25, 5.0]},
        {"closing": 1.0, "again": [5.0]},
    ],
)
def test_the_next_aclose_closes_when_one_is_cancelled_as_it_closes(
    play, closing, again
):
    others = [closes(at, f"closer {number}") for number, at in enumerate(again, 2)]
    stops = step(0.5, "boss", "cancel", "closer")

    run = play(
        "follow",
        steps=script(closes(0), others, stops),
        transport=Transport(closing=closing),
    )

    the_next_one_closes(run, closes(0), stops, others)


def the_next_one_closes(run, first, stops, others):
    run.needs_step_on(first, stops)
    run.step_raises(first, "CancelledError", "CancelledError must come out of aclose")
    for each in others:
        with told_apart(run, each):
            run.step_returns(each, CANCELLED)
    run.succeeds(CLOSE, CANCELLED)


@law("close-fails")
@cases(
    count=4,
    take=seconds(1, 3, 0.5),
    closing=CLOSING,
    given="a get that takes {take} s, closing fails after {closing} s; "
    "aclose at 0.25 s, at 0.5 s and at 9 s",
    examples=[{"take": 2.0, "closing": 1.0}],
)
def test_an_error_of_closing_comes_out_and_nobody_waits_for_ever(play, take, closing):
    first = closes(0.25)
    others = [closes(0.5, "second closer"), closes(9, "last closer")]

    run = play(
        "follow",
        steps=script(reads([take]), first, others),
        transport=Transport(
            each_takes([take]), closing=closing, close_fails="CloseError"
        ),
    )

    run.needs_operations(CLOSE)
    run.step_raises(
        first, "CloseError", "The error of transport.close must come out of aclose"
    )
    for each in others:
        run.step_ends(each, "After a failed close no aclose may wait for ever")


# --- async with ---------------------------------------------------------------

ENDS = sampled(["return", "BodyError", "KeyError", "RuntimeError", "OSError"])
BODY = "a body that ends with {ends}, closing takes {closing} s"


LEAVING = "Leaving async with must close the transport first, however its body ends"


def body(ends):
    return asynchronous(after(0.5, fails=None if ends == "return" else ends))


@law("block-closes")
@cases(
    count=5,
    ends=ENDS,
    closing=CLOSING,
    given=BODY,
    examples=[
        {"ends": "return", "closing": 1.0},
        {"ends": "BodyError", "closing": 1.0},
        {"ends": "RuntimeError", "closing": 1.0},
        {"ends": "KeyError", "closing": 0.5},
    ],
)
def test_leaving_async_with_closes_however_the_body_ends(play, ends, closing):
    run = play("use_block", transport=Transport(closing=closing), body=body(ends))

    run.needs_operations("body")
    run.called_at_most(1, OPEN, "async with must not open the transport again")
    run.succeeds(CLOSE, LEAVING)


@law("block-closes")
@cases(
    count=3,
    closing=CLOSING,
    given="the body is cancelled, closing takes {closing} s",
)
def test_leaving_async_with_closes_when_the_body_is_cancelled(play, closing):
    run = play("cancel_block", transport=Transport(closing=closing))

    run.needs_note("cancelled")
    run.succeeds(CLOSE, LEAVING)


@law("block-closes")
@cases(given="async with fetcher as entered")
def test_async_with_gives_the_fetcher_itself(play):
    run = play("enter", transport=Transport())

    run.needs_note("connected")
    run.returns(
        wire.Handle("the fetcher itself"), "async with must give the fetcher itself"
    )


@law("block-closes")
@cases(
    count=3,
    take=seconds(0.5, 3, 0.5),
    given="a get that takes {take} s; async with is left at 0.25 s",
    examples=[{"take": 2.0}],
)
def test_leaving_async_with_closes_as_aclose_does(play, take):
    begins = [step(0, "user", "enter", "fetcher"), *reads([take])]
    leaves = step(0.25, "user", "exit", "fetcher")
    transport = Transport(each_takes([take]))
    plain = play("follow", steps=script(begins, closes(0.25)), transport=transport)
    plain.needs_operations(GET)
    plain.needs_operations(CLOSE)

    run = play("follow", steps=script(begins, leaves), transport=transport)

    rule = "Leaving async with must close as aclose does, after the calls in flight"
    run.step_returns(leaves, rule)
    run.begins_at(CLOSE, [plain.named(CLOSE)[0].began.at / wire.NANOSECONDS], rule)


BODY_ERROR = "What the body raises must come out of async with"


@law("body-error-out")
@cases(
    count=6,
    ends=ENDS.filter(lambda ends: ends != "return"),
    closing=CLOSING,
    given=BODY,
    examples=[{"ends": "BodyError", "closing": 1.0}],
)
def test_the_error_of_the_body_comes_out(play, ends, closing):
    run = play("use_block", transport=Transport(closing=closing), body=body(ends))

    run.raises(run.first_failed("body"), rule=BODY_ERROR)


@law("body-error-out")
@cases(
    count=3,
    closing=CLOSING,
    given="the body is cancelled, closing takes {closing} s",
)
def test_the_cancellation_of_the_body_comes_out(play, closing):
    run = play("cancel_block", transport=Transport(closing=closing))

    run.needs_note("cancelled")
    run.raises("CancelledError", rule=BODY_ERROR)


# --- what holds for every kata ------------------------------------------------


@law("cancel-clean")
@cases(
    count=5,
    takes=lists(seconds(0.5, 2, 0.5), 1, 4),
    cleanup=sampled([0, 0.5]),
    given=GETS + "; cleaning up takes {cleanup} s",
)
def test_cancelling_the_caller_cancels_its_gets(play, takes, cleanup):
    wanted = ENDPOINTS[: len(takes)]
    transport = Transport(each_takes(takes, cleanup), opening=0.5)

    for run in play.sweep("fetch_both_ways", endpoints=wanted, transport=transport):
        run.cancelled_cleanly(cleanup)


LIVES = {
    "takes": lists(seconds(0.5, 2, 0.5), 1, 4),
    "given": GETS + ", and some that fail, in one async with",
    "examples": [{"takes": [2.0, 1.0]}],
}


def live(play, takes, **options):
    """A whole life: gets that fail, gets that do not, one in flight, a refusal."""
    gets = each_takes(takes) | {
        "/slow": after(2, cancelled=cleans_up(0.25)),
        "/broken": after(1, fails="GetError"),
    }
    wanted = ENDPOINTS[: len(takes)]
    run = play(
        "live",
        endpoints=wanted,
        failing=["/slow", "/broken"],
        transport=Transport(gets, closing=0.5),
        pause=asynchronous(after(0.25)),
        **options,
    )
    with run.given():
        run.returns_answers(GET, [*wanted, wanted[0]])
        run.succeeds(CLOSE, "It must close the transport")
    return run


@law("nothing-left")
@cases(count=5, **LIVES)
def test_nothing_is_left_running(play, takes):
    live(play, takes).leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=5, **LIVES)
def test_python_has_nothing_to_complain_of(play, takes):
    live(play, takes, collect=True).warns_nothing()


@law("never-blocks")
@cases(count=5, **LIVES)
def test_the_event_loop_is_never_blocked(play, takes):
    live(play, takes).never_blocks()


@law("own-state")
@cases(
    count=6,
    take=seconds(1, 4, 0.5),
    given="two fetchers: a get of the left one takes {take} s; "
    "aclose of the right one at 0.25 s; the left one fetches again at 0.5 s",
    examples=[{"take": 2.0}],
)
def test_two_fetchers_share_nothing(play, take):
    asks = step(0, "reader", "call", "left_fetcher.fetch", "/a")
    shuts = step(0.25, "closer", "call", "right_fetcher.aclose")
    again = step(0.5, "later reader", "call", "left_fetcher.fetch", "/b")
    reading_alone(play, take)
    closed_at = closing_alone(play, 0.25)

    run = play(
        "follow_two",
        steps=script(asks, shuts, again),
        left=Transport(each_takes([take, 1])),
        right=Transport(),
    )

    rule = "Two fetchers must not share anything"
    run.needs_operations("left.get")
    run.step_returns(shuts, rule)
    run.begins_by("right.close", closed_at, rule)
    run.step_answers(again, "left.get", "/b", rule)


def reading_alone(play, take):
    """Raise `NotReached` unless a fetcher that is alone answers both calls."""
    asks = step(0, "reader", "call", "fetcher.fetch", "/a")
    again = step(0.5, "later reader", "call", "fetcher.fetch", "/b")
    run = play(
        "follow", steps=script(asks, again), transport=Transport(each_takes([take, 1]))
    )
    with run.given():
        run.step_answers(again, GET, "/b", "A fetcher must answer")


def closing_alone(play, at):
    """Return when a fetcher that is alone closes its transport after an aclose."""
    run = play("follow", steps=script(closes(at)), transport=Transport())
    run.needs_operations(CLOSE)
    with run.given():
        run.step_returns(closes(at), "aclose must return")
    return run.named(CLOSE)[0].began.at / wire.NANOSECONDS


@law("second-loop")
@cases(
    count=4,
    takes=IN_FLIGHT,
    given=ACLOSE + ", twice at once; under one event loop and then under another",
)
def test_it_works_again_under_a_second_loop(play, takes):
    life = {
        "endpoints": ENDPOINTS[: len(takes)],
        "transport": Transport(each_takes(takes), closing=0.5),
        "pause": asynchronous(after(0.25)),
    }
    once = play("close_twice_under_load", **life)
    once.needs_operations(CLOSE)
    once.reached()

    run = play("use_in_two_loops", **life)

    run.must_return("It must work again under a second event loop")
