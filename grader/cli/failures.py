"""What to say, and which exit code to give, when a verb could not do its work."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader import catalogue, config
from grader.cli import exits
from grader.cli.streams import note

OUR_FAULT = "This is a fault of the grader, not of your answer."


class Unwritable(Exception):
    """A place where results were to go cannot be written; the message says what to do."""


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn what the system says of a place into what to do about it."""
    try:
        yield
    except OSError as error:
        raise Unwritable(
            f"{error.filename or place} cannot be written: {error.strerror}. "
            "Make room, or name another place with --out."
        ) from None


def explain(error: Exception) -> int:
    """Say on stderr why a verb failed; return the exit code."""
    if isinstance(error, catalogue.Unknown | config.Malformed):
        note(str(error))
        return exits.USAGE
    if isinstance(error, catalogue.MalformedKata | Unwritable):
        note(str(error))
    else:
        note("".join(traceback.format_exception(error)))
        note(OUR_FAULT)
    return exits.FAULT
