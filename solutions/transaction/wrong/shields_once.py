# breaks rollback-to-end: a second cancellation comes through the shield
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException as error:
        rolling_back = asyncio.ensure_future(db.rollback(tx))
        try:
            try:
                await asyncio.shield(rolling_back)
            except asyncio.CancelledError:
                await rolling_back
        except Exception as failed:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise
