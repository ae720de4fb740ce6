"""Each write enters itself in a list; the TaskGroup's group stands inside the last one."""

import asyncio
from collections.abc import Sequence
from typing import Protocol


class Replica(Protocol):
    async def write(self, key: str, value: str) -> None: ...

    async def delete(self, key: str) -> None: ...


async def save_everywhere(  # noqa: C901
    replicas: Sequence[Replica], key: str, value: str
) -> None:
    written: list[Replica] = []
    errors: list[Exception] = []

    async def write(replica: Replica) -> None:
        await replica.write(key, value)
        written.append(replica)

    async def delete(replica: Replica) -> None:
        try:
            await replica.delete(key)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    async def undo() -> None:
        async with asyncio.TaskGroup() as group:
            for replica in written:
                group.create_task(delete(replica))

    try:
        async with asyncio.TaskGroup() as group:
            for replica in replicas:
                group.create_task(write(replica))
        if len(written) == len(replicas):
            return
    except ExceptionGroup as failed:
        errors.append(failed)
    except asyncio.CancelledError:
        pass
    undoing = asyncio.create_task(undo())
    was_cancelled = not errors
    while not undoing.done():
        try:
            await asyncio.shield(undoing)
        except asyncio.CancelledError:
            was_cancelled = True
    if was_cancelled:
        raise asyncio.CancelledError
    raise ExceptionGroup("not saved", errors)
