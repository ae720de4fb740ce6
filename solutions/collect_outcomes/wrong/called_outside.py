# breaks refusal-is-err: calls the job where nobody catches what the call raises
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def outcome(awaitable):
    try:
        return Ok(await awaitable)
    except (Exception, asyncio.CancelledError) as error:
        return Err(error)


async def try_all(jobs):
    outcomes = await asyncio.gather(*(outcome(job()) for job in jobs.values()))
    return dict(zip(jobs, outcomes, strict=True))
