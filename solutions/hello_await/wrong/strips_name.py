# breaks returns-name: returns the name without the blanks around it
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name.strip()
