# breaks nothing-left: each worker waits five more seconds for work before it ends
import asyncio
import queue
import threading
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    loop = asyncio.get_running_loop()
    jobs = queue.Queue()
    hashes = []

    def set_outcome(call, outcome):
        if call.done():
            return
        if isinstance(outcome, Exception):
            call.set_exception(outcome)
        else:
            call.set_result(outcome)

    def work():
        while True:
            try:
                call, blob = jobs.get(timeout=5)
            except queue.Empty:
                return
            if call.cancelled():
                continue
            try:
                outcome = hash_fn(blob)
            except Exception as error:
                outcome = error
            loop.call_soon_threadsafe(set_outcome, call, outcome)

    for blob in blobs:
        hashes.append(loop.create_future())
        jobs.put((hashes[-1], blob))
    for _ in range(min(threads, len(blobs))):
        threading.Thread(target=copy_context().run, args=[work]).start()
    try:
        return await asyncio.gather(*hashes)
    finally:
        for call in hashes:
            call.cancel()
