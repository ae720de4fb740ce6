# breaks error-frees: after an error the lock is never given back
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
        lock = self._locks.setdefault(account, asyncio.Lock())
        await lock.acquire()
        balance = await self._store.read(account) + change
        if balance < 0:
            lock.release()
            raise InsufficientFunds(account)
        await self._store.write(account, balance)
        lock.release()
        return balance


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
