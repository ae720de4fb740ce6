"""Has a submission left its mark on the modules that every run shares?

A run must not depend on the ones before it. What a submission puts into `asyncio`, into
`time` or into the environment stays there when the run is over, so a player in which that
has happened must not be used again.
"""

from __future__ import annotations

import asyncio
import builtins
import concurrent.futures
import contextlib
import datetime as dt
import functools
import itertools
import logging
import os
import queue
import random
import signal
import sys
import threading
import time
from typing import Any

_MODULES: list[Any] = [
    asyncio,
    asyncio.events,
    builtins,
    concurrent.futures,
    contextlib,
    dt,
    functools,
    itertools,
    queue,
    random,
    threading,
    time,
]
_CLASSES: list[Any] = [
    asyncio.BaseEventLoop,
    asyncio.Condition,
    asyncio.Event,
    asyncio.Lock,
    asyncio.Queue,
    asyncio.Semaphore,
    asyncio.SelectorEventLoop,
    asyncio.Task,
    asyncio.TaskGroup,
    asyncio.Timeout,
    concurrent.futures.Future,
    concurrent.futures.ThreadPoolExecutor,
    queue.Queue,
    threading.Condition,
    threading.Event,
    threading.Thread,
]


class Imprint:
    """How the shared modules were before any code of the submission."""

    def __init__(self) -> None:
        self._before = [dict(vars(each)) for each in _MODULES + _CLASSES]
        self._settings = _settings()

    def is_kept(self) -> bool:
        """Say whether all is as it was."""
        try:
            return self._settings == _settings() and all(
                vars(each) == before
                for each, before in zip(_MODULES + _CLASSES, self._before, strict=True)
            )
        except BaseException:  # noqa: BLE001
            # What was put in answers `==` with an exception.
            return False


def _settings() -> tuple[object, ...]:
    return (
        logging.root.handlers[:],
        logging.root.level,
        logging.root.manager.disable,
        sys.getrecursionlimit(),
        sys.gettrace(),
        sys.getprofile(),
        sys.excepthook,
        sys.unraisablehook,
        sys.path[:],
        signal.getitimer(signal.ITIMER_REAL)[0],
        dict(os.environ._data),  # type: ignore[attr-defined]  # noqa: SLF001
    )
