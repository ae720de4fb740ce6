# breaks own-sale: the reservation is kept in the module, which all checkouts share
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


reservation = None


async def checkout(item, store):
    global reservation
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
    except Exception:
        return Receipt(reservation, amount, email_sent=False)
    return Receipt(reservation, amount, email_sent=True)
