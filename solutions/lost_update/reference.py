"""A lock for each account that is in use, with a count of those who want it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol


class Store(Protocol):
    async def read(self, account: str) -> int: ...
    async def write(self, account: str, balance: int) -> None: ...


class InsufficientFunds(Exception):
    pass


class _Turns:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0


class Bank:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns: dict[str, _Turns] = {}

    async def deposit(self, account: str, amount: int) -> int:
        _check(amount)
        return await self._change(account, amount)

    async def withdraw(self, account: str, amount: int) -> int:
        _check(amount)
        return await self._change(account, -amount)

    async def _change(self, account: str, change: int) -> int:
        async with self._turn(account):
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance

    @asynccontextmanager
    async def _turn(self, account: str) -> AsyncIterator[None]:
        turns = self._turns.setdefault(account, _Turns())
        turns.users += 1
        try:
            async with turns.lock:
                yield
        finally:
            turns.users -= 1
            if not turns.users:
                del self._turns[account]


def _check(amount: int) -> None:
    if amount <= 0:
        raise ValueError("the amount must be positive")
