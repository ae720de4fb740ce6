# breaks own-cancel: a TaskGroup overlooks the job that was cancelled by itself
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def try_all(jobs):
    outcomes = {}

    async def run(name, job):
        try:
            outcomes[name] = Ok(await job())
        except Exception as error:
            outcomes[name] = Err(error)

    async with asyncio.TaskGroup() as group:
        for name, job in jobs.items():
            group.create_task(run(name, job))
    return {name: outcomes[name] for name in jobs if name in outcomes}
