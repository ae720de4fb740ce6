# breaks first-error-out: return_exceptions waits for all, whatever has failed
import asyncio


async def fetch_all(fetch, urls):
    pages = await asyncio.gather(*map(fetch, urls), return_exceptions=True)
    for page in pages:
        if isinstance(page, BaseException):
            raise page
    return pages
