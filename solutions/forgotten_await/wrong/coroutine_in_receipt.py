# breaks receipt: the amount is a coroutine that nobody awaited
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


async def checkout(item, store):
    if not await store.in_stock(item):
        raise OutOfStock(item)
    reservation = await store.reserve(item)
    amount = store.charge(reservation)
    try:
        await store.email(f"You bought {item} for {amount}")
    except Exception:
        return Receipt(reservation, amount, email_sent=False)
    return Receipt(reservation, amount, email_sent=True)
