"""A generated class: is each result what its submission was made to earn, and how fast?

`make classroom [STUDENTS=200] [KILLS=10]`. Right, wrong, broken, missing, hostile and late
submissions to five katas, no two alike, are graded by one command. Then the same batch is
killed again and again, and must end with the same table. The last lines say how many
verdicts there were a second, and how much memory they took.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from grader.catalogue import Kata, find, root

KATAS = ("hello_await", "semaphore", "fetch_both", "gather_in_order", "time_limit")
KATA = Path(sys.executable).with_name("kata")
DUE = 1_768_464_000
DAY = 86_400
DEADLINE = "due = 2026-01-15T08:00:00Z\npenalty = 10\n"
HOSTILE = (
    "import os\nos._exit(0)\n",
    "while True:\n    pass\n",
    "print('100 of 100 points')\nraise SystemExit(0)\n",
    "import os\nfor each in range(3, 99):\n    os.close(each)\n",
    "import gc\nfor each in gc.get_objects():\n    each.points = 100\n",
)
"""Each earns nothing, whatever it is graded as."""


@dataclass(frozen=True)
class Made:
    """A submission and what it was made to earn; no source is none handed in."""

    source: str | None
    points: int
    late: int = 0

    @property
    def left(self) -> int:
        """The points after what lateness costs."""
        return -(-self.points * (100 - 10 * self.late) // 100)


def main() -> None:
    """Grade the class, kill the batch, and print what came of it."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        wanted = write_class(home, students)
        whole(home, wanted)
        killed(home, wanted, kills)


def whole(home: Path, wanted: dict[tuple[str, str], int]) -> None:
    """Grade in one go, and compare."""
    began = time.perf_counter()
    subprocess.run(command(home, "whole"), cwd=root(), check=True)
    took = time.perf_counter() - began
    graded = recorded(home, "whole")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{differing(home, 'whole', wanted)} of {len(wanted)} results differ")
    print(f"{graded} verdicts in {took:.0f} s: {graded / took:.1f} a second")
    print(f"the largest process took {memory:.0f} MB")


def killed(home: Path, wanted: dict[tuple[str, str], int], kills: int) -> None:
    """Grade once more, killed after random numbers of verdicts, until it has ended."""
    chance = random.Random(0)
    counts = [0]
    for _ in range(kills):
        with subprocess.Popen(
            command(home, "killed"),
            cwd=root(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as batch:
            more = chance.randrange(2 * len(wanted) // (3 * kills))
            wait_for(home, counts[-1] + more, batch)
            time.sleep(chance.random())
            os.kill(batch.pid, signal.SIGKILL)
        counts.append(recorded(home, "killed"))
    subprocess.run(command(home, "killed"), cwd=root(), check=True, capture_output=True)
    print(f"verdicts there at each kill: {counts[1:]}")
    print(f"after {kills} kills {differing(home, 'killed', wanted)} results differ")
    print(f"{twice(home)} submissions were graded twice")


def wait_for(home: Path, verdicts: int, batch: subprocess.Popen[bytes]) -> None:
    """Wait until a batch has recorded so many verdicts, however slow the machine is."""
    while recorded(home, "killed") < verdicts and batch.poll() is None:
        time.sleep(0.1)


def command(home: Path, out: str) -> list[str]:
    """Return the command that grades the class."""
    given = ["--roster", home / "roster.csv", "--deadline", home / "deadline.toml"]
    return [
        str(each)
        for each in (KATA, "grade", home / "class", *given, "--out", home / out)
    ]


# --- the class ----------------------------------------------------------------


def write_class(home: Path, students: int) -> dict[tuple[str, str], int]:
    """Write a class; return the points that each student is to get on each kata."""
    home.joinpath("deadline.toml").write_text(DEADLINE)
    keys = [f"s-{101 + number}" for number in range(students)]
    rows = [f"{key},Student {key},{key}@class.example\n" for key in keys]
    home.joinpath("roster.csv").write_text("student,name,email\n" + "".join(rows))
    wanted = {}
    for slug in KATAS:
        kinds = endless(find(slug, root()))
        for key in keys:
            made = next(kinds)
            wanted[key, slug] = made.left
            if made.source is not None:
                write(home / "class" / key / f"{slug}.py", made, key)
    return wanted


def write(path: Path, made: Made, key: str) -> None:
    """Write a submission that no other student has, changed when it was handed in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{made.source}\n# {key}\n")
    moment = DUE - 1 + made.late * DAY
    os.utime(path, (moment, moment))


def endless(kata: Kata) -> Iterator[Made]:
    """Yield all that can be made of a kata, again and again."""
    while True:
        yield from kinds(kata)


def kinds(kata: Kata) -> Iterator[Made]:
    """Yield right, wrong, broken, missing, hostile and late submissions, in turn."""
    points = {law.id: law.points for law in kata.laws}
    table = tomllib.loads((kata.solutions / "outcomes.toml").read_text())
    wrong = [
        Made(
            path.read_text(), 100 - sum(points[law] for law in table.get(path.stem, {}))
        )
        for path in sorted(kata.solutions.glob("wrong/*.py"))
    ]
    right = [
        Made(path.read_text(), 100) for path in sorted(kata.solutions.glob("*.py"))
    ]
    late = [Made(each.source, each.points, 2) for each in (*right[:1], *wrong[:1])]
    other = [Made(None, 0), Made("def f(:\n", 0), Made(kata.stub.read_text(), 0)]
    yield from [*right, *wrong, *late, *other, *(Made(each, 0) for each in HOSTILE)]


# --- what came of it ----------------------------------------------------------


def differing(home: Path, out: str, wanted: dict[tuple[str, str], int]) -> int:
    """Return how many results are not as they should be; tell of the first ones."""
    with home.joinpath(out, "grades.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    wrong = [
        (*where, rows[where[0]][where[1]], points)
        for where, points in wanted.items()
        if rows[where[0]][where[1]] != str(points)
    ]
    for student, kata, found, points in wrong[:10]:
        print(f"  {student}/{kata}: {found or 'our fault'}, not {points}")
    return len(wrong)


def recorded(home: Path, out: str) -> int:
    """Return how many verdicts stand in a gradebook."""
    return ask(home / out / "gradebook.db", "SELECT count(*) FROM verdict")


def twice(home: Path) -> int:
    """Return how many verdicts stand there more than once for one submission."""
    many = "SELECT 1 FROM verdict GROUP BY submission, kata HAVING count(*) > 1"
    return ask(home / "killed" / "gradebook.db", f"SELECT count(*) FROM ({many})")


def ask(path: Path, question: str) -> int:
    """Return the one number that a question to a gradebook gives."""
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as book:
        try:
            (number,) = book.execute(question).fetchone()
        except sqlite3.OperationalError:
            return 0  # killed before there was a table
    return int(number)


if __name__ == "__main__":
    main()
