# breaks first-error-out: errors stand among the results and nobody raises them
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
        return await asyncio.gather(*fetches, return_exceptions=True)

    return asyncio.run(main())
