"""A learner's first minutes in a real terminal: what stands on it is in tests/screens/session.

After a change that is meant, write them anew and read the difference:

    WRITE_SCREENS=1 python -m pytest tests/real/test_first_session.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalogue import find, root

from .server import miss

FOLDER = Path(__file__).parents[1] / "screens" / "session"
SIZE = ("-x", "80", "-y", "50")
KATA = f"{sys.executable} -c 'from grader.cli import main; main()'"
FOOT = "q:quit"
ANSWERS = find("hello_await", root()).solutions

pytestmark = pytest.mark.timeout(120)


class Tmux:
    """A terminal that can be looked at: what it shows, not what was sent to it."""

    def __init__(self, house: Path) -> None:
        self._socket = house / "tmux"
        self._run("-f", "/dev/null", "new-session", "-d", *SIZE, "-c", house, "sh")
        self.type(f"export PS1='$ ' PYTHONPATH={house} XDG_CACHE_HOME={house}/cache")

    def _run(self, *words: str | Path) -> str:
        program = shutil.which("tmux") or miss("tmux", "tmux")
        return subprocess.run(
            [program, "-S", self._socket, *words],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def type(self, line: str) -> None:
        self._run("send-keys", line, "Enter")

    def press(self, key: str) -> None:
        self._run("send-keys", key)

    def until(self, *texts: str) -> str:
        """Return what it shows, as soon as that has all these texts."""
        while True:
            shown = self._run("capture-pane", "-p")
            if all(text in shown for text in texts):
                return shown

    def close(self) -> None:
        self._run("kill-server")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The repository as a learner has it."""
    for name in ("grader", "katas", "solutions", "tests/katas"):
        shutil.copytree(root() / name, tmp_path / name)
    for stub in tmp_path.glob("katas/*/.stub.py"):
        shutil.copy(stub, stub.with_name(f"{stub.parent.name}.py"))
    return tmp_path


@pytest.fixture
def terminal(house: Path) -> Iterator[Tmux]:
    made = Tmux(house)
    yield made
    made.close()


def expect(shown: str, name: str) -> None:
    """Compare a screen with a file, but for what differs from run to run."""
    drawn = re.sub(r"· [\d.]+ m?s \(", "· TIME (", shown).rstrip() + "\n"
    path = FOLDER / f"{name}.txt"
    if os.environ.get("WRITE_SCREENS"):
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


def test_from_the_stub_to_the_next_kata(terminal: Tmux, house: Path) -> None:
    file = house / "katas/hello_await/hello_await.py"

    terminal.type(f"clear; {KATA} watch")
    expect(terminal.until("Not started", FOOT), "1-begin")

    shutil.copy(ANSWERS / "wrong/late_hello.py", file)
    expect(terminal.until("law broken here", FOOT), "2-broken")

    terminal.press("h")
    expect(terminal.until("Hint 1 of", FOOT), "3-hint")

    shutil.copy(ANSWERS / "reference.py", file)
    expect(terminal.until("100 of 100 points", FOOT), "4-repaired")

    terminal.press("n")
    expect(terminal.until("fetch_both.py", "Not started", FOOT), "5-next")

    terminal.press("q")
    terminal.until("q:quit\n$\n")
    terminal.type(f"clear; {KATA}")
    expect(terminal.until("fetch_both", "\n$\n"), "6-after")
