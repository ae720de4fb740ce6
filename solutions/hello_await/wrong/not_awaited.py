# breaks goodbye-after-delay: the sleep is made but never awaited
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
