# breaks waits-grow: counts the wait from the beginning of the try
import asyncio


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
    loop = asyncio.get_running_loop()
    for failed in range(1, attempts + 1):
        began = loop.time()
        try:
            return await op()
        except retry_on:
            if failed == attempts:
                raise
            delay = min(max_delay, base * factor ** (failed - 1))
            wait = jitter(delay) if jitter else delay
            await asyncio.sleep(began + wait - loop.time())
