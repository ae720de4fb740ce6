"""How long one submission takes, as a whole command, beside everybody else's."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from measure import Command, Cost, empty_run, run, side_by_side, spread
from saving import saves
from suites import ENVIRONMENTS, SLUG, STEADY, SUITES, VIRTUAL, hand_in
from tables import Goal, Section

from grader.catalogue import find, root
from grader.judge.grade import Request, close, grade_all
from grader.judge.play import Play
from grader.submission import read

ROUNDS = 9
SAVES = 15
KATA = str(Path(sys.executable).with_name("kata"))
REFERENCE = root() / "solutions" / SLUG / "reference.py"
LEVELS = ("strong", "confined", "process")
WALL_TIMES = 2.5
LOOPTIME_TIMES = 2.0
SCHEDULES = 250
TESTS = 10
"""What each of the other suites plays, once each."""


def section(home: Path) -> Section:
    """Time a right answer to `semaphore` everywhere, one of each in turn."""
    answer = hand_in(home / "one", REFERENCE.read_bytes())
    python = str(ENVIRONMENTS / "pytest" / "bin" / "python")
    floor = {
        "python -c pass": Command([python, "-c", "pass"], home, {}),
        "an empty pytest run": empty_run(python, home),
    }
    ours = {f"ours, {level}": verdict(answer, level) for level in LEVELS}
    others = {suite.name: suite.command(answer) for suite in SUITES}
    check(answer)
    found = side_by_side(floor | ours | others, ROUNDS)
    told = Section(
        "One submission",
        "A right answer to `semaphore`, as a whole command in a new process; all of them in "
        f"turn, {ROUNDS} rounds. In `kata watch` the grader is warm: from the save to the "
        "screen.",
        ("command", "seconds", "processor s", "schedules"),
    )
    played = schedules()
    counts = dict.fromkeys(ours, str(played)) | dict.fromkeys(others, str(TESTS))
    told.rows += [
        _row(name, costs, counts.get(name, "")) for name, costs in found.items()
    ]
    told.rows.append(("ours, in kata watch", spread(saves(SAVES)), "", str(played)))
    medians = {
        name: statistics.median(cost.seconds for cost in costs)
        for name, costs in found.items()
    }
    told.goals += _goals(medians, played)
    return told


def verdict(home: Path, level: str) -> Command:
    """Return the command that grades the answer in that folder."""
    file = str(home / f"{SLUG}.py")
    words = [KATA, "test", SLUG, "--quiet", "--file", file, "--isolation", level]
    return Command(words, root(), {})


def check(answer: Path) -> None:
    """Raise if one of the suites refuses the right answer: nothing else would count."""
    for suite in SUITES:
        if not suite.passed(run(suite.command(answer))):
            raise SystemExit(f"{suite.name}: refuses the right answer")


def schedules() -> int:
    """Return how many runs one verdict plays."""
    count = 0
    play = Play.__call__

    def counted(self: Play, *args: object, **options: object) -> object:
        nonlocal count
        count += 1
        return play(self, *args, **options)

    Play.__call__ = counted
    try:
        grade_all([Request(find(SLUG, root()), read(REFERENCE))])
    finally:
        Play.__call__ = play
        close()
    return count


def _row(name: str, costs: list[Cost], schedules: str) -> tuple[str, ...]:
    return (
        name,
        spread(cost.seconds for cost in costs),
        f"{statistics.median(cost.processor for cost in costs):.2f}",
        schedules,
    )


def _goals(medians: dict[str, float], played: int) -> list[Goal]:
    ours = medians["ours, strong"]
    wall, virtual = medians[STEADY.name] / ours, ours / medians[VIRTUAL.name]
    return [
        Goal(
            "a verdict behind strong walls, beside the steady suite on the wall clock",
            f"{WALL_TIMES} times as fast",
            f"{wall:.2f} times",
            wall >= WALL_TIMES,
        ),
        Goal(
            "the same, beside the suite on looptime",
            f"at most {LOOPTIME_TIMES:.0f} times as long",
            f"{virtual:.2f} times",
            virtual <= LOOPTIME_TIMES,
        ),
        Goal(
            "schedules in that verdict",
            f"{SCHEDULES}, {SCHEDULES // TESTS} times the others'",
            f"{played}, {played / TESTS:.0f} times",
            played >= SCHEDULES,
        ),
    ]
