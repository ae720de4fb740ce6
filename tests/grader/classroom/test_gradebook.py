"""What was graded stays, whatever happens to the one who graded it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from grader.classroom.gradebook import Gradebook, Key, Stood, UnusableGradebook
from grader.verdict import Verdict
from tests.grader.feedback import samples

KEY = Key("sha", "semaphore", "kata", "grader", "seed 0")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with closing(Gradebook(tmp_path / "gradebook.db")) as book:
        yield book


def verdict(points: int = 100) -> Verdict:
    return samples.verdict([], points=points)


def test_a_verdict_is_found_under_all_that_it_depends_on(book: Gradebook) -> None:
    book.record(KEY, verdict())

    assert book.find(KEY) == verdict()
    others = [KEY._replace(**{name: "other"}) for name in Key._fields]
    assert [book.find(each) for each in others] == [None] * len(others)


def test_a_verdict_that_is_there_stays_as_it_is(book: Gradebook) -> None:
    book.record(KEY, verdict(100))
    book.record(KEY, verdict(50))

    assert book.find(KEY) == verdict(100)


def test_a_verdict_of_a_grader_that_told_it_otherwise_is_as_good_as_none(
    tmp_path: Path, book: Gradebook
) -> None:
    book.record(KEY, verdict())
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as other, other:
        other.execute("UPDATE verdict SET verdict = ?", (b'{"schema": "2"}',))

    assert book.find(KEY) is None


def test_the_source_of_a_submission_is_kept(book: Gradebook) -> None:
    book.keep({"sha": b"source"})
    book.keep({"sha": b"source"})

    assert book.source("sha") == b"source"
    assert book.source("other") is None


def test_how_students_stood_is_what_was_recorded_last(book: Gradebook) -> None:
    first = Stood(90, 0, "sha", {"limit": "broken"})
    mended = Stood(100, 0, "other", {"limit": "holds"})
    faulty = Stood(None, 0, "sha", {})
    book.record_marks({("s-101", "semaphore"): first, ("s-102", "semaphore"): faulty})
    book.record_marks({("s-101", "semaphore"): mended})

    assert book.stood() == {
        ("s-101", "semaphore"): mended,
        ("s-102", "semaphore"): faulty,
    }


def test_who_stands_as_before_takes_no_room(tmp_path: Path, book: Gradebook) -> None:
    stood = Stood(90, 10, "sha", {"limit": "broken"})
    for _ in range(3):
        book.record_marks({("s-101", "semaphore"): stood})

    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as other:
        assert other.execute("SELECT count(*) FROM mark").fetchone() == (1,)


def test_a_fault_is_never_taken_for_a_verdict(book: Gradebook) -> None:
    book.record_fault(KEY, "its process ended with -9")

    assert book.find(KEY) is None


def test_what_was_recorded_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    data = msgspec.json.encode(verdict()).decode()
    script = (
        "import os, signal, sys, msgspec\n"
        "from grader.classroom.gradebook import Gradebook, Key\n"
        "from grader.verdict import Verdict\n"
        "book = Gradebook(sys.argv[1])\n"
        f"key = Key{tuple(KEY)!r}\n"
        "book.record(key, msgspec.json.decode(sys.argv[2], type=Verdict))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path, data], check=False, env=dict(os.environ)
    )

    assert done.returncode == -signal.SIGKILL
    with closing(Gradebook(path)) as book:
        assert book.find(KEY) == verdict()


def test_a_file_that_is_no_gradebook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    path.write_text("this is no database, and long enough to be told from one" * 99)

    with pytest.raises(UnusableGradebook) as caught:
        Gradebook(path)

    assert str(caught.value) == (
        f"{path} cannot be used as a gradebook: file is not a database. "
        "Name another folder with --out."
    )


def test_what_cannot_be_kept_leaves_no_transaction_open(book: Gradebook) -> None:
    with pytest.raises(UnusableGradebook, match="not supported"):
        book.keep({"one": b"source", "two": object()})  # type: ignore[dict-item]

    book.keep({"three": b"source"})

    assert [book.source(each) for each in ("one", "three")] == [None, b"source"]
