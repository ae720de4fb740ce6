# breaks all-at-once: a loop for each id, so that every fetch waits for the one before
import asyncio


def refuse_running_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop is running")


def run_report(fetch, user_ids):
    refuse_running_loop()

    async def fetch_one(user_id):
        return await fetch(user_id)

    return [asyncio.run(fetch_one(user_id)) for user_id in user_ids]
