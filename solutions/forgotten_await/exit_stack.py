"""An exit stack that releases, unless the charge takes that back."""

from contextlib import AsyncExitStack
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
    async with AsyncExitStack() as undo:
        reservation = await store.reserve(item)
        undo.push_async_callback(store.release, reservation)
        amount = await store.charge(reservation)
        undo.pop_all()
    try:
        await store.email(f"You bought {item} for {amount}")
    except Exception:  # noqa: BLE001 - whatever it is, the sale stands
        email_sent = False
    else:
        email_sent = True
    return Receipt(reservation, amount, email_sent)
