# breaks all-at-once: waits for each page before it asks for the next one
async def fetch_all(fetch, urls):
    return [await fetch(url) for url in urls]
