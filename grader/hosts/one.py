"""Grade what one student handed in, for a host that calls the grader each time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from grader import catalogue
from grader.classroom import batch, pool
from grader.classroom.deadline import NONE
from grader.classroom.gradebook import Gradebook
from grader.classroom.intake import take_in_one
from grader.classroom.marks import mark_all
from grader.classroom.roster import Student
from grader.exports.sheet import Sheet

SETTINGS = "settings.json"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the host's assignment is graded; stands beside the katas as `SETTINGS`.

    `seconds` is for all of it: less than the host gives, so that there is an answer.
    """

    katas: tuple[str, ...]
    seed: int = 1
    isolation: str = "best"
    seconds: float = 480.0
    visibility: str = "visible"
    form: str = "text"


def read_settings(home: Path) -> Settings:
    """Return the settings in a folder."""
    return msgspec.json.decode((home / SETTINGS).read_bytes(), type=Settings)


def grade_one(folder: Path, settings: Settings) -> Sheet:
    """Return a student's results on the katas of an assignment."""
    katas = [catalogue.find(slug, catalogue.root()) for slug in settings.katas]
    student = Student("submission")
    found = take_in_one(folder, katas, student)
    with (
        TemporaryDirectory() as place,
        closing(Gradebook(Path(place, "gradebook.db"))) as book,
    ):
        share = settings.seconds / max(1, len(settings.katas)) / pool.TRIES
        options = batch.Options(settings.seed, settings.isolation, seconds=share)
        whole = batch.Batch({kata.slug: kata for kata in katas}, options, book)
        with pool.local(1) as executor:
            whole.run(found.entries, executor, _nothing)
        marks = mark_all(found, [student], settings.katas, whole, NONE)
    return Sheet(marks.of(student))


def _nothing() -> None:
    """Show nothing: there is nobody to see it."""
