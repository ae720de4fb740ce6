"""A TaskGroup for the writes, and a task for the undo that no cancellation reaches."""

import asyncio
from collections.abc import Sequence
from typing import Protocol


class Replica(Protocol):
    async def write(self, key: str, value: str) -> None: ...

    async def delete(self, key: str) -> None: ...


async def save_everywhere(replicas: Sequence[Replica], key: str, value: str) -> None:
    writes: list[asyncio.Task[None]] = []
    errors: list[Exception] = []
    cancelled = False
    try:
        async with asyncio.TaskGroup() as group:
            writes += [
                group.create_task(replica.write(key, value)) for replica in replicas
            ]
    except ExceptionGroup as failed:
        errors += failed.exceptions
    except asyncio.CancelledError:
        cancelled = True

    written = [
        replica
        for replica, write in zip(replicas, writes, strict=True)
        if not write.cancelled() and write.exception() is None
    ]
    if len(written) == len(replicas) and not cancelled:
        return
    undo = asyncio.create_task(delete_from(written, key))
    cancelled |= await is_cancelled_while(undo)
    errors += undo.result()
    if cancelled or not errors:
        raise asyncio.CancelledError
    raise ExceptionGroup("not saved", errors)


async def delete_from(replicas: list[Replica], key: str) -> list[Exception]:
    """Delete from all of them, whatever fails; return the errors."""
    ended = await asyncio.gather(
        *(replica.delete(key) for replica in replicas), return_exceptions=True
    )
    return [each for each in ended if isinstance(each, Exception)]


async def is_cancelled_while(task: asyncio.Task[list[Exception]]) -> bool:
    """Wait until a task is done, however often we are cancelled; say if we were."""
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    return cancelled
