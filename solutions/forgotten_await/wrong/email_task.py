# breaks nothing-left: the email is left to a task that nobody awaits
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


emails = set()


async def checkout(item, store):
    if not await store.in_stock(item):
        raise OutOfStock(item)
    reservation = await store.reserve(item)
    try:
        amount = await store.charge(reservation)
    except BaseException:
        await store.release(reservation)
        raise
    emails.add(asyncio.create_task(store.email(f"You bought {item} for {amount}")))
    return Receipt(reservation, amount, email_sent=True)
