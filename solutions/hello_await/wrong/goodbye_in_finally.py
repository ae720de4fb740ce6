# breaks no-goodbye-after-cancel: finally says goodbye even when it was cancelled
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    try:
        await asyncio.sleep(delay)
    finally:
        say(f"Goodbye, {name}")
    return name
