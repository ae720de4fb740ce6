"""Laws against models that are plainly right: counting by hand, trying every way."""

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from grader import values
from grader.laws import JudgedRun
from grader.laws.outcome import Broken
from grader.laws.overlap import busiest, first_crowd, first_idle
from grader.world.record import Operation
from grader.world.rules import Plan, after, cleans_up

from .conftest import CANCELLED, Story, failure

often = settings(max_examples=80, deadline=None, derandomize=True, database=None)

SECOND = 10**9


def sign_of(law: Callable[..., None], *args: Any) -> str:
    """Return the sign in which a law is broken, or `holds`."""
    try:
        law(*args)
    except Broken as error:
        return error.sign
    return "holds"


# --- how many at once -------------------------------------------------------------


class Span(NamedTuple):
    """A call that begins at a second and takes so many."""

    start: int
    takes: int

    def covers(self, second: int) -> bool:
        return self.start <= second < self.start + self.takes


spans = st.lists(
    st.builds(Span, st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=8
).map(sorted)
limits = st.integers(1, 4)
SECONDS = range(12)


def played(calls: Sequence[Span]) -> JudgedRun:
    story = Story()
    for number, call in enumerate(calls):
        story.wait_until(call.start)
        story.fetch(number, after(call.takes))
    story.wait_for_all()
    return story.returns()


def running(calls: Sequence[Span], second: int) -> int:
    return sum(call.covers(second) for call in calls)


def fetches(calls: Sequence[Span]) -> list[Operation]:
    return played(calls).operations("fetch")


@often
@given(spans, limits)
def test_more_than_the_limit_is_what_counting_every_second_finds(
    calls: list[Span], limit: int
) -> None:
    most = max(running(calls, second) for second in SECONDS)

    found = sign_of(played(calls).at_most, limit, "fetch")
    assert found == ("too-many" if most > limit else "holds")


@often
@given(spans, limits)
def test_a_crowd_is_told_from_the_first_stretch_over_the_limit(
    calls: list[Span], limit: int
) -> None:
    crowd = first_crowd(fetches(calls), limit)
    over = [second for second in SECONDS if running(calls, second) > limit]

    when = crowd.when.at // SECOND if crowd else -1
    assert (crowd is not None) == bool(over)
    assert len(crowd.running if crowd else ()) == (running(calls, when) if over else 0)
    assert [second for second in SECONDS if over and over[0] <= second <= when] == [
        second for second in over if second <= when
    ]


@often
@given(spans, limits)
def test_the_busiest_moment_is_what_counting_every_second_finds(
    calls: list[Span], count: int
) -> None:
    counts = [running(calls, second) for second in SECONDS]
    peak = busiest(fetches(calls))

    assert peak is not None
    assert (len(peak.running), peak.when.at // SECOND) == (
        max(counts),
        counts.index(max(counts)),
    )
    found = sign_of(played(calls).reaches, count, "fetch")
    assert found == ("holds" if max(counts) >= count else "too-few")


@often
@given(spans, limits)
def test_a_wasted_slot_is_what_counting_every_second_finds(
    calls: list[Span], limit: int
) -> None:
    to_come = [sum(call.start > second for call in calls) for second in SECONDS]
    wasted = [
        second
        for second in SECONDS
        if to_come[second] and running(calls, second) < limit
    ]
    idle = first_idle(fetches(calls), limit, len(calls))

    assert ([idle.at // SECOND] if idle else []) == wasted[:1]
    found = sign_of(played(calls).wastes_no_slot, limit, "fetch", len(calls))
    assert found == ("idle-slot" if wasted else "holds")


# --- in which order, and how often ------------------------------------------------

keys = st.lists(
    st.sampled_from(
        ["a", "b", 1, True, 2.0, 2, (1, [2]), [1, 2], {"a": [1]}, {1, 2}, None, b"a"]
    ),
    max_size=5,
)


def called(args: Sequence[object]) -> JudgedRun:
    story = Story()
    for each in args:
        story.fetch(each)
    story.wait_for_all()
    return story.returns()


@often
@given(keys.filter(bool), keys)
def test_an_order_is_broken_at_the_first_difference(
    args: list[object], wanted: list[object]
) -> None:
    differences = [a != b for a, b in zip(args, wanted, strict=False)]

    found = sign_of(called(args).starts_in_order, "fetch", wanted)
    assert found == ("out-of-order" if any(differences) else "holds")


@often
@given(keys, keys)
def test_once_for_each_is_what_counting_equal_ones_finds(
    args: list[object], wanted: list[object]
) -> None:
    surplus = [each for each in args if args.count(each) > wanted.count(each)]

    same = not surplus and len(args) == len(wanted)
    found = sign_of(called(args).once, "fetch", wanted)
    assert found == ("too-often" if surplus else "holds" if same else "too-seldom")


# --- answers ----------------------------------------------------------------------

answer = st.sampled_from([0, False, 0.0, "a", None, [1]])
answered = st.lists(st.tuples(st.sampled_from("ab"), answer), max_size=4)


def answers_fit(
    calls: Sequence[tuple[str, object]],
    wanted: Sequence[str],
    returned: Sequence[object],
) -> bool:
    """Try every way to give each place a call of its own with that key and answer."""
    places = list(zip(wanted, map(values.pack_known, returned), strict=True))
    given_out = [(key, values.pack_known(value)) for key, value in calls]
    return any(
        all(
            a[0] == b[0] and values.same(a[1], b[1])
            for a, b in zip(way, places, strict=True)
        )
        for way in permutations(given_out, len(places))
    )


@often
@given(answered, st.data())
def test_answers_are_right_if_each_place_can_have_one_of_its_own(
    calls: list[tuple[str, object]], data: st.DataObject
) -> None:
    wanted = data.draw(st.permutations([key for key, _ in calls]))
    returned = data.draw(st.permutations([value for _, value in calls]))
    story = Story()
    for key, value in calls:
        story.fetch(key, after(1, value))
    story.wait_for_all()

    found = sign_of(story.returns(returned).returns_answers, "fetch", wanted)
    assert found in {"holds", "wrong-value", "used-twice"}
    assert (found == "holds") == answers_fit(calls, wanted, returned)


# --- the rest after an error ------------------------------------------------------

ERROR, END = 2, 5
"""When `a` fails, and when the error comes out."""


class Other(NamedTuple):
    """What another call does: its plan, when it is cancelled, and what is wrong with it."""

    plan: Plan
    begins: int = 0
    cancelled: int | None = None
    sign: str = ""


OTHERS = {
    "has ended": Other(after(1)),
    "ends with the error": Other(after(2)),
    "is cancelled": Other(after(9), cancelled=ERROR),
    "is cancelled, no cleanup": Other(
        after(9, cancelled=cleans_up(0)), cancelled=ERROR
    ),
    "is cancelled and cleans up": Other(
        after(9, cancelled=cleans_up(3)), cancelled=ERROR
    ),
    "was cancelled before": Other(after(9, cancelled=cleans_up(3)), cancelled=1),
    "is let in and cancelled": Other(after(9), begins=ERROR, cancelled=ERROR),
    "is cancelled late": Other(after(9), cancelled=3, sign="not-cancelled"),
    "runs on": Other(after(4), sign="not-cancelled"),
    "is left": Other(after(9), sign="not-cancelled"),
    "is not awaited": Other(
        after(9, cancelled=cleans_up(9)), cancelled=ERROR, sign="not-awaited"
    ),
    "begins late": Other(after(1), begins=3, sign="starts-after-error"),
}


def live(story: Story, others: Sequence[Other], last: int, cancelled: int = -1) -> None:
    """Live through the seconds up to `last`; the caller is cancelled at one of them."""
    numbers: dict[int, int] = {}
    for second in range(last + 1):
        story.wait_until(second)
        numbers |= {
            place: story.fetch(place, other.plan)
            for place, other in enumerate(others)
            if other.begins == second
        }
        if second == cancelled:
            story.cancel_caller()
        story.cancel(
            *(numbers[n] for n, other in enumerate(others) if other.cancelled == second)
        )


def signs_of(others: Sequence[Other]) -> list[str]:
    """Return what is wrong with some of them, in the order in which they begin."""
    begun = sorted(others, key=lambda other: other.begins)
    return [other.sign for other in begun if other.sign]


@often
@given(st.lists(st.sampled_from(list(OTHERS)), max_size=5))
def test_the_rest_is_cancelled_unless_one_of_them_is_not(names: list[str]) -> None:
    others = [OTHERS[name] for name in names]
    signs = signs_of(others)
    story = Story()
    story.fetch("a", after(ERROR, fails="FetchError"))
    live(story, others, END)

    expected = [sign for sign in signs if sign == "starts-after-error"] + signs
    found = sign_of(story.raises(story.error(1)).cancels_rest, "fetch")
    assert found == next(iter(expected), "holds")


# --- the caller is cancelled ------------------------------------------------------

SENT, GRACE = 1, 2

STARTED = {
    "has ended": Other(after(1)),
    "ends in time": Other(after(3)),
    "is cancelled": Other(after(9), cancelled=SENT),
    "is cancelled and cleans up": Other(
        after(9, cancelled=cleans_up(2)), cancelled=SENT
    ),
    "begins and ends": Other(after(1), begins=2),
    "is left": Other(after(9), sign="left-running"),
    "cleans up too long": Other(
        after(9, cancelled=cleans_up(7)), cancelled=SENT, sign="left-running"
    ),
    "begins and is left": Other(after(9), begins=2, sign="left-running"),
}


@often
@given(
    st.lists(st.sampled_from(list(STARTED)), max_size=5),
    st.sampled_from([CANCELLED, failure("KeyError")]),
    st.integers(3, 4),
)
def test_a_cancellation_is_clean_unless_something_is_not(
    names: list[str], error: Any, end: int
) -> None:
    others = [STARTED[name] for name in names]
    story = Story()
    live(story, others, end, cancelled=SENT)
    swallowed = ["swallowed"] * (error is not CANCELLED)
    late = ["too-late"] * (end > SENT + GRACE)

    found = sign_of(story.raises(error).cancelled_cleanly, GRACE)
    assert found == next(iter(swallowed + late + signs_of(others)), "holds")
