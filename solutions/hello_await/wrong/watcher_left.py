# breaks nothing-left: a task that watches for greetings that hang is never stopped
import asyncio

watchers = set()


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")

    async def watch():
        await asyncio.sleep(delay + 10)

    watchers.add(asyncio.create_task(watch()))
    say(f"Hello, {name}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
