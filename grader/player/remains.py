# ruff: noqa: SLF001 (what a loop still holds is nobody's public business)
"""What is left of a run when it is over, and what Python had to say about it."""

from __future__ import annotations

import asyncio
import re
from asyncio import all_tasks
from contextlib import suppress
from gc import collect
from typing import Any

from grader import wire
from grader.player.actor import RunOver
from grader.player.kernel import Kernel
from grader.player.lines import Lines
from grader.player.loop import VirtualLoop
from grader.player.packing import Packing
from grader.player.text import name_of, said_by

MAX_WARNINGS = 50

_OWN_MISTAKE = "Exception in callback StreamReaderProtocol.connection_made"
"""What Pythons before 3.13 say of a cancelled handler of `start_server`: they ask it for
its exception without looking first whether it was cancelled."""

_policies_set = 0
_set_policy = asyncio.set_event_loop_policy
_wait = asyncio.wait


def install() -> None:
    """Notice when a submission sets an event loop policy."""

    def set_event_loop_policy(policy: Any) -> None:
        global _policies_set  # noqa: PLW0603
        _policies_set += 1
        _set_policy(policy)

    asyncio.set_event_loop_policy = set_event_loop_policy
    asyncio.events.set_event_loop_policy = set_event_loop_policy


class Remains:
    """Listens to what Python complains of, and puts things away."""

    def __init__(self, kernel: Kernel, lines: Lines, packing: Packing) -> None:
        self._kernel = kernel
        self._lines = lines
        self._packing = packing
        self._policies_before = _policies_set
        self.listening = True
        self.warnings: list[wire.Warned] = []
        self.loops: list[wire.LoopFact] = []
        self.loop_set = False
        self.policy_set = False

    # --- warnings -------------------------------------------------------------

    def warn(self, message: object, category: Any, filename: str, line: int) -> None:
        """Take a warning, as `warnings.showwarning` does."""
        text = said_by(message, 4000)
        if made_at := _made_at(text, self._lines.filename):
            line = made_at
        elif filename != self._lines.filename:
            line = self._lines.calling_line()
        first = text.partition("\n")[0][:400]
        self._add(wire.Warned(name_of(category), first, line))

    def complain(self, context: dict[str, Any]) -> None:
        """Take what a loop hands to its exception handler."""
        text = said_by(context.get("message", ""), 400)
        error = context.get("exception")
        line = 0
        if isinstance(error, asyncio.CancelledError) and text.startswith(_OWN_MISTAKE):
            return
        if isinstance(error, BaseException):
            failure = self._packing.failure(error)
            text += f": {failure.type}: {failure.message}"
            line = failure.frames[-1].line if failure.frames else 0
        self._add(wire.Warned("loop", text[:400], line))

    def _add(self, warned: wire.Warned) -> None:
        if self.listening and len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(warned)

    # --- loops ----------------------------------------------------------------

    def look_at_loops(self, own: VirtualLoop | None) -> None:
        """Note what became of the loops that the submission made."""
        self.loops = [
            wire.LoopFact(
                each.is_closed(),
                each._default_executor is not None,
                len(each._asyncgens),
            )
            for each in self._kernel.loops
            if each is not own
        ]
        policy = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
        current = getattr(getattr(policy, "_local", None), "_loop", None)
        self.loop_set = current is not None and current is not own
        self.policy_set = _policies_set > self._policies_before

    # --- cleaning up ----------------------------------------------------------

    def collect(self) -> None:
        """Collect garbage, and hear what Python says of it."""
        self.listening = True
        collect()
        self.listening = False

    def put_away(self) -> bool:
        """Close all loops and end their threads; say whether nothing lives on."""
        self.listening = False
        try:
            _stop_running(self._kernel)
            closed = [_close(each, self._kernel) for each in self._kernel.loops]
        except (RunOver, RuntimeError):
            # It waits in its cleaning up, or has tampered with its loop.
            return False
        _set_policy(None)
        return all(closed) and len(self._kernel.actors) == 1


_MADE_AT = re.compile(r'File "([^"]*)", line (\d+), in ')


def _made_at(text: str, filename: str) -> int:
    """Return where a coroutine that was never awaited was made, if the text says so."""
    lines = [int(line) for name, line in _MADE_AT.findall(text) if name == filename]
    return lines[-1] if lines else 0


def _stop_running(kernel: Kernel) -> None:
    """Stop the loops of other threads, and let those threads come to their end."""
    running = [each for each in kernel.loops if each.is_running()]
    for loop in running:
        loop.call_soon_threadsafe(loop.stop)
    if running:
        with suppress(RunOver):
            kernel.park("the end of the run", None)


def _close(loop: VirtualLoop, kernel: Kernel) -> bool:
    if loop.is_closed():
        return True
    if loop.is_running():
        return False
    loop.set_exception_handler(None)
    if left := all_tasks(loop):
        for task in left:
            task.cancel()
        loop.run_until_complete(_wait(left))
    if loop._asyncgens:
        loop.run_until_complete(loop.shutdown_asyncgens())
    if loop._default_executor is not None:
        with kernel.excuse():
            loop._default_executor.shutdown(wait=True)
    loop.close()
    return True
