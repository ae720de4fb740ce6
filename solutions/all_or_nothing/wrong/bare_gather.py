# breaks deletes-after-writes: deletes while the other writes are still running
import asyncio


async def save_everywhere(replicas, key, value):
    written = []

    async def write(replica):
        await replica.write(key, value)
        written.append(replica)

    try:
        await asyncio.gather(*map(write, replicas))
    except BaseException as error:
        deletes = [asyncio.create_task(each.delete(key)) for each in written]
        cancelled = await wait_out(deletes)
        if cancelled or isinstance(error, asyncio.CancelledError):
            raise asyncio.CancelledError from None
        raise ExceptionGroup("not saved", [error, *errors_of(deletes)]) from None


async def wait_out(tasks):
    cancelled = False
    while pending := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError:
            cancelled = True
    return cancelled


def errors_of(tasks):
    found = [task.exception() for task in tasks if not task.cancelled()]
    return [error for error in found if error is not None]
