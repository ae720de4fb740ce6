"""What the exit codes of `kata` mean."""

from __future__ import annotations

DONE = 0
BROKEN = 1
USAGE = 2
UNLOADABLE = 3
FAULT = 4

OF_STATUS = {"pass": DONE, "fail": BROKEN, "unloadable": UNLOADABLE, "fault": FAULT}
"""The exit code of `kata test` for each status of a verdict."""
