# breaks no-complaints: a cancelled greeting's alarm still rings, for a future that is gone
import asyncio


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(delay, over.set_result, None)
    await over
    say(f"Goodbye, {name}")
    return name
