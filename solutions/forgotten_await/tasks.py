"""A task for each step, and a shield for the release."""

import asyncio
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
    if not await asyncio.create_task(store.in_stock(item)):
        raise OutOfStock(item)
    reservation = await asyncio.create_task(store.reserve(item))
    charging = asyncio.create_task(store.charge(reservation))
    try:
        await asyncio.wait([charging])
    finally:
        if not charging.done() or charging.cancelled() or charging.exception():
            charging.cancel()
            await asyncio.shield(asyncio.create_task(store.release(reservation)))
    amount = charging.result()
    (told,) = await asyncio.gather(
        store.email(f"You bought {item} for {amount}"), return_exceptions=True
    )
    email_sent = not isinstance(told, Exception)
    return Receipt(reservation, amount, email_sent)
