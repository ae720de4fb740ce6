# breaks error-stops-rest: cancels the others, but closes the loop before they could clean up
import asyncio


def refuse_running_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop is running")


async def fetch_all(fetch, user_ids):
    tasks = [asyncio.ensure_future(fetch(user_id)) for user_id in user_ids]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def run_report(fetch, user_ids):
    refuse_running_loop()
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(fetch_all(fetch, user_ids))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
