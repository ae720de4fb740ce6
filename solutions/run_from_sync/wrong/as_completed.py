# breaks results-in-order: results come in the order in which fetches end
import asyncio


def refuse_running_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop is running")


def run_report(fetch, user_ids):
    refuse_running_loop()

    async def main():
        fetches = [fetch(user_id) for user_id in user_ids]
        return [await each for each in asyncio.as_completed(fetches)]

    return asyncio.run(main())
