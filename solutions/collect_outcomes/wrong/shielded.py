# breaks cancel-comes-out: shields the jobs from the caller's cancellation
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
    running = asyncio.gather(*map(outcome, jobs.values()))
    outcomes = await asyncio.shield(running)
    return dict(zip(jobs, outcomes, strict=True))
