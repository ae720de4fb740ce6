# breaks error-stops-rest: the loop is closed while the other fetches are still waiting in it
import asyncio


def refuse_running_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop is running")


async def fetch_all(fetch, user_ids):
    return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])


def run_report(fetch, user_ids):
    refuse_running_loop()
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(fetch_all(fetch, user_ids))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
