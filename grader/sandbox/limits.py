"""What a process may use up: memory, files, their size."""

from __future__ import annotations

import resource
import sys

MEMORY = 1 << 30
"""Bytes of address space."""

MEMORY_OF_MANY = 1 << 29
"""The same for each of several processes."""

_LIMITS = {
    "RLIMIT_CORE": 0,
    "RLIMIT_NOFILE": 256,
    "RLIMIT_FSIZE": 1 << 20,
    "RLIMIT_MSGQUEUE": 0,
    "RLIMIT_MEMLOCK": 0,
}


def impose(most: int = 0, *, processes: bool = False) -> None:
    """Set this process's own limits; they cannot be raised again.

    `most` is how many processes and threads its user may have; 0 is any number.
    `processes` says whether it may start some.
    """
    for name, value in _LIMITS.items():
        _set(name, value)
    if sys.platform == "linux":
        # Elsewhere it is not kept, or counts what is shared.
        _set("RLIMIT_AS", MEMORY_OF_MANY if processes else MEMORY)
    if most:
        _set("RLIMIT_NPROC", most)


def _set(name: str, value: int) -> None:
    if hasattr(resource, name):
        resource.setrlimit(getattr(resource, name), (value, value))
