"""Play a run of our own before any player is forked.

What a process does for the first time is slow: Python adapts its bytecode to the types that
it meets, fills its caches and asks the system for memory. The zygote does that once, and its
players find it done.
"""

from __future__ import annotations

import linecache
import sys
from typing import Any

from grader import wire
from grader.player import spawning
from grader.player.imprint import Imprint
from grader.player.lines import Lines
from grader.player.load import Submission
from grader.player.stage import Stage

RUNS = 16
"""Python 3.11 adapts what has been called eight times."""

SECOND = 1_000_000_000

_NAME = "rehearsal"
_FILE = "rehearsal.py"

PART = b"""
import asyncio


async def use(call, items, limit):
    free = asyncio.Semaphore(limit)

    async def one(item):
        async with free:
            return await call(item)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]


async def hand_over(call, items, limit):
    queue = asyncio.Queue(limit)
    done = asyncio.Event()

    async def take():
        try:
            while True:
                await call(await queue.get())
                queue.task_done()
        finally:
            done.set()

    taker = asyncio.create_task(take())
    for item in items:
        await queue.put(item)
    await asyncio.wait_for(queue.join(), 1000)
    taker.cancel()
    await asyncio.gather(taker, return_exceptions=True)
    await done.wait()


async def hurry(call, items, limit):
    async with asyncio.timeout(1.5), asyncio.Lock():
        for item in items:
            await call(item)
            await asyncio.sleep(0.25)
"""

SCENES = """
import asyncio


async def play(kata, world, items, limit):
    await kata.use(world.call, items, limit)
    await kata.hand_over(world.call, items, limit)
    try:
        await kata.hurry(world.call, items, limit)
    except TimeoutError:
        world.note("late")
    return await kata.use(world.break_down, items, limit)
"""

_PLAY = wire.Play(
    "play",
    {"items": wire.List(["a", "b", "c", "d"]), "limit": 2},
    [
        wire.OperationSpec(name, "async", lingers=False)
        for name in ("call", "break_down")
    ],
    seed=0,
    order=[],
    collect=False,
)


class _Prompter:
    """The judge's end of a rehearsal: each call takes a second, some break down."""

    def __init__(self) -> None:
        self._now = 0
        self._on: dict[int, str] = {}
        self._reply = b""

    def send(self, data: memoryview) -> int:
        """Take a turn, and have its answer ready; there is a whole one in `data`."""
        turn = wire.from_player(bytes(data[wire.HEADER.size :]))
        if isinstance(turn, wire.Turn):
            self._reply = wire.encode(self._answer(turn))
        return len(data)

    def recv(self, _: int) -> bytes:
        """Return that answer."""
        return self._reply

    def _answer(self, turn: wire.Turn) -> wire.Reply | wire.Over:
        for event in turn.events:
            if isinstance(event, wire.Began):
                self._on[event.op] = event.name
            elif isinstance(event, wire.Closed):
                self._on.pop(event.op, None)
        if self._on:
            return self._end_one(turn.timer)
        if turn.timer is None:
            return wire.Over()
        self._now = turn.timer
        return wire.Reply(self._now, [])

    def _end_one(self, timer: int | None) -> wire.Reply:
        op, name = next(iter(self._on.items()))
        if timer is not None and timer < self._now + SECOND:
            self._now = timer
            return wire.Reply(self._now, [])
        self._now += SECOND
        if name == "break_down" and op % 3 == 0:
            answer: wire.Answer = wire.Failed(op, "OSError", "broken", f"error {op}")
        else:
            answer = wire.Done(op, f"result {op}")
        return wire.Reply(self._now, [answer])


def rehearse() -> None:
    """Play the same run again and again, with a judge that is none."""
    load = wire.Load(_NAME, _FILE, PART, SCENES, [], [], 1.0, unbounded=False)
    submission = Submission(load, Lines(_FILE))
    imprint = Imprint()
    for _ in range(RUNS):
        sock: Any = _Prompter()
        channel: wire.Channel[wire.FromJudge] = wire.Channel(sock, wire.from_judge)
        channel.send(Stage(channel, load, submission, _PLAY, _ignore).perform(imprint))
    _leave_nothing()


def _ignore(_: str) -> None:
    """Have no time limit."""


def _leave_nothing() -> None:
    for name in (_NAME, "scenarios"):
        del sys.modules[name]
        spawning.forget(name)
    del linecache.cache[_FILE]
