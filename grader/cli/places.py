"""Places where results go, and what to say of one that cannot be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


class Unwritable(Exception):
    """A place where results were to go cannot be written; the message says what to do."""


@contextmanager
def writing(place: Path, option: str = "--out") -> Iterator[None]:
    """Turn what the system says of a place into what to do about it.

    `option` is what names another place; without one there is no other.
    """
    try:
        yield
    except OSError as error:
        remedy = (
            f"Make room, or name another place with {option}."
            if option
            else "Make room, or see who may write there."
        )
        raise Unwritable(
            f"{error.filename or place} cannot be written: {error.strerror}. {remedy}"
        ) from None


def option() -> click.Option:
    """Return `--out DIR`, where the results of a class are."""
    return click.Option(
        ["--out"],
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("build"),
        metavar="DIR",
        help="Where `kata grade` has left its results; build if not given.",
    )
