"""A sandbox that is a fork of another one's zygote, for a judge beside the first."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.judge.grade import Request, close, grade
from grader.sandbox.launch import Sandbox, SandboxFault
from grader.sandbox.levels import Level, walls
from grader.submission import Submission

from .conftest import standing
from .playing import Stand
from .test_walls import OUTSIDE, attempt, server

__all__ = ["server"]

HOSTILE = {
    "the kernel is to end its parent": """
def harm():
    reader, writer = os.pipe()
    fcntl.fcntl(reader, fcntl.F_SETOWN, os.getppid())
    fcntl.fcntl(reader, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writer, b"x")
""",
    "the kernel is to end all others": """
def harm():
    for pid in {*range(1, 60)} - {os.getpid()}:
        with contextlib.suppress(OSError):
            reader, writer = os.pipe()
            fcntl.fcntl(reader, fcntl.F_SETOWN, pid)
            fcntl.fcntl(reader, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
            os.write(writer, b"x")
""",
}
GREETS = """
import contextlib, fcntl, os, signal
async def greet(name, delay, say):
    with contextlib.suppress(OSError):
        harm()
"""


@pytest.fixture(scope="module")
def branch(sandbox: Sandbox) -> Iterator[Sandbox]:
    with sandbox.branch() as forked:
        yield forked


@pytest.fixture
def stand(branch: Sandbox, tmp_path: Path) -> Iterator[Stand]:
    yield from standing(branch, tmp_path)


@pytest.mark.parametrize("name", OUTSIDE)
def test_its_players_have_the_same_walls(
    stand: Stand, server: socket.socket, name: str
) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")

    assert stand.run(attempt(name, stand.folder, server)) == "returned 'blocked'"


def test_what_a_player_leaves_behind_is_ended(stand: Stand) -> None:
    told = stand.run("""
        import os, threading
        def f(world):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            os._exit(3)
        """)

    assert told == "crashed"


def test_players_of_both_play_side_by_side(
    sandbox: Sandbox, branch: Sandbox, tmp_path: Path
) -> None:
    source = "def f(world):\n    return 'here'"
    first, second = Stand(sandbox, tmp_path), Stand(branch, tmp_path)

    told = [each.run(source) for each in (first, second, first)]
    first.close()
    told.append(second.run(source))
    second.close()

    assert told == ["returned 'here'"] * 4


def test_it_ends_with_the_one_it_was_forked_from(level: Level) -> None:
    with Sandbox(walls(level)) as trunk:
        branch = trunk.branch()
        player = branch.player()
        living = os.pidfd_open(player.pid)

    # A descriptor of a process is readable when it has ended.
    assert select.select([living], [], [], 30)[0]
    os.close(living)
    with pytest.raises(SandboxFault, match="the sandbox"):
        player.receive()
    branch.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_ends_others_costs_the_submission_and_is_no_fault_of_ours(
    level: Level, name: str
) -> None:
    if level == "process":
        pytest.skip("a process promises deadlines only")
    kata = find("hello_await", root())
    source = (HOSTILE[name] + GREETS).encode()
    submission = Submission("hello_await.py", Path("hello_await.py"), source, "0" * 64)

    verdict = grade(Request(kata, submission, isolation=level, shrink=False), 2)
    close()

    assert (verdict.status, verdict.points) == ("fail", 0)


def test_what_may_write_files_or_start_processes_has_a_sandbox_of_its_own() -> None:
    with (
        Sandbox(walls("process", ["files"])) as sandbox,
        pytest.raises(ValueError, match="has no branch"),
    ):
        sandbox.branch()
