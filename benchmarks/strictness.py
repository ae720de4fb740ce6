"""How many mistakes each suite catches: our wrong answers, and mutants of the right one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from measure import run
from steady import grade
from suites import SLUG, STEADY, VIRTUAL, Suite, hand_in
from tables import Goal, Section

from grader.authoring.mutate import measure
from grader.catalogue import find, root
from grader.submission import Submission

AT_ONCE = 4
SHARE = 0.95


def section(home: Path) -> Section:
    """Grade every wrong answer and every mutant that is a mistake."""
    wrong = wrong_answers()
    caught = _ours(wrong)
    strength = measure(find(SLUG, root()))
    mistakes = [*strength.killed, *strength.survived]
    mistakes += [mutant for mutant, _ in strength.faults]
    mutants = {each.id: each.source.encode() for each in mistakes}
    killed = len(strength.killed)
    told = Section(
        "Strictness",
        "Of all wrong answers to `semaphore` that this repository holds, and of all mutants of "
        "its reference that are mistakes (`kata mutate`), how many are refused.",
        ("command", f"wrong answers ({len(wrong)})", f"mutants ({len(mutants)})"),
        [("ours", str(caught), str(killed))],
    )
    for suite in (STEADY, VIRTUAL):
        found = [_caught(suite, home / "strict", each) for each in (wrong, mutants)]
        told.rows.append((suite.name, *map(str, found)))
    told.goals += [
        Goal(
            "wrong answers caught",
            "all",
            f"{caught} of {len(wrong)}",
            caught == len(wrong),
        ),
        Goal(
            "mutants caught",
            f"{SHARE:.0%}",
            f"{killed} of {len(mutants)}",
            killed >= SHARE * len(mutants),
        ),
    ]
    return told


def wrong_answers() -> dict[str, bytes]:
    """Return the source of each wrong answer, by name."""
    folder = root() / "solutions" / SLUG / "wrong"
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.py"))}


def _ours(sources: Mapping[str, bytes]) -> int:
    submissions = [
        Submission(
            f"{SLUG}.py", Path(f"{SLUG}.py"), source, hashlib.sha256(source).hexdigest()
        )
        for source in sources.values()
    ]
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        verdicts = list(pool.map(grade, [SLUG] * len(submissions), submissions))
    return sum(verdict.status in ("fail", "unloadable") for verdict in verdicts)


def _caught(suite: Suite, home: Path, sources: Mapping[str, bytes]) -> int:
    commands = [
        suite.command(hand_in(home / name, source)) for name, source in sources.items()
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(not suite.passed(cost) for cost in pool.map(run, commands))
