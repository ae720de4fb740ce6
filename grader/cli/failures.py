"""What to say, and which exit code to give, when a verb could not do its work."""

from __future__ import annotations

import traceback

from grader import catalogue, config
from grader.cli import exits
from grader.cli.places import Unwritable
from grader.cli.streams import note

OUR_FAULT = "This is a fault of the grader, not of your answer."


def explain(error: Exception) -> int:
    """Say on stderr why a verb failed; return the exit code."""
    from grader.judge.hidden import Sealed

    if isinstance(error, catalogue.Unknown | config.Malformed | Sealed):
        note(str(error))
        return exits.USAGE
    if isinstance(error, catalogue.MalformedKata | Unwritable):
        note(str(error))
    else:
        note("".join(traceback.format_exception(error)))
        note(OUR_FAULT)
    return exits.FAULT
