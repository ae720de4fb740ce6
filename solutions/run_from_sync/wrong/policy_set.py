# breaks no-loop-set: sets a loop policy for the whole process
import asyncio

asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())


def refuse_running_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop is running")


def run_report(fetch, user_ids):
    refuse_running_loop()

    async def main():
        return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])

    return asyncio.run(main())
