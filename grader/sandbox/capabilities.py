"""What a kata may ask for beyond computing, and how much of it there is."""

from __future__ import annotations

from typing import Literal

Capability = Literal["files", "processes", "threads"]
"""`files`: a folder of its own to write to. `processes`: fork, and run this interpreter.

Threads are everybody's; a kata that is about them may say so.
"""

Library = Literal["aiofiles", "aiohttp"]
"""What is slow to import, and therefore imported once, in a zygote of its own."""

MODULES: dict[Library, tuple[str, ...]] = {
    "aiofiles": ("aiofiles",),
    "aiohttp": ("aiohttp", "aiohttp.web"),
}
"""What of a library is imported: not all of it comes with its name."""

FOLDER = "/files"
"""Where the folder lies in a sandbox that has its own file system."""

SHARED_MEMORY = "/dev/shm"
"""Where the semaphores of `multiprocessing` lie."""

FOLDER_BYTES = 4 << 20
SHARED_BYTES = 16 << 20
MAX_PROCESSES = 64
"""Processes and threads of one sandbox, where they can be counted apart from others'."""
