# breaks starts-when-awaited: a plain function that says hello when it is called
import asyncio


def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    return finish(name, delay, say)


async def finish(name, delay, say):
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
