# breaks running-loop: under a running loop a thread does the work while that loop stands still
import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_report(fetch, user_ids):
    async def main():
        return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(main())
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(main())).result()
