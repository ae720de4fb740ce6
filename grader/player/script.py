"""Plays scripts: several actors, each a task that does what it is told, when it is told.

A script is plain data drawn by the judge. A step is
`(at, actor, verb, target, arguments, keep)`: at that virtual time the actor calls a
method, enters or leaves a context, steps an iterator, cancels another actor, collects
garbage. What comes of each step is reported with its number.
"""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

from grader import wire

if TYPE_CHECKING:
    from grader.player.operations import World
    from grader.player.stage import Stage

Step = tuple[int, int, str, str, str, list[Any], str]


class RaisedInBody(Exception):
    """What a script's `raise` verb raises inside a body."""


class Director:
    """Runs the actors of a script side by side."""

    def __init__(self, stage: Stage, world: World) -> None:
        self._stage = stage
        self._world = world
        self._kept: dict[str, Any] = {}
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._stopped = False

    async def follow(self, steps: list[Step], **objects: Any) -> None:
        """Play the steps; `objects` are the names that steps may use as targets."""
        self._kept.update(objects)
        by_actor: dict[str, list[Step]] = {}
        for step in steps:
            by_actor.setdefault(step[2], []).append(step)
        if not by_actor:
            return
        self._stage.note("script", ())
        start = asyncio.get_running_loop().time()
        self._tasks = {
            actor: asyncio.create_task(self._act(own, start), name=actor)
            for actor, own in by_actor.items()
        }
        try:
            await asyncio.wait(self._tasks.values())
        finally:
            self._stopped = True
            for task in self._tasks.values():
                task.cancel()
            await asyncio.wait(self._tasks.values())

    async def _act(self, steps: list[Step], start: float) -> None:
        task = asyncio.current_task()
        for number, at, _, verb, target, arguments, keep in steps:
            try:
                await self._until(start + at / wire.NANOSECONDS)
                value = await self._perform(verb, target, arguments)
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
                if task is not None:
                    while task.cancelling():
                        task.uncancel()
                self._stage.report(wire.Stepped(number, self._stage.failure(error)))
            else:
                if keep:
                    self._kept[keep] = value
                self._stage.report(wire.Stepped(number, self._stage.pack(value)))
            if self._stopped:
                return

    async def _until(self, when: float) -> None:
        loop = asyncio.get_running_loop()
        if when > loop.time():
            await asyncio.sleep(when - loop.time())

    async def _perform(self, verb: str, target: str, arguments: list[Any]) -> Any:
        if verb == "cancel":
            return self._tasks[target].cancel()
        if verb == "collect":
            return gc.collect() and None
        if verb == "raise":
            raise RaisedInBody(target)
        if verb == "call":
            return await self._call(target, arguments)
        if verb == "enter":
            return await self._kept[target].__aenter__()
        if verb == "exit":
            return await self._exit(target, arguments)
        if verb == "step":
            return await self._kept[target].__anext__()
        if verb == "peek":
            return self._find(target)
        raise ValueError(f"no such verb: {verb}")

    async def _call(self, target: str, arguments: list[Any]) -> Any:
        result = self._find(target)(*arguments)
        return await result if hasattr(type(result), "__await__") else result

    async def _exit(self, target: str, arguments: list[Any]) -> Any:
        if not arguments:
            return await self._kept[target].__aexit__(None, None, None)
        error = RaisedInBody(arguments[0])
        swallowed = await self._kept[target].__aexit__(RaisedInBody, error, None)
        if not swallowed:
            raise error
        return True

    def _find(self, target: str) -> Any:
        name, *path = target.split(".")
        found: Any = self._kept[name]
        for part in path:
            found = getattr(found, part)
        return found
