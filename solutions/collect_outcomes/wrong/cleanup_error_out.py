# breaks cancel-comes-out: the error of a cleanup comes out instead of CancelledError
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


async def try_all(jobs):
    tasks = {name: asyncio.create_task(run(job)) for name, job in jobs.items()}
    try:
        if tasks:
            await asyncio.wait(tasks.values())
    except asyncio.CancelledError:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        for task in tasks.values():
            task.result()
        raise
    return {
        name: Err(asyncio.CancelledError())
        if task.cancelled()
        else Err(task.exception())
        if task.exception()
        else Ok(task.result())
        for name, task in tasks.items()
    }
