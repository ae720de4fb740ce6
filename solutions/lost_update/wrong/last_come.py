# breaks arrival-order: who came last is served first
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
        if account in self._waiting:
            turn = asyncio.Event()
            self._waiting[account].append(turn)
            try:
                await turn.wait()
            except asyncio.CancelledError:
                if turn in self._waiting[account]:
                    self._waiting[account].remove(turn)
                else:
                    self._pass_on(account)
                raise
        else:
            self._waiting[account] = []
        try:
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            self._pass_on(account)

    def _pass_on(self, account):
        if self._waiting[account]:
            self._waiting[account].pop().set()
        else:
            del self._waiting[account]


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
