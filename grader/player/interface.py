"""The submission's module, as scenarios see it."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

from grader import wire
from grader.player.text import name_of


class NotAwaitable(TypeError):
    """A plain function stands where an asynchronous one is wanted."""


class Interface:
    """Hands out what the module defines; what must be asynchronous is held to it."""

    def __init__(self, module: ModuleType, needs: list[wire.Need]) -> None:
        self._module = module
        self._awaited = {need.name for need in needs if need.kind == "async"}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._module, name)
        if name in self._awaited and not inspect.iscoroutinefunction(found):
            return _awaitable_or_named(found, name)
        return found


def _awaitable_or_named(function: Any, name: str) -> Any:
    def call(*args: Any, **keywords: Any) -> Any:
        result = function(*args, **keywords)
        if not inspect.isawaitable(result):
            raise NotAwaitable(
                f"{name} must be async def: calling it gave {name_of(type(result))}, "
                "which cannot be awaited"
            )
        return result

    return call
