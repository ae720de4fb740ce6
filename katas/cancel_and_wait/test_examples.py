import asyncio
from typing import NoReturn

import pytest

from .cancel_and_wait import stop


class Worker:
    """Works for ever, and needs a moment to clean up when it is cancelled."""

    def __init__(self, cleanup: float) -> None:
        self.cleanup = cleanup
        self.cleaned_up = False

    async def work(self) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(self.cleanup)
            self.cleaned_up = True


async def save_at_the_end() -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.01)
    return "saved"


async def fail_at_the_end() -> NoReturn:
    try:
        await asyncio.sleep(60)
    finally:
        raise ConnectionError("no answer")


@pytest.mark.asyncio
async def test_it_waits_until_the_task_has_cleaned_up() -> None:
    worker = Worker(cleanup=0.02)
    task = asyncio.create_task(worker.work())
    await asyncio.sleep(0.01)

    assert await stop(task, grace=1) == "cancelled"
    assert worker.cleaned_up


@pytest.mark.asyncio
async def test_it_says_how_the_task_ended() -> None:
    saving = asyncio.create_task(save_at_the_end())
    failing = asyncio.create_task(fail_at_the_end())
    await asyncio.sleep(0.01)

    assert await stop(saving, grace=1) == "finished"
    assert await stop(failing, grace=1) == "failed"
    assert await stop(failing, grace=1) == "failed"


@pytest.mark.asyncio
async def test_a_stuck_task_is_left_alone() -> None:
    worker = Worker(cleanup=0.1)
    task = asyncio.create_task(worker.work())
    await asyncio.sleep(0.01)

    assert await stop(task, grace=0.02) == "stuck"
    assert not task.done()
    await asyncio.wait([task])
    assert worker.cleaned_up


@pytest.mark.asyncio
async def test_its_own_cancellation_comes_out() -> None:
    task = asyncio.create_task(Worker(cleanup=0.1).work())
    await asyncio.sleep(0.01)
    stopping = asyncio.create_task(stop(task, grace=1))
    await asyncio.sleep(0.01)

    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping

    await asyncio.wait([task])


@pytest.mark.asyncio
async def test_a_task_cannot_stop_itself() -> None:
    current = asyncio.current_task()
    assert current is not None

    with pytest.raises(ValueError):
        await stop(current, grace=1)
