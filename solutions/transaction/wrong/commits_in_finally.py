# breaks rolls-back: it commits in finally, whatever happened
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
    except BaseException as error:
        failed = await _rolled_back(db, tx)
        if failed is not None:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise
    finally:
        await db.commit(tx)


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
