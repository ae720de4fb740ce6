"""Plays scripts: several actors, each a task that does what it is told, when it is told.

A script is plain data drawn by the judge. A step is
`(number, at, actor, verb, target, arguments, keep)`: at that virtual time the actor
calls a method, enters or leaves a context, steps an iterator, cancels another actor,
collects garbage. What comes of each step is reported with its number.
"""

from __future__ import annotations

from asyncio import (
    CancelledError,
    Task,
    create_task,
    current_task,
    get_running_loop,
    sleep,
    wait,
)
from gc import collect
from typing import TYPE_CHECKING, Any

from grader import wire

if TYPE_CHECKING:
    from grader.player.stage import Stage

Step = tuple[int, int, str, str, str, list[Any], str]


class RaisedInBody(Exception):
    """What a script raises inside a body."""


class Director:
    """Runs the actors of a script side by side."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._kept: dict[str, Any] = {}
        self._tasks: dict[str, Task[Any]] = {}
        self._busy: set[str] = set()
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
        start = get_running_loop().time()
        self._tasks = {
            actor: create_task(self._act(actor, own, start), name=actor)
            for actor, own in by_actor.items()
        }
        try:
            await wait(self._tasks.values())
        finally:
            self._stopped = True
            for task in self._tasks.values():
                task.cancel()
            await wait(self._tasks.values())

    async def _act(self, actor: str, steps: list[Step], start: float) -> None:
        for step in steps:
            await _until(start + step[1] / wire.NANOSECONDS)
            self._busy.add(actor)
            try:
                await self._take(step)
            finally:
                self._busy.discard(actor)
            if self._stopped:
                return

    async def _take(self, step: Step) -> None:
        """Take a step; what comes of it is held no longer than that, unless kept."""
        number, _, _, verb, target, arguments, keep = step
        try:
            value = self._perform(verb, target, arguments)
            if hasattr(type(value), "__await__") and verb != "peek":
                value = await value
        except (Exception, CancelledError) as error:  # noqa: BLE001
            _forget_cancellation()
            self._report(number, self._stage.packing.failure(error))
        else:
            if keep:
                self._kept[keep] = value
            self._report(number, self._stage.packing.pack(value))

    def _report(self, number: int, outcome: wire.Value | wire.Failure) -> None:
        self._stage.report(wire.Stepped(number, outcome))

    def _perform(self, verb: str, target: str, arguments: list[Any]) -> Any:
        if verb == "call":
            return self._find(target)(*arguments)
        if verb == "enter":
            return self._kept[target].__aenter__()
        if verb == "exit":
            return self._exit(target, arguments)
        if verb == "step":
            return self._kept[target].__anext__()
        if verb == "cancel":
            return self._cancel(target)
        return self._act_alone(verb, target)

    def _act_alone(self, verb: str, target: str) -> Any:
        if verb == "peek":
            return self._look_at(target)
        if verb == "collect":
            collect()
            # A task that died in its `finally` goes, with what it began there, now.
            collect()
            return None
        if verb == "raise":
            raise RaisedInBody(target)
        raise ValueError(f"no such verb: {verb}")

    def _look_at(self, target: str) -> Any:
        if target.startswith("len("):
            return len(self._find(target[len("len(") : -1]))
        return self._find(target)

    def _cancel(self, actor: str) -> bool:
        """Cancel what an actor is doing; one that does nothing is left alone."""
        return actor in self._busy and self._tasks[actor].cancel()

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


async def _until(when: float) -> None:
    loop = get_running_loop()
    if when > loop.time():
        await sleep(when - loop.time())


def _forget_cancellation() -> None:
    task = current_task()
    while task is not None and task.cancelling():
        task.uncancel()
