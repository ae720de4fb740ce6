"""All files of a folder or an archive that may be somebody's work, read when asked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from grader.submission.archive import entries_in
from grader.submission.choice import MAX_ENTRIES, is_archive, is_ignored, too_many
from grader.submission.entries import MAX_UNPACKED
from grader.submission.file import contents, opened, source_in, unreadable
from grader.submission.record import MAX_BYTES, Rejected, plain, too_large

MAX_DEPTH = 6
"""Folders in folders, below the one that was handed in."""

Files = dict[str, Callable[[], bytes]]
"""Each file's bytes by its place. Asking for them may raise `Rejected`."""


def files_at(path: Path, given: str) -> Files:
    """Return the files of a folder or an archive, or the one file that `path` is.

    A file is at the place of its own name. What an archive in a folder holds is there too,
    below its name. No link is followed. Raise `Rejected` for what cannot be taken in.
    """
    with opened(path, given) as descriptor:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            return dict(_in_folder(path, given))
    if is_archive(path.name):
        return _in_archive(path, given)
    return {path.name: partial(_source, path, given)}


def _in_folder(folder: Path, given: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    left = MAX_ENTRIES
    waiting = [(folder, "", 0)]
    while waiting:
        here, place, depth = waiting.pop()
        for entry in _listed(here, given):
            left -= 1
            if left < 0:
                raise too_many(given)
            inner = f"{place}{entry.name}"
            if is_ignored(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH:
                    waiting.append((Path(entry.path), f"{inner}/", depth + 1))
            else:
                yield from _of_entry(Path(entry.path), inner, given)


def _listed(folder: Path, given: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(error, given) from None


def _of_entry(
    path: Path, place: str, given: str
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    shown = f"{given}/{plain(place)}"
    if not is_archive(path.name) or path.is_symlink():
        yield place, partial(_source, path, shown)
        return
    try:
        for inner, read in _in_archive(path, shown).items():
            yield f"{place}/{inner}", read
    except Rejected as refusal:
        yield place, partial(_refuse, refusal)


def _in_archive(path: Path, given: str) -> Files:
    with opened(path, given) as descriptor:
        packed = contents(descriptor, given, MAX_UNPACKED)
    found = entries_in(packed, given)
    return {
        place: partial(_unpacked, entry.size, entry.read, f"{given}/{plain(place)}")
        for place, entry in found.items()
        if not is_ignored(place)
    }


def _source(path: Path, given: str) -> bytes:
    with opened(path, given) as descriptor:
        return source_in(descriptor, given)


def _unpacked(size: int, read: Callable[[], bytes], given: str) -> bytes:
    if size > MAX_BYTES:
        raise too_large(given)
    return read()


def _refuse(refusal: Rejected) -> bytes:
    raise refusal
