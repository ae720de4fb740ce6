# breaks second-loop: the event that makes the waits is kept in the module
import asyncio


stopping = asyncio.Event()


async def retry(
    op,
    *,
    attempts,
    base,
    factor=2.0,
    max_delay=60.0,
    retry_on=(Exception,),
    jitter=None,
):
    if attempts < 1 or base < 0 or factor < 1:
        raise ValueError("attempts, base or factor")
    for failed in range(1, attempts + 1):
        try:
            return await op()
        except retry_on:
            if failed == attempts:
                raise
            delay = min(max_delay, base * factor ** (failed - 1))
        try:
            async with asyncio.timeout(jitter(delay) if jitter else delay):
                await stopping.wait()
        except TimeoutError:
            pass
