# breaks nothing-left: a thread that watches for greetings that hang is never stopped
import asyncio
import threading


async def greet(name, delay, say):
    if not name or delay < 0:
        raise ValueError("a name and a delay of at least 0 are wanted")
    never = threading.Event()
    threading.Thread(target=never.wait, daemon=True).start()
    say(f"Hello, {name}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
