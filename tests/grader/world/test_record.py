import pytest

from grader.world.record import Moment, Operation, Run


def operation(**facts: object) -> Operation:
    call = Operation(1, "fetch", 0, [], {}, Moment(0, 10), 1, "", 0)
    for name, fact in facts.items():
        setattr(call, name, fact)
    return call


@pytest.mark.parametrize(
    ("order", "overlaps"), [(9, False), (10, True), (19, True), (20, False)]
)
def test_a_call_overlaps_what_is_between_its_beginning_and_its_end(
    order: int, *, overlaps: bool
) -> None:
    call = operation(completed=Moment(3, 20), closed=Moment(3, 25))

    assert call.overlaps(Moment(3, order)) is overlaps


def test_a_call_that_is_on_overlaps_all_that_follows() -> None:
    assert operation().overlaps(Moment(99, 99))


def test_a_call_that_was_not_completed_ended_when_it_was_left() -> None:
    assert operation(closed=Moment(3, 25)).ended == Moment(3, 25)


def test_a_call_completed_before_it_was_cancelled_has_not_blinked() -> None:
    call = operation(completed=Moment(0, 11), cancelled=Moment(0, 12))

    assert not call.blinked


def test_calls_are_found_by_name() -> None:
    calls = [operation(name=name) for name in ("a", "b", "a")]

    assert Run(operations=calls).named("a") == [calls[0], calls[2]]
