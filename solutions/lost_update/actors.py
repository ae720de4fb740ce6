"""An actor for each busy account: it gives out turns from a queue, and ends when idle."""

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
        self._queues: dict[str, asyncio.Queue[_Turn]] = {}
        self._actors: set[asyncio.Task[None]] = set()

    async def deposit(self, account: str, amount: int) -> int:
        if amount <= 0:
            raise ValueError("the amount must be positive")
        return await self._in_turn(account, amount)

    async def withdraw(self, account: str, amount: int) -> int:
        if amount <= 0:
            raise ValueError("the amount must be positive")
        return await self._in_turn(account, -amount)

    async def _in_turn(self, account: str, change: int) -> int:
        turn = _Turn()
        self._queue_of(account).put_nowait(turn)
        try:
            await turn.begun.wait()
            balance = await self._store.read(account) + change
            if balance < 0:
                raise InsufficientFunds(account)
            await self._store.write(account, balance)
            return balance
        finally:
            turn.over.set()

    def _queue_of(self, account: str) -> asyncio.Queue["_Turn"]:
        if account not in self._queues:
            self._queues[account] = asyncio.Queue()
            actor = asyncio.create_task(self._serve(account))
            self._actors.add(actor)
            actor.add_done_callback(self._actors.discard)
        return self._queues[account]

    async def _serve(self, account: str) -> None:
        queue = self._queues[account]
        while not queue.empty():
            turn = queue.get_nowait()
            turn.begun.set()
            await turn.over.wait()
        del self._queues[account]


class _Turn:
    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.over = asyncio.Event()
