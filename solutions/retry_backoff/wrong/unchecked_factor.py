# breaks bad-numbers: does not look at the factor
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
    if attempts < 1 or base < 0:
        raise ValueError("attempts or base")
    for failed in range(1, attempts + 1):
        try:
            return await op()
        except retry_on:
            if failed == attempts:
                raise
            delay = min(max_delay, base * factor ** (failed - 1))
            await asyncio.sleep(jitter(delay) if jitter else delay)
