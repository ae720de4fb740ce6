"""At which quiet instants a sweep cancels."""

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.play import MAX_CANCELLED, instants

often = settings(deadline=None, derandomize=True, database=None)


@given(st.integers(0, MAX_CANCELLED))
@often
def test_few_instants_are_all_swept(count: int) -> None:
    assert instants(count) == list(range(1, count + 1))


@given(st.integers(MAX_CANCELLED + 1, 10_000))
@often
def test_of_many_the_first_ones_and_others_up_to_the_last_are_swept(count: int) -> None:
    swept = instants(count)

    assert len(swept) == len(set(swept)) == MAX_CANCELLED
    assert swept == sorted(swept)
    assert swept[: MAX_CANCELLED // 2] == list(range(1, MAX_CANCELLED // 2 + 1))
    assert swept[-1] == count
