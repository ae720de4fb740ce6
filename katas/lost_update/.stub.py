"""The account that loses money: see README.md."""

from typing import Protocol


class Store(Protocol):
    """Where the balances are kept. It is given to you: do not change it."""

    async def read(self, account: str) -> int:
        """Return the balance of an account."""

    async def write(self, account: str, balance: int) -> None:
        """Set the balance of an account."""


class InsufficientFunds(Exception):
    """There is less in the account than is to be withdrawn."""


class Bank:
    """Changes balances in a store so that no change is lost."""

    def __init__(self, store: Store) -> None:
        """Keep the store; nothing is read yet."""

    async def deposit(self, account: str, amount: int) -> int:
        """Add an amount to an account and return the new balance.

        Raises ValueError unless the amount is positive.
        """
        raise NotImplementedError

    async def withdraw(self, account: str, amount: int) -> int:
        """Take an amount from an account and return the new balance.

        Raises ValueError unless the amount is positive, and InsufficientFunds, without
        writing, if the balance is too low.
        """
        raise NotImplementedError
