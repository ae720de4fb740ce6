# breaks bad-arguments: a plain function that raises ValueError when it is called
import asyncio


def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    return greet_checked(name, delay, say)


async def greet_checked(name, delay, say):
    say(f"Hello, {name}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
