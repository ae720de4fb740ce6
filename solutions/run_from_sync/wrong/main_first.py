# breaks no-complaints: main() is called before asyncio.run can refuse
import asyncio


def run_report(fetch, user_ids):
    async def main():
        return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])

    return asyncio.run(main())
