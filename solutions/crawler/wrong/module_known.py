# breaks own-crawl: all crawls share one set of known urls
import asyncio
from collections import defaultdict
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


FOUND: set[str] = set()


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
    places = asyncio.Semaphore(limit)
    hosts: defaultdict[str | None, asyncio.Semaphore] = defaultdict(
        lambda: asyncio.Semaphore(per_host)
    )
    results: dict[str, PageResult] = {}

    async def visit(url: str, depth: int) -> None:
        error, links = None, []
        async with hosts[urlsplit(url).hostname], places:
            try:
                links = find_links(url, await fetch(url))
            except Exception as failure:
                error = str(failure)
        results[url] = PageResult(url, depth, error)
        for link in links:
            follow(link, depth + 1)

    def follow(url: str, depth: int) -> None:
        if url not in FOUND and depth <= max_depth and len(FOUND) < max_pages:
            FOUND.add(url)
            group.create_task(visit(url, depth))

    async with asyncio.TaskGroup() as group:
        follow(urldefrag(start)[0], 0)
    return results
