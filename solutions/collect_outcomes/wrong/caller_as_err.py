# breaks cancel-comes-out: takes the caller's cancellation for the outcome of a job
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def run(job):
    return await job()


async def try_all(jobs):
    tasks = {name: asyncio.create_task(run(job)) for name, job in jobs.items()}
    outcomes = {}
    for name, task in tasks.items():
        try:
            outcomes[name] = Ok(await task)
        except BaseException as error:
            outcomes[name] = Err(error)
    return outcomes
