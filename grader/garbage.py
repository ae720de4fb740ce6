"""How often Python looks for garbage in our own processes."""

from __future__ import annotations

import atexit
import gc

OBJECTS = 50_000
"""So many more of them before it looks: imports alone make more than the usual 700 often."""


def collect_seldom() -> None:
    """Look for garbage less often, and not at all when the process ends.

    For a command, which is over soon; what it imports and collects stays to its end anyway.
    """
    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)
