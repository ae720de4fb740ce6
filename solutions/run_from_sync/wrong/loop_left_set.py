# breaks no-loop-set: the closed loop stays set for the thread
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
        return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])

    with asyncio.Runner() as runner:
        reports = runner.run(main())
        loop = runner.get_loop()
    asyncio.set_event_loop(loop)
    return reports
