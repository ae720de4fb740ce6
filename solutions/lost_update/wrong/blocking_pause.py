# breaks never-blocks: time.sleep lets other threads on for a moment, and stops every task
import asyncio
import time
from contextlib import asynccontextmanager


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self._store = store
        self._locks = {}
        self._users = {}

    async def deposit(self, account, amount):
        _check(amount)
        return await self._change(account, amount)

    async def withdraw(self, account, amount):
        _check(amount)
        return await self._change(account, -amount)

    async def _change(self, account, change):
        async with self._turn(account):
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            time.sleep(1e-9)
            return balance

    @asynccontextmanager
    async def _turn(self, account):
        lock = self._locks.setdefault(account, asyncio.Lock())
        self._users[account] = self._users.get(account, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[account] -= 1
            if not self._users[account]:
                del self._locks[account], self._users[account]


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
