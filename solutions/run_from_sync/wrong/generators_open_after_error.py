# breaks generators-closed: shutdown_asyncgens is skipped when an error comes out
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
        await asyncio.gather(*tasks, return_exceptions=True)


def run_report(fetch, user_ids):
    refuse_running_loop()
    loop = asyncio.new_event_loop()
    try:
        results = loop.run_until_complete(fetch_all(fetch, user_ids))
        loop.run_until_complete(loop.shutdown_asyncgens())
        return results
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
