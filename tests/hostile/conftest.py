"""A player behind each kind of walls that this machine has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.selftest import every_level
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import LEVELS, Level, walls

from .playing import Stand

_LEVEL = re.compile(rf"\[({'|'.join(LEVELS)})\b")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases there were behind each kind of walls, and how many failed."""
    for outcome in ("passed", "failed"):
        reports = terminalreporter.getreports(outcome)
        found = [_LEVEL.search(report.nodeid) for report in reports]
        counts = Counter(match[1] for match in found if match)
        told = ", ".join(f"{level} {counts[level]}" for level in LEVELS)
        terminalreporter.write_line(f"hostile cases {outcome}: {told}")


@pytest.fixture(scope="session")
def reached() -> set[str]:
    """The levels whose promises a canary could not break."""
    return {finding.level for finding in every_level() if finding.holds}


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest, reached: set[str]) -> Level:
    """Each level in turn; one that cannot be had here is skipped."""
    wanted: Level = request.param
    if wanted not in reached:
        pytest.skip(f"the level {wanted} cannot be had on this machine")
    return wanted


@pytest.fixture(scope="module")
def sandbox(level: Level) -> Iterator[Sandbox]:
    with Sandbox(walls(level)) as started:
        yield started


@pytest.fixture
def stand(sandbox: Sandbox, tmp_path: Path) -> Iterator[Stand]:
    """Plays hostile sources; when one has been played, nothing of it may be left."""
    yield from standing(sandbox, tmp_path)


def standing(sandbox: Sandbox, folder: Path) -> Iterator[Stand]:
    """Give a stand, and hold at its end that nothing is left of what was played on it."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    made = Stand(sandbox, folder)
    yield made
    made.close()
    assert made.run("def f(world):\n    return 'as ever'") == "returned 'as ever'"
    made.close()
    assert made.living() == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert list(folder.iterdir()) == []
