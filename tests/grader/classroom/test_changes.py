"""What a lecturer is told of a class that is graded again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.changes import changes, standing
from grader.classroom.gradebook import Stood
from grader.classroom.intake import Entry, HandedIn
from grader.classroom.marks import Mark, Marks
from grader.classroom.roster import Student
from grader.submission import Submission
from tests.grader.feedback import samples

WHERE = ("s-101", "semaphore")
STOOD = Stood(90, 0, "sha", {"limit": "broken", "order": "holds"})
OUTCOMES = st.sampled_from(["holds", "broken", "fault"])
STANDINGS = st.builds(
    Stood,
    st.none() | st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from(["", "one", "two"]),
    st.dictionaries(st.sampled_from(["limit", "order"]), OUTCOMES),
)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (
            {"points": 100, "laws": {"limit": "holds", "order": "holds"}},
            "90 -> 100 points; limit broken -> holds",
        ),
        (
            {"laws": {"limit": "broken", "pace": "holds"}},
            "90 -> 90 points; order holds -> not judged, pace not judged -> holds",
        ),
        (
            {"points": 72, "off": 18},
            "90 -> 72 points; 18 off for lateness, 0 before",
        ),
        (
            {"points": None, "laws": {}},
            "90 -> our fault; limit broken -> not judged, order holds -> not judged",
        ),
        (
            {"points": 0, "submission": "", "laws": {}},
            (
                "90 -> 0 points; no answer taken in any more, limit broken -> not judged, "
                "order holds -> not judged"
            ),
        ),
        (
            {"points": 100, "submission": "new"},
            "90 -> 100 points; another answer",
        ),
        ({"points": 80}, "90 -> 80 points; the same laws"),
    ],
)
def test_a_change_says_who_how_much_and_why(now: dict[str, object], told: str) -> None:
    after = msgspec.structs.replace(STOOD, **now)

    (change,) = changes({WHERE: STOOD}, {WHERE: after})

    assert str(change) == f"s-101/semaphore: {told}"


def test_a_first_answer_is_a_change_of_who_had_none() -> None:
    (change,) = changes({WHERE: Stood(0, 0, "", {})}, {WHERE: STOOD})

    assert str(change) == (
        "s-101/semaphore: 0 -> 90 points; an answer now, limit not judged -> broken, "
        "order not judged -> holds"
    )


def test_who_was_not_in_the_class_has_not_changed() -> None:
    assert list(changes({}, {WHERE: STOOD})) == []


def test_another_answer_with_the_same_outcome_is_no_change() -> None:
    after = msgspec.structs.replace(STOOD, submission="other")

    assert list(changes({WHERE: STOOD}, {WHERE: after})) == []


@given(STANDINGS, STANDINGS)
def test_whatever_gives_other_points_or_laws_is_told_with_a_reason(
    before: Stood, after: Stood
) -> None:
    told = [str(each) for each in changes({WHERE: before}, {WHERE: after})]

    same = (before.points, before.laws) == (after.points, after.laws)
    assert len(told) == (not same)
    assert all(each.partition("; ")[2] for each in told)


def test_how_a_class_stands_is_read_from_its_marks() -> None:
    student, other = Student("s-101"), Student("s-102")
    verdict = samples.verdict([samples.crowded()], points=90)
    late = Mark(student, "semaphore", "fail", 90, 72, 2, "a.py", verdict)
    table = {
        WHERE: late,
        ("s-102", "semaphore"): Mark(other, "semaphore", "missing", 0, 0),
    }
    marks = Marks(["semaphore"], [student, other], table)
    submission = Submission("a.py", Path("a.py"), b"one", "sha")
    at = datetime(2026, 11, 2, 12, tzinfo=UTC)
    found = HandedIn([Entry(student, "semaphore", "a.py", at, submission)])

    assert standing(marks, found) == {
        WHERE: Stood(72, 18, "sha", {"at-most-limit": "broken"}),
        ("s-102", "semaphore"): Stood(0, 0, "", {}),
    }
