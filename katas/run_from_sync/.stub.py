"""One door from sync to async: see README.md."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any


def run_report(
    fetch: Callable[[int], Awaitable[dict[str, Any]]], user_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Fetch every id at the same time, on a loop of its own; return them in order.

    The first error is raised as it is, and by then nothing runs any more. The loop is
    closed when the call is over, however it ends.
    Raises RuntimeError under a running loop, before a coroutine is made.
    """
    raise NotImplementedError
