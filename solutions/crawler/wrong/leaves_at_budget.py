# breaks ends: it is over when enough pages have been asked for
import asyncio
from collections import Counter
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


Pages = dict[str, list[tuple[int, str, int]]]


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
    found = {urldefrag(start).url}
    lines: Pages = {urlsplit(start).netloc: [(0, urldefrag(start).url, 0)]}
    running: dict[asyncio.Task[str], tuple[str, int]] = {}
    results: dict[str, PageResult] = {}

    async def get(url: str) -> str:
        return await fetch(url)

    def fill() -> None:
        busy = Counter(urlsplit(url).netloc for url, _ in running.values())
        while len(running) < limit and len(results) + len(running) < max_pages:
            heads = [
                (line[0], host)
                for host, line in lines.items()
                if line and busy[host] < per_host
            ]
            if not heads:
                return
            (_, url, depth), host = min(heads)
            lines[host].pop(0)
            busy[host] += 1
            running[asyncio.create_task(get(url))] = url, depth

    def read(task: asyncio.Task[str], url: str, depth: int) -> None:
        error = task.exception()
        results[url] = PageResult(url, depth, None if error is None else repr(error))
        if error is not None or depth == max_depth:
            return
        for link in find_links(url, task.result()):
            if link not in found:
                line = lines.setdefault(urlsplit(link).netloc, [])
                line.append((len(found), link, depth + 1))
                found.add(link)

    fill()
    try:
        while running and len(results) + len(running) < max_pages:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                read(task, *running.pop(task))
            fill()
    except asyncio.CancelledError:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        raise
    return results
