# breaks running-loop: no ids are answered before anybody looks for a running loop
import asyncio


def refuse_running_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop is running")


def run_report(fetch, user_ids):
    if not user_ids:
        return []
    refuse_running_loop()

    async def main():
        return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])

    return asyncio.run(main())
