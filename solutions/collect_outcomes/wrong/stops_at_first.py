# breaks ends-with-last: the first error ends the wait, and the others are cancelled
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
    if not tasks:
        return {}
    try:
        await asyncio.wait(tasks.values(), return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks.values():
            task.cancel()
        ended = await asyncio.gather(*tasks.values(), return_exceptions=True)
    return {
        name: Err(each) if task.cancelled() or task.exception() else Ok(each)
        for (name, task), each in zip(tasks.items(), ended, strict=True)
    }
