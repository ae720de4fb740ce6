# breaks waits-capped: cuts the first wait and lets the others grow
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
    delay = min(max_delay, base)
    for failed in range(1, attempts + 1):
        try:
            return await op()
        except retry_on:
            if failed == attempts:
                raise
            await asyncio.sleep(jitter(delay) if jitter else delay)
            delay *= factor
