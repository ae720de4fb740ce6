# breaks cancel-clean: the workers are cancelled, and nobody waits until they have ended
import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit


@dataclass(frozen=True)
class PageResult:
    url: str
    depth: int
    error: str | None


class LinkParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.hrefs += [value for name, value in attrs if name == "href" and value]


def find_links(url: str, text: str) -> list[str]:
    parser = LinkParser()
    parser.feed(text)
    links = []
    for href in parser.hrefs:
        try:
            link = urldefrag(urljoin(url, href)).url
            scheme = urlsplit(link).scheme
        except ValueError:
            continue
        if scheme in {"http", "https"}:
            links.append(link)
    return links


def check(max_pages: int, max_depth: int, limit: int, per_host: int) -> None:
    if min(max_pages, limit, per_host) < 1:
        raise ValueError("max_pages, limit and per_host must be at least 1")
    if max_depth < 0:
        raise ValueError("max_depth must not be negative")


async def crawl(
    start: str,
    fetch: Callable[[str], Awaitable[str]],
    *,
    max_pages: int,
    max_depth: int,
    limit: int,
    per_host: int,
) -> dict[str, PageResult]:
    check(max_pages, max_depth, limit, per_host)
    ready: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    parked: defaultdict[str, deque[tuple[str, int]]] = defaultdict(deque)
    taken: Counter[str] = Counter()
    found: dict[str, int] = {}
    results: dict[str, PageResult] = {}

    def add(url: str, depth: int) -> None:
        if url in found or depth > max_depth or len(found) == max_pages:
            return
        found[url] = depth
        host = urlsplit(url).netloc
        if taken[host] < per_host:
            taken[host] += 1
            ready.put_nowait((url, depth))
        else:
            parked[host].append((url, depth))

    async def visit(url: str, depth: int) -> None:
        try:
            text = await fetch(url)
        except Exception as error:
            results[url] = PageResult(url, depth, str(error))
            return
        results[url] = PageResult(url, depth, None)
        for link in find_links(url, text):
            add(link, depth + 1)

    async def work() -> None:
        while True:
            url, depth = await ready.get()
            host = urlsplit(url).netloc
            await visit(url, depth)
            if parked[host]:
                ready.put_nowait(parked[host].popleft())
            else:
                taken[host] -= 1
            ready.task_done()

    add(urldefrag(start).url, 0)
    workers = [asyncio.create_task(work()) for _ in range(min(limit, max_pages))]
    try:
        await ready.join()
    finally:
        for worker in workers:
            worker.cancel()
    return results
