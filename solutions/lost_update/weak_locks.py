"""A dictionary that forgets a lock as soon as nobody holds it or waits for it."""

import asyncio
from typing import Protocol
from weakref import WeakValueDictionary


class Store(Protocol):
    async def read(self, account: str) -> int: ...
    async def write(self, account: str, balance: int) -> None: ...


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def deposit(self, account: str, amount: int) -> int:
        if amount <= 0:
            raise ValueError("the amount must be positive")
        async with self._locks.setdefault(account, asyncio.Lock()):
            balance = await self._store.read(account) + amount
            await self._store.write(account, balance)
            return balance

    async def withdraw(self, account: str, amount: int) -> int:
        if amount <= 0:
            raise ValueError("the amount must be positive")
        async with self._locks.setdefault(account, asyncio.Lock()):
            balance = await self._store.read(account)
            if balance < amount:
                raise InsufficientFunds(f"{account} holds {balance}")
            await self._store.write(account, balance - amount)
            return balance - amount
