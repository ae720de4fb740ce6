# breaks any-thread: a lock in the module lets only one thread in
import asyncio
import threading

door = threading.Lock()


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

    with door:
        return asyncio.run(main())
