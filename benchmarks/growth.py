"""What more jobs in a run, and more submissions in a batch, cost in time and memory."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measure import peak_memory, resident
from single import KATA, REFERENCE
from suites import SLUG
from tables import Goal, Section

from grader.catalogue import find, root
from grader.judge.bench import Bench
from grader.judge.play import Play
from grader.sandbox.launch import Sandbox
from grader.submission import read
from grader.world.rules import after, asynchronous

JOBS = (10, 100, 1_000, 10_000)
SUBMISSIONS = (1, 10, 100, 1_000)
LIMIT = 10
LINEAR = 1.1
"""An exponent of the fit up to which a cost counts as linear; noise takes the rest."""

FIT = 3
"""The greatest sizes, by which the exponent is fitted: small ones are mostly fixed cost."""

MEGABYTE = 2**20


def jobs(_: Path) -> Section:
    """Play runs of `semaphore` with ever more jobs."""
    told = Section(
        "More jobs in a run",
        f"One run of `semaphore` behind the strongest walls, {LIMIT} jobs at once, in a warm "
        "player; medians of 3. The exponent is that of the fit over the three greatest.",
        ("jobs", "seconds", "ms a job", "MB in the player"),
    )
    kata = find(SLUG, root())
    times = []
    with Sandbox() as sandbox:
        for count in JOBS:
            bench = Bench(
                sandbox, kata, read(REFERENCE), b"", kata.scenarios.read_text("utf-8")
            )
            seconds, megabytes = _run(bench, count)
            bench.close()
            times.append(seconds)
            told.rows.append(
                (
                    f"{count:,}",
                    f"{seconds:.3f}",
                    f"{1000 * seconds / count:.3f}",
                    f"{megabytes:.0f}",
                )
            )
    told.goals.append(_linear("time against jobs in a run", JOBS, times))
    return told


def _run(bench: Bench, count: int) -> tuple[float, float]:
    play = Play(bench, lambda: None)
    urls = [str(number) for number in range(count)]
    fetch = asynchronous(after(1))
    times = []
    for _ in range(3):
        began = time.perf_counter()
        run = play("fetch_pages", urls=urls, limit=LIMIT, fetch=fetch)
        times.append(time.perf_counter() - began)
        assert len(run.run.operations) == count  # else it was cut off
    player = play._player
    memory = peak_memory(player.pid) if player is not None else 0.0
    play.fresh()
    return statistics.median(times), memory


def submissions(home: Path) -> Section:
    """Grade ever more submissions by one command."""
    told = Section(
        "More submissions in a batch",
        "Distinct right answers to `hello_await`, each batch by one `kata grade`; memory is "
        "the most that all its processes held together.",
        ("submissions", "seconds", "a second", "MB in all processes"),
    )
    source = find("hello_await", root()).solutions.joinpath("reference.py").read_bytes()
    times, memories = [], []
    for count in SUBMISSIONS:
        folder = home / f"batch-{count}"
        for number in range(count):
            path = folder / f"s-{101 + number}" / "hello_await.py"
            path.parent.mkdir(parents=True)
            path.write_bytes(source + f"# s-{101 + number}\n".encode())
        seconds, memory = _batch(folder)
        times.append(seconds)
        memories.append(memory)
        told.rows.append(
            (
                f"{count:,}",
                f"{seconds:.2f}",
                f"{count / seconds:.1f}",
                f"{memory / MEGABYTE:.0f}",
            )
        )
    told.goals += [
        _linear("time against submissions in a batch", SUBMISSIONS, times),
        _linear("memory against submissions in a batch", SUBMISSIONS, memories),
    ]
    return told


def _batch(folder: Path) -> tuple[float, float]:
    began, most = time.perf_counter(), 0
    with subprocess.Popen(
        [KATA, "grade", folder, "--out", f"{folder}-out"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as batch:
        while batch.poll() is None:
            most = max(most, resident(batch.pid))
            time.sleep(0.05)
    if batch.returncode:
        sys.exit(f"kata grade ended with {batch.returncode}")
    return time.perf_counter() - began, most


def _linear(says: str, sizes: Sequence[int], costs: Sequence[float]) -> Goal:
    exponent = exponent_of(sizes[-FIT:], costs[-FIT:])
    return Goal(
        says,
        f"linear: exponent at most {LINEAR}",
        f"{exponent:.2f}",
        exponent <= LINEAR,
    )


def exponent_of(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the power of the size with which a cost grows: the slope of the logarithms."""
    slope, _ = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    )
    return slope
