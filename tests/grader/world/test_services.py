"""State machines on the judge's side, and what they see of each call."""

import copy

import pytest

from grader import wire
from grader.world.record import Moment, Operation, Violation
from grader.world.rules import END, Failing, Plan, Rule, after, answers, context, items
from grader.world.service import Service

from .hand import Hand

SECOND = wire.NANOSECONDS


class Store(Service):
    """One value, which takes a second to change."""

    SYNCHRONOUS = frozenset({"peek"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.writers = 0

    def write(self, call: Operation) -> Plan:
        self.seen.append("begins")
        self.writers += 1
        if self.writers > 1:
            self.violate("one writer", "two wrote at once")
        return after(1, gives=call.args[0])

    def peek(self, _: Operation) -> Plan:
        return Plan(gives=self.writers)

    def completed(self, call: Operation) -> None:
        self.seen.append(f"completes {call.name}")
        self.writers -= call.name == "store.write"

    def cancelled(self, call: Operation) -> None:
        self.seen.append(f"is cancelled {call.how}")
        self.writers -= 1
        self.violate("never cancelled")

    def _hidden(self) -> None:
        """Be no operation."""


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def hand(store: Store) -> Hand:
    return Hand({"store": store})


def test_the_public_methods_of_a_service_are_operations(hand: Hand) -> None:
    assert hand.world.specs() == [
        wire.OperationSpec("store.peek", "sync", lingers=False),
        wire.OperationSpec("store.write", "async", lingers=False),
    ]


def test_a_service_may_have_calls_that_linger() -> None:
    class Slow(Store):
        LINGERS = True

    rules = dict(Slow().rules("slow"))

    assert rules["slow.write"].lingers


def test_a_method_plans_its_call(hand: Hand) -> None:
    hand.begin("store.write", "x")

    assert (hand.rest(), hand.now) == ([1], 1)
    assert hand.call(1).value == "x"


def test_effects_come_at_the_beginning_and_at_completion(
    hand: Hand, store: Store
) -> None:
    hand.begin("store.write", "x")
    hand.rest(until=0.5)
    before = list(store.seen)
    hand.rest()

    assert (before, store.seen) == (["begins"], ["begins", "completes store.write"])


def test_a_synchronous_method_answers_when_it_is_asked(hand: Hand) -> None:
    hand.begin("store.write", "x")
    hand.ask(hand.begin("store.peek"))

    assert hand.deliveries == [wire.Done(2, 1)]


def test_a_cancelled_call_takes_effect_when_it_is_left(
    hand: Hand, store: Store
) -> None:
    hand.begin("store.write", "x")
    hand.rest(until=0.5)
    hand.cancel(1)
    hand.rest(until=2)

    assert store.seen == ["begins", "is cancelled cancelled"]


def test_a_dropped_call_counts_as_cancelled(hand: Hand, store: Store) -> None:
    hand.begin("store.write", "x")
    hand.close(1, "dropped")
    hand.rest(until=2)

    assert store.seen == ["begins", "is cancelled dropped"]


def test_a_call_cancelled_after_its_completion_takes_effect_once(
    hand: Hand, store: Store
) -> None:
    hand.begin("store.write", "x")
    hand.rest(hold=True)
    hand.cancel(1)
    hand.rest(until=2)

    assert store.seen == ["begins", "completes store.write"]


def test_an_answer_to_a_cancellation_is_a_completion() -> None:
    class Careful(Store):
        LINGERS = True

        def write(self, _: Operation) -> Plan:
            return after(5, cancelled=answers(1, "kept"))

    store = Careful()
    hand = Hand({"store": store})
    hand.begin("store.write")
    hand.tell(wire.CancelSeen(1))
    hand.rest()
    hand.rest(until=9)

    assert store.seen == ["completes store.write"]


def test_a_broken_invariant_is_stamped_with_its_moment(hand: Hand) -> None:
    hand.begin("store.write", "x")
    hand.rest(until=0.5)
    hand.begin("store.write", "y")
    hand.rest(until=0.5)

    assert hand.run.violations == [
        Violation(Moment(SECOND // 2, 2), "one writer", "two wrote at once")
    ]


def test_what_is_broken_at_a_cancellation_is_stamped_with_its_end(hand: Hand) -> None:
    hand.begin("store.write", "x")
    hand.rest(until=0.5)
    hand.cancel(1)
    hand.rest(until=1)

    assert hand.run.violations == [
        Violation(Moment(SECOND // 2, 3), "never cancelled", "never cancelled")
    ]


def test_what_is_broken_at_a_completion_is_stamped_with_it() -> None:
    class Strict(Store):
        def completed(self, call: Operation) -> None:
            self.violate("read only", f"{call.name} got through")

    hand = Hand({"store": Strict()})
    hand.begin("store.write", "x")
    hand.rest()

    assert hand.run.violations == [
        Violation(Moment(SECOND, 2), "read only", "store.write got through")
    ]


def test_arguments_that_a_method_cannot_take_fail_in_the_call(hand: Hand) -> None:
    hand.begin("store.write")
    hand.rest()

    assert isinstance(failed := hand.deliveries[0], wire.Failed)
    assert (failed.type, failed.message) == (
        "TypeError",
        "store.write() cannot be called so: IndexError",
    )


@pytest.mark.parametrize("listener", ["completed", "cancelled"])
def test_arguments_that_break_a_service_later_are_a_violation(listener: str) -> None:
    class Fragile(Store):
        def completed(self, call: Operation) -> None:
            call.args[0].strip()

        cancelled = completed

    hand = Hand({"store": Fragile()})
    hand.begin("store.write", 1)
    hand.close(1, "dropped") if listener == "cancelled" else None

    with pytest.raises(
        wire.ProtocolViolation,
        match=r"^store\.write raised AttributeError in its service$",
    ):
        hand.turn()


def test_a_copy_of_a_service_has_a_state_of_its_own(store: Store) -> None:
    copied = copy.deepcopy(store)
    hand = Hand({"store": copied})
    hand.begin("store.write", "x")
    hand.rest()

    assert (store.seen, len(copied.seen)) == ([], 2)


# --- streams, iterators, contexts ---------------------------------------------


def test_a_stream_gives_its_items_and_then_ends() -> None:
    hand = Hand({"lines": items([after(1, "a"), after(2, "b")])})
    seen = []
    for _ in range(3):
        hand.begin("lines.next")
        hand.rest()
        seen += hand.deliveries

    assert seen == [wire.Done(1, "a"), wire.Done(2, "b"), wire.Exhausted(3)]
    assert hand.now == 3


def test_a_stream_goes_on_being_at_its_end() -> None:
    hand = Hand({"lines": items([])})
    hand.begin("lines.next")
    hand.rest()
    hand.begin("lines.next")
    hand.rest()

    assert hand.deliveries == [wire.Exhausted(2)]


def test_a_stream_may_fail_at_an_item() -> None:
    hand = Hand({"lines": items([after(fails=Failing("OSError", "reset"))])})
    hand.begin("lines.next")
    hand.rest()

    assert hand.call(1).failed


def test_a_stream_is_closed_at_once() -> None:
    hand = Hand({"lines": items([after(5)])})
    hand.begin("lines.close", "reader")
    hand.rest()

    assert (hand.deliveries, hand.now) == ([wire.Done(1, None)], 0)


def test_an_iterator_is_asked() -> None:
    hand = Hand({"lines": items([Plan(gives="a")], asynchronous=False)})
    hand.ask(hand.begin("lines.next"))
    first = hand.deliveries
    hand.ask(hand.begin("lines.next"))

    assert (first, hand.deliveries) == ([wire.Done(1, "a")], [wire.Exhausted(2)])


def test_a_context_has_a_plan_for_each_of_its_ends() -> None:
    hand = Hand({"lock": context(after(2, "in"), after(3, gives=False))})
    hand.begin("lock.enter")
    entered = hand.rest(), hand.deliveries
    hand.begin("lock.exit", None)
    left = hand.rest(), hand.deliveries

    assert entered == ([1], [wire.Done(1, "in")])
    assert (left, hand.now) == (([2], [wire.Done(2, False)]), 5)  # noqa: FBT003


def test_a_guard_is_asked() -> None:
    hand = Hand({"lock": context(after(), after(), asynchronous=False)})

    assert hand.ask(hand.begin("lock.enter")) == [1]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("fetch", "next"),
        ("lines", ""),
        ("lines", "exit"),
        ("lines", "next.next"),
        ("lock", "close"),
        ("store", ""),
        ("store", "_hidden"),
        ("store", "violate"),
    ],
)
def test_an_operation_has_its_own_parts_only(name: str, part: str) -> None:
    operations: dict[str, Rule | Service] = {
        "lines": items([]),
        "lock": context(END, END),
        "store": Store(),
    }
    hand = Hand(operations)
    full_name = f"{name}.{part}".rstrip(".")
    hand.begin(full_name)

    with pytest.raises(
        wire.ProtocolViolation, match=f"^no operation called '{full_name}'$"
    ):
        hand.turn()
