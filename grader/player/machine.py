"""What a submission learns of the machine it runs on: the same everywhere."""

from __future__ import annotations

import os

PROCESSORS = 4
"""How many the machine has, by its own word; a pool without a size has as many and four."""


def _count() -> int:
    return PROCESSORS


def _affinity(_: int, /) -> set[int]:
    return set(range(PROCESSORS))


def install() -> None:
    """Put the sizes of one machine in place, before pools are made by them."""
    for name, function in (
        ("cpu_count", _count),
        ("process_cpu_count", _count),
        ("sched_getaffinity", _affinity),
    ):
        if hasattr(os, name):
            setattr(os, name, function)
