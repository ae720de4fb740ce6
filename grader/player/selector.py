"""What a virtual loop selects on: real files, if there are any, and the kernel."""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.player.kernel import Kernel
    from grader.player.loop import VirtualLoop

Seen = list[tuple[selectors.SelectorKey, int]]


class VirtualSelector(selectors.BaseSelector):
    """Polls real files, if there are any, and otherwise parks in the kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.loop: VirtualLoop | None = None
        self._real: selectors.BaseSelector | None = None
        self._seen: Seen = []

    def select(self, timeout: float | None = None) -> Seen:
        """Return the files that are ready, after a rest if nothing else is."""
        loop = self.loop
        if loop is None:
            return []
        busy = timeout is not None and timeout <= 0
        seen = [] if busy else self._poll()
        if busy or seen:
            self.kernel.count_turn()
            self.kernel.give_way()
            loop.take_deliveries()
        elif not loop.take_deliveries():
            self.kernel.rest(loop)
            loop.take_deliveries()
        return seen or self._poll()

    def has_events(self) -> bool:
        """Say whether a real file became ready while the loop rested."""
        if self._real is not None and not self._seen:
            self._seen = self._real.select(0)
        return bool(self._seen)

    def _poll(self) -> Seen:
        if self._real is None:
            return []
        seen, self._seen = self._seen, []
        return seen or self._real.select(0)

    def _opened(self) -> selectors.BaseSelector:
        if self._real is None:
            self._real = selectors.DefaultSelector()
        return self._real

    def register(self, fileobj: Any, events: int, data: Any = None) -> Any:
        """Watch a real file."""
        return self._opened().register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> Any:
        """Watch a real file no longer."""
        return self._opened().unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> Any:
        """Watch a real file for something else."""
        return self._opened().modify(fileobj, events, data)

    def get_key(self, fileobj: Any) -> Any:
        """Return how a real file is watched."""
        return self._opened().get_key(fileobj)

    def get_map(self) -> Any:
        """Return all that is watched."""
        return self._opened().get_map() if self._real is not None else {}

    def close(self) -> None:
        """Watch nothing any more."""
        if self._real is not None:
            self._real.close()
            self._real = None
        self.loop = None
