"""How a fresh interpreter comes to modules that are no files.

Nothing of the grader can be imported there, so the text of this module is sent to it and
executed: it may import the standard library only.
"""

from __future__ import annotations

import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

Sources = dict[str, tuple[str, bytes]]
"""The modules, by name: what they call their file, and their source."""


class Finder(MetaPathFinder, InspectLoader):
    """Finds these modules and loads them."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
        """Return how to load a module, if it is one of these."""
        if fullname not in self._sources:
            return None
        spec = ModuleSpec(fullname, self, origin=self._sources[fullname][0])
        spec.has_location = True
        return spec

    def get_code(self, fullname: str) -> Any:
        """Return a module as code."""
        filename, source = self._sources[fullname]
        return compile(source, filename, "exec", dont_inherit=True)

    def get_source(self, fullname: str) -> str:
        """Return a module's text, for the tracebacks."""
        return self._sources[fullname][1].decode("utf-8", "replace")


def install(sources: Sources) -> None:
    """Let this interpreter import these modules."""
    sys.meta_path.insert(0, Finder(sources))
