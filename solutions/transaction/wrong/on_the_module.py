# breaks side-by-side: the number stands in the module, and the next one overwrites it
import asyncio
import contextlib


_tx = 0


@contextlib.asynccontextmanager
async def transaction(db):
    global _tx
    _tx = await db.begin()
    try:
        yield _tx
        await db.commit(_tx)
    except BaseException as error:
        failed = await _rolled_back(db, _tx)
        if failed is not None:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
