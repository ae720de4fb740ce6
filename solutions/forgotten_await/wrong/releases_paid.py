# breaks paid-stays: the email stands inside the try that releases
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
    try:
        amount = await store.charge(reservation)
        sent = True
        try:
            await store.email(f"You bought {item} for {amount}")
        except Exception:
            sent = False
    except BaseException:
        await store.release(reservation)
        raise
    return Receipt(reservation, amount, email_sent=sent)
