# breaks hello-at-once: waits first and then says both
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    await asyncio.sleep(delay)
    say(f"Hello, {name}")
    say(f"Goodbye, {name}")
    return name
