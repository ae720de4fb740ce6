# breaks commits: it rolls back in finally, after the commit too
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    first = None
    try:
        yield tx
        await db.commit(tx)
    except BaseException as error:
        first = error
        raise
    finally:
        failed = await _rolled_back(db, tx)
        if failed is not None and first is not None:
            first.add_note(f"and the rollback failed: {failed!r}")


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
