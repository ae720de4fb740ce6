"""Which operation is due when?"""

from __future__ import annotations

import heapq


class Agenda:
    """Instants at which numbered things are due, each at most once.

    Costs the same however many things are on: a player may begin very many.
    """

    def __init__(self) -> None:
        self._due: dict[int, int] = {}
        self._heap: list[tuple[int, int]] = []

    def put(self, number: int, instant: int) -> None:
        """Have `number` due at an instant, and no longer at another."""
        self._due[number] = instant
        heapq.heappush(self._heap, (instant, number))

    def drop(self, number: int) -> None:
        """Have `number` due no more."""
        self._due.pop(number, None)

    def first(self) -> int | None:
        """Return the earliest instant at which something is due."""
        heap = self._heap
        while heap and self._due.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def take(self, instant: int) -> list[int]:
        """Remove and return what is due at its earliest instant, in numbers' order."""
        taken = []
        while self.first() == instant:
            _, number = heapq.heappop(self._heap)
            del self._due[number]
            taken.append(number)
        return taken
