"""Where in a folder the answer lies. No link is followed, however deep."""

from __future__ import annotations

import os
from typing import NamedTuple

from grader.submission.choice import MAX_ENTRIES, choose, is_ignored, too_many
from grader.submission.file import opened, source_in, unreadable
from grader.submission.record import plain


class _Listing(NamedTuple):
    files: list[str]
    folders: list[str]
    left: int


def answer_in(folder: int, wanted: str, given: str) -> tuple[str, bytes]:
    """Return the answer's place in an open folder, and its bytes.

    What is neither file nor folder is listed as a file: it is refused once it is chosen.
    """
    place = choose(_places(folder, wanted, given), wanted, given)
    return place, _source(folder, place, given)


def _places(folder: int, wanted: str, given: str) -> list[str]:
    places, folders, left = _listed(folder, given, MAX_ENTRIES)
    if wanted in places:
        return places
    for name in folders:
        with opened(name, _shown(given, name), within=folder) as inner:
            files, _, left = _listed(inner, given, left)
        places += [f"{name}/{each}" for each in files]
    return places


def _listed(folder: int, given: str, left: int) -> _Listing:
    files: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    raise too_many(given)
                if not is_ignored(entry.name):
                    (folders if _is_folder(entry) else files).append(entry.name)
    except OSError as error:
        raise unreadable(error, given) from None
    return _Listing(files, folders, left)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _source(folder: int, place: str, given: str) -> bytes:
    name, _, rest = place.partition("/")
    shown = _shown(given, name)
    with opened(name, shown, within=folder) as inner:
        return _source(inner, rest, shown) if rest else source_in(inner, shown)


def _shown(given: str, name: str) -> str:
    return f"{given.rstrip('/')}/{plain(name)}"
