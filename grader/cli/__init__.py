"""The command `kata`: each verb parses, calls, prints and says how it went.

Every start pays for what a module imports at its top: in this package that is little.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
READER_GONE = 141  # what a shell reports for a command that SIGPIPE ended


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        return _run(sys.argv[1:] if args is None else args)
    except KeyboardInterrupt:
        sys.stderr.write(
            "\nInterrupted.\n" if sys.stderr.isatty() else "Interrupted.\n"
        )
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return READER_GONE


def _run(args: Sequence[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    from grader.cli.app import run

    code = run(args)
    print(end="", flush=True)
    return code


def _discard_output() -> None:
    """Keep the interpreter from failing on the same pipe when it flushes at its end."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
