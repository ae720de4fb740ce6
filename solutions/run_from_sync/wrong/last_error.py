# breaks first-error-out: takes the last error of the group, which may be one of a cleanup
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

    async def main():
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(fetch_one(user_id)) for user_id in user_ids]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[-1] from None
        return [task.result() for task in tasks]

    return asyncio.run(main())
