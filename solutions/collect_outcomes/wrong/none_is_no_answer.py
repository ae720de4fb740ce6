# breaks answers-are-ok: takes an empty answer for a failure
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def try_all(jobs):
    errors = {}

    async def run(name, job):
        try:
            return await job()
        except (Exception, asyncio.CancelledError) as error:
            errors[name] = error

    found = await asyncio.gather(*(run(name, job) for name, job in jobs.items()))
    return {
        name: Ok(each) if each else Err(errors.get(name, ValueError("no answer")))
        for name, each in zip(jobs, found, strict=True)
    }
