import asyncio

import pytest

from .yield_control import crunch


def square(item: int) -> int:
    return item * item


@pytest.mark.asyncio
async def test_results_stand_in_the_order_of_the_items() -> None:
    assert await crunch([3, 1, 2], square) == [9, 1, 4]


@pytest.mark.asyncio
@pytest.mark.parametrize("every", [1, 3])
async def test_another_task_has_a_turn_after_every_items(every: int) -> None:
    happened: list[str] = []

    def work(item: int) -> int:
        happened.append("work")
        return item

    async def rival() -> None:
        while True:
            happened.append("rival")
            await asyncio.sleep(0)

    other = asyncio.create_task(rival())
    await crunch(range(9), work, every)
    other.cancel()

    rows = "".join(each[0] for each in happened).split("r")
    assert max(len(row) for row in rows) <= every


@pytest.mark.asyncio
async def test_an_error_of_work_ends_the_job() -> None:
    worked_on: list[int] = []

    def work(item: int) -> int:
        worked_on.append(item)
        return 10 // item

    with pytest.raises(ZeroDivisionError):
        await crunch([5, 0, 2], work)

    assert worked_on == [5, 0]


@pytest.mark.asyncio
async def test_it_can_be_cancelled_while_it_works() -> None:
    worked_on: list[int] = []

    def work(item: int) -> int:
        worked_on.append(item)
        return item

    job = asyncio.create_task(crunch(range(1000), work, every=10))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    job.cancel()

    with pytest.raises(asyncio.CancelledError):
        await job

    assert 0 < len(worked_on) < 1000


@pytest.mark.asyncio
async def test_every_below_1_is_refused() -> None:
    with pytest.raises(ValueError):
        await crunch([1], square, every=0)
