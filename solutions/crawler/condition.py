"""Workers that look through one list for a page they may fetch, and wait for news."""

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


async def crawl(  # noqa: C901
    start: str,
    fetch: Callable[[str], Awaitable[str]],
    *,
    max_pages: int,
    max_depth: int,
    limit: int,
    per_host: int,
) -> dict[str, PageResult]:
    check(max_pages, max_depth, limit, per_host)
    news = asyncio.Condition()
    waiting = [(urldefrag(start).url, 0)]
    found = {urldefrag(start).url}
    busy: Counter[str | None] = Counter()
    results: dict[str, PageResult] = {}
    budget = max_pages

    def host_of(url: str) -> str | None:
        return urlsplit(url).hostname

    def next_page() -> tuple[str, int] | None:
        for page in waiting:
            if budget and busy[host_of(page[0])] < per_host:
                return page
        return None

    def is_over() -> bool:
        return not busy.total() and not (waiting and budget)

    async def visit(url: str, depth: int) -> None:
        try:
            text = await fetch(url)
        except Exception as error:  # noqa: BLE001
            results[url] = PageResult(url, depth, type(error).__name__)
            return
        results[url] = PageResult(url, depth, None)
        if depth == max_depth:
            return
        for link in find_links(url, text):
            if link not in found:
                found.add(link)
                waiting.append((link, depth + 1))

    async def work() -> None:
        nonlocal budget
        while True:
            async with news:
                await news.wait_for(lambda: next_page() or is_over())
                page = next_page()
                if page is None:
                    return
                waiting.remove(page)
                budget -= 1
                busy[host_of(page[0])] += 1
            await visit(*page)
            async with news:
                busy[host_of(page[0])] -= 1
                news.notify_all()

    async with asyncio.TaskGroup() as group:
        for _ in range(min(limit, max_pages)):
            group.create_task(work())
    return results
