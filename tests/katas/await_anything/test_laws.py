from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import booleans, integers, lists, sampled, seconds
from grader.world.rules import (
    Failing,
    Plan,
    after,
    asynchronous,
    cleans_up,
    synchronous,
)

ITSELF = wire.Handle("the value itself")
INNER = wire.Handle("the inner awaitable")
TAKE = seconds(0.5, 4, 0.5)

NATIVE = ["a coroutine", "a task", "a future"]
OBJECT = "an object with __await__"
OLD = "a generator-based coroutine"
AWAITABLES = [*NATIVE, OBJECT, OLD]

PLAIN = [
    "a list",
    "an object",
    "an exception",
    "a generator",
    "an async generator",
    "an async function",
    "a class",
    "a class that defines __await__",
    "a lock",
]
ASYNC = ["an async function", "a partial of an async function", "an async method"]
GIVES_AWAITABLE = [
    *ASYNC,
    "an object with an async __call__",
    "a function that returns a coroutine",
    "a method that returns a coroutine",
    "an object whose __call__ returns a coroutine",
    "a function that returns a task",
    "a function that returns a future",
    "a function that returns an object with __await__",
    "a class whose instances can be awaited",
]
PLAIN_CALLS = ["a function", "a partial", "a method", "an object with __call__"]

RESOLVE = "resolve({kind})"
CALL = "call({kind})"
TAKES = ", which takes {take} s"


def takes(time, cleanup=0):
    return asynchronous(after(time, cancelled=cleans_up(cleanup) if cleanup else None))


def fails(time, error="FetchError"):
    return asynchronous(after(time, fails=Failing(error, "no answer")))


def computes():
    """A plain function whose answer nobody can guess."""
    return synchronous(Plan())


def each_kind(kinds, **more):
    return [{"kind": kind, **more} for kind in kinds]


# --- plain values -------------------------------------------------------------

AS_IS = "A plain value must come back as it is, at once"


@law("plain-as-it-is")
@cases(
    count=8,
    value=sampled([None, False, 0, 1.5, "", "await", b"x", [None], {"a": [1]}]),
    given="resolve({value!r})",
    examples=[{"value": 42}, {"value": None}],
)
def test_a_simple_value_comes_back(play, value):
    run = play("resolve_value", value=value)

    run.returns(value, AS_IS)
    run.ends_at(0, AS_IS)


@law("plain-as-it-is")
@cases(given=RESOLVE, examples=each_kind(PLAIN))
def test_any_object_that_cannot_be_awaited_comes_back(play, kind):
    run = play("resolve_plain", kind=kind)

    run.returns(ITSELF, AS_IS)
    run.ends_at(0, AS_IS)


@law("plain-as-it-is")
@cases(
    given="call(fn), where fn returns {kind}",
    examples=each_kind(PLAIN),
)
def test_call_gives_a_plain_value_as_it_is(play, kind):
    run = play("call_for_plain", kind=kind)

    run.returns(ITSELF, AS_IS)


# --- what can be awaited ------------------------------------------------------


def is_awaited(play, kind, take):
    run = play("resolve_awaitable", kind=kind, fetch=takes(take))

    rule = f"resolve must await {kind} and return its result"
    run.returns_answers_of("fetch", rule)
    run.takes(take, "resolve must be over in the moment in which what it awaits is")


def is_called_and_awaited(play, kind, take):
    run = play("call_async", kind=kind, fetch=takes(take))

    rule = f"call must call {kind} and give what comes of it"
    run.returns_answers_of("fetch", rule)
    run.takes(take, rule + " at its moment")


@law("native-awaited")
@cases(
    count=12,
    kind=sampled(NATIVE),
    take=TAKE,
    given=RESOLVE + TAKES,
    examples=each_kind(NATIVE, take=1.2345),
)
def test_coroutines_tasks_and_futures_are_awaited(play, kind, take):
    is_awaited(play, kind, take)


@law("object-awaited")
@cases(
    count=6,
    take=TAKE,
    given=f"resolve({OBJECT})" + TAKES,
    examples=[{"take": 1.0}],
)
def test_objects_with_await_are_awaited(play, take):
    is_awaited(play, OBJECT, take)


