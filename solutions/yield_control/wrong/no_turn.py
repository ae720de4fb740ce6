# breaks others-get-turns: never awaits anything, so nobody else can run


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    return [work(item) for item in items]
