"""One condition, and the set of accounts that are busy."""

import asyncio
from typing import Protocol


class Store(Protocol):
    async def read(self, account: str) -> int: ...
    async def write(self, account: str, balance: int) -> None: ...


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._busy: set[str] = set()
        self._changed = asyncio.Condition()

    async def deposit(self, account: str, amount: int) -> int:
        return await self._change(account, amount, 1)

    async def withdraw(self, account: str, amount: int) -> int:
        return await self._change(account, amount, -1)

    async def _change(self, account: str, amount: int, sign: int) -> int:
        if amount <= 0:
            raise ValueError("the amount must be positive")
        async with self._changed:
            await self._changed.wait_for(lambda: account not in self._busy)
            self._busy.add(account)
        try:
            balance = await self._store.read(account) + sign * amount
            if balance < 0:
                raise InsufficientFunds
            await self._store.write(account, balance)
            return balance
        finally:
            self._busy.remove(account)
            async with self._changed:
                self._changed.notify_all()
