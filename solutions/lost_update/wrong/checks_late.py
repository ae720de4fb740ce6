# breaks bad-amount: the amount is looked at when the balance was read
import asyncio
from weakref import WeakValueDictionary


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self._store = store
        self._locks = WeakValueDictionary()

    async def deposit(self, account, amount):
        return await self._change(account, amount, amount)

    async def withdraw(self, account, amount):
        return await self._change(account, amount, -amount)

    async def _change(self, account, amount, change):
        async with self._locks.setdefault(account, asyncio.Lock()):
            balance = await self._store.read(account) + change
            if amount <= 0:
                raise ValueError("the amount must be positive")
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
