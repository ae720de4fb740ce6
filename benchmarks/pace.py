"""How long a verdict takes on our own answer to each kata: `make pace`.

Each is a whole command in a new process, in turn with an empty pytest run, so that a slow
machine slows both. Medians count.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.catalogue import katas, root

ROOT = root()
KATA = Path(sys.executable).with_name("kata")
ROUNDS = 3
GOAL = 1.5
GOALS = {"cpu_in_processes": 4.0}
"""Seconds, on an idle machine with two cores."""


def main() -> None:
    """Print the table."""
    print("| kata | seconds | goal | beside an empty pytest run |")
    print("| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "test_empty.py")
        empty.write_text("def test_nothing():\n    pass\n")
        for kata in katas(ROOT):
            answer = kata.solutions / "reference.py"
            tell(
                kata.slug,
                [str(KATA), "test", kata.slug, "--quiet", "--file", str(answer)],
                [sys.executable, "-m", "pytest", "-q", str(empty)],
            )


def tell(slug: str, verdict: list[str], empty: list[str]) -> None:
    """Print the row of a kata: medians of both, taken in turn."""
    seconds(verdict)  # the cases are drawn once on each machine
    rounds = [(seconds(verdict), seconds(empty)) for _ in range(ROUNDS)]
    own, floor = (statistics.median(each) for each in zip(*rounds, strict=True))
    goal = GOALS.get(slug, GOAL)
    print(f"| {slug} | {own:.2f} | {goal} | {own / floor:.1f} times |", flush=True)


def seconds(command: list[str]) -> float:
    """Return how long a command takes that must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
