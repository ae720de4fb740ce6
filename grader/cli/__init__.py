"""The command `kata`: each verb parses, calls, prints and says how it went.

Every start pays for what a module imports at its top: in this package that is little.
"""

from __future__ import annotations

import sys

from grader.cli import exits
from grader.garbage import collect_seldom


def main(args: list[str] | tuple[str, ...] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        if args is None:
            args = sys.argv[1:]
            collect_seldom()
        from grader.cli.app import run

        return run(args)
    except KeyboardInterrupt:
        sys.stderr.write(
            "\nInterrupted.\n" if sys.stderr.isatty() else "Interrupted.\n"
        )
        return exits.INTERRUPTED
