import asyncio

import pytest

from .countdown_iterator import Countdown


@pytest.mark.asyncio
async def test_it_counts_down_to_one() -> None:
    numbers = [number async for number in Countdown(3, 0.01)]

    assert numbers == [3, 2, 1]


@pytest.mark.asyncio
async def test_it_waits_between_the_numbers_only() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()

    first, second, third = [loop.time() - began async for _ in Countdown(3, 0.2)]
    took = loop.time() - began

    assert first < 0.2
    assert second - first > 0.15
    assert third - second > 0.15
    assert took - third < 0.2


@pytest.mark.asyncio
async def test_two_walks_over_one_object_do_not_disturb_each_other() -> None:
    countdown = Countdown(3, 0.01)

    async def walk() -> list[int]:
        return [number async for number in countdown]

    left, right = await asyncio.gather(walk(), walk())

    assert left == right == [3, 2, 1]


@pytest.mark.asyncio
async def test_a_cancelled_step_eats_no_number() -> None:
    walk = aiter(Countdown(3, 0.05))
    assert await anext(walk) == 3

    async def step() -> int:
        return await anext(walk)

    waiting = asyncio.create_task(step())
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await anext(walk) == 2


@pytest.mark.parametrize(("start", "period"), [(-1, 1), (3, -1)])
def test_negative_arguments_are_refused(start: int, period: float) -> None:
    with pytest.raises(ValueError):
        Countdown(start, period)
