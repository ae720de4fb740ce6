# breaks side-by-side: a lock of the module lets in one transaction at a time
import asyncio
import contextlib


_lock = asyncio.Lock()


@contextlib.asynccontextmanager
async def transaction(db):
    async with _lock:
        tx = await db.begin()
        try:
            yield tx
            await db.commit(tx)
        except BaseException as error:
            failed = await _rolled_back(db, tx)
            if failed is not None:
                error.add_note(f"and the rollback failed: {failed!r}")
            raise


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
