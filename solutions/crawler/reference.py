"""A task for each page, started as soon as its link is known and there is a place."""

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
    crawl = Crawl(fetch, max_pages, max_depth, limit, per_host)
    async with asyncio.TaskGroup() as crawl.group:
        crawl.queue(urldefrag(start).url, 0)
        crawl.start_pages()
    return crawl.results


class Crawl:
    """One crawl: the pages that wait, those that are being fetched, the results."""

    group: asyncio.TaskGroup

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[str]],
        max_pages: int,
        max_depth: int,
        limit: int,
        per_host: int,
    ) -> None:
        self.fetch = fetch
        self.left = max_pages
        self.max_depth = max_depth
        self.places = limit
        self.per_host = per_host
        self.known: set[str] = set()
        self.waiting: list[tuple[str, int]] = []
        self.busy: Counter[str | None] = Counter()
        self.results: dict[str, PageResult] = {}

    def queue(self, url: str, depth: int) -> None:
        if depth <= self.max_depth and url not in self.known:
            self.known.add(url)
            self.waiting.append((url, depth))

    def start_pages(self) -> None:
        for page in list(self.waiting):
            host = urlsplit(page[0]).hostname
            if self.places and self.left and self.busy[host] < self.per_host:
                self.waiting.remove(page)
                self.places -= 1
                self.left -= 1
                self.busy[host] += 1
                self.group.create_task(self.visit(*page, host))

    async def visit(self, url: str, depth: int, host: str | None) -> None:
        error = None
        try:
            text = await self.fetch(url)
        except Exception as failure:  # noqa: BLE001
            error = repr(failure)
        else:
            for link in find_links(url, text):
                self.queue(link, depth + 1)
        self.results[url] = PageResult(url, depth, error)
        self.places += 1
        self.busy[host] -= 1
        task = asyncio.current_task()
        if task is not None and not task.cancelling():
            self.start_pages()
