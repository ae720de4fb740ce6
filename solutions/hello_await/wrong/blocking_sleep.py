# breaks never-blocks: time.sleep stops the whole event loop
import time


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    say(f"Hello, {name}")
    time.sleep(delay)
    say(f"Goodbye, {name}")
    return name
