"""What a class handed in: who, for which kata, and what was left over.

Nothing is dropped: a file that is no answer to any of the katas is told of.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from grader.catalogue import Kata
from grader.classroom.layouts import Parcel, parcels
from grader.classroom.roster import Roster, Student
from grader.submission import Rejected, Submission
from grader.submission.files import Files, files_at
from grader.submission.record import plain

TOLD = 3
"""Of several files for one kata, how many are named."""

_COPY = re.compile(r"(-\d+| ?\(\d+\))$")
"""What hosts and browsers put behind the name of a file that comes again."""

_BESIDE = {"README.md", "kata.toml", "test_examples.py"}
"""What a learner has beside the stub; it may come back with the answer."""

_STARTER_FOLDERS = {"grader", "katas", "tests"}
_STARTER_FILES = {
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "pytest.ini",
    "requirements.lock",
}
"""What else a starter repository holds."""


@dataclass(frozen=True)
class Entry:
    """What one student handed in for one kata: an answer, or why it was refused.

    `at` is when; `late` is what the host said of it.
    """

    student: Student
    kata: str
    place: str
    at: datetime
    submission: Submission | None = None
    refusal: str = ""
    late: bool = False


@dataclass
class HandedIn:
    """All that was handed in.

    `strangers` are not on the roster, `silent` handed in nothing. `leftovers`
    holds, by student, the places of files that are no answer to any kata; `unread` what
    could not be taken in at all, with the reason.
    """

    entries: list[Entry] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    leftovers: dict[str, list[str]] = field(default_factory=dict)
    unread: dict[str, list[str]] = field(default_factory=dict)


def take_in_class(
    folder: Path, katas: Iterable[Kata], roster: Roster, but: Path | None = None
) -> HandedIn:
    """Take in a folder of submissions to these katas; `but` in it is left out."""
    return _Intake(folder, list(katas), roster).take(*parcels(folder, but))


def take_in_one(folder: Path, katas: Iterable[Kata], student: Student) -> HandedIn:
    """Take in what one student handed in: all that lies in a folder."""
    parcel = Parcel(folder, (("", student.key),), student.key, "")
    return _Intake(folder, list(katas), Roster((student,))).take(parcel)


class _Intake:
    def __init__(self, folder: Path, katas: list[Kata], roster: Roster) -> None:
        self._folder = folder
        self._files = {kata.stub.name: kata.slug for kata in katas}
        self._roster = roster
        self._found = HandedIn()
        self._students: dict[str, Student] = {}
        self._entries: dict[tuple[str, str], list[Entry]] = {}

    def take(self, *given: Parcel) -> HandedIn:
        for parcel in given:
            self._open(parcel)
        for several in self._entries.values():
            self._found.entries.append(_one_of(several))
        self._found.silent = self._silent()
        return self._found

    def _silent(self) -> list[str]:
        found = self._found
        heard = {each.student.key for each in found.entries}
        heard |= {*found.leftovers, *found.unread}
        everybody = [each.key for each in self._roster.students]
        everybody += [key for key in self._students if key not in everybody]
        return [key for key in everybody if key not in heard]

    def _student(self, parcel: Parcel) -> Student:
        student = self._roster.find(parcel.names)
        if student is None:
            student = Student(plain(parcel.shown))
            if self._roster.students and student.key not in self._students:
                self._found.strangers.append(student.key)
        return self._students.setdefault(student.key, student)

    def _open(self, parcel: Parcel) -> None:
        student = self._student(parcel)
        own = plain(parcel.path.name)
        given = own if parcel.path != self._folder else ""
        try:
            files = files_at(parcel.path, given or own)
        except Rejected as refusal:
            self._found.unread.setdefault(student.key, []).append(str(refusal))
            return
        if parcel.file and parcel.path.name in files:
            files = {parcel.file: files[parcel.path.name]}
        for place, slug in self._chosen(student, files).items():
            self._take(student, slug, given, place, files[place], parcel)

    def _chosen(self, student: Student, files: Files) -> dict[str, str]:
        """Return which of these files answers which kata."""
        chosen = {
            place: self._files[name]
            for place in sorted(files)
            if (name := _plain_name(place)) in self._files
        }
        names = {place: PurePosixPath(place).name for place in sorted(files)}
        sources = [
            place
            for place, name in names.items()
            if name.endswith(".py") and name not in _BESIDE
        ]
        if not chosen and len(self._files) == 1 and len(sources) == 1:
            chosen = {sources[0]: next(iter(self._files.values()))}
        homes = {place.rpartition("katas/")[0] for place in chosen if "katas/" in place}
        left = [
            plain(place)
            for place, name in names.items()
            if place not in chosen
            and name not in _BESIDE
            and not any(_is_starter(place, home) for home in homes)
        ]
        if left:
            self._found.leftovers.setdefault(student.key, []).extend(left)
        return chosen

    def _take(
        self,
        student: Student,
        slug: str,
        given: str,
        place: str,
        read: Callable[[], bytes],
        parcel: Parcel,
    ) -> None:
        at = parcel.at or _changed(parcel.path / place)
        shown = given if parcel.file == place else f"{given}/{plain(place)}".lstrip("/")
        try:
            source = read()
        except Rejected as refusal:
            entry = Entry(student, slug, shown, at, None, str(refusal), parcel.late)
        else:
            submission = _submission(slug, source)
            entry = Entry(student, slug, shown, at, submission, "", parcel.late)
        self._entries.setdefault((student.key, slug), []).append(entry)


def _submission(slug: str, source: bytes) -> Submission:
    # By the kata's own name, not by where it lay: one source has one verdict.
    name = f"{slug}.py"
    return Submission(name, Path(name), source, hashlib.sha256(source).hexdigest())


def _one_of(several: list[Entry]) -> Entry:
    """Return the entry, or the refusal of several that are not the same."""
    first = min(several, key=lambda each: each.at)
    if len({each.submission and each.submission.sha256 for each in several}) == 1:
        return first
    places = " and ".join(each.place for each in several[:TOLD])
    more = f", and {len(several) - TOLD} more" if len(several) > TOLD else ""
    refusal = (
        f"several files for one kata: {places}{more}. Keep the one that counts, "
        "and grade again."
    )
    return Entry(first.student, first.kata, first.place, first.at, None, refusal)


def _plain_name(place: str) -> str:
    """Return a file's name without what hosts put behind it."""
    path = PurePosixPath(place)
    return f"{_COPY.sub('', path.stem)}{path.suffix}"


def _is_starter(place: str, home: str) -> bool:
    """Say whether a file comes with a starter repository that lies at `home`."""
    first, *deeper = place.removeprefix(home).split("/")
    known = _STARTER_FOLDERS if deeper else _STARTER_FILES
    return place.startswith(home) and first in known


def _changed(path: Path) -> datetime:
    """Return when a file was changed, or the archive that it is in."""
    for each in (path, *path.parents):
        with suppress(OSError):
            return datetime.fromtimestamp(each.lstat().st_mtime, UTC)
    return datetime.now(UTC)


def is_ahead(at: datetime) -> bool:
    """Say whether a time is still to come, and not only a clock a little off."""
    return at > datetime.now(UTC) + timedelta(minutes=5)
