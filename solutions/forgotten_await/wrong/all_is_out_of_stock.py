# breaks store-error-out: an error of the store is told as OutOfStock
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


async def checkout(item, store):
    try:
        there = await store.in_stock(item)
        reservation = await store.reserve(item) if there else None
    except Exception:
        there = False
    if not there:
        raise OutOfStock(item)
    try:
        amount = await store.charge(reservation)
    except BaseException:
        await store.release(reservation)
        raise
    try:
        await store.email(f"You bought {item} for {amount}")
    except Exception:
        return Receipt(reservation, amount, email_sent=False)
    return Receipt(reservation, amount, email_sent=True)
