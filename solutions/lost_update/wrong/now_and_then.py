# breaks in-turn: it looks now and then whether the account is free
import asyncio


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
        waiting = self._waiting.setdefault(account, [])
        turn = object()
        waiting.append(turn)
        try:
            while waiting[0] is not turn:
                await asyncio.sleep(0.3)
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            waiting.remove(turn)
            if not waiting:
                del self._waiting[account]


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
