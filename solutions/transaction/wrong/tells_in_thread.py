# breaks never-blocks: it writes its log in a thread, and waits for that without await
import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor


def _log(text):
    with ThreadPoolExecutor() as pool:
        pool.submit(print, text).result()


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    _log(f"transaction {tx} has begun")
    try:
        yield tx
        await db.commit(tx)
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
