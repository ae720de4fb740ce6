"""Each call waits for the end of the one before it on its account."""

import asyncio
from typing import Protocol


class Store(Protocol):
    async def read(self, account: str) -> int: ...
    async def write(self, account: str, balance: int) -> None: ...


class InsufficientFunds(Exception):
    pass


class Bank:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: dict[str, asyncio.Future[None]] = {}

    async def deposit(self, account: str, amount: int) -> int:
        return await self._change(account, amount, amount)

    async def withdraw(self, account: str, amount: int) -> int:
        return await self._change(account, amount, -amount)

    async def _change(self, account: str, amount: int, change: int) -> int:
        if amount <= 0:
            raise ValueError("the amount must be positive")
        before = self._last.get(account)
        over = asyncio.get_running_loop().create_future()
        self._last[account] = over
        try:
            if before is not None:
                await asyncio.wait([before])
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            self._end(account, before, over)

    def _end(
        self,
        account: str,
        before: asyncio.Future[None] | None,
        over: asyncio.Future[None],
    ) -> None:
        if before is not None and not before.done():
            # Cancelled as it waited: who comes next waits for the one before.
            before.add_done_callback(lambda _: self._end(account, None, over))
            return
        over.set_result(None)
        if self._last[account] is over:
            del self._last[account]
