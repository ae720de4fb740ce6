# breaks first-error-out: return_exceptions makes pages of the errors
import asyncio


async def fetch_all(fetch, urls):
    return await asyncio.gather(*map(fetch, urls), return_exceptions=True)
