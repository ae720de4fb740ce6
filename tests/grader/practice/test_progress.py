"""The file that says how far a learner is: nothing is lost, nothing is made up."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.practice.progress import FILE, Progress, Standing, Unkept
from grader.verdict import LawVerdict, Outcome, Verdict
from tests.grader.feedback.samples import verdict


def law(outcome: Outcome) -> LawVerdict:
    points = 100 if outcome == "holds" else 0
    return LawVerdict("a-law", "it holds", "correctness", "judge", points, 100, outcome)


def graded(outcome: Outcome) -> Verdict:
    return verdict([law(outcome)])


def test_a_kata_that_was_never_graded_has_no_points(tmp_path: Path) -> None:
    assert Progress(tmp_path).of("semaphore") == Standing()


def test_the_last_verdict_counts_and_a_pass_is_remembered(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.graded(graded("holds"))
    progress.graded(graded("broken"))

    standing = progress.of("semaphore")

    assert (standing.points, standing.passed) == (0, True)


def test_a_verdict_that_says_nothing_new_takes_no_line(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    for _ in range(3):
        progress.graded(graded("broken"))

    assert len((tmp_path / FILE).read_text().splitlines()) == 1


def test_hints_are_counted_law_by_law(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    for name, step in [("one", 1), ("one", 2), ("two", 1)]:
        progress.hinted("semaphore", name, step)

    assert progress.of("semaphore").hints == {"one": 2, "two": 1}


@given(size=st.integers(0, 200))
def test_a_kill_in_mid_line_costs_that_line_only(
    tmp_path_factory: pytest.TempPathFactory, size: int
) -> None:
    progress = Progress(tmp_path_factory.mktemp("home"))
    progress.gave_up("semaphore")
    whole = progress.path.read_bytes()
    progress.hinted("time_limit", "a-law", 1)
    longer = progress.path.read_bytes()
    os.truncate(progress.path, min(len(whole) + size, len(longer) - 2))

    progress.gave_up("paginate")

    assert [slug for slug, each in progress.read().items() if each.given_up] == [
        "semaphore",
        "paginate",
    ]


def test_many_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for step in range(1, 51):
            Progress(tmp_path).hinted("semaphore", name, step)

    writers = [threading.Thread(target=write, args=(f"law-{n}",)) for n in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()

    # One that sees half of another's line begins with an empty one, which says nothing.
    assert len((tmp_path / FILE).read_text().split()) == 200
    assert set(Progress(tmp_path).of("semaphore").hints.values()) == {50}


def test_what_a_newer_version_wrote_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"type":"praised","kata":"semaphore"}\n\xff\n')

    assert Progress(tmp_path).read() == {}


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"given up","at":"","kata":"\xff\xfe"}',
        b'{"type":"graded","zz":' + b"[" * 200_000,
        (
            b'{"type":"graded","at":"","kata":"a","sha256":"","status":"pass","laws":{},'
            b'"points":101}'
        ),
    ],
    ids=["bad UTF-8", "deep", "too many points"],
)
def test_a_line_of_junk_is_passed_by(line: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(line + b"\n")

    assert Progress(tmp_path).read() == {}


def test_a_file_that_could_not_be_loaded_takes_no_points_away(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.graded(graded("holds"))
    progress.graded(verdict([], status="unloadable"))

    assert progress.of("semaphore").points == 100


def test_a_pipe_in_its_place_is_neither_read_nor_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)

    assert Progress(tmp_path).read() == {}
    with pytest.raises(Unkept, match="is no plain file"):
        Progress(tmp_path).gave_up("semaphore")


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    with pytest.raises(Unkept, match="cannot be written: Is a directory"):
        Progress(tmp_path).gave_up("semaphore")
