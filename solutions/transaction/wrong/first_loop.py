# breaks second-loop: rollbacks are started on the loop of the first transaction
import asyncio
import contextlib


_loop = None


@contextlib.asynccontextmanager
async def transaction(db):
    global _loop
    _loop = _loop or asyncio.get_running_loop()
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException as error:
        rolling_back = _loop.create_task(db.rollback(tx))
        while not rolling_back.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([rolling_back])
        failed = rolling_back.exception()
        if failed is not None:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise
