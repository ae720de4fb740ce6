"""The command `kata`: each verb parses, calls, prints and says how it went.

Every start pays for what a module imports at its top: in this package that is little.
"""

from __future__ import annotations

import sys

from grader.cli import exits


def main(args: list[str] | tuple[str, ...] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        from grader.cli.app import run

        return run(sys.argv[1:] if args is None else args)
    except KeyboardInterrupt:
        sys.stderr.write(
            "\nInterrupted.\n" if sys.stderr.isatty() else "Interrupted.\n"
        )
        return exits.INTERRUPTED
