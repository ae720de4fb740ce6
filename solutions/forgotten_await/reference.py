"""One step after the other; `except BaseException` meets a cancellation too."""

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


async def checkout(item: str, store: Store) -> Receipt:
    if not await store.in_stock(item):
        raise OutOfStock(item)
    reservation = await store.reserve(item)
    try:
        amount = await store.charge(reservation)
    except BaseException:
        await store.release(reservation)
        raise
    try:
        await store.email(f"You bought {item} for {amount}")
    except Exception:  # noqa: BLE001 - whatever it is, the sale stands
        return Receipt(reservation, amount, email_sent=False)
    return Receipt(reservation, amount, email_sent=True)
