# breaks all-at-once: gives a job that failed a second chance
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
    async def twice(job):
        found = await outcome(job)
        return await outcome(job) if isinstance(found, Err) else found

    outcomes = await asyncio.gather(*map(twice, jobs.values()))
    return dict(zip(jobs, outcomes, strict=True))
