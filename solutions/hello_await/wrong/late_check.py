# breaks bad-arguments: looks at its arguments when it has already said hello
import asyncio


async def greet(name, delay, say):
    say(f"Hello, {name}")
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
