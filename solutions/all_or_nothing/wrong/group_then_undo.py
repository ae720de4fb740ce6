# breaks undoes-the-written: to a TaskGroup a write that cancels itself has not failed
import asyncio


async def save_everywhere(replicas, key, value):
    written = []

    async def write(replica):
        await replica.write(key, value)
        written.append(replica)

    try:
        async with asyncio.TaskGroup() as group:
            for replica in replicas:
                group.create_task(write(replica))
    except BaseException:
        deletes = [replica.delete(key) for replica in written]
        await asyncio.gather(*deletes)
        raise
