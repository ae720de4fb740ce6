"""Whatever an honest player does, a law holds, is broken, not reached or out of time."""

import re
from collections.abc import Callable
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from grader import values, wire
from grader.laws import JudgedRun
from grader.laws.outcome import Broken, NotReached, TimeUp
from grader.world.record import OutcomeKind
from grader.world.rules import END, Failing, after, answers, cleans_up, never

from .conftest import CANCELLED, LAWS, Story, failure, group

SENTENCES = re.compile(r"[^;]+; [^;]+[^.;][.!?]")

# --- what a player may do ---------------------------------------------------------

ARGUMENTS = [
    "a",
    "b",
    1,
    None,
    b"\xff",
    2**70,
    float("nan"),
    [1, [2]],
    ({"a": [1]}, {1}),
    values.record("Page", tags=["x"], of=values.record("Site", url="u")),
    wire.Handle("object"),
    wire.Opaque("coroutine"),
    "x" * 90,
]
PLANS = [
    after(0),
    after(1),
    after(2, "known"),
    after(1, fails="FetchError"),
    after(1, fails="FetchError"),
    after(3, cancelled=cleans_up(0)),
    after(3, cancelled=cleans_up(2)),
    never(),
    never(cancelled=answers(1, [1, 2])),
    never(cancelled=answers(1, fails=Failing("CleanupError", "two\nlines"))),
    END,
]

numbers = st.integers(0, 3)
Deed = Callable[[Story], object]


def chosen(story: Story, place: int) -> list[int]:
    """Return one of the calls that are on, if any is."""
    return story.on[place : place + 1]


def begin(name: str, argument: object, place: int) -> Deed:
    return lambda story: story.call(name, PLANS[place], argument)


def begin_with_keyword(argument: object) -> Deed:
    return lambda story: story.call("save", after(1), size=argument)


def rest(seconds: int, hold: bool) -> Deed:  # noqa: FBT001
    def deed(story: Story) -> None:
        if not story.is_over:
            story.wait(until=story.world.now / 10**9 + seconds, hold=hold)

    return deed


def cancel(place: int) -> Deed:
    return lambda story: story.cancel(*chosen(story, place))


def drop(place: int) -> Deed:
    def deed(story: Story) -> None:
        for each in chosen(story, place):
            story.leave(each, "dropped")

    return deed


def cancel_caller(story: Story) -> None:
    if not story.is_over:
        story.cancel_caller()


deeds = st.one_of(
    st.builds(
        begin,
        st.sampled_from(["fetch", "fetch", "fetch", "save", "say"]),
        st.sampled_from(ARGUMENTS),
        st.integers(0, len(PLANS) - 1),
    ),
    st.builds(begin_with_keyword, st.sampled_from(ARGUMENTS)),
    st.builds(rest, numbers, st.sampled_from([False, False, True])),
    st.builds(rest, numbers, st.just(False)),  # noqa: FBT003
    st.builds(cancel, numbers),
    st.builds(drop, numbers),
    st.just(cancel_caller),
    st.just(lambda story: story.note("again")),
    st.just(lambda story: story.tell(wire.Blocked("time.sleep(1)", 3, ""))),
)

# --- how it may end ---------------------------------------------------------------


def error_of_first(story: Story) -> wire.Failure:
    """Return the error of the first call, if there was one that the world knows of."""
    known = bool(story.world.run.operations)
    return story.error(1, line=5) if known else failure("KeyError", "'x'")


RAISED: list[Callable[[Story], wire.Failure]] = [
    lambda _: CANCELLED,
    lambda _: failure("ValueError", "no\nmore", line=4),
    lambda _: failure("NotImplementedError", line=4),
    lambda _: group(),
    error_of_first,
    lambda story: group(error_of_first(story), group(CANCELLED)),
]
RETURNED = [None, [], ["known"], [1, "a"], (None, "known"), wire.Opaque("generator")]
KINDS = ["crashed", "wall time", "processor time", "endless", "protocol violation"]

endings = st.one_of(
    st.sampled_from(RETURNED).map(lambda value: lambda story: story.returned(value)),
    st.sampled_from(RAISED).map(lambda make: lambda story: story.raised(make(story))),
    st.just(lambda _: None),
)
kinds = st.sampled_from([*[None] * 15, *KINDS])


def lived(
    before: list[Deed], ending: Deed, behind: list[Deed], tape: list[int], kind: Any
) -> JudgedRun:
    """Return the run of a player that does all this."""
    story = Story(tape=tuple(tape))
    for deed in before:
        deed(story)
    if not story.is_over:
        ending(story)
        for deed in behind:
            deed(story)
    if kind is not None:
        return story.stops(cast("OutcomeKind", kind), "gone")
    return story.over()


runs = st.builds(
    lived,
    st.lists(deeds, min_size=2, max_size=20),
    endings,
    st.lists(deeds, max_size=3),
    st.lists(st.integers(0, 5), max_size=6),
    kinds,
)

# --- what laws say of it ----------------------------------------------------------


def said(law: Callable[[JudgedRun], object], run: JudgedRun) -> Any:
    """Return what a law says, in full; anything but its own outcomes goes through."""
    try:
        law(run)
    except Broken as error:
        return str(error), vars(error)
    except (NotReached, TimeUp) as error:
        return str(error), error.reason, error.line
    return "holds"


def complaints(law: Callable[[JudgedRun], object], run: JudgedRun) -> list[str]:
    """Return what is wrong with the way in which a law says that it is broken."""
    try:
        law(run)
    except Broken as error:
        at, until = error.at or 0, error.until
        known = {each.number for each in run.run.operations}
        wrong = {
            f"no two clauses: {error}": SENTENCES.fullmatch(str(error)) is None,
            f"from {at} to {until}": until is not None and not at <= until,
            f"after the end, {run.run.end.at}: {at}": at > run.run.end.at,
            f"marks of unknown calls: {error.operations}": not known
            >= set(error.operations),
            "no sign": not error.sign,
        }
        return [text for text, is_so in wrong.items() if is_so]
    except (NotReached, TimeUp) as error:
        return [] if str(error) and error.reason else [f"nothing said: {error!r}"]
    return []


often = settings(max_examples=120, deadline=None, derandomize=True, database=None)


@often
@given(runs)
def test_every_law_can_be_asked_of_any_run_and_says_the_same_again(
    run: JudgedRun,
) -> None:
    first = [said(law, run) for law in LAWS.values()]

    assert first == [said(law, run) for law in LAWS.values()]


@often
@given(runs)
def test_what_a_law_says_is_whole(run: JudgedRun) -> None:
    found = {name: complaints(law, run) for name, law in LAWS.items()}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
