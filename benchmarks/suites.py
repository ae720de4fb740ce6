"""Who is measured beside us: the same ten properties, as people test them today.

Each has an environment of its own under `.cache/bench`, made from pinned versions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import Command, Cost

from grader.catalogue import root

SLUG = "semaphore"
HERE = Path(__file__).parent / "suites"
ENVIRONMENTS = root() / ".cache" / "bench"


@dataclass(frozen=True)
class Suite:
    """One way to test a submission. `passed` reads what a run of it printed."""

    name: str
    tool: str
    words: tuple[str, ...]
    unit: float
    passed: Callable[[Cost], bool]

    def command(self, home: Path) -> Command:
        """Return what tests the submission `semaphore.py` in that folder."""
        program, *others = self.words
        words = [str(ENVIRONMENTS / self.tool / "bin" / program), *others]
        return Command(words, home, self.environment(home))

    def environment(self, home: Path) -> dict[str, str]:
        """Return what the run finds in its environment."""
        return {
            "UNIT": str(self.unit),
            "PYTHONPATH": os.pathsep.join(map(str, (HERE, home))),
        }


def _code(cost: Cost) -> bool:
    return cost.code == 0


def _check50(cost: Cost) -> bool:
    results = json.loads(cost.out)["results"]
    return all(each["passed"] for each in results)


def _gradescope(cost: Cost) -> bool:
    return bool(json.loads(cost.out)["score"] == 100)


_PYTEST = ("python", "-m", "pytest", "-c", str(HERE / "pytest.ini"))
_TEST = str(HERE / "test_properties.py")

STEADY = Suite("pytest, pages of 0.1 s", "pytest", (*_PYTEST, _TEST), 0.1, _code)
FAST = Suite("pytest, pages of 0.01 s", "pytest", (*_PYTEST, _TEST), 0.01, _code)
VIRTUAL = Suite(
    "pytest with looptime", "looptime", (*_PYTEST, "--looptime", _TEST), 1, _code
)
CHECK50 = Suite(
    "check50, pages of 0.1 s",
    "check50",
    ("check50", "--dev", str(HERE / "checks"), "--output", "json"),
    0.1,
    _check50,
)
GRADESCOPE = Suite(
    "gradescope-utils, pages of 0.1 s",
    "gradescope",
    ("python", str(HERE / "autograder" / "run_tests.py")),
    0.1,
    _gradescope,
)
SUITES = (STEADY, FAST, VIRTUAL, CHECK50, GRADESCOPE)


def prepare() -> list[str]:
    """Make the environments that are not there yet; return all that they pin."""
    pinned: set[str] = set()
    for tool in dict.fromkeys(suite.tool for suite in SUITES):
        wanted = HERE / "requirements" / f"{tool}.txt"
        text = wanted.read_text()
        pinned |= {line for line in text.splitlines() if line.startswith(NAMED)}
        stamp = ENVIRONMENTS / tool / "installed.txt"
        if stamp.exists() and stamp.read_text() == text:
            continue
        python = ENVIRONMENTS / tool / "bin" / "python"
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", stamp.parent], check=True
        )
        install = [python, "-m", "pip", "install", "-qq", "--no-deps"]
        subprocess.run(
            [*install, "--disable-pip-version-check", "-r", wanted], check=True
        )
        stamp.write_text(text)
    return sorted(pinned)


NAMED = ("pytest", "looptime", "check50", "gradescope-utils")
"""What the document names; the rest is what these need."""


def hand_in(home: Path, source: bytes) -> Path:
    """Write a submission into a folder of its own; return the folder."""
    home.mkdir(parents=True, exist_ok=True)
    home.joinpath(f"{SLUG}.py").write_bytes(source)
    return home
