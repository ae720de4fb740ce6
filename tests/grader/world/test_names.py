"""What calls are called."""

import pytest

from grader.world.names import Names, ordinal


def test_a_call_of_its_own_kind_has_no_number() -> None:
    names = Names()
    names.add(1, "fetch('a')")
    names.add(2, "fetch('b')")

    assert (names.of(1), names.of(2)) == ("fetch('a')", "fetch('b')")


def test_calls_that_read_alike_have_numbers() -> None:
    names = Names()
    names.add(1, "fetch('a')")
    names.add(5, "fetch('a')")

    assert (names.of(1), names.of(5)) == (
        "the first fetch('a')",
        "the second fetch('a')",
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (1, "first"),
        (8, "eighth"),
        (9, "9th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (22, "22nd"),
        (33, "33rd"),
        (112, "112th"),
    ],
)
def test_places_are_counted_in_words_and_then_in_figures(
    number: int, told: str
) -> None:
    assert ordinal(number) == told
