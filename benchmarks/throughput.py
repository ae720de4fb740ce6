"""Verdicts a second, memory, and where the time goes: `make throughput [SUBMISSIONS=1000]`.

Right answers to `semaphore`, each with a line of its own, are graded by one command, which
tells while it runs how much memory all its processes hold. Then some are graded in this
process alone, and the time is split by what it was spent on.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from measure import empty_run, resident, run

from grader.catalogue import find, root
from grader.judge.bench import Bench
from grader.judge.grade import Request, close, grade_each
from grader.judge.trial import Trial
from grader.sandbox.launch import Player
from grader.submission import Submission
from grader.verdict import Verdict
from grader.world.world import World

KATA = Path(sys.executable).with_name("kata")
SLUG = "semaphore"
ALONE = 40
EMPTY = 10
STEPS = 10


def main() -> None:
    """Print all three."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        rate(Path(folder), count)
    phases()


def answer(number: int) -> bytes:
    """Return a right answer that nobody else has."""
    reference = root() / "solutions" / SLUG / "reference.py"
    return reference.read_bytes() + f"# s-{101 + number}\n".encode()


# --- the whole command ----------------------------------------------------------


def rate(home: Path, count: int) -> None:
    """Grade a class; print verdicts a second, and memory as it goes on."""
    for number in range(count):
        path = home / "class" / f"s-{101 + number}" / f"{SLUG}.py"
        path.parent.mkdir(parents=True)
        path.write_bytes(answer(number))
    began = time.perf_counter()
    with subprocess.Popen(
        [KATA, "grade", home / "class", "--out", home / "out"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as batch:
        print(
            f"{os.cpu_count()} cores\n\n| verdicts | MB in all processes |\n| --: | --: |"
        )
        watch(batch, home / "out" / "gradebook.db", count)
    pace = count / (time.perf_counter() - began)
    floor = empty_runs(home)
    print(f"\n{count} verdicts, {pace:.2f} a second")
    print(f"empty pytest runs, as many at once: {floor:.2f} a second")
    print(f"that is {pace / floor:.2f} verdicts in the time of one\n")


def watch(batch: subprocess.Popen[bytes], book: Path, count: int) -> None:
    """Print how much memory a batch holds, ten times."""
    step = max(1, count // STEPS)
    after = step
    while batch.poll() is None:
        time.sleep(0.5)
        if (there := recorded(book)) >= after:
            print(f"| {there} | {resident(batch.pid) / 2**20:.0f} |", flush=True)
            after = there + step


def empty_runs(home: Path) -> float:
    """Return how many empty pytest runs there are a second, one for each core at once."""
    empty = empty_run(sys.executable, home)
    cores = os.cpu_count() or 1
    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(run, [empty] * EMPTY * cores))
    return EMPTY * cores / (time.perf_counter() - began)


def recorded(book: Path) -> int:
    """Return how many verdicts stand in a gradebook."""
    if not book.exists():
        return 0
    with closing(sqlite3.connect(book)) as opened:
        try:
            return int(opened.execute("SELECT count(*) FROM verdict").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # there is no table yet


# --- one process ------------------------------------------------------------------


class Clock:
    """Adds up the time that is spent in each phase, and in no phase within it."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._phases = ["all else"]
        self._since = time.perf_counter()

    def enter(self, phase: str) -> None:
        """Begin a phase within the one that is on."""
        self._count()
        self._phases.append(phase)

    def leave(self) -> None:
        """End the phase that is on."""
        self._count()
        self._phases.pop()

    def _count(self) -> None:
        now = time.perf_counter()
        self.spent[self._phases[-1]] += now - self._since
        self._since = now

    def on(self, owner: Any, name: str, phase: str) -> None:
        """Count all calls of a method as a phase."""
        real: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **options: Any) -> Any:
            self.enter(phase)
            try:
                return real(*args, **options)
            finally:
                self.leave()

        setattr(owner, name, timed)


def phases() -> None:
    """Print what the time of a verdict is spent on, in a process of its own."""
    kata = find(SLUG, root())
    requests = [
        Request(
            kata,
            Submission(
                f"{SLUG}.py", Path(), source, hashlib.sha256(source).hexdigest()
            ),
        )
        for source in map(answer, range(ALONE + 1))
    ]
    verdicts: list[Verdict] = []
    grade_each(requests[:1], verdicts.append)  # what is done once on each machine
    clock = Clock()
    clock.on(Bench, "player", "starting players")
    clock.on(Bench, "check", "importing the answer once")
    clock.on(Player, "receive", "waiting for the player")
    clock.on(Player, "send", "sending")
    clock.on(World, "step", "the world")
    clock.on(Trial, "run", "the laws")
    began = time.perf_counter()
    grade_each(requests[1:], verdicts.append)
    took = time.perf_counter() - began
    seconds = statistics.median(each.seconds for each in verdicts[1:])
    print(f"{ALONE} verdicts in one process, median {seconds:.3f} s\n")
    print("| phase | share |\n| --- | --: |")
    for phase, spent in sorted(clock.spent.items(), key=lambda each: -each[1]):
        print(f"| {phase} | {spent / took:.0%} |")
    close()


if __name__ == "__main__":
    main()
