# breaks out-of-stock: reserves the item before it asks whether there is one
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


async def checkout(item, store):
    reservation = await store.reserve(item)
    if not await store.in_stock(item):
        await store.release(reservation)
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
