# breaks undoes-the-written: a TaskGroup stops the other writes, and nothing is undone
import asyncio


async def save_everywhere(replicas, key, value):
    async with asyncio.TaskGroup() as group:
        for replica in replicas:
            group.create_task(replica.write(key, value))
