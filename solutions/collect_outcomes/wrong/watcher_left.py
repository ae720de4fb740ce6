# breaks nothing-left: a task that watches for a timeout is never stopped
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


watchers = set()


async def try_all(jobs):
    async def watch():
        await asyncio.sleep(60)
        print("this takes long")

    watchers.add(asyncio.create_task(watch()))
    outcomes = await asyncio.gather(*map(outcome, jobs.values()))
    return dict(zip(jobs, outcomes, strict=True))
