# breaks nothing-left: the goodbye is left to a task that nobody awaits
import asyncio

helpers = set()


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")

    async def say_goodbye():
        await asyncio.sleep(delay)
        say(f"Goodbye, {name}")

    say(f"Hello, {name}")
    helper = asyncio.create_task(say_goodbye())
    helpers.add(helper)
    helper.add_done_callback(helpers.discard)
    return name
