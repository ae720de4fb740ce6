# breaks cancel-comes-out: cancels the jobs again while they clean up
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
    try:
        if tasks:
            await asyncio.wait(tasks.values())
    finally:
        while not all(task.done() for task in tasks.values()):
            for task in tasks.values():
                task.cancel()
            await asyncio.sleep(0)
    return {name: task.result() for name, task in tasks.items()}
