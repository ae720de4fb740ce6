# breaks own-tries: counts the tries in a variable of the module
import asyncio


failed = 0


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
    global failed
    failed = 0
    while True:
        try:
            return await op()
        except retry_on:
            failed += 1
            if failed >= attempts:
                raise
            delay = min(max_delay, base * factor ** (failed - 1))
            await asyncio.sleep(jitter(delay) if jitter else delay)
