"""Stop it, and know that it stopped: see README.md."""

import asyncio
from typing import Any, Literal


async def stop(
    task: asyncio.Task[Any], *, grace: float
) -> Literal["cancelled", "finished", "failed", "stuck"]:
    """Ask a task to cancel, wait until it has ended, and say how it ended.

    It waits ``grace`` seconds at most. A task that still runs then is "stuck" and is
    left alone. Stopping the current task raises ValueError.
    """
    raise NotImplementedError
