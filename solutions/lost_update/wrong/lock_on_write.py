# breaks nothing-lost: the balance is read before the lock is taken
import asyncio
from weakref import WeakValueDictionary


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self._store = store
        self._locks = WeakValueDictionary()

    async def deposit(self, account, amount):
        _check(amount)
        return await self._change(account, amount)

    async def withdraw(self, account, amount):
        _check(amount)
        return await self._change(account, -amount)

    async def _change(self, account, change):
        balance = await self._store.read(account) + change
        if balance < 0:
            raise InsufficientFunds(account)
        async with self._locks.setdefault(account, asyncio.Lock()):
            await self._store.write(account, balance)
        return balance


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
