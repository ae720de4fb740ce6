import asyncio

import pytest

from .forgotten_await import OutOfStock, Receipt, checkout


class Shop:
    """A store that takes a moment for each step and writes down what happens."""

    def __init__(self, lamps: int = 1, *, broken: str = "", slow: str = "") -> None:
        self.lamps = lamps
        self.broken = broken
        self.slow = slow
        self.happened: list[str] = []

    async def _do(self, what: str) -> None:
        await asyncio.sleep(60 if what == self.slow else 0.005)
        if what == self.broken:
            raise ConnectionError(what)
        self.happened.append(what)

    async def in_stock(self, item: str) -> bool:
        await self._do("asked")
        return self.lamps > 0

    async def reserve(self, item: str) -> str:
        await self._do("reserved")
        return f"{item} 1"

    async def charge(self, reservation: str) -> int:
        await self._do("charged")
        return 30

    async def release(self, reservation: str) -> None:
        await self._do(f"released {reservation}")

    async def email(self, text: str) -> None:
        await self._do("emailed")


@pytest.mark.asyncio
async def test_a_sale() -> None:
    shop = Shop()

    receipt = await checkout("lamp", shop)

    assert receipt == Receipt("lamp 1", 30, email_sent=True)
    assert shop.happened == ["asked", "reserved", "charged", "emailed"]


@pytest.mark.asyncio
async def test_what_is_not_there_is_not_sold() -> None:
    shop = Shop(lamps=0)

    with pytest.raises(OutOfStock):
        await checkout("lamp", shop)

    assert shop.happened == ["asked"]


@pytest.mark.asyncio
async def test_a_failed_charge_releases_the_reservation() -> None:
    shop = Shop(broken="charged")

    with pytest.raises(ConnectionError):
        await checkout("lamp", shop)

    assert shop.happened == ["asked", "reserved", "released lamp 1"]


@pytest.mark.asyncio
async def test_a_cancelled_charge_releases_the_reservation() -> None:
    shop = Shop(slow="charged")
    buying = asyncio.create_task(checkout("lamp", shop))
    await asyncio.sleep(0.05)

    buying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await buying

    assert shop.happened == ["asked", "reserved", "released lamp 1"]


@pytest.mark.asyncio
async def test_a_failed_email_does_not_undo_the_sale() -> None:
    shop = Shop(broken="emailed")

    receipt = await checkout("lamp", shop)

    assert receipt == Receipt("lamp 1", 30, email_sent=False)
    assert shop.happened == ["asked", "reserved", "charged"]
