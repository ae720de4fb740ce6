# breaks answers-are-ok: takes every exception among the results for an error
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def call(job):
    return await job()


async def try_all(jobs):
    found = await asyncio.gather(*map(call, jobs.values()), return_exceptions=True)
    return {
        name: Err(each) if isinstance(each, BaseException) else Ok(each)
        for name, each in zip(jobs, found, strict=True)
    }
