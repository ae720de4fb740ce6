import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.catalogue import root

KATA = Path(sys.executable).with_name("kata")


@dataclass(frozen=True)
class Printed:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Printed]


@pytest.fixture
def kata() -> Command:
    """Run the command line as a learner does, in the repository."""

    def run(*arguments: str | Path) -> Printed:
        done = subprocess.run(
            [KATA, *arguments],
            cwd=root(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return Printed(done.returncode, done.stdout, done.stderr)

    return run
