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
import ctypes
import datetime as dt
import functools
import gc
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
    asyncio.tasks,
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
    """How the shared modules were before any code of a submission."""

    def __init__(self) -> None:
        self._marks = [_Mark(each) for each in _MODULES + _CLASSES]
        self._settings = _settings()

    def renew(self) -> None:
        """Take anew what a fork has changed; no code of a submission has run yet."""
        for each in self._marks:
            each.renew()
        self._settings = _settings()

    def is_kept(self) -> bool:
        """Say whether all is as it was."""
        try:
            return self._settings == _settings() and all(
                each.is_kept() for each in self._marks
            )
        except BaseException:  # noqa: BLE001
            # What was put in answers `==` with an exception.
            return False


class _Mark:
    """What stood in one module or class.

    To compare writes into the reference count of each value, and so copies nearly all that
    a player shares with its zygote; the version of a dictionary is only read.
    """

    def __init__(self, owner: Any) -> None:
        self._owner = owner
        self._kind = type(owner)
        self._now = _dictionary_of(owner)
        self._version = _version_of(self._now)
        self._take()

    def _take(self) -> None:
        self._before = dict(self._now)
        self._version_before = self._version.value

    def renew(self) -> None:
        if not self.is_kept():
            self._take()

    def is_kept(self) -> bool:
        unchanged = _HAS_VERSIONS and self._version.value == self._version_before
        alike = unchanged or self._now == self._before
        return alike and type(self._owner) is self._kind


def _dictionary_of(owner: Any) -> dict[str, Any]:
    """Return the dictionary itself, of which a class shows a view only."""
    shown = vars(owner)
    return shown if isinstance(shown, dict) else gc.get_referents(shown)[0]


_VERSION_AT = object.__basicsize__ + ctypes.sizeof(ctypes.c_ssize_t)
"""Where CPython has the version of a dictionary, up to 3.13: PEP 509."""


def _version_of(given: dict[Any, Any]) -> ctypes.c_uint64:
    """Return a number that is another one after each change, where Python has versions."""
    return ctypes.c_uint64.from_address(id(given) + _VERSION_AT)


def _has_versions() -> bool:
    tried = {"key": 1}
    version = _version_of(tried)
    found = {version.value}
    for value in (2, 3):
        tried["key"] = value
        found.add(version.value)
    return len(found) == 3  # noqa: PLR2004


_HAS_VERSIONS = _has_versions()


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
