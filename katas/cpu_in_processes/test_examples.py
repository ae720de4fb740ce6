import asyncio
import os
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from .cpu_in_processes import parallel_map


def square(number: int) -> int:
    return number * number


def whose(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def invert(number: int) -> float:
    return 1 / number


def die(_: int) -> None:
    os._exit(3)


@pytest.mark.asyncio
async def test_results_come_in_the_order_of_the_items() -> None:
    squares = await parallel_map(square, range(10), processes=2, chunk=3)

    assert squares == [number * number for number in range(10)]


@pytest.mark.asyncio
async def test_other_processes_do_the_work() -> None:
    pids = set(await parallel_map(whose, range(8), processes=2))

    assert len(pids) <= 2
    assert os.getpid() not in pids


@pytest.mark.asyncio
async def test_the_loop_goes_on_meanwhile() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    heart = asyncio.create_task(beat())
    await parallel_map(whose, range(4), processes=1)
    heart.cancel()

    assert beats > 5


@pytest.mark.asyncio
async def test_the_error_of_a_call_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        await parallel_map(invert, [1, 0, 2], processes=2)


@pytest.mark.asyncio
async def test_a_worker_that_dies_is_noticed() -> None:
    with pytest.raises(BrokenProcessPool):
        await parallel_map(die, [1], processes=2)


@pytest.mark.asyncio
async def test_bad_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="processes"):
        await parallel_map(square, [1], processes=0)
