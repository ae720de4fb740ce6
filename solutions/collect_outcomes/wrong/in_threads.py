# breaks never-blocks: a thread and an event loop for each, and a wait that stops ours
import asyncio
from concurrent.futures import ThreadPoolExecutor
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
    if not jobs:
        return {}
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = {
            name: pool.submit(asyncio.run, outcome(job)) for name, job in jobs.items()
        }
        return {name: each.result() for name, each in running.items()}
