"""An asynchronous generator; the rollback is a task that nobody cancels."""

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
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException as error:
        failed = await _rolled_back(db, tx)
        if failed is not None:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise


async def _rolled_back(db: Db, tx: int) -> BaseException | None:
    """Roll back to the end, however often we are cancelled; return its error."""
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        # Cancelling asyncio.wait does not cancel what it waits for.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
