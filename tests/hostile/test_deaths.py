"""Who is killed while a submission runs: nothing of it is left."""

from __future__ import annotations

import os
import select
import subprocess
from pathlib import Path

import pytest

from grader.sandbox.levels import Level
from tests.grader.whole.conftest import KATA
from tests.grader.whole.test_replay import wait_for_children

SECONDS = 20


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system has no pidfd")
def test_a_judge_that_is_killed_takes_its_players_along(
    level: Level, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("while True: pass\n")
    judge = subprocess.Popen(
        [KATA, "test", "semaphore", "--isolation", level, "--file", file],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    living = {os.pidfd_open(pid) for pid in wait_for_children(judge.pid)}

    judge.kill()
    judge.wait()

    while living:
        ended, _, _ = select.select(living, [], [], SECONDS)
        assert ended, "a process outlived its judge"
        living -= set(ended)
        for each in ended:
            os.close(each)


def test_two_judges_side_by_side_do_not_meet(level: Level, tmp_path: Path) -> None:
    commands = [
        [KATA, "test", "hello_await", "--isolation", level, "--quiet", "--file", file]
        for file in (
            "solutions/hello_await/reference.py",
            "katas/hello_await/hello_await.py",
        )
        for _ in range(2)
    ]

    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    points = [process.communicate(timeout=60)[0].split()[0] for process in running]

    assert [process.returncode for process in running] == [0, 0, 1, 1]
    assert points == ["100", "100", "0", "0"]
