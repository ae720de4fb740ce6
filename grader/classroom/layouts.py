"""From whom each thing in a folder came: how people and hosts lay them out.

- a folder or an archive for each student, or one such file: `s-101/`, `s-101.zip`;
- Canvas: `lastfirst_LATE_1234_5678_semaphore-1.py`, all in one folder;
- Moodle: `First Last_1234_assignsubmission_file_/`, or the same before a file's name;
- Gradescope: `submission_1234/`, told apart by `submission_metadata.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.submission.choice import is_archive, is_ignored

METADATA = "submission_metadata.yml"

_CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)"
)
_MOODLE = re.compile(
    r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_file_?(?P<file>.*)"
)
_MOODLE_TEXT = re.compile(r"[^_]+_\d+_assignsubmission_onlinetext_?.*")


@dataclass(frozen=True)
class Parcel:
    """Something that came from one student.

    `names` may find the student on the roster, the surest first, and `shown` stands for
    them if nobody is found. `file` is what the thing was called before the host named
    it. `at` is when it was handed in, where the layout tells; `late` what the host says.
    """

    path: Path
    names: tuple[str, ...]
    shown: str
    file: str
    at: datetime | None = None
    late: bool = False


def parcels(folder: Path) -> Iterator[Parcel]:
    """Yield what lies in a folder of submissions, in the order of the names."""
    told = _gradescope(folder / METADATA)
    for path in sorted(folder.iterdir()):
        if path.name in told:
            yield from _from_gradescope(path, told[path.name])
        elif path.name != METADATA and not is_ignored(path.name):
            yield _parcel(path)


def _parcel(path: Path) -> Parcel:
    if found := _MOODLE.fullmatch(path.name):
        name, number = found["name"], found["number"]
        return Parcel(path, (name, number), name, found["file"])
    if found := _CANVAS.fullmatch(path.name):
        user, name = found["user"], found["name"]
        late = found["late"] is not None
        return Parcel(path, (user, name), name, found["file"], late=late)
    if path.is_dir():
        return Parcel(path, (path.name,), path.name, "")
    name = _stem(path.name)
    return Parcel(path, (name,), name, path.name)


def _stem(name: str) -> str:
    """Return a file's name without what says of which kind it is."""
    stem = Path(name).stem
    return Path(stem).stem if is_archive(name) and stem.endswith(".tar") else stem


# --- Gradescope -------------------------------------------------------------------


def _gradescope(file: Path) -> dict[str, dict[str, Any]]:
    """Return what is told of each folder; nothing where it is not Gradescope's."""
    if not file.is_file():
        return {}
    import yaml

    try:
        told = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise BadLayout(f"{file} cannot be read: {error}") from None
    if not isinstance(told, dict):
        raise BadLayout(f"{file} does not name submissions; download them anew.")
    return {str(name): each for name, each in told.items() if isinstance(each, dict)}


class BadLayout(Exception):
    """The folder of submissions is not what its host makes; the message says how."""


def _from_gradescope(path: Path, told: dict[str, Any]) -> Iterator[Parcel]:
    at = told.get(":created_at")
    moment = at.replace(tzinfo=at.tzinfo or UTC) if isinstance(at, datetime) else None
    # A group hands in once, for each of its members.
    for person in told.get(":submitters") or []:
        keys = (":sid", ":email", ":name")
        names = tuple(str(person[key]) for key in keys if person.get(key))
        if names:
            yield Parcel(path, names, names[-1], "", moment)
