"""An AsyncExitStack whose rollback is dropped once the commit is done."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol


class Db(Protocol):
    async def begin(self) -> int: ...
    async def commit(self, tx: int) -> None: ...
    async def rollback(self, tx: int) -> None: ...


@contextlib.asynccontextmanager
async def transaction(db: Db) -> AsyncIterator[int]:
    async with contextlib.AsyncExitStack() as stack:
        tx = await db.begin()

        async def roll_back(_: object, first: BaseException | None, __: object) -> None:
            done = asyncio.Event()
            task = asyncio.ensure_future(db.rollback(tx))
            task.add_done_callback(lambda _: done.set())
            while not done.is_set():
                try:
                    await done.wait()
                except asyncio.CancelledError:
                    continue
            error = task.exception()
            if error is not None and first is not None:
                first.__cause__ = error

        stack.push_async_exit(roll_back)
        yield tx
        await db.commit(tx)
        stack.pop_all()
