"""One thread of a run, as the kernel sees it."""

from __future__ import annotations

import _thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

    from grader.player.loop import VirtualLoop

# Taken before `locks.install` puts virtual locks in their place.
_real_lock = _thread.allocate_lock


class RunOver(SystemExit):
    """The judge has ended the run: unwind.

    A `SystemExit`, because a task hands that on at once instead of keeping it.
    """


class Actor:
    """A thread that takes part in the run."""

    def __init__(self, number: int, thread: threading.Thread | None = None) -> None:
        self.number = number
        self.thread = thread
        self.ident = 0
        self.gate = _real_lock()
        self.gate.acquire()
        self.parked = False
        self.woken = False
        self.deadline: int | None = None
        self.loop: VirtualLoop | None = None
        self.waits_for = ""
        self.waits_on: object = None
        self.watches: list[tuple[int, int]] = []
        self.excused = 0
        self.reads = 0
        self.reader = 0
        self.ended = False
