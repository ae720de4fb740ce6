# breaks own-cancel: asks for Exception, and CancelledError is none
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def succeed(job):
    return Ok(await job())


async def try_all(jobs):
    found = await asyncio.gather(*map(succeed, jobs.values()), return_exceptions=True)
    return {
        name: Err(each) if isinstance(each, Exception) else each
        for name, each in zip(jobs, found, strict=True)
    }
