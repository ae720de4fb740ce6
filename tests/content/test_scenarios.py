"""What the scenarios of single katas promise, apart from any answer."""

import asyncio
import os
from runpy import run_path

import pytest

from grader.catalogue import root


def test_the_timer_of_cpu_in_processes_ends_its_process_without_waitpid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The player takes `waitpid` for a wait that stops the loop, as it is in an answer.
    waited: list[int] = []
    monkeypatch.setattr(os, "waitpid", lambda pid, _: waited.append(pid))
    timer = run_path(str(root() / "tests/katas/cpu_in_processes/scenarios.py"))["Timer"]

    async def close_at_once() -> int:
        made = timer(60)
        made.close()
        pid: int = made._pid
        return pid

    pid = asyncio.run(close_at_once())

    assert waited == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
