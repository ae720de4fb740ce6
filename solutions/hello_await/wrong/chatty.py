# breaks goodbye-after-delay: says a third sentence
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    say(f"Waiting {delay} seconds")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
