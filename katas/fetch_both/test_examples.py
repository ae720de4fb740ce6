import asyncio

import pytest

from .fetch_both import fetch_both


async def quick() -> str:
    await asyncio.sleep(0.01)
    return "quick"


async def slow() -> int:
    await asyncio.sleep(0.03)
    return 42


async def broken() -> str:
    await asyncio.sleep(0.01)
    raise ConnectionError("no answer")


class Patient:
    """Something that never ends by itself, and says how it was ended."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def wait(self) -> None:
        self.said.append("started")
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            self.said.append("cleaned up")


@pytest.mark.asyncio
async def test_the_left_answer_comes_first() -> None:
    assert await fetch_both(slow, quick) == (42, "quick")
    assert await fetch_both(quick, slow) == ("quick", 42)


@pytest.mark.asyncio
async def test_both_run_at_once() -> None:
    left_is_here = asyncio.Event()
    right_is_here = asyncio.Event()

    async def left() -> str:
        left_is_here.set()
        await right_is_here.wait()
        return "left"

    async def right() -> str:
        right_is_here.set()
        await left_is_here.wait()
        return "right"

    async with asyncio.timeout(1):
        assert await fetch_both(left, right) == ("left", "right")


@pytest.mark.asyncio
async def test_an_error_cancels_the_other_and_comes_out() -> None:
    patient = Patient()

    with pytest.raises(ConnectionError, match="no answer"):
        await fetch_both(patient.wait, broken)

    assert patient.said == ["started", "cleaned up"]


@pytest.mark.asyncio
async def test_cancelling_the_caller_cancels_both() -> None:
    left, right = Patient(), Patient()
    caller = asyncio.create_task(fetch_both(left.wait, right.wait))
    await asyncio.sleep(0.01)

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert left.said == right.said == ["started", "cleaned up"]
