# breaks nothing-left: the task that waits is cancelled, and nobody waits until it has ended
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    waiting = asyncio.create_task(asyncio.sleep(delay))
    try:
        await asyncio.wait([waiting])
    finally:
        waiting.cancel()
    say(f"Goodbye, {name}")
    return name
