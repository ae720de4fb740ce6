"""How a fresh interpreter comes to modules that are no files.

Nothing of the grader can be imported there, so the text of this module is sent to it and
executed: it may import the standard library only.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Sources = dict[str, tuple[str, bytes]]
"""The modules, by name: what they call their file, and their source."""


class Finder:
    """Finds these modules and loads them.

    No subclass of what `importlib.abc` has: that imports half of the library, of which
    each player would be a copy.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
        """Return how to load a module, if it is one of these."""
        if fullname not in self._sources:
            return None
        origin = self._sources[fullname][0]
        spec = ModuleSpec(fullname, self, origin=origin)  # type: ignore[arg-type]
        spec.has_location = True
        return spec

    def create_module(self, _: ModuleSpec) -> None:
        """Have an ordinary module made."""

    def exec_module(self, module: ModuleType) -> None:
        """Execute a module."""
        filename, source = self._sources[module.__name__]
        exec(compile(source, filename, "exec", dont_inherit=True), vars(module))

    def get_source(self, fullname: str) -> str:
        """Return a module's text, for the tracebacks."""
        return self._sources[fullname][1].decode("utf-8", "replace")


def install(sources: Sources) -> None:
    """Let this interpreter import these modules."""
    sys.meta_path.insert(0, Finder(sources))
