# breaks own-goodbye: the name waits in a variable of the module, which all share
import asyncio

guest = ""


async def greet(name, delay, say):
    global guest
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    guest = name
    say(f"Hello, {guest}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {guest}")
    return name
