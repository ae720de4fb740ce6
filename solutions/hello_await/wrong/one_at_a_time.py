# breaks side-by-side: a lock of the module lets only one greeting wait
import asyncio

LOCKS = {}


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    async with LOCKS.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
