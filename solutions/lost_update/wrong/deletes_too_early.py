# breaks nothing-lost: the lock is thrown away while others wait for it
import asyncio


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self._store = store
        self._locks = {}

    async def deposit(self, account, amount):
        _check(amount)
        return await self._change(account, amount)

    async def withdraw(self, account, amount):
        _check(amount)
        return await self._change(account, -amount)

    async def _change(self, account, change):
        async with self._locks.setdefault(account, asyncio.Lock()):
            try:
                balance = await self._store.read(account) + change
                if balance < 0:
                    raise InsufficientFunds(account)
                await self._store.write(account, balance)
                return balance
            finally:
                self._locks.pop(account, None)


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
