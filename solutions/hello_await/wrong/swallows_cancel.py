# breaks cancel-comes-out: catches CancelledError and returns as if nothing had happened
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        return name
    say(f"Goodbye, {name}")
    return name