@law("generator-awaited")
@cases(count=6, take=TAKE, given=f"resolve({OLD})" + TAKES, examples=[{"take": 1.0}])
def test_generator_based_coroutines_are_awaited(play, take):
    is_awaited(play, OLD, take)


ONE_LEVEL = "It must await one level deep and leave the result alone"


@law("one-level")
@cases(
    count=10,
    kind=sampled(NATIVE),
    take=TAKE,
    given=RESOLVE + TAKES + " and gives an object that can be awaited",
    examples=each_kind(NATIVE, take=1.0),
)
def test_what_comes_of_it_is_not_awaited_too(play, kind, take):
    run = play("resolve_nested", kind=kind, fetch=takes(take), inner=takes(1))

    comes_back_alone(run)


@law("one-level")
@cases(
    count=3,
    take=TAKE,
    given="call(an async function)"
    + TAKES
    + " and gives an object that can be awaited",
    examples=[{"take": 1.0}],
)
def test_call_awaits_one_level_deep(play, take):
    run = play("call_nested", fetch=takes(take), inner=takes(1))

    comes_back_alone(run)


def comes_back_alone(run):
    run.nothing_happened("inner", ONE_LEVEL)
    with run.given():
        run.succeeds("fetch", "It must be awaited")
    run.returns(INNER, ONE_LEVEL)


@law("done-again")
@cases(
    count=8,
    kind=sampled(NATIVE[1:]),
    take=TAKE,
    given="{kind} that is done after {take} s, and is then resolved twice",
    examples=each_kind(NATIVE[1:], take=1.0),
)
def test_what_is_done_gives_its_result_again(play, kind, take):
    run = play("resolve_finished", kind=kind, fetch=takes(take))

    rule = "What is done already must give its result, again and again"
    run.returns_answers_of(["fetch", "fetch"], rule)
    run.lasts_since("finished", 0, rule + ", at once")


# --- errors -------------------------------------------------------------------

ERRORS = ["FetchError", "TypeError", "ValueError", "AttributeError", "KeyError"]
ERROR_OUT = "An error must come out as it is, at its moment"


@law("error-out")
@cases(
    count=14,
    kind=sampled(NATIVE),
    take=TAKE,
    error=sampled(ERRORS),
    given=RESOLVE + ", which raises a {error} after {take} s",
    examples=each_kind(NATIVE, take=1.0, error="TypeError")
    + each_kind(NATIVE, take=1.0, error="AttributeError"),
)
def test_an_error_of_what_is_awaited_comes_out(play, kind, take, error):
    run = play("resolve_awaitable", kind=kind, fetch=fails(take, error))

    comes_out(run, "fetch")


@law("error-out")
@cases(
    count=10,
    kind=sampled(ASYNC),
    take=TAKE,
    error=sampled(ERRORS),
    given="call({kind}), which raises a {error} after {take} s",
    examples=[
        {"kind": ASYNC[0], "take": 1.0, "error": "TypeError"},
        {"kind": ASYNC[1], "take": 1.0, "error": "AttributeError"},
        {"kind": ASYNC[2], "take": 1.0, "error": "ValueError"},
    ],
)
def test_an_error_of_an_async_call_comes_out(play, kind, take, error):
    run = play("call_async", kind=kind, fetch=fails(take, error))

    comes_out(run, "fetch")


@law("error-out")
@cases(
    count=8,
    kind=sampled(PLAIN_CALLS),
    error=sampled(ERRORS),
    given="call({kind}), which raises a {error}",
    examples=each_kind(PLAIN_CALLS, error="TypeError")
    + each_kind(PLAIN_CALLS, error="AttributeError"),
)
def test_an_error_of_a_plain_call_comes_out(play, kind, error):
    compute = synchronous(Plan(fails=Failing(error, "cannot compute")))

    run = play("call_plain", kind=kind, compute=compute)

    comes_out(run, "compute")


def comes_out(run, name):
    run.raises(run.first_failed(name), at_its_moment=True, rule=ERROR_OUT)


# --- calls --------------------------------------------------------------------


@law("call-any")
@cases(
    count=8,
    kind=sampled(GIVES_AWAITABLE),
    take=TAKE,
    given=CALL + TAKES,
    examples=each_kind(GIVES_AWAITABLE, take=1.0),
)
def test_whatever_is_called_is_awaited_if_need_be(play, kind, take):
    is_called_and_awaited(play, kind, take)


