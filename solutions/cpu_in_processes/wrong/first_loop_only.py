# breaks second-loop: the event that tells of the end belongs to the first loop
import asyncio
from concurrent.futures import ProcessPoolExecutor

changed = asyncio.Condition()


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(processes)
    done = {}
    left = set(range(0, len(items), chunk))

    async def send(at):
        part = items[at : at + chunk]
        done[at] = await loop.run_in_executor(pool, work_on, fn, part)
        async with changed:
            left.discard(at)
            changed.notify_all()

    async def all_done():
        async with changed:
            await changed.wait_for(lambda: not left)

    tasks = [asyncio.create_task(send(at)) for at in left]
    tasks.append(asyncio.create_task(all_done()))
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        pool.shutdown(wait=False, cancel_futures=True)
    return [result for at in sorted(done) for result in done[at]]
