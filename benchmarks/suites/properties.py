"""Ten properties of `semaphore`, written the ordinary way: pages that sleep, and asserts.

They hold by whatever clock the event loop has. `UNIT` is the seconds that a page of one
unit takes; a moment is as it should be if it is off by less than half a unit.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence

UNIT = float(os.environ.get("UNIT", "0.1"))
MARGIN = 0.5

FetchLimited = Callable[
    [Callable[[str], Awaitable[str]], Sequence[str], int], Awaitable[list[str]]
]
Property = Callable[[FetchLimited], Awaitable[None]]


class FetchError(Exception):
    """What a broken page raises."""


class Site:
    """Pages that take one unit each, or as many as `takes` says; `broken` ones fail then."""

    def __init__(self, takes: dict[str, float] | None = None, broken: str = "") -> None:
        self._takes = takes or {}
        self._broken = broken
        self.error = FetchError(broken)
        self.running = 0
        self.most = 0
        self.started: list[str] = []
        self.done: list[str] = []
        self.cancelled: list[str] = []

    async def fetch(self, url: str) -> str:
        """Return a page; when cancelled, take one unit to clean up."""
        self.started.append(url)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self._takes.get(url, 1) * UNIT)
        except asyncio.CancelledError:
            await asyncio.sleep(UNIT)
            self.cancelled.append(url)
            raise
        finally:
            self.running -= 1
        if url == self._broken:
            raise self.error
        self.done.append(url)
        return f"page {url}"


class Watch:
    """Units since it was made, by the clock of the loop."""

    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    def shows(self, units: float) -> None:
        """Assert that so many have passed."""
        passed = (asyncio.get_running_loop().time() - self._began) / UNIT
        assert abs(passed - units) < MARGIN, f"{passed:.2f} units, not {units}"


async def results_in_order(fetch_limited: FetchLimited) -> None:
    site = Site({"a": 3, "b": 1, "c": 2})

    pages = await fetch_limited(site.fetch, ["a", "b", "c", "b"], 4)

    assert pages == ["page a", "page b", "page c", "page b"]


async def at_most_limit(fetch_limited: FetchLimited) -> None:
    site = Site()

    await fetch_limited(site.fetch, [str(number) for number in range(6)], 3)

    assert site.most == 3


async def free_slot_used(fetch_limited: FetchLimited) -> None:
    watch = Watch()

    await fetch_limited(Site({"a": 2}).fetch, ["a", "b", "c", "d"], 2)

    watch.shows(3)


async def starts_in_order(fetch_limited: FetchLimited) -> None:
    site, urls = Site({"b": 2}), ["a", "b", "c", "d", "e"]

    await fetch_limited(site.fetch, urls, 2)

    assert site.started == urls


async def first_error_out(fetch_limited: FetchLimited) -> None:
    site, watch = Site(broken="b"), Watch()

    error = await error_of(fetch_limited(site.fetch, ["b"], 2))

    assert error is site.error
    watch.shows(1)


async def error_stops_rest(fetch_limited: FetchLimited) -> None:
    site, watch = Site({"a": 4}, broken="b"), Watch()

    await error_of(fetch_limited(site.fetch, ["a", "b", "c"], 2))

    assert "a" in site.cancelled
    assert "c" not in site.done
    watch.shows(2)


async def works_after_error(fetch_limited: FetchLimited) -> None:
    await error_of(fetch_limited(Site(broken="b").fetch, ["b"], 2))
    watch = Watch()

    await fetch_limited(Site().fetch, ["a", "c"], 2)

    watch.shows(1)


async def bad_limit(fetch_limited: FetchLimited) -> None:
    site = Site()

    for urls in ["a"], []:
        error = await error_of(fetch_limited(site.fetch, urls, 0))
        assert isinstance(error, ValueError)

    assert site.started == []


async def cancel_clean(fetch_limited: FetchLimited) -> None:
    site = Site({"a": 3, "b": 3})
    task = asyncio.ensure_future(fetch_limited(site.fetch, ["a", "b", "c"], 2))
    await asyncio.sleep(UNIT)

    task.cancel()

    assert isinstance(await error_of(task), asyncio.CancelledError)
    assert sorted(site.cancelled) == ["a", "b"]


async def nothing_left(fetch_limited: FetchLimited) -> None:
    await fetch_limited(Site().fetch, ["a", "b"], 2)
    await error_of(fetch_limited(Site({"a": 3}, broken="b").fetch, ["a", "b"], 2))

    assert asyncio.all_tasks() == {asyncio.current_task()}


async def error_of(call: Awaitable[object]) -> BaseException | None:
    """Return what a call raises."""
    try:
        await call
    except BaseException as error:  # noqa: BLE001 - what it is, the caller says
        return error
    return None


PROPERTIES: dict[str, Property] = {
    each.__name__: each
    for each in (
        results_in_order,
        at_most_limit,
        free_slot_used,
        starts_in_order,
        first_error_out,
        error_stops_rest,
        works_after_error,
        bad_limit,
        cancel_clean,
        nothing_left,
    )
}
