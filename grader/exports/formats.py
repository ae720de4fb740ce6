"""Which forms there are, and the files that each makes of a class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote

from grader.classroom.marks import Marks
from grader.classroom.roster import Student
from grader.exports import canvas, exercism, gradescope, junit, moodle, prairielearn
from grader.exports.sheet import Sheet


class File(NamedTuple):
    """A file to write, by its place below the folder of exports."""

    place: str
    data: bytes


Titles = Mapping[str, str]
_PerStudent = Callable[[Sheet, Student], Iterator[File]]


def files(form: str, marks: Marks, titles: Titles) -> Iterator[File]:
    """Yield the files of one form; `titles` are Canvas's names of assignments."""
    if form == "canvas":
        yield File("canvas.csv", canvas.gradebook(marks, titles).encode())
    elif form == "moodle":
        yield File("moodle.csv", moodle.grades(marks).encode())
    else:
        for student in marks.students:
            yield from PER_STUDENT[form](Sheet(marks.of(student)), student)


def _gradescope(sheet: Sheet, student: Student) -> Iterator[File]:
    yield File(f"gradescope/{file_name(student)}.json", gradescope.results(sheet))


def _prairielearn(sheet: Sheet, student: Student) -> Iterator[File]:
    yield File(f"prairielearn/{file_name(student)}.json", prairielearn.results(sheet))


def _exercism(sheet: Sheet, student: Student) -> Iterator[File]:
    for mark in sheet.marks:
        place = f"exercism/{file_name(student)}/{mark.kata}/results.json"
        yield File(place, exercism.results(mark))


def _junit(sheet: Sheet, student: Student) -> Iterator[File]:
    yield File(f"junit/{file_name(student)}.xml", junit.report(sheet, student.key))


PER_STUDENT: Mapping[str, _PerStudent] = {
    "exercism": _exercism,
    "gradescope": _gradescope,
    "junit": _junit,
    "prairielearn": _prairielearn,
}


def file_name(student: Student) -> str:
    """Return a student's key as a file's name; no two students have the same."""
    name = quote(student.key, safe=" @+,=()")
    return f"%2E{name[1:]}" if name.startswith(".") else name
