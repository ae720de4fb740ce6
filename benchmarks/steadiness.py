"""How often a right answer is refused, on an idle machine and on a busy one."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from measure import busy, run
from single import REFERENCE
from steady import compare, grade
from suites import FAST, SLUG, STEADY, VIRTUAL, Suite, hand_in
from tables import Goal, Section

from grader.submission import read

TIMES = 50
BUSY = 8
AT_ONCE = 4


def section(home: Path) -> Section:
    """Grade the same right answer again and again."""
    told = Section(
        "Steadiness",
        f"A right answer to `semaphore`, graded {TIMES} times on an idle machine, and as often "
        f"with {BUSY} busy processes beside it, {AT_ONCE} gradings at once: how many "
        "verdicts were wrong. Of ours also those count in which anything but the time "
        "differs from the first, down to the words.",
        ("command", "idle", f"{BUSY} busy beside it"),
    )
    folder = hand_in(home / "steady", REFERENCE.read_bytes())
    suites = STEADY, FAST, VIRTUAL
    idle = {suite: _wrong(suite, folder, 1) for suite in suites}
    ours_idle = _differing(1)
    with busy(BUSY):
        loaded = {suite: _wrong(suite, folder, AT_ONCE) for suite in suites}
        ours_loaded = _differing(AT_ONCE)
    told.rows.append(_row("ours", ours_idle, ours_loaded))
    told.rows += [_row(each.name, idle[each], loaded[each]) for each in suites]
    wrong = ours_idle + ours_loaded
    told.goals.append(
        Goal(
            "wrong verdicts of ours, idle and busy",
            "0",
            f"{wrong} of {2 * TIMES}",
            met=not wrong,
        )
    )
    return told


def _row(name: str, idle: int, loaded: int) -> tuple[str, str, str]:
    return name, f"{idle} of {TIMES}", f"{loaded} of {TIMES}"


def _wrong(suite: Suite, folder: Path, at_once: int) -> int:
    command = suite.command(folder)
    with ThreadPoolExecutor(at_once) as pool:
        found = list(pool.map(run, [command] * TIMES))
    return sum(not suite.passed(cost) for cost in found)


def _differing(at_once: int) -> int:
    answer = read(REFERENCE)
    with ProcessPoolExecutor(at_once, get_context("spawn")) as pool:
        expected = pool.submit(grade, SLUG, answer).result()
        found = list(pool.map(grade, [SLUG] * TIMES, [answer] * TIMES))
    if expected.status != "pass":
        return TIMES
    return compare(found, expected).differed
