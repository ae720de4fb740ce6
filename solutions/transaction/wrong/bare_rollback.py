# breaks rollback-to-end: a cancellation stops the rollback
import contextlib


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException as error:
        try:
            await db.rollback(tx)
        except Exception as failed:
            error.add_note(f"and the rollback failed: {failed!r}")
        raise
