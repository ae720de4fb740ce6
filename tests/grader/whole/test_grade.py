"""A small class, from the folder that was handed in to the grades, and after a kill."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.catalogue import find, root

from .conftest import KATA, Command

SEMAPHORE = find("semaphore", root())
HELLO = find("hello_await", root())
CLASS = {
    "s-101/semaphore.py": SEMAPHORE.solutions / "reference.py",
    "s-101/hello_await.py": HELLO.solutions / "reference.py",
    "s-102/semaphore.py": SEMAPHORE.solutions / "wrong/batches.py",
    "s-102/hello_await.py": HELLO.stub,
    "s-103/semaphore.py": SEMAPHORE.solutions / "reference.py",
}
ROSTER = "student,name,email\ns-101,A,a@b.example\ns-102,B,\ns-103,C,\ns-104,=D,\n"
GRADES = """\
student,name,email,hello_await,semaphore,total,possible
s-101,A,a@b.example,100,100,200,200
s-102,B,,0,90,90,200
s-103,C,,0,100,100,200
s-104,'=D,,0,0,0,200
"""


class Cluster(NamedTuple):
    """A Dask scheduler on loopback, and its workers."""

    address: str
    workers: list[subprocess.Popen[str]]


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "submissions"
    for place, source in CLASS.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    tmp_path.joinpath("roster.csv").write_text(ROSTER)
    return folder


def arguments(handed_in: Path) -> list[str]:
    home = handed_in.parent
    found = ["grade", handed_in, "--roster", home / "roster.csv", "--out", home / "out"]
    return [*map(str, found), "--isolation", "process"]


def recorded(handed_in: Path) -> int:
    """Return how many verdicts stand in the gradebook."""
    path = handed_in.parent / "out" / "gradebook.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as book:
        (count,) = book.execute("SELECT count(*) FROM verdict").fetchone()
    return int(count)


def test_a_class_is_graded_once_and_known_the_next_time(
    kata: Command, handed_in: Path
) -> None:
    first = kata(*arguments(handed_in))
    again = kata(*arguments(handed_in))

    out = handed_in.parent / "out"
    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert first.err == "Grading 3 students, 2 katas, 4 submissions\n"
    head, _, table = first.out.partition("\n")
    assert head.startswith("Graded 5 submissions of 4 students in ")
    assert head.endswith(" s, 4 of them anew. Grader faults: 0.")
    assert again.out.startswith("Graded 5 submissions of 4 students in 0 s, 0 of them")
    assert (
        table
        == f"""
  kata             passed   mean  law broken most often
  hello_await      1 of 2   50.0
  semaphore        2 of 3   96.7  a free slot is used at once (1)

Look at these
  s-104: handed in nothing

