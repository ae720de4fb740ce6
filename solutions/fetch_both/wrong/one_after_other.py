# breaks both-at-once: waits for the left one before the right one starts
async def fetch_both(left, right):
    return await left(), await right()