@law("call-any")
@cases(
    given=CALL,
    examples=each_kind(PLAIN_CALLS),
)
def test_what_a_plain_call_returns_comes_back(play, kind):
    run = play("call_plain", kind=kind, compute=computes())

    rule = f"call must call {kind} and give what it returns"
    run.returns_answers_of("compute", rule)


@law("called-once")
@cases(
    count=4,
    kind=sampled([*AWAITABLES, "a string"]),
    take=TAKE,
    given="call(fn), where fn returns {kind}",
    examples=each_kind([*AWAITABLES, "a string"], take=1.0),
)
def test_the_function_is_called_once(play, kind, take):
    run = play("call_counted", kind=kind, called=synchronous(), fetch=takes(take))

    run.called_times(1, "called", "fn must be called once")


@law("called-once")
@cases(
    count=10,
    args=lists(integers(1, 9), 0, 3),
    names=lists(
        sampled(["fn", "depth", "timeout", "value", "self"]), 0, 3, unique=True
    ),
    as_async=booleans(),
    given="positional arguments {args}, keywords {names}; fn is async: {as_async}",
    examples=[
        {"args": [1, 2], "names": ["depth"], "as_async": False},
        {"args": [1, 2], "names": ["depth"], "as_async": True},
        {"args": [], "names": ["fn"], "as_async": True},
    ],
)
def test_the_function_gets_all_its_arguments(play, args, names, as_async):
    kwargs = {name: number for number, name in enumerate(names)}

    run = play("call_with_arguments", args=args, kwargs=kwargs, as_async=as_async)

    run.returns([args, kwargs], "fn must be called with all the arguments")


# --- cancellation -------------------------------------------------------------

CANCEL = "Cancelling the caller must cancel what it awaits"
ON_THEIR_OWN = ["a coroutine", "a task"]


@law("cancel-clean")
@cases(
    count=8,
    # Who feeds a future learns of its cancellation only when the call is over.
    kind=sampled(ON_THEIR_OWN),
    take=TAKE,
    cleanup=sampled([0, 0.5]),
    given=RESOLVE
    + TAKES
    + "; the caller is cancelled, and cleaning up takes {cleanup} s",
    examples=each_kind(ON_THEIR_OWN, take=1.0, cleanup=0.5),
)
def test_cancelling_the_caller_cancels_what_it_resolves(play, kind, take, cleanup):
    for run in play.sweep("resolve_awaitable", kind=kind, fetch=takes(take, cleanup)):
        run.cancelled_cleanly(cleanup, CANCEL)


@law("cancel-clean")
@cases(
    count=6,
    kind=sampled(ASYNC),
    take=TAKE,
    cleanup=sampled([0, 0.5]),
    given=CALL + TAKES + "; the caller is cancelled, and cleaning up takes {cleanup} s",
)
def test_cancelling_the_caller_cancels_what_it_calls(play, kind, take, cleanup):
    for run in play.sweep("call_async", kind=kind, fetch=takes(take, cleanup)):
        run.cancelled_cleanly(cleanup, CANCEL)


# --- what holds for every kata ------------------------------------------------

SOME = {
    "count": 6,
    "take": TAKE,
    "given": "a coroutine and a plain value are resolved, an async and a plain function "
    "called, one after the other; a fetch takes {take} s, another one fails",
    "examples": [{"take": 1.0}],
}


def some(play, take, **more):
    run = play(
        "do_some",
        fetch=takes(take),
        broken=fails(take),
        compute=computes(),
        **more,
    )
    with run.given():
        run.returns_answers_of(["fetch", "compute"], "All must be resolved")
    return run


@law("nothing-left")
@cases(**SOME)
def test_nothing_is_left_running(play, take):
    some(play, take).leaves_nothing(threads=True)


@law("no-complaints")
@cases(**SOME)
def test_python_has_nothing_to_complain_of(play, take):
    some(play, take, collect=True).warns_nothing()


@law("never-blocks")
@cases(**SOME)
def test_the_event_loop_is_never_blocked(play, take):
    some(play, take).never_blocks()
