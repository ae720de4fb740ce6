# breaks failed-email: the receipt says that the email was sent, although it failed
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
    except BaseException:
        await store.release(reservation)
        raise
    try:
        await store.email(f"You bought {item} for {amount}")
    except Exception as error:
        print("no email:", error)
    return Receipt(reservation, amount, email_sent=True)
