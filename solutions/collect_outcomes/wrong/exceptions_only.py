# breaks own-cancel: a job's own CancelledError is not caught, and ends the call
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
    except Exception as error:
        return Err(error)


async def try_all(jobs):
    outcomes = await asyncio.gather(*map(outcome, jobs.values()))
    return dict(zip(jobs, outcomes, strict=True))
