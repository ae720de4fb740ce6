# breaks all-at-once: waits for each write before the next one starts
import asyncio


async def save_everywhere(replicas, key, value):
    written = []
    try:
        for replica in replicas:
            await replica.write(key, value)
            written.append(replica)
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
