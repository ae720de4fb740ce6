"""The checkout that always sells: see README.md."""

from dataclasses import dataclass
from typing import Protocol


class Store(Protocol):
    """What a checkout asks; each method is a coroutine function."""

    async def in_stock(self, item: str) -> bool:
        """Return whether the item is there."""

    async def reserve(self, item: str) -> str:
        """Put the item aside; return the number of the reservation."""

    async def charge(self, reservation: str) -> int:
        """Take the money; return the amount."""

    async def release(self, reservation: str) -> None:
        """Put the item back."""

    async def email(self, text: str) -> None:
        """Tell the buyer."""


@dataclass(frozen=True)
class Receipt:
    """What was sold."""

    reservation: str
    amount: int
    email_sent: bool


class OutOfStock(Exception):
    """There is none left."""


async def checkout(item: str, store: Store) -> Receipt:
    """Sell one ``item``: reserve it, charge for it, email, return the receipt.

    Raises OutOfStock if there is none. A charge that fails or is cancelled releases
    the reservation; an email that fails does not undo the sale.
    """
    # This is the code to repair.
    if not store.in_stock(item):
        raise OutOfStock(item)
    reservation = store.reserve(item)
    amount = store.charge(reservation)
    store.email(f"You bought {item} for {amount}")
    return Receipt(reservation, amount, email_sent=True)
