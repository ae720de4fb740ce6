# breaks error-out: the error comes out while the rollback goes on behind it
import asyncio
import contextlib


_tasks = set()


@contextlib.asynccontextmanager
async def transaction(db):
    tx = await db.begin()
    try:
        yield tx
        await db.commit(tx)
    except BaseException:
        task = asyncio.ensure_future(db.rollback(tx))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
        raise
