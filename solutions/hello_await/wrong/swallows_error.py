# breaks say-error-out: an error of say is printed and forgotten
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    try:
        say(f"Hello, {name}")
        await asyncio.sleep(delay)
        say(f"Goodbye, {name}")
    except Exception as error:
        print("could not greet:", error)
    return name
