# breaks cancel-frees: the turn is given to a call that was cancelled as it waited
import asyncio
from collections import deque


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self._store = store
        self._waiting = {}

    async def deposit(self, account, amount):
        _check(amount)
        return await self._change(account, amount)

    async def withdraw(self, account, amount):
        _check(amount)
        return await self._change(account, -amount)

    async def _change(self, account, change):
        if account in self._waiting:
            turn = asyncio.Event()
            self._waiting[account].append(turn)
            await turn.wait()
        else:
            self._waiting[account] = deque()
        try:
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            if self._waiting[account]:
                self._waiting[account].popleft().set()
            else:
                del self._waiting[account]


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
