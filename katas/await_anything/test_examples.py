# A type checker cannot solve `T | Awaitable[T]` for every argument.
# mypy: disable-error-code="arg-type, return-value, misc, comparison-overlap"
import asyncio
import types
from collections.abc import Generator
from functools import partial
from typing import Any

import pytest

from .await_anything import call, resolve


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


@types.coroutine
def old_double(number: int) -> Generator[Any, Any, int]:
    return (yield from double(number).__await__())


class Doubled:
    def __init__(self, number: int) -> None:
        self.number = number

    def __await__(self) -> Generator[Any, Any, int]:
        return double(self.number).__await__()


@pytest.mark.asyncio
async def test_plain_values_come_back_as_they_are() -> None:
    generator = (number for number in (1, 2))

    for value in (None, 42, [1], generator, double, Doubled):
        assert await resolve(value) is value


@pytest.mark.asyncio
async def test_whatever_can_be_awaited_is_awaited() -> None:
    future = asyncio.get_running_loop().create_future()
    future.set_result(42)

    assert await resolve(double(21)) == 42
    assert await resolve(asyncio.create_task(double(21))) == 42
    assert await resolve(future) == 42
    assert await resolve(Doubled(21)) == 42
    assert await resolve(old_double(21)) == 42


@pytest.mark.asyncio
async def test_it_awaits_one_level_deep() -> None:
    inner = Doubled(21)

    async def outer() -> Doubled:
        return inner

    assert await resolve(outer()) is inner


@pytest.mark.asyncio
async def test_call_takes_whatever_can_be_called() -> None:
    assert await call(max, 7, 42) == 42
    assert await call(double, 21) == 42
    assert await call(partial(double, number=21)) == 42
    assert await call(lambda: double(21)) == 42
    assert await call(Doubled, 21) == 42


@pytest.mark.asyncio
async def test_errors_come_out() -> None:
    with pytest.raises(ZeroDivisionError):
        await call(divmod, 1, 0)
