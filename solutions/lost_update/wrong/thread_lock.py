# breaks never-blocks: a lock of threads stops the event loop
import threading
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
        lock = self._locks.get(account)
        if lock is None:
            lock = self._locks[account] = threading.Lock()
        with lock:
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance


def _check(amount):
    if amount <= 0:
        raise ValueError("the amount must be positive")
