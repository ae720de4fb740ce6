# breaks errors-are-err: keeps the text of the error in a new one
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
    except asyncio.CancelledError as error:
        return Err(error)
    except Exception as error:
        return Err(RuntimeError(f"job failed: {error}"))


async def try_all(jobs):
    outcomes = await asyncio.gather(*map(outcome, jobs.values()))
    return dict(zip(jobs, outcomes, strict=True))
