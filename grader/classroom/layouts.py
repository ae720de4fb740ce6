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
_MOODLE_TEXT = re.compile(
    r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_onlinetext_?.*"
)


@dataclass(frozen=True)
class Parcel:
    """Something that came from one student.

    `names` may find the student on the roster, the surest first: each with the column in
    which it stands, "" for any. `shown` stands for them if nobody is found. `file` is what the thing was called before the host named
    it. `at` is when it was handed in, where the layout tells; `late` what the host says.
    """

    path: Path
    names: tuple[tuple[str, str], ...]
    shown: str
    file: str
    at: datetime | None = None
    late: bool = False


def parcels(folder: Path, but: Path | None = None) -> Iterator[Parcel]:
    """Yield what lies in a folder of submissions, in the order of the names.

    `but` is left out: results may go into the same folder.
    """
    told = _gradescope(folder / METADATA)
    for path in sorted(folder.iterdir()):
        if path.name == METADATA or is_ignored(path.name) or path == but:
            continue
        if path.name in told:
            yield from _from_gradescope(path, told[path.name])
        else:
            yield _parcel(path)


def _parcel(path: Path) -> Parcel:
    if found := _MOODLE_TEXT.fullmatch(path.name):
        return _moodle(path, found["name"], found["number"], "")
    if found := _MOODLE.fullmatch(path.name):
        return _moodle(path, found["name"], found["number"], found["file"])
    if found := _CANVAS.fullmatch(path.name):
        user, name = found["user"], found["name"]
        names = (("canvas", user), ("", name))
        late = found["late"] is not None
        return Parcel(path, names, f"{name} ({user})", found["file"], late=late)
    if not path.is_symlink() and path.is_dir():
        return Parcel(path, (("", path.name),), path.name, "")
    name = _stem(path.name)
    return Parcel(path, (("", name),), name, path.name)


def _moodle(path: Path, name: str, number: str, file: str) -> Parcel:
    # The number is of this one assignment: it finds nobody.
    return Parcel(path, (("", name),), f"{name} ({number})", file)


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
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadLayout(f"{file} cannot be read: {error}") from None
    if not isinstance(told, dict):
        raise BadLayout(f"{file} does not name submissions; download them anew.")
    return {str(name): each for name, each in told.items() if isinstance(each, dict)}


class BadLayout(Exception):
    """The folder of submissions is not what its host makes; the message says how."""


def _from_gradescope(path: Path, told: dict[str, Any]) -> Iterator[Parcel]:
    at = told.get(":created_at")
    moment = at.replace(tzinfo=at.tzinfo or UTC) if isinstance(at, datetime) else None
    people = told.get(":submitters")
    # A group hands in once, for each of its members.
    found = [_person(each) for each in people] if isinstance(people, list) else []
    for names in filter(None, found):
        yield Parcel(path, names, names[0][1], "", moment)
    if not any(found):
        yield Parcel(path, (), path.name, "", moment)


def _person(told: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(told, dict):
        return ()
    keys = (":sid", ":email", ":name")
    return tuple(("", str(told[key])) for key in keys if told.get(key))
