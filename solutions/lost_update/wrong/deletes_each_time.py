# breaks nothing-lost: each call deletes the lock of its account
import asyncio


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self.store = store
        self.locks = {}

    async def change(self, account, amount):
        lock = self.locks.setdefault(account, asyncio.Lock())
        async with lock:
            balance = await self.store.read(account) + amount
            if balance < 0:
                raise InsufficientFunds
            await self.store.write(account, balance)
        del self.locks[account]
        return balance

    async def deposit(self, account, amount):
        if amount <= 0:
            raise ValueError
        return await self.change(account, amount)

    async def withdraw(self, account, amount):
        if amount <= 0:
            raise ValueError
        return await self.change(account, -amount)
