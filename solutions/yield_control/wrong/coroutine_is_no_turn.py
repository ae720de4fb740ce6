# breaks others-get-turns: awaits an async function that never waits itself


async def worked(work, item):
    return work(item)


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for item in items:
        results.append(await worked(work, item))
    return results
