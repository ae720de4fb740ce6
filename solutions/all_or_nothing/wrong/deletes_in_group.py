# breaks undoes-the-written: deletes in the TaskGroup that is just being cancelled
import asyncio


async def save_everywhere(replicas, key, value):
    written = []

    async with asyncio.TaskGroup() as group:

        async def write(replica):
            try:
                await replica.write(key, value)
                written.append(replica)
            except Exception:
                while written:
                    group.create_task(written.pop().delete(key))
                raise

        for replica in replicas:
            group.create_task(write(replica))
