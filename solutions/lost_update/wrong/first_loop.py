# breaks second-loop: it keeps the loop of the first call
import asyncio


class InsufficientFunds(Exception):
    pass


_loop = None


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
        global _loop
        _loop = _loop or asyncio.get_running_loop()
        waiting = self._waiting.setdefault(account, [])
        turn = _loop.create_future()
        waiting.append(turn)
        try:
            if waiting[0] is not turn:
                await turn
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            first = waiting[0] is turn
            waiting.remove(turn)
            if not waiting:
                del self._waiting[account]
            elif first and not waiting[0].done():
                waiting[0].set_result(None)


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
