"""What comes first of several things at one instant."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.world.agenda import Agenda
from grader.world.tape import Tape

from .hand import Hand

often = settings(max_examples=80, deadline=None, derandomize=True, database=None)


def all_at_once(count: int, tape: tuple[int, ...]) -> list[int]:
    hand = Hand(tape=tape)
    for _ in range(count):
        hand.begin("fetch", 1)
    return hand.rest()


def test_without_draws_it_is_first_come_first_served() -> None:
    assert all_at_once(4, ()) == [1, 2, 3, 4]


def test_the_tape_draws_the_order_of_calls_that_end_at_one_instant() -> None:
    assert all_at_once(4, (3, 1, 1)) == [4, 2, 3, 1]


def test_every_order_can_be_drawn() -> None:
    tapes = [(a, b, c) for a in range(4) for b in range(3) for c in range(2)]

    assert {tuple(all_at_once(4, tape)) for tape in tapes} == set(
        permutations([1, 2, 3, 4])
    )


@often
@given(st.integers(0, 8), st.lists(st.integers(-5, 50)))
def test_any_tape_gives_some_order(count: int, draws: list[int]) -> None:
    assert sorted(Tape(draws).order(range(count))) == list(range(count))


@pytest.mark.parametrize("tape", [(), (0,), (2, 4, 6)])
def test_a_call_ends_before_a_timer_of_its_instant_unless_drawn(
    tape: tuple[int, ...],
) -> None:
    hand = Hand(tape=tape)
    hand.begin("fetch", 1)

    assert (hand.rest(until=1), hand.now) == ([1], 1)


def test_a_timer_may_be_drawn_before_a_call_of_its_instant() -> None:
    hand = Hand(tape=(1,))
    hand.begin("fetch", 1)

    assert (hand.rest(until=1), hand.now) == ([], 1)
    assert (hand.rest(), hand.now) == ([1], 1)


def test_a_timer_before_the_call_is_no_choice() -> None:
    hand = Hand(tape=(1, 0))
    hand.begin("fetch", 2)
    hand.rest(until=1)

    assert (hand.rest(until=2), hand.rest()) == ([], [1])


def test_a_timer_set_at_the_same_instant_over_and_over_cannot_hold_a_call_up() -> None:
    hand = Hand(tape=(1, 1, 1))
    hand.begin("fetch", 1)

    assert [hand.rest(until=1) for _ in range(4)] == [[], [], [], [1]]


def test_a_choice_of_one_costs_no_draw() -> None:
    tape = Tape([1])

    assert (tape.choose(1), tape.choose(0), tape.choose(2)) == (0, 0, 1)


def test_past_the_end_of_a_tape_every_draw_is_zero() -> None:
    tape = Tape([4])

    assert [tape.choose(3) for _ in range(3)] == [1, 0, 0]


# --- the agenda ----------------------------------------------------------------


def test_the_agenda_gives_the_earliest_in_the_order_of_numbers() -> None:
    agenda = Agenda()
    for number, instant in [(3, 5), (1, 5), (2, 9)]:
        agenda.put(number, instant)

    assert (agenda.first(), agenda.take(5), agenda.first()) == (5, [1, 3], 9)


def test_what_is_put_again_is_due_at_the_later_wish_only() -> None:
    agenda = Agenda()
    agenda.put(1, 5)
    agenda.put(1, 7)

    assert (agenda.first(), agenda.take(7), agenda.first()) == (7, [1], None)


def test_what_is_dropped_and_put_again_at_the_same_instant_is_due_once() -> None:
    agenda = Agenda()
    agenda.put(1, 5)
    agenda.drop(1)
    agenda.put(1, 5)

    assert (agenda.take(5), agenda.take(5)) == ([1], [])


Change = tuple[int, int | None]
CHANGES = st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, 6)))


@often
@given(CHANGES)
def test_the_agenda_is_a_map_from_numbers_to_instants(changes: list[Change]) -> None:
    agenda = Agenda()
    model: dict[int, int] = {}
    for number, instant in changes:
        agenda.drop(number)
        model.pop(number, None)
        if instant is not None:
            agenda.put(number, instant)
            model[number] = instant

    first = min(model.values(), default=None)
    due = sorted(number for number, instant in model.items() if instant == first)
    assert agenda.first() == first
    assert (agenda.take(first) if first is not None else []) == due
