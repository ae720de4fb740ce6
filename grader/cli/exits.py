"""What the exit codes of `kata` mean."""

from __future__ import annotations

DONE = 0
BROKEN = 1
USAGE = 2
UNLOADABLE = 3
FAULT = 4
INTERRUPTED = 130
READER_GONE = 141
"""What a shell reports for a command that SIGPIPE ended."""

OF_STATUS = {"pass": DONE, "fail": BROKEN, "unloadable": UNLOADABLE, "fault": FAULT}
"""The exit code of `kata test` for each status of a verdict."""
