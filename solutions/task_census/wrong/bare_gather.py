# breaks job-error-out: gather raises the first error and leaves the other jobs running
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    current: str
    others: tuple[str, ...]


def snapshot():
    me = asyncio.current_task()
    if me is None:
        raise RuntimeError("no task is running here")
    others = [task.get_name() for task in asyncio.all_tasks() if task is not me]
    return Snapshot(me.get_name(), tuple(sorted(others)))


async def run_named(jobs):
    tasks = [asyncio.create_task(job(), name=f"job:{key}") for key, job in jobs.items()]
    return dict(zip(jobs, await asyncio.gather(*tasks)))


def others(prefix):
    found = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in found if task.get_name().startswith(prefix)}


async def drain(prefix):
    count = 0
    while waiting := others(prefix):
        await asyncio.wait(waiting)
        count += len(waiting)
    return count
