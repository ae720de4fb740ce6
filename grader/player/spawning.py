"""Workers of `multiprocessing` that begin as fresh interpreters.

Such a process imports the modules that it is to work with. The submission and the
scenarios are no files, so what the player holds of them goes along with what
`multiprocessing` tells a new process first.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from grader.player import spawned

_sources: spawned.Sources = {}


def carry(name: str, filename: str, source: bytes) -> None:
    """Let each fresh interpreter from now on import this module."""
    _sources[name] = filename, source


def forget(name: str) -> None:
    """Let none import that module any more."""
    del _sources[name]


class _Baggage:
    """Installs the modules in the process in which it is unpickled."""

    def __init__(self, program: str) -> None:
        self._program = program

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (self._program, {"__name__": "spawned", "sources": _sources})


def prepare() -> None:
    """Make `multiprocessing` give fresh interpreters what they need, and no more."""
    spawn: Any = import_module("multiprocessing.spawn")
    process: Any = import_module("multiprocessing.process")
    context: Any = import_module("multiprocessing.context")
    real = spawn.get_preparation_data
    text = Path(spawned.__file__).read_text(encoding="utf-8")
    baggage = _Baggage(f"{text}\ninstall(sources)\n")

    def get_preparation_data(name: str) -> dict[str, Any]:
        data: dict[str, Any] = real(name)
        # What runs as `__main__` here is the player, and none of the submission's.
        data.pop("init_main_from_name", None)
        data.pop("init_main_from_path", None)
        data["modules"] = baggage
        return data

    spawn.get_preparation_data = get_preparation_data
    # It would be the folder of the zygote, which is not the player's.
    process.ORIGINAL_DIR = None
    # A server that forks needs a socket, and no wall lets one through: each worker
    # begins as it would with "spawn", which differs only in what it costs.
    starts = staticmethod(context.SpawnProcess._Popen)  # noqa: SLF001
    context.ForkServerProcess._Popen = starts  # noqa: SLF001
