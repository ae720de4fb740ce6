# breaks rollback-to-end: the shield keeps the rollback alive, and nobody waits for it
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException as error:
        try:
            await asyncio.shield(db.rollback(tx))
        except Exception as failed:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise
