"""How does a test wait for what happens elsewhere, and for how long at most?"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable

# Seconds that nothing takes on a machine that works, however busy it is. Only what hangs
# is ended by it: no test says how quick something must be.
AT_MOST = 30.0


async def until(holds: Callable[[], object]) -> None:
    """Return when a function, async or not, gives what is true; or raise TimeoutError."""
    deadline = time.monotonic() + AT_MOST
    while True:
        answer = holds()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(inspect.getsource(holds).strip())
        await asyncio.sleep(0.01)


def others() -> set[asyncio.Task[object]]:
    """Return the tasks that run beside that of the caller."""
    return asyncio.all_tasks() - {asyncio.current_task()}
