import asyncio
from collections.abc import AsyncIterator

import pytest

from .producer_consumer import process_all


class Shop:
    """A source of parcels, and what becomes of them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.read = 0
        self.closed = False
        self.running = 0
        self.most = 0
        self.handled: list[int] = []

    async def parcels(self) -> AsyncIterator[int]:
        try:
            for parcel in range(1, self.number + 1):
                self.read += 1
                yield parcel
        finally:
            self.closed = True

    async def pack(self, parcel: int) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0.01)
        self.running -= 1
        self.handled.append(parcel)

    async def hold(self, parcel: int) -> None:
        await asyncio.Event().wait()

    async def refuse(self, parcel: int) -> None:
        await asyncio.sleep(0.01)
        raise ValueError(parcel)


@pytest.mark.asyncio
async def test_every_item_is_handled() -> None:
    shop = Shop(7)

    number = await process_all(shop.parcels(), shop.pack, workers=3, maxsize=2)

    assert number == 7
    assert sorted(shop.handled) == [1, 2, 3, 4, 5, 6, 7]
    assert shop.most == 3


@pytest.mark.asyncio
async def test_an_empty_source_is_fine() -> None:
    shop = Shop(0)

    assert await process_all(shop.parcels(), shop.pack, workers=3, maxsize=2) == 0


@pytest.mark.asyncio
async def test_it_does_not_read_far_ahead() -> None:
    shop = Shop(100)
    call = process_all(shop.parcels(), shop.hold, workers=2, maxsize=3)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call, 0.1)

    assert shop.read <= 2 + 3 + 1


@pytest.mark.asyncio
async def test_the_first_error_comes_out_and_the_source_is_closed() -> None:
    shop = Shop(100)
    call = process_all(shop.parcels(), shop.refuse, workers=1, maxsize=1)

    with pytest.raises(ValueError, match="1"):
        await asyncio.wait_for(call, 1)

    assert shop.closed


@pytest.mark.asyncio
@pytest.mark.parametrize(("workers", "maxsize"), [(0, 1), (1, 0)])
async def test_bad_arguments_are_refused(workers: int, maxsize: int) -> None:
    shop = Shop(1)

    with pytest.raises(ValueError):
        await process_all(shop.parcels(), shop.pack, workers=workers, maxsize=maxsize)

    assert shop.read == 0
