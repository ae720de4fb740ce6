# breaks own-outcomes: the outcomes wait in a dictionary of the module
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


outcomes = {}


async def try_all(jobs):
    async def run(name, job):
        outcomes[name] = await outcome(job)

    await asyncio.gather(*(run(name, job) for name, job in jobs.items()))
    return {name: outcomes[name] for name in jobs}
