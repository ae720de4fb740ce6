# breaks ends-with-last: sleeps a little, to let everything settle
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
    await asyncio.sleep(0.1)
    return dict(zip(jobs, outcomes, strict=True))
