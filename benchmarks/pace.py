"""How long a verdict takes on our own answer to each kata: `make pace`.

Each is a whole command in a new process, in turn with an empty pytest run, so that a slow
machine slows both. Medians count.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from measure import Command, empty_run, side_by_side

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
        empty = empty_run(sys.executable, Path(folder))
        for kata in katas(ROOT):
            answer = kata.solutions / "reference.py"
            words = [str(KATA), "test", kata.slug, "--quiet", "--file"]
            tell(
                kata.slug,
                Command([*words, str(answer)], ROOT, {}),
                empty,
            )


def tell(slug: str, verdict: Command, empty: Command) -> None:
    """Print the row of a kata: medians of both, taken in turn."""
    found = side_by_side({"own": verdict, "floor": empty}, ROUNDS)
    own, floor = (
        statistics.median(cost.seconds for cost in costs) for costs in found.values()
    )
    goal = GOALS.get(slug, GOAL)
    print(f"| {slug} | {own:.2f} | {goal} | {own / floor:.1f} times |", flush=True)


if __name__ == "__main__":
    main()
