"""The ten properties as check50 runs them, each in a process of its own."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import check50

sys.path.insert(0, str(Path(__file__).parents[1]))
from properties import PROPERTIES


def run(name: str) -> None:
    """Assert a property of the answer in the working directory."""
    spec = importlib.util.spec_from_file_location("semaphore", "semaphore.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        asyncio.run(PROPERTIES[name](module.fetch_limited))
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer raised it
        raise check50.Failure(f"{name}: {error!r}") from None


@check50.check()
def exists() -> None:
    """There is an answer."""
    check50.exists("semaphore.py")


def check_of(name: str) -> Callable[[], None]:
    def check() -> None:
        run(name)

    check.__name__, check.__doc__ = name, name.replace("_", " ")
    return check50.check(exists)(check)


globals().update({name: check_of(name) for name in PROPERTIES})
