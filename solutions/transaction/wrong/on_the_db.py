# breaks side-by-side: the number is kept on the database
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    db.tx = await db.begin()
    try:
        yield db.tx
        await db.commit(db.tx)
    except BaseException as error:
        failed = await _rolled_back(db, db.tx)
        if failed is not None:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
