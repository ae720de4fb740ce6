# breaks second-loop: keeps the first event loop and makes its tasks there
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


loop = None


async def try_all(jobs):
    global loop
    loop = loop or asyncio.get_running_loop()
    tasks = [loop.create_task(outcome(job)) for job in jobs.values()]
    outcomes = await asyncio.gather(*tasks)
    return dict(zip(jobs, outcomes, strict=True))
