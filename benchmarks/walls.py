"""What do walls cost, and do they change any verdict? `make walls`.

Everything is timed side by side, one of each level in turn. Then each file under
solutions/ is graded behind each level's walls: all that a verdict says but the walls and
the time must be the same.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from grader.catalogue import find, katas, root
from grader.judge.bench import Bench
from grader.judge.grade import Request, close, grade_all
from grader.judge.selftest import every_level
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import LEVELS, Level, Walls, walls
from grader.submission import read
from grader.verdict import Isolation, Verdict

ROUNDS = 40
Found = TypeVar("Found")
UNKNOWN = Isolation("none", [], official=False)


def main() -> int:
    """Print what each level costs and how many verdicts differ; return 1 if any does."""
    holding = {finding.level for finding in every_level() if finding.holds}
    levels = [level for level in reversed(LEVELS) if level in holding]
    print(f"levels here: {', '.join(levels)}\n")
    costs(levels)
    return 1 if verdicts(levels) else 0


# --- what they cost -----------------------------------------------------------


def costs(levels: list[Level]) -> None:
    """Print the milliseconds of sandboxes and of players behind each level's walls."""
    kata = find("semaphore", root())
    answer = read(kata.solutions / "reference.py")
    begun: dict[Level, list[float]] = {level: [] for level in levels}
    ended: dict[Level, list[float]] = {level: [] for level in levels}
    played: dict[Level, list[float]] = {level: [] for level in levels}
    built = {level: walls(level) for level in levels}
    for _ in range(ROUNDS // 2):
        for level in levels:
            sandbox, seconds = timed(partial(ready, built[level]))
            begun[level].append(seconds)
            ended[level].append(timed(sandbox.close)[1])
    with ExitStack() as stack:
        benches = {
            level: Bench(
                stack.enter_context(Sandbox(built[level])),
                kata,
                answer,
                b"secret",
                kata.scenarios.read_text("utf-8"),
            )
            for level in levels
        }
        for number in range(ROUNDS + 5):
            for level, bench in benches.items():
                _, seconds = timed(partial(loaded, bench))
                if number >= 5:
                    played[level].append(seconds)
    print(f"{'median ms (more than process)':32}" + "".join(f"{e:>20}" for e in levels))
    for name, found in (
        ("a sandbox, until it answers", begun),
        ("a sandbox's end", ended),
        ("a player, loaded and ended", played),
    ):
        floor = statistics.median(found[levels[0]])
        cells = [statistics.median(found[level]) for level in levels]
        print(f"{name:32}" + "".join(f"{e:11.1f} ({e - floor:+5.1f})" for e in cells))


def ready(built: Walls) -> Sandbox:
    """Return a sandbox that has forked its first player and ended it."""
    sandbox = Sandbox(built)
    sandbox.player().close()
    return sandbox


def loaded(bench: Bench) -> None:
    """Have a player take in the answer, and end it."""
    bench.player().close()


def timed(action: Callable[[], Found]) -> tuple[Found, float]:
    """Return what an action returns and the milliseconds it took."""
    began = time.perf_counter()
    found = action()
    return found, (time.perf_counter() - began) * 1000


# --- what they change ---------------------------------------------------------


def verdicts(levels: list[Level]) -> int:
    """Print and return how many files are judged differently behind some walls."""
    files = differ = 0
    for kata in katas(root()):
        paths = [*sorted(kata.solutions.glob("*.py")), *wrong(kata.solutions)]
        answers = [read(path) for path in paths]
        found = [
            grade_all([Request(kata, each, isolation=level) for each in answers])
            for level in levels
        ]
        close()
        for path, *same in zip(paths, *found, strict=True):
            files += 1
            if len({settled(verdict) for verdict in same}) > 1:
                differ += 1
                print(f"differs: {path.relative_to(root())}")
    print(f"\n{differ} of {files} files under solutions/ are judged differently")
    return differ


def wrong(folder: Path) -> list[Path]:
    """Return the wrong answers to a kata."""
    return sorted(folder.glob("wrong/*.py"))


def settled(verdict: Verdict) -> bytes:
    """Return everything in a verdict but the walls and the wall time."""
    told = msgspec.structs.replace(verdict, seconds=0.0, isolation=UNKNOWN)
    return msgspec.json.encode(told)


if __name__ == "__main__":
    sys.exit(main())
