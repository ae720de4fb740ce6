# breaks results-in-order: a dict holds an id once, however often it occurs
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
        wanted = list(dict.fromkeys(user_ids))
        found = await asyncio.gather(*[fetch(user_id) for user_id in wanted])
        by_id = dict(zip(wanted, found))
        return [by_id[user_id] for user_id in user_ids]

    return asyncio.run(main())
