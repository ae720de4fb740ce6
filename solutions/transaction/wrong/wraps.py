# breaks error-out: the error comes out inside another one
import asyncio
import contextlib


class TransactionError(Exception):
    pass


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
    except Exception as error:
        await _rolled_back(db, tx)
        raise TransactionError("rolled back") from error
    except BaseException as error:
        await _rolled_back(db, tx)
        raise
    try:
        await db.commit(tx)
    except BaseException as error:
        failed = await _rolled_back(db, tx)
        if failed is not None:
            error.add_note(repr(failed))
        raise


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
