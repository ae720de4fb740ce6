# breaks cancel-undoes: undoes after an error only, not after a cancellation
import asyncio


async def save_everywhere(replicas, key, value):
    writes = []
    try:
        async with asyncio.TaskGroup() as group:
            for replica in replicas:
                writes.append(group.create_task(replica.write(key, value)))
    except ExceptionGroup as failed:
        errors = list(failed.exceptions)
    else:
        if all(map(ended_well, writes)):
            return
        errors = []
    written = [
        replica
        for replica, write in zip(replicas, writes, strict=True)
        if ended_well(write)
    ]
    deletes = [asyncio.create_task(each.delete(key)) for each in written]
    cancelled = await wait_out(deletes)
    errors += errors_of(deletes)
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
