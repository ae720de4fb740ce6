"""Where in an archive the answer lies. It is read in memory, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

from grader.submission import tars, zips
from grader.submission.choice import choose
from grader.submission.compression import unpacked
from grader.submission.entries import MAX_UNPACKED, Entry, files_of
from grader.submission.record import MAX_BYTES, Rejected, plain, too_large


def answer_in(packed: bytes, wanted: str, given: str) -> tuple[str, bytes]:
    """Return the answer's place in an archive, and its bytes.

    The first bytes say of which kind the archive is, whatever its name does.
    """
    files = entries_in(packed, given)
    place = choose(files, wanted, given)
    if files[place].size > MAX_BYTES:
        raise too_large(f"{given}/{plain(place)}")
    return place, files[place].read()


def entries_in(packed: bytes, given: str) -> dict[str, Entry]:
    """Return the files of an archive by their places; raise `Rejected` for a bad one."""
    if len(packed) > MAX_UNPACKED:
        raise _too_large(given)
    return files_of(_entries(packed, given), given)


def _entries(packed: bytes, given: str) -> Iterator[Entry]:
    if packed.startswith(zips.SIGNS):
        return zips.entries(packed, given)
    return tars.entries(unpacked(packed, given), given)


def _too_large(given: str) -> Rejected:
    message = f"{given} is larger than 20 MiB. Pack your Python file alone."
    return Rejected(given, "too large", message)
