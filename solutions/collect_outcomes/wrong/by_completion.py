# breaks every-name: the names stand in the order in which their jobs ended
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
    outcomes = {}

    async def run(name, job):
        outcomes[name] = await outcome(job)

    await asyncio.gather(*(run(name, job) for name, job in jobs.items()))
    return outcomes
