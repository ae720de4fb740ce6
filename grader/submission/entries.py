"""What may stand in the list of an archive. Nothing of it is ever unpacked to disk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.submission.choice import MAX_ENTRIES, too_many
from grader.submission.record import Rejected, plain

MAX_UNPACKED = 20 << 20
"""Of an archive, and of all that it says it holds."""

MAX_NAME = 255
LINK = "is a link"
SPECIAL = "is neither a file nor a folder"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_RULES: list[tuple[Callable[[str], object], str]] = [
    (lambda name: len(name) > MAX_NAME, f"has a name of more than {MAX_NAME} letters"),
    (_CONTROL.search, "has a control character in its name"),
    (lambda name: "\\" in name, "has a backslash in its name"),
    (lambda name: name.startswith("/"), "has an absolute path"),
    (_DRIVE.match, "has a drive letter in its path"),
    (lambda name: ".." in name.split("/"), 'leads out of its folder by ".."'),
]


@dataclass(frozen=True)
class Entry:
    """A file or folder in an archive. `fault` says why it cannot be taken, if so."""

    name: str
    size: int
    is_folder: bool
    fault: str
    read: Callable[[], bytes]


def files_of(entries: Iterable[Entry], given: str) -> dict[str, Entry]:
    """Return the files by their places; raise `Rejected` for the first bad entry.

    Bad entries count wherever they are: an archive that holds one was made by no
    ordinary tool, or not from ordinary files.
    """
    files: dict[str, Entry] = {}
    names = _Names(given)
    unpacked = 0
    for number, entry in enumerate(entries):
        if number >= MAX_ENTRIES:
            raise too_many(given)
        unpacked += entry.size
        if unpacked > MAX_UNPACKED:
            raise unpacks_to_too_much(given)
        if fault := _fault(entry):
            raise unsafe(given, entry.name, fault)
        place = _place(entry.name)
        names.add(place, is_folder=entry.is_folder)
        if not entry.is_folder:
            files[place] = entry
    return files


def unsafe(given: str, name: str, fault: str) -> Rejected:
    """Return the refusal of an archive for one entry."""
    shown = plain(name if len(name) <= MAX_NAME else f"{name[:60]}...") or "an entry"
    message = f"{given} holds {shown}, which {fault}. Pack your Python file alone."
    return Rejected(given, "unsafe archive", message)


def unpacks_to_too_much(given: str) -> Rejected:
    """Return the refusal of an archive that holds more than `MAX_UNPACKED`."""
    message = f"{given} unpacks to more than 20 MiB. Pack your Python file alone."
    return Rejected(given, "too large", message)


def broken(given: str) -> Rejected:
    """Return the refusal of an archive that cannot be read."""
    message = (
        f"{given} is damaged, or is neither a zip nor a tar archive. "
        "Hand in your Python file, or pack it anew."
    )
    return Rejected(given, "broken archive", message)


class _Names:
    """The places met so far, and how a system that knows fewer names spells them."""

    def __init__(self, given: str) -> None:
        self._given = given
        self._met: dict[str, tuple[str, bool]] = {}

    def add(self, place: str, *, is_folder: bool) -> None:
        parts = place.split("/") if place else []
        for length in range(1, len(parts)):
            self._add("/".join(parts[:length]), is_folder=True)
        if parts:
            self._add(place, is_folder=is_folder)

    def _add(self, place: str, *, is_folder: bool) -> None:
        folded = _folded(place)
        if folded not in self._met:
            self._met[folded] = place, is_folder
            return
        met, was_folder = self._met[folded]
        if met != place:
            fault = f"some systems cannot tell from {plain(met)}"
            raise unsafe(self._given, place, fault)
        if not (is_folder and was_folder):
            raise unsafe(self._given, place, "is there twice")


def _fault(entry: Entry) -> str:
    if not entry.is_folder and not _place(entry.name):
        return "has no name"
    faults = [fault for breaks, fault in _RULES if breaks(entry.name)]
    return faults[0] if faults else entry.fault


def _place(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in {"", "."})


def _folded(place: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", place).casefold())
