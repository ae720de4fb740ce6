# breaks dead-worker: multiprocessing.Pool forgets the chunk of a worker that dies
import asyncio
import multiprocessing


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    futures = []

    def settle(future, result, error):
        if not future.done():
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def send(part):
        future = loop.create_future()
        pool.apply_async(
            work_on,
            (fn, part),
            callback=lambda result: loop.call_soon_threadsafe(
                settle, future, result, None
            ),
            error_callback=lambda error: loop.call_soon_threadsafe(
                settle, future, None, error
            ),
        )
        return future

    pool = multiprocessing.Pool(processes)
    try:
        futures = [send(items[at : at + chunk]) for at in range(0, len(items), chunk)]
        return [result for part in await asyncio.gather(*futures) for result in part]
    finally:
        await asyncio.to_thread(pool.terminate)
        await asyncio.to_thread(pool.join)
