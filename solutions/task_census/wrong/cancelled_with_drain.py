# breaks drain-leaves-alone: when drain is cancelled, gather cancels all that it waits for
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
    async with asyncio.TaskGroup() as group:
        tasks = {
            key: group.create_task(job(), name=f"job:{key}")
            for key, job in jobs.items()
        }
    return {key: task.result() for key, task in tasks.items()}


def others(prefix):
    found = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in found if task.get_name().startswith(prefix)}


async def drain(prefix):
    count = 0
    while waiting := others(prefix):
        count += len(await asyncio.gather(*waiting, return_exceptions=True))
    return count
