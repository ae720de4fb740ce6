"""What it costs to be late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.deadline import (
    NONE,
    BadDeadline,
    Deadline,
    read_deadline,
)

DUE = datetime(2026, 11, 2, 12, tzinfo=UTC)
FILE = """
due = 2026-11-02T12:00:00Z
grace = 15
penalty = 10
closes_after = 3

[katas]
semaphore = 2026-11-05T12:00:00Z

[extensions]
s-101 = 2
"s-102/semaphore" = 1.5
"""


@pytest.fixture
def deadline(tmp_path: Path) -> Deadline:
    path = tmp_path / "deadline.toml"
    path.write_text(FILE)
    return read_deadline(path)


@pytest.mark.parametrize(
    ("student", "kata", "late", "days"),
    [
        ("s-100", "hello_await", timedelta(minutes=15), 0),
        ("s-100", "hello_await", timedelta(minutes=16), 1),
        ("s-100", "hello_await", timedelta(days=1), 1),
        ("s-100", "hello_await", timedelta(days=1, minutes=1), 2),
        ("s-100", "semaphore", timedelta(days=3), 0),
        ("s-101", "hello_await", timedelta(days=2), 0),
        ("s-101", "hello_await", timedelta(days=2, hours=1), 1),
        ("s-102", "semaphore", timedelta(days=4, hours=12), 0),
        ("s-102", "hello_await", timedelta(hours=1), 1),
    ],
)
def test_a_day_begun_counts_after_grace_and_extensions(
    deadline: Deadline, student: str, kata: str, late: timedelta, days: int
) -> None:
    assert deadline.days_late(student, kata, DUE + late) == days


@pytest.mark.parametrize(("days", "left"), [(0, 85), (1, 77), (3, 60), (4, 0)], ids=str)
def test_each_day_costs_its_share_until_nothing_is_left(
    deadline: Deadline, days: int, left: int
) -> None:
    assert deadline.after(85, days) == left


@given(
    points=st.integers(0, 100),
    days=st.integers(0, 400),
    penalty=st.floats(0, 100),
)
def test_lateness_never_gives_and_never_takes_more_than_all(
    points: int, days: int, penalty: float
) -> None:
    left = Deadline(penalty=penalty).after(points, days)

    assert 0 <= left <= points


def test_names_that_nobody_has_are_found(deadline: Deadline) -> None:
    assert deadline.unknown(["S-101", "s-102"], ["semaphore"]) == []
    assert deadline.unknown(["s-102"], ["hello_await"]) == [
        "semaphore",
        "s-101",
        "s-102/semaphore",
    ]


def test_without_a_file_nothing_is_late() -> None:
    assert NONE.days_late("s-101", "semaphore", DUE) == 0
    assert NONE.after(80, 0) == 80


def test_a_time_without_a_zone_is_meant_where_the_grading_runs() -> None:
    there = DUE.astimezone().replace(tzinfo=None)

    assert Deadline(due=there).days_late("s-101", "semaphore", DUE) == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("penalty = 110", ": Expected `float` <= 100.0 - at `$.penalty`"),
        ("dew = 1", ": Object contains unknown field `dew`"),
        ("due =", " is not TOML: Invalid value (at end of document)"),
    ],
)
def test_a_file_of_no_use_is_refused_with_what_to_do(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "deadline.toml"
    path.write_text(text)

    with pytest.raises(BadDeadline) as caught:
        read_deadline(path)

    assert str(caught.value).startswith(f"{path}{complaint.replace('`', '')}")
