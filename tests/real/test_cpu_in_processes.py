"""Real processes, and functions that wait for one another or for the test.

A function that cannot be pickled is not tried here: after that a ProcessPoolExecutor may
keep its workers for good, on Python 3.11 to 3.13, whatever its user does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from . import work
from .waiting import others, until

# From Python 3.12 on, of a process that has threads; asyncio's own pool has some.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)


@pytest.fixture(autouse=True)
def no_child_outlives_its_test() -> Iterator[None]:
    """Let a test that fails leave no process that pytest would wait for at its end."""
    yield
    for child in multiprocessing.active_children():
        child.kill()


def nobody_is_left() -> bool:
    return multiprocessing.active_children() == []


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("chunk", [1, 3, 100])
@pytest.mark.asyncio
async def test_results_come_in_order_from_other_processes(
    answer: Any, chunk: int
) -> None:
    results = await answer.parallel_map(
        work.square, range(20), processes=2, chunk=chunk
    )

    assert [square for square, _ in results] == [number**2 for number in range(20)]
    makers = {pid for _, pid in results}
    assert len(makers) <= 2
    assert os.getpid() not in makers
    await until(nobody_is_left)
    assert others() == set()


@pytest.mark.asyncio
async def test_processes_work_at_the_same_time(answer: Any, tmp_path: Path) -> None:
    # Each waits until three are there, and then the pids are at most three.
    pids = await answer.parallel_map(work.meet, [(tmp_path, 3)] * 7, processes=3)

    assert len({*pids}) == 3
    await until(lambda: all(map(has_ended, pids)))
    await until(nobody_is_left)


@pytest.mark.asyncio
async def test_the_loop_goes_on_while_they_work(answer: Any, tmp_path: Path) -> None:
    go = tmp_path / "go"

    async def say_go() -> None:
        # Only a loop that is not blocked comes so far; those who wait give up some time.
        await until(lambda: len([*tmp_path.iterdir()]) == 2)
        go.touch()

    pids, _ = await asyncio.gather(
        answer.parallel_map(work.wait_for_file, [go] * 4, processes=2), say_go()
    )

    assert len(pids) == 4
    await until(nobody_is_left)


@pytest.mark.parametrize("chunk", [1, 4])
@pytest.mark.asyncio
async def test_an_error_comes_out_bare(answer: Any, chunk: int) -> None:
    with pytest.raises(ZeroDivisionError, match="five"):
        await answer.parallel_map(work.fail, range(10), processes=2, chunk=chunk)

    await until(nobody_is_left)


@pytest.mark.asyncio
async def test_a_worker_that_dies_breaks_the_pool(answer: Any) -> None:
    with pytest.raises(BrokenProcessPool):
        await answer.parallel_map(work.die, range(10), processes=2)

    await until(nobody_is_left)


@pytest.mark.asyncio
async def test_after_a_cancellation_no_process_is_left(
    answer: Any, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    task = asyncio.create_task(
        answer.parallel_map(work.wait_for_file, [go] * 10, processes=2)
    )
    await until(lambda: len([*tmp_path.iterdir()]) == 2)
    pids = [int(path.name) for path in tmp_path.iterdir()]
    task.cancel()
    await asyncio.sleep(0.05)
    go.touch()
    with pytest.raises(asyncio.CancelledError):
        await task

    await until(lambda: all(map(has_ended, pids)))
    await until(nobody_is_left)
    assert others() == set()
