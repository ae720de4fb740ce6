# breaks failed-rollback: the error of the rollback takes the place of the first one
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException:
        rolling_back = asyncio.ensure_future(db.rollback(tx))
        while not rolling_back.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([rolling_back])
        rolling_back.result()
        raise
