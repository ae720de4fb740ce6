"""How many submissions a second a class takes, beside everybody else at their best."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from measure import Command, run
from single import KATA
from suites import STEADY, VIRTUAL, Suite, hand_in
from tables import Goal, Section
from throughput import answer

COUNT = 200
TRIED = 32
"""Submissions on which each number at once is tried."""

AT_ONCE = {STEADY: (4, 8, 16, 32), VIRTUAL: (2, 3, 4)}
LOOPTIME_TIMES, LOOPTIME_AIM, WALL_TIMES = 1.5, 3.0, 7.0


def section(home: Path) -> Section:
    """Grade the same distinct right answers, with us and with the other suites."""
    folders = [
        hand_in(home / "class" / f"s-{101 + number}", answer(number))
        for number in range(COUNT)
    ]
    cores = os.cpu_count() or 1
    told = Section(
        "A class",
        f"{COUNT} distinct right answers to `semaphore` on {cores} cores: `kata grade`, and "
        "`xargs -P` over the other suites, at the number at once that is fastest without a "
        "wrong verdict.",
        ("command", "at once", "seconds", "a second", "wrong verdicts"),
    )
    rates = {}
    for suite, numbers in AT_ONCE.items():
        best = max(numbers, key=lambda number: _tried(suite, folders[:TRIED], number))
        seconds, wrong = _all(suite, folders, best)
        rates[suite] = COUNT / seconds
        told.rows.append(_row(suite.name, best, seconds, wrong))
    seconds, wrong = _ours(home)
    told.rows.insert(0, _row("kata grade", cores, seconds, wrong))
    told.goals += _goals(COUNT / seconds, rates[VIRTUAL], rates[STEADY])
    return told


def _row(name: str, at_once: int, seconds: float, wrong: int) -> tuple[str, ...]:
    rate = f"{COUNT / seconds:.2f}"
    return name, str(at_once), f"{seconds:.0f}", rate, f"{wrong} of {COUNT}"


def _ours(home: Path) -> tuple[float, int]:
    out = home / "out"
    words = [KATA, "grade", str(home / "class"), "--out", str(out)]
    cost = run(Command(words, home, {}))
    if cost.code:
        raise SystemExit(f"kata grade ended with {cost.code}")
    passed = out.joinpath("grades.csv").read_text().count(",100,100,100")
    return cost.seconds, COUNT - passed


def _tried(suite: Suite, folders: Sequence[Path], at_once: int) -> float:
    """Return the rate of a few; none where a verdict was wrong."""
    seconds, wrong = _all(suite, folders, at_once)
    return 0.0 if wrong else len(folders) / seconds


def _all(suite: Suite, folders: Sequence[Path], at_once: int) -> tuple[float, int]:
    """Return the seconds it took, and how many right answers were refused."""
    command = suite.command(Path())
    script = f"cd $0 && {shlex.join(command.words)} >tested.txt 2>&1 || echo $0"
    began = time.perf_counter()
    done = subprocess.run(
        ["xargs", "-P", str(at_once), "-n", "1", "sh", "-c", script],
        input="\n".join(map(str, folders)).encode(),
        env={**os.environ, **command.environment},
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began, len(done.stdout.splitlines())


def _goals(ours: float, virtual: float, wall: float) -> list[Goal]:
    beside, steady = ours / virtual, ours / wall
    return [
        Goal(
            "a class, beside the suite on looptime",
            f"{LOOPTIME_TIMES} times as many a second",
            f"{beside:.2f} times",
            beside >= LOOPTIME_TIMES,
        ),
        Goal(
            "the same, what we aim for",
            f"{LOOPTIME_AIM:.0f} times",
            f"{beside:.2f} times",
            beside >= LOOPTIME_AIM,
        ),
        Goal(
            "a class, beside the steady suite on the wall clock",
            f"{WALL_TIMES:.0f} times",
            f"{steady:.2f} times",
            steady >= WALL_TIMES,
        ),
    ]
