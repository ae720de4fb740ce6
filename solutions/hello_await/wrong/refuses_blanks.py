# breaks bad-arguments: takes a name of blanks for an empty one
import asyncio


async def greet(name, delay, say):
    if not name.strip() or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
