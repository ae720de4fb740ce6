# breaks insufficient-funds: the balance is looked at after it was written
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
        async with self._locks.setdefault(account, asyncio.Lock()):
            balance = await self._store.read(account) + change
            await self._store.write(account, balance)
            if balance < 0:
                raise InsufficientFunds(account)
            return balance


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
