# breaks every-name: leaves out the jobs that failed
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
    outcomes = await asyncio.gather(*map(outcome, jobs.values()))
    return {
        name: found
        for name, found in zip(jobs, outcomes, strict=True)
        if isinstance(found, Ok)
    }
