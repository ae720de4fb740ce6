"""What a virtual loop selects on: real files, if there are any, and the kernel."""

from __future__ import annotations

import selectors
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from grader.player import network, outside

if TYPE_CHECKING:
    from grader.player.kernel import Kernel
    from grader.player.loop import VirtualLoop

Seen = list[tuple[selectors.SelectorKey, int]]


class VirtualSelector(selectors.BaseSelector):
    """Polls simulated sockets and real files, and otherwise parks in the kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.loop: VirtualLoop | None = None
        self._real: selectors.BaseSelector | None = None
        self._simulated: dict[int, selectors.SelectorKey] = {}
        self._seen: Seen = []

    def select(self, timeout: float | None = None) -> Seen:
        """Return what is ready, after a rest if nothing is."""
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
        """Say whether something became ready while the loop rested."""
        if not self._seen:
            self._seen = self._look()
        return bool(self._seen)

    def real_descriptors(self) -> list[tuple[int, int]]:
        """Return the real files that are watched, as `poll` takes them."""
        if self._real is None:
            return []
        keys = self._real.get_map().values()
        return [(key.fd, outside.as_poll(key.events)) for key in keys]

    def _poll(self) -> Seen:
        seen, self._seen = self._seen, []
        return seen or self._look()

    def _look(self) -> Seen:
        seen: Seen = []
        if self._simulated:
            seen = network.look(self._simulated.values())
        if self._real is not None:
            seen += outside.look(self._real)
        return seen

    # --- what is watched ------------------------------------------------------

    def register(self, fileobj: Any, events: int, data: Any = None) -> Any:
        """Watch a simulated socket or a real file."""
        descriptor = _descriptor(fileobj)
        if descriptor < network.FIRST_DESCRIPTOR:
            return self._opened().register(fileobj, events, data)
        if descriptor in self._simulated:
            raise KeyError(f"{fileobj!r} is watched already")
        key = selectors.SelectorKey(fileobj, descriptor, events, data)
        self._simulated[descriptor] = key
        return key

    def unregister(self, fileobj: Any) -> Any:
        """Watch something no longer."""
        descriptor = _descriptor(fileobj)
        if descriptor < network.FIRST_DESCRIPTOR:
            return self._opened().unregister(fileobj)
        self._forget_seen(descriptor)
        return self._simulated.pop(descriptor)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> Any:
        """Watch something for something else."""
        descriptor = _descriptor(fileobj)
        if descriptor < network.FIRST_DESCRIPTOR:
            return self._opened().modify(fileobj, events, data)
        self._forget_seen(descriptor)
        key = self._simulated[descriptor]._replace(events=events, data=data)
        self._simulated[descriptor] = key
        return key

    def _forget_seen(self, descriptor: int) -> None:
        self._seen = [each for each in self._seen if each[0].fd != descriptor]

    def get_key(self, fileobj: Any) -> Any:
        """Return how something is watched."""
        descriptor = _descriptor(fileobj)
        if descriptor < network.FIRST_DESCRIPTOR:
            return self._opened().get_key(fileobj)
        return self._simulated[descriptor]

    def get_map(self) -> Any:
        """Return all that is watched, by descriptor or by the very object."""
        return _Watched(self)

    def watched(self) -> dict[int, selectors.SelectorKey]:
        """Return all that is watched, by descriptor."""
        real = {} if self._real is None else self._real.get_map()
        return {key.fd: key for key in [*real.values(), *self._simulated.values()]}

    def _opened(self) -> selectors.BaseSelector:
        if self._real is None:
            self._real = selectors.DefaultSelector()
        return self._real

    def close(self) -> None:
        """Watch nothing any more."""
        if self._real is not None:
            self._real.close()
            self._real = None
        self._simulated.clear()
        self.loop = None


class _Watched(Mapping[Any, selectors.SelectorKey]):
    """What a selector watches; asyncio of 3.13 asks it for sockets, not for numbers."""

    def __init__(self, selector: VirtualSelector) -> None:
        self._selector = selector

    def __getitem__(self, fileobj: Any) -> selectors.SelectorKey:
        try:
            key: selectors.SelectorKey = self._selector.get_key(fileobj)
        except ValueError:
            raise KeyError(fileobj) from None
        return key

    def __iter__(self) -> Iterator[int]:
        return iter(self._selector.watched())

    def __len__(self) -> int:
        return len(self._selector.watched())


def _descriptor(fileobj: Any) -> int:
    return fileobj if isinstance(fileobj, int) else int(fileobj.fileno())
