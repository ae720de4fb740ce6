# breaks rollback-to-end: the cancellation of the rollback replaces the first error
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
        cancelled = None
        while not rolling_back.done():
            try:
                await asyncio.wait([rolling_back])
            except asyncio.CancelledError as again:
                cancelled = again
        if rolling_back.exception() is not None:
            error.add_note(repr(rolling_back.exception()))
        if cancelled is not None:
            raise cancelled
        raise
