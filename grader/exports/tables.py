"""The results of a class as files."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from grader.classroom.marks import Mark, Marks, Standing
from grader.classroom.roster import Student
from grader.verdict import Verdict

_RISKY = ("=", "+", "-", "@", "\t", "\r")


class Result(msgspec.Struct, frozen=True):
    """A line of `results.jsonl`. `points` is null where it is our fault.

    `columns` is what the roster says of the student.
    """

    student: str
    kata: str
    standing: Standing
    earned: int | None
    points: int | None
    days_late: int
    file: str
    refusal: str
    log: str
    columns: Mapping[str, str]
    verdict: Verdict | None


class Unreadable(Exception):
    """There are no results to export; the message says what to do."""


def write_grades(marks: Marks, path: Path) -> None:
    """Write a line for each student: points on each kata, and their sum."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["student", "name", "email", *marks.katas, "total", "possible"])
    for student in marks.students:
        points = [shown(mark.points) for mark in marks.of(student)]
        total = shown(marks.total(student))
        person = [student.key, student.name, student.columns.get("email", "")]
        rows.writerow([*map(harmless, person), *points, total, marks.possible])
    write_whole(path, [text.getvalue().encode()])


def write_results(marks: Marks, path: Path) -> None:
    """Write a JSON document a line, one for each student and kata."""
    write_whole(path, map(_line, marks))


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file of which there is all or nothing, whenever this ends."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_results(path: Path) -> Marks:
    """Return the results that `write_results` wrote."""
    try:
        lines = path.read_bytes().splitlines()
        results = [msgspec.json.decode(line, type=Result) for line in lines]
    except FileNotFoundError:
        said = f"There is no {path}; `kata grade DIR` writes it."
        raise Unreadable(said) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from None
    students = {each.student: Student(each.student, each.columns) for each in results}
    table = {
        (each.student, each.kata): _mark(each, students[each.student])
        for each in results
    }
    katas = list(dict.fromkeys(each.kata for each in results))
    return Marks(katas, list(students.values()), table)


def _mark(result: Result, student: Student) -> Mark:
    return Mark(
        student,
        result.kata,
        result.standing,
        result.earned,
        result.points,
        result.days_late,
        result.file,
        result.verdict,
        result.refusal,
        result.log,
    )


def _line(mark: Mark) -> bytes:
    result = Result(
        mark.student.key,
        mark.kata,
        mark.standing,
        mark.earned,
        mark.points,
        mark.days_late,
        mark.file,
        mark.refusal,
        mark.log,
        mark.student.columns,
        mark.verdict,
    )
    return msgspec.json.encode(result) + b"\n"


def shown(points: int | None) -> str:
    """Return points as a cell: nothing where nothing can be said."""
    return "" if points is None else str(points)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
