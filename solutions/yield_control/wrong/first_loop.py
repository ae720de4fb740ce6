# breaks second-loop: keeps the first event loop for ever
import asyncio


loops = []


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    if not loops:
        loops.append(asyncio.get_running_loop())
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            turn = loops[0].create_future()
            loops[0].call_soon(turn.set_result, None)
            await turn
    return results
