# breaks cancel-comes-out: asyncio.wait lets the jobs run on when the caller is cancelled
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def outcome(job):
    try:
        return Ok(await job())
    except (Exception, asyncio.CancelledError) as error:
        return Err(error)


async def try_all(jobs):
    tasks = {name: asyncio.create_task(outcome(job)) for name, job in jobs.items()}
    if tasks:
        await asyncio.wait(tasks.values())
    return {name: task.result() for name, task in tasks.items()}
