# breaks failed-rollback: nothing tells that the rollback failed
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException:
        await _rolled_back(db, tx)
        raise


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
