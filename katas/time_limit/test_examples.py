import asyncio

import pytest

from .time_limit import fetch_or_default


async def quick() -> str:
    await asyncio.sleep(0.01)
    return "sunny"


async def broken() -> str:
    await asyncio.sleep(0.01)
    raise TimeoutError("the service gave up")


class Slow:
    """Something that would take a minute, and says how it was ended."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def ask(self) -> str:
        self.said.append("started")
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            self.said.append("cleaned up")
        return "rainy"


@pytest.mark.asyncio
async def test_an_answer_in_time_comes_back() -> None:
    assert await fetch_or_default(quick, 5, "unknown") == "sunny"
    assert await fetch_or_default(quick, None, "unknown") == "sunny"


@pytest.mark.asyncio
async def test_after_the_limit_the_default_comes_back() -> None:
    slow = Slow()

    assert await fetch_or_default(slow.ask, 0.01, "unknown") == "unknown"

    assert slow.said == ["started", "cleaned up"]


@pytest.mark.asyncio
async def test_a_timeout_error_of_the_operation_comes_out() -> None:
    with pytest.raises(TimeoutError, match="the service gave up"):
        await fetch_or_default(broken, 5, "unknown")


@pytest.mark.asyncio
async def test_cancelling_the_caller_cancels_the_operation() -> None:
    slow = Slow()
    caller = asyncio.create_task(fetch_or_default(slow.ask, 5, "unknown"))
    await asyncio.sleep(0.01)

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert slow.said == ["started", "cleaned up"]


@pytest.mark.asyncio
async def test_a_limit_that_is_not_positive_is_refused() -> None:
    slow = Slow()

    with pytest.raises(ValueError):
        await fetch_or_default(slow.ask, 0, "unknown")

    assert slow.said == []
