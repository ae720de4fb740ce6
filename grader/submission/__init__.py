"""What is taken in for grading, and what is refused and why.

Only the one file is ever used. What stands beside it, in a folder or an archive, is not
imported, not run and not shown to the player.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path

from grader.submission import folder
from grader.submission.choice import is_archive
from grader.submission.file import contents, opened, source_in
from grader.submission.record import (
    MAX_BYTES,
    Refusal,
    Rejected,
    Submission,
    name_of,
    plain,
)

__all__ = (
    "MAX_BYTES",
    "Refusal",
    "Rejected",
    "Submission",
    "name_of",
    "read",
    "take_in",
)


def read(path: str | os.PathLike[str]) -> Submission:
    """Take in the file at `path`; raise `Rejected` if it is no readable source file."""
    name = name_of(path)
    with opened(path, name) as descriptor:
        source = source_in(descriptor, name)
    return _submission(name, Path(path), source)


def take_in(path: str | os.PathLike[str], wanted: str) -> Submission:
    """Take in a file, or the one called `wanted` in a folder or an archive.

    It is looked for in the folder itself, then one folder down; if none has that name, a
    Python file that is alone is taken. Raise `Rejected` for what is not taken in.
    """
    name = name_of(path)
    with opened(path, name) as descriptor:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            place, source = folder.answer_in(descriptor, wanted, name)
            found = Path(path, place)
            return _submission(name_of(found), found, source)
        if is_archive(name):
            return _from_archive(descriptor, Path(path), wanted)
        return _submission(name, Path(path), source_in(descriptor, name))


def _from_archive(descriptor: int, path: Path, wanted: str) -> Submission:
    # Most submissions are plain files: they do not wait for zipfile and tarfile.
    from grader.submission.archive import answer_in
    from grader.submission.entries import MAX_UNPACKED

    name = name_of(path)
    packed = contents(descriptor, name, MAX_UNPACKED)
    place, source = answer_in(packed, wanted, name)
    return _submission(f"{name}/{plain(place)}", path, source)


def _submission(name: str, path: Path, source: bytes) -> Submission:
    digest = hashlib.sha256(source).hexdigest()
    return Submission(name, path, source, digest, _advice(name))


def _advice(name: str) -> str:
    if Path(name).stem not in sys.stdlib_module_names:
        return ""
    return (
        f"{name} has the name of a standard module: it is graded all the same, but "
        "Python finds it in place of that module when you run code beside it."
    )
