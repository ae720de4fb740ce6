# breaks errors-are-err: a TaskGroup cancels the other jobs and raises
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def try_all(jobs):
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(job()) for name, job in jobs.items()}
    return {name: Ok(task.result()) for name, task in tasks.items()}
