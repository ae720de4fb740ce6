import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import deadlines
from grader.sandbox.deadlines import GAP, Clock, Deadlines, OutOfTime, Watch


class Time:
    """The system's clock, which the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(time, "monotonic", made.monotonic)
    monkeypatch.setattr(deadlines, "clock", Clock())
    return made


def test_who_says_nothing_while_the_judge_looks_is_late(moved: Time) -> None:
    watch = Watch(Deadlines(silence=30))
    for _ in range(60):
        moved.now += 0.5
        watch.look(0, 0)
    moved.now += 0.5

    with pytest.raises(OutOfTime, match="wall time"):
        watch.look(0, 0)


def test_while_the_judge_was_stopped_nobody_was_late(moved: Time) -> None:
    watch = Watch(Deadlines(silence=30, order=40))
    for _ in range(3):
        moved.now += 3600
        watch.look(0, 0)
    for _ in range(3):
        moved.now += GAP
        watch.look(0, 0)
    moved.now += 0.5

    with pytest.raises(OutOfTime, match="wall time"):
        watch.look(0, 0)


@given(st.lists(st.floats(0, 100)))
def test_of_each_gap_only_so_many_seconds_count(gaps: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        moved = Time()
        patch.setattr(time, "monotonic", moved.monotonic)
        clock = Clock()
        began = clock()
        for gap in gaps:
            moved.now += gap
            clock()

        assert clock() - began == pytest.approx(sum(min(gap, GAP) for gap in gaps))
