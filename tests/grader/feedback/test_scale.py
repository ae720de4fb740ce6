from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.feedback.scale import SECOND, nanoseconds, scale_for

YEAR = 365 * 86_400 * SECOND


def labels(*moments: float) -> list[str]:
    scale = scale_for([nanoseconds(at) for at in moments], 50)
    return [label for _, label in scale.ticks()]


@pytest.mark.parametrize(
    ("end", "ticks"),
    [
        (2, ["0s", "0.5s", "1s", "1.5s", "2s"]),
        (0.001, ["0s", "0.0002s", "0.0004s", "0.0006s", "0.0008s", "0.001s"]),
        (150, ["0s", "30s", "60s", "90s", "120s", "150s"]),
        (3600, ["0min", "20min", "40min", "60min"]),
        (86_400, ["0h", "5h", "10h", "15h", "20h"]),
        (86_400 * 365, ["0d", "100d", "200d", "300d"]),
    ],
)
def test_ticks_are_round(end: float, ticks: list[str]) -> None:
    assert labels(0, end) == ticks


def test_timeline_of_no_length_has_one_cell_and_one_tick() -> None:
    scale = scale_for([0, 0], 50)

    assert (scale.cells, scale.ticks()) == (1, [(0, "0s")])


def test_what_happens_late_is_not_squeezed() -> None:
    assert labels(3600, 3600.5, 3601) == [
        "3600s",
        "3600.2s",
        "3600.4s",
        "3600.6s",
        "3600.8s",
        "3601s",
    ]


def test_float_noise_does_not_move_a_moment() -> None:
    assert nanoseconds(0.1 + 0.2) == nanoseconds(0.3)


@pytest.mark.parametrize("at", [float("nan"), float("-inf"), float("inf"), -1.0, 1e300])
def test_every_number_can_be_drawn(at: float) -> None:
    scale = scale_for([0, nanoseconds(at)], 50)

    assert 1 <= scale.cells <= 50


@given(st.lists(st.integers(0, YEAR), min_size=2, max_size=6), st.integers(6, 60))
def test_scale_fits_its_room_and_has_few_ticks(moments: list[int], room: int) -> None:
    scale = scale_for(moments, room)

    assert 1 <= scale.cells <= room
    assert len(scale.ticks()) <= 6
    # Within a single nanosecond there is no third number.
    assert len(scale.ticks()) >= 3 or scale.span <= 1


@given(st.integers(0, YEAR), st.integers(1, YEAR), st.integers(0, YEAR))
def test_later_is_never_further_left(start: int, span: int, between: int) -> None:
    scale = scale_for([start, start + span], 50)
    at = start + between % (span + 1)

    assert scale.edge(start) <= scale.edge(at) <= scale.edge(start + span)
    assert scale.cell(start) <= scale.cell(at) <= scale.cell(start + span)
