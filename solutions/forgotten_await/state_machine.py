"""A small machine: each state is a method that names the next one."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol


class Store(Protocol):
    async def in_stock(self, item: str) -> bool: ...
    async def reserve(self, item: str) -> str: ...
    async def charge(self, reservation: str) -> int: ...
    async def release(self, reservation: str) -> None: ...
    async def email(self, text: str) -> None: ...


@dataclass(frozen=True)
class Receipt:
    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


class Sale:
    def __init__(self, item: str, store: Store) -> None:
        self.item = item
        self.store = store
        self.reservation = ""
        self.amount = 0
        self.email_sent = False

    async def asking(self) -> str:
        return "reserving" if await self.store.in_stock(self.item) else "refused"

    async def reserving(self) -> str:
        self.reservation = await self.store.reserve(self.item)
        return "charging"

    async def charging(self) -> str:
        charged = False
        try:
            self.amount = await self.store.charge(self.reservation)
            charged = True
        finally:
            if not charged:
                await self.store.release(self.reservation)
        return "emailing"

    async def emailing(self) -> str:
        with suppress(Exception):
            await self.store.email(f"You bought {self.item} for {self.amount}")
            self.email_sent = True
        return "sold"


async def checkout(item: str, store: Store) -> Receipt:
    sale = Sale(item, store)
    state = "asking"
    while state not in {"sold", "refused"}:
        state = await getattr(sale, state)()
    if state == "refused":
        raise OutOfStock(item)
    return Receipt(sale.reservation, sale.amount, sale.email_sent)