Wrote {out}/grades.csv, report.html, results.jsonl and gradebook.db
"""
    )
    assert (out / "grades.csv").read_text() == GRADES
    assert recorded(handed_in) == 4


def test_a_batch_that_was_killed_goes_on_where_it_stopped(
    kata: Command, handed_in: Path
) -> None:
    with subprocess.Popen(
        [KATA, *arguments(handed_in), "--jobs", "1"],
        cwd=root(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as batch:
        until_something_is_recorded(handed_in, batch)
        os.kill(batch.pid, signal.SIGKILL)
    before = recorded(handed_in)
    after = kata(*arguments(handed_in))

    assert 1 <= before < 4
    assert f" {4 - before} of them anew." in after.out
    assert recorded(handed_in) == 4
    assert handed_in.parent.joinpath("out/grades.csv").read_text() == GRADES


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with ExitStack() as stack:
        scheduler = stack.enter_context(dask("scheduler", "--port", "0"))
        address = told(scheduler, "Scheduler at:").split()[-1]
        workers = [
            stack.enter_context(
                dask("worker", address, "--nthreads", "1", "--no-nanny")
            )
            for _ in range(2)
        ]
        for worker in workers:
            told(worker, "Registered to:")
        yield Cluster(address, workers)


@contextmanager
def dask(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    own = ["--host", "127.0.0.1", "--no-dashboard"]
    with subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, *own],
        cwd=root(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: subprocess.Popen[str], what: str) -> str:
    """Return the line in which a process says that it is there."""
    assert process.stderr is not None
    return next(line for line in process.stderr if what in line)


def test_a_cluster_that_loses_a_worker_loses_no_submission(
    kata: Command, handed_in: Path, cluster: Cluster
) -> None:
    with subprocess.Popen(
        [KATA, *arguments(handed_in), "--cluster", cluster.address],
        cwd=root(),
        stdout=subprocess.PIPE,
        text=True,
    ) as batch:
        until_something_is_recorded(handed_in, batch)
        cluster.workers[0].kill()
        out, _ = batch.communicate()

    assert batch.returncode == 0
    assert ", 4 of them anew. Grader faults: 0." in out.splitlines()[0]
    assert handed_in.parent.joinpath("out/grades.csv").read_text() == GRADES


def test_a_cluster_that_is_not_there_is_told(kata: Command, handed_in: Path) -> None:
    done = kata(*arguments(handed_in), "--cluster", "tcp:/nowhere")

    assert done.code == 4
    assert "no Dask scheduler answers at tcp:/nowhere" in done.err


def until_something_is_recorded(handed_in: Path, batch: subprocess.Popen[Any]) -> None:
    path = handed_in.parent / "out" / "gradebook.db"
    while batch.poll() is None:
        try:
            if recorded(handed_in):
                return
        except sqlite3.OperationalError:
            assert not path.is_dir()
    raise AssertionError("the batch ended before it was killed")


def test_a_mean_below_what_is_asked_for_fails_a_pipeline(
    kata: Command, handed_in: Path
) -> None:
    kata(*arguments(handed_in))

    assert kata(*arguments(handed_in), "--fail-under", "49").code == 1
    assert kata(*arguments(handed_in), "--fail-under", "48").code == 0


def test_lateness_is_told_and_taken_off(kata: Command, handed_in: Path) -> None:
    deadline = handed_in.parent / "deadline.toml"
    deadline.write_text(
        "due = 1999-12-31T12:00:00Z\npenalty = 10\n[extensions]\ns-101 = 1\n"
    )
    for path in handed_in.glob("*/*.py"):
        os.utime(path, (946_728_000 + 60, 946_728_000 + 60))  # 2000-01-01, 12:01

    told = kata(*arguments(handed_in), "--deadline", str(deadline))

    assert "s-102/semaphore: 2 days late: 72 of 90 points are left" in told.out
    with handed_in.parent.joinpath("out/grades.csv").open() as file:
        totals = {row["student"]: row["total"] for row in csv.DictReader(file)}
    assert totals == {"s-101": "180", "s-102": "72", "s-103": "80", "s-104": "0"}


def test_grading_again_says_what_has_changed_and_why(
    kata: Command, handed_in: Path
) -> None:
    deadline = handed_in.parent / "deadline.toml"
    deadline.write_text("due = 1999-12-31T12:00:00Z\npenalty = 10\n")
    answer = handed_in / "s-103/semaphore.py"
    for path in handed_in.glob("*/*.py"):
        os.utime(path, (946_728_000, 946_728_000))  # 2000-01-01, 12:00
    again = ["regrade", *arguments(handed_in)[1:], "--kata", "semaphore"]

    first = kata(*again)
    late = kata(*again, "--deadline", str(deadline))
    shutil.copyfile(SEMAPHORE.solutions / "wrong/batches.py", answer)
    another = kata(*again)
    same = kata(*again)

    assert [told_of_changes(each.out) for each in (first, late, another, same)] == [
        ["Nothing is known of a time before, so nothing can have changed"],
        [
            "Changed since the last time",
            "  s-101/semaphore: 100 -> 90 points; 10 off for lateness, 0 before",
            "  s-102/semaphore: 90 -> 81 points; 9 off for lateness, 0 before",
            "  s-103/semaphore: 100 -> 90 points; 10 off for lateness, 0 before",
        ],
        [
            "Changed since the last time",
            "  s-101/semaphore: 90 -> 100 points; 0 off for lateness, 10 before",
            "  s-102/semaphore: 81 -> 90 points; 0 off for lateness, 9 before",
            (
                "  s-103/semaphore: 90 -> 90 points; another answer, free-slot-used "
                "holds -> broken, 0 off for lateness, 10 before"
            ),
        ],
        ["Changed since the last time", "  nothing"],
    ]


def told_of_changes(screen: str) -> list[str]:
    """Return what stands between the look at the class and where it was written."""
    return screen.partition("\n\nWrote ")[0].rpartition("\n\n")[2].splitlines()


def test_what_was_graded_is_exported_without_grading_again(
    kata: Command, handed_in: Path
) -> None:
    kata(*arguments(handed_in))
    out = handed_in.parent / "out"

    told = kata("export", "gradescope", "--out", out)
    canvas = kata("export", "canvas", "--out", out, "--title", "semaphore=S (1)")

    last = out / "gradescope" / "s-104.json"
    assert (told.code, told.out) == (0, f"Wrote 4 files, the last one {last}\n")
    assert json.loads((out / "gradescope/s-102.json").read_bytes())["score"] == 90
    assert canvas.code == 0
    assert canvas.err == (
        "Left out: hello_await. Canvas makes a new assignment of a column that it does "
        "not know; name theirs with --title.\n"
    )
    assert (out / "canvas.csv").read_text() == (
        "Student,ID,SIS User ID,SIS Login ID,Section,S (1)\n"
        "A,,,s-101,,100\nB,,,s-102,,90\nC,,,s-103,,100\n'=D,,,s-104,,0\n"
    )


def test_a_student_gets_a_page_of_their_own(kata: Command, handed_in: Path) -> None:
    kata(*arguments(handed_in))
    out = handed_in.parent / "out"

    told = kata("report", "s-102", "--out", out)
    nobody = kata("report", "s-10", "--out", out)

    page = out / "students" / "s-102.html"
    assert (told.code, told.out) == (0, f"Wrote {page}\n")
    assert "90 of 200 points" in page.read_text()
    assert "s-101" not in page.read_text()
    assert "s-101" in (out / "report.html").read_text()
    assert nobody.code == 2
    assert nobody.err == (
        f"no student called s-10 has results in {out}/results.jsonl; "
        'did you mean "s-104"?\n'
    )


def test_without_results_there_is_nothing_to_export(
    kata: Command, tmp_path: Path
) -> None:
    told = kata("export", "junit", "--out", tmp_path)

    assert told.code == 2
    assert told.err == (
        f"There is no {tmp_path}/results.jsonl; `kata grade DIR` writes it.\n"
    )


def test_a_folder_that_cannot_be_written_is_told(
    kata: Command, handed_in: Path
) -> None:
    handed_in.parent.joinpath("out").write_text("a file")

    told = kata(*arguments(handed_in))

    assert told.code == 2
    assert "is a file" in told.err
