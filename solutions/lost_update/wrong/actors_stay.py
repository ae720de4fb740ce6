# breaks nothing-left: the actor of an account waits for ever for more
import asyncio


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store):
        self._store = store
        self._queues = {}
        self._actors = []

    async def deposit(self, account, amount):
        _check(amount)
        return await self._change(account, amount)

    async def withdraw(self, account, amount):
        _check(amount)
        return await self._change(account, -amount)

    async def _change(self, account, change):
        if account not in self._queues:
            self._queues[account] = asyncio.Queue()
            self._actors.append(asyncio.create_task(self._serve(self._queues[account])))
        begun, over = asyncio.Event(), asyncio.Event()
        self._queues[account].put_nowait((begun, over))
        try:
            await begun.wait()
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            over.set()

    async def _serve(self, queue):
        while True:
            begun, over = await queue.get()
            begun.set()
            await over.wait()


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
