# breaks no-complaints: when the caller is cancelled, nobody looks at the errors so far
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def run(job):
    return await job()


def outcome_of(task):
    if task.cancelled():
        return Err(asyncio.CancelledError())
    error = task.exception()
    return Ok(task.result()) if error is None else Err(error)


async def try_all(jobs):
    tasks = {name: asyncio.create_task(run(job)) for name, job in jobs.items()}
    if not tasks:
        return {}
    try:
        await asyncio.wait(tasks.values())
    except asyncio.CancelledError:
        running = [task for task in tasks.values() if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        raise
    return {name: outcome_of(task) for name, task in tasks.items()}
