# breaks nothing-left: a task that warns of long transactions is left
import asyncio
import contextlib


async def _warn():
    await asyncio.sleep(60)
    print("this transaction takes long")


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    watching = asyncio.ensure_future(_warn())
    try:
        yield tx
        await db.commit(tx)
        watching.cancel()
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
