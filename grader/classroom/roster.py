"""Who is in the class, and by which names hosts know them."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

_COLUMNS = {
    "student": ("student id", "student number", "sid", "user", "username", "user name"),
    "name": ("full name", "student name", "display name"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("e-mail", "email address", "e-mail address", "mail"),
    "number": ("id number", "sis user id", "matriculation number"),
    "login": ("sis login id", "login id"),
    "canvas": ("id", "canvas user id", "canvas id"),
    "section": ("sections", "group", "groups"),
}
"""How exports of Canvas, Moodle and Gradescope, and people, name each column."""

_KEYS = ("student", "number", "login", "email", "name", "canvas")
"""What stands for a student in tables: the first of these that is there."""

_POINTS_POSSIBLE = "points possible"


class Rows(Protocol):
    """What `csv.reader` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


class BadRoster(Exception):
    """A roster that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Student:
    """One person. `key` stands for them in tables; each of `names` finds them."""

    key: str
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the full name, or "" where the roster has none."""
        parts = [self.columns.get(each, "") for each in ("first", "last")]
        return self.columns.get("name", "") or " ".join(filter(None, parts))

    @property
    def names(self) -> set[str]:
        """Return all by which a host may call them, in small letters."""
        full = f"{self.columns.get('first', '')} {self.columns.get('last', '')}".strip()
        last_first = _squeezed(
            f"{self.columns.get('last', '')}{self.columns.get('first', '')}"
        )
        told = {
            self.key,
            full,
            last_first,
            *(self.columns.get(each, "") for each in _KEYS),
        }
        comma = self.columns.get("name", "")
        told |= {_turned(comma), _squeezed(comma)}
        return {folded(each) for each in told if each}


@dataclass(frozen=True)
class Roster:
    """The class. An empty one knows nobody."""

    students: tuple[Student, ...] = ()

    def find(self, names: Iterable[tuple[str, str]]) -> Student | None:
        """Return who has the first of these names that one student alone has.

        Each comes with the column in which it stands, "" for any.
        """
        for column, name in names:
            known = self._known.get((column, folded(name)), ())
            if len(known) == 1:
                return known[0]
        return None

    @cached_property
    def _known(self) -> Mapping[tuple[str, str], list[Student]]:
        known: defaultdict[tuple[str, str], list[Student]] = defaultdict(list)
        for student in self.students:
            for name in student.names:
                known["", name].append(student)
            for column, name in student.columns.items():
                known[column, folded(name)].append(student)
        return known


def folded(name: str) -> str:
    """Return a name as it is compared: however it is spelt or composed."""
    return unicodedata.normalize("NFC", name).casefold()


def read_roster(path: Path) -> Roster:
    """Return the class that stands in a CSV file.

    Its first line names the columns, as exports of Canvas, Moodle and Gradescope do, or
    `student,name,email`. Commas, semicolons and tabs will do, a byte-order mark too.
    """
    text = _text(path)
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True
    )
    try:
        return _roster(rows, path)
    except csv.Error as error:
        said = f"{path}, line {rows.line_num}: {error}; mend its quotes."
        raise BadRoster(said) from None


def _roster(rows: Rows, path: Path) -> Roster:
    header = next(rows, [])
    columns = [_column(each, header) for each in header]
    if not set(columns) & set(_KEYS):
        raise BadRoster(
            f"{path} has no column that names a student; "
            "give its first line one called student, email or name."
        )
    students: list[Student] = []
    for row in rows:
        cells = [each.strip() for each in row]
        if not any(cells) or cells[0].casefold().strip() == _POINTS_POSSIBLE:
            continue
        students.append(_student(columns, cells, path, rows.line_num))
    _refuse_twins(students, path)
    return Roster(tuple(students))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadRoster(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return data.decode(
            "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        )
    except UnicodeDecodeError:
        raise BadRoster(f"{path} is not UTF-8; save it as CSV UTF-8.") from None


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _column(title: str, header: list[str]) -> str:
    plain = " ".join(title.casefold().replace("_", " ").split())
    # Canvas has the person's name under Student, beside their number under ID.
    beside_id = "id" in {each.strip().casefold() for each in header}
    if plain == "student" and beside_id:
        return "name"
    for column, others in _COLUMNS.items():
        if plain == column or plain in others:
            return column
    return plain


def _student(columns: list[str], cells: list[str], path: Path, line: int) -> Student:
    filled = {
        column: cell for column, cell in zip(columns, cells, strict=False) if cell
    }
    key = next((filled[each] for each in _KEYS if each in filled), "")
    if not key:
        key = f"{filled.get('first', '')} {filled.get('last', '')}".strip()
    if not key:
        raise BadRoster(f"{path}, line {line}: nobody is named there; drop the line.")
    return Student(key, filled)


def _refuse_twins(students: list[Student], path: Path) -> None:
    met: set[str] = set()
    for each in students:
        if folded(each.key) in met:
            raise BadRoster(f"{path} names {each.key} twice; drop one of the lines.")
        met.add(folded(each.key))


def _turned(name: str) -> str:
    """Return `Last, First` as `First Last`."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else ""


def _squeezed(name: str) -> str:
    """Return a name as Canvas puts it into file names: `lastfirst`."""
    return "".join(each for each in name.casefold() if each.isalnum())
