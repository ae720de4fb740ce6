# breaks deletes-after-writes: does not wait for the cleanups before it deletes
import asyncio


async def save_everywhere(replicas, key, value):
    writes = [asyncio.create_task(each.write(key, value)) for each in replicas]
    if not writes:
        return
    cancelled = False
    try:
        await asyncio.wait(writes, return_when=asyncio.FIRST_EXCEPTION)
    except asyncio.CancelledError:
        cancelled = True
    written = [
        replica
        for replica, write in zip(replicas, writes, strict=True)
        if write.done() and ended_well(write)
    ]
    if len(written) == len(writes) and not cancelled:
        return
    for write in writes:
        write.cancel()
    deletes = [asyncio.create_task(each.delete(key)) for each in written]
    cancelled |= await wait_out(writes + deletes)
    errors = errors_of(writes) + errors_of(deletes)
    if cancelled or not errors:
        raise asyncio.CancelledError
    raise ExceptionGroup("not saved", errors)


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


def ended_well(task):
    return not task.cancelled() and task.exception() is None
