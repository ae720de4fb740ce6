# breaks goodbye-after-delay: asks the clock again and again, and time never moves
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    loop = asyncio.get_running_loop()
    over = loop.time() + delay
    while loop.time() < over:
        await asyncio.sleep(0)
    say(f"Goodbye, {name}")
    return name
