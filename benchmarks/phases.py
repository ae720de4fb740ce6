"""Where the time of one cold verdict goes, from the interpreter's start to its end.

The phases of the command are marked in a process of their own, which does what
`kata test` does, with one judge, so that nothing happens beside anything else but the
start of the sandbox.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from measure import Command, run
from tables import Section

TIMES = 7
SHOWN = 0.0005
WORLD = "the laws and the world"


def section(home: Path) -> Section:
    """Mark the phases of a cold verdict on a right answer to `semaphore`."""
    told = Section(
        "Where one verdict's time goes",
        f"A right answer to `semaphore`, cold, one judge; medians of {TIMES} processes. The "
        "sandbox starts beside the imports; what is left of its start is its own line.",
        ("phase", "seconds", "share"),
    )
    command = Command([sys.executable, __file__], home, {})
    run(command)
    found = [json.loads(run(command).out) for _ in range(TIMES)]
    medians = {
        phase: statistics.median(each[phase] for each in found) for phase in found[0]
    }
    whole = sum(medians.values())
    told.rows += [
        (phase, f"{seconds:.3f}", f"{seconds / whole:.0%}")
        for phase, seconds in medians.items()
        if seconds > SHOWN
    ]
    told.rows.append(("all", f"{whole:.3f}", ""))
    return told


class Marks:
    """Seconds by phase: each lasts from the mark before it to its own."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._since = _age()

    def __call__(self, phase: str) -> None:
        """End a phase."""
        now = _age()
        self.spent[phase] = self.spent.get(phase, 0.0) + now - self._since
        self._since = now


def _age() -> float:
    """Return how many seconds ago the machine started, as the kernel counts processes."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _born() -> float:
    fields = Path("/proc/self/stat").read_text().rpartition(") ")[2].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Grade as the command does; print the seconds of each phase as JSON."""
    marks = Marks()
    marks.spent["the interpreter"] = marks._since - _born()
    from grader.cli.app import make_app

    make_app(["test"])
    marks("the command line")
    from grader import catalogue
    from grader.judge.warm import warm_up

    kata = catalogue.find("semaphore", *catalogue.roots(()))
    marks("the kata's description")
    warm_up("best", kata.allow, kata.libraries)
    marks("beginning the sandbox")
    from grader.judge import grade as grading
    from grader.submission import take_in

    submission = take_in(kata.solutions / "reference.py", "semaphore.py")
    marks("importing the judge")
    _mark_calls(marks)
    verdict = grading.grade(grading.Request(kata, submission))
    marks("the report")
    from grader.cli import terminal
    from grader.feedback import render

    str(render(verdict, terminal.look("never", plain=False)))
    marks("the screen")
    grading.close()
    marks("ending the sandbox")
    print(json.dumps(marks.spent))


def _mark_calls(marks: Marks) -> None:
    """Have the calls that phases begin and end with mark them."""
    from grader.judge.bench import Bench
    from grader.judge.judging import Judging
    from grader.judge.trial import Trial
    from grader.sandbox.launch import Player

    def marking(owner: type, name: str, before: str, after: str) -> None:
        real = getattr(owner, name)

        def marked(*args: Any, **options: Any) -> Any:
            marks(before)
            try:
                return real(*args, **options)
            finally:
                marks(after)

        setattr(owner, name, marked)

    marking(Judging, "check", "collecting the hidden tests", "waiting for the sandbox")
    marking(Judging, "wanted", "the report", "reading the cases")
    marking(Trial, "run", "the report", WORLD)
    marking(Bench, "player", WORLD, "fresh players")
    marking(Player, "receive", WORLD, "waiting for the player")


if __name__ == "__main__":
    main()
