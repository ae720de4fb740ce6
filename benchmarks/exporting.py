"""How long each form of export takes for 10,000 results: `make exporting`.

They are 1,000 students' on ten katas: half of them keep every law, half break one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from grader.catalogue import find, katas, root
from grader.classroom.marks import Mark, Marks
from grader.classroom.roster import Student
from grader.exports.tables import write_results
from grader.judge.grade import Request, close, grade
from grader.submission import read
from grader.verdict import Verdict

KATA = Path(sys.executable).with_name("kata")
STUDENTS = 1000
KATAS = 10
FORMS = ("canvas", "moodle", "gradescope", "prairielearn", "exercism", "junit")


def main() -> None:
    """Print a line for each form."""
    slugs = [kata.slug for kata in katas(root())][:KATAS]
    verdicts = [graded("reference"), graded("wrong/four_at_most")]
    keys = [f"s-{101 + number}" for number in range(STUDENTS)]
    students = [Student(key, {"email": f"{key}@class.example"}) for key in keys]
    table = {
        (student.key, slug): marked(student, slug, verdicts[number % 2])
        for number, student in enumerate(students)
        for slug in slugs
    }
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        write_results(Marks(slugs, students, table), out / "results.jsonl")
        print(f"{len(table)} results\n\n| form | seconds |\n| --- | --: |")
        titles = [f"--title={slug}={slug} (1)" for slug in slugs]
        for form in FORMS:
            own = titles if form == "canvas" else []
            print(f"| {form} | {seconds(form, out, own):.1f} |", flush=True)


def graded(answer: str) -> Verdict:
    """Return the verdict on one of our own answers."""
    kata = find("semaphore", root())
    try:
        return grade(Request(kata, read(kata.solutions / f"{answer}.py")))
    finally:
        close()


def marked(student: Student, slug: str, verdict: Verdict) -> Mark:
    """Return a result as if this verdict were one on that kata."""
    own = msgspec.structs.replace(verdict, kata=slug)
    file = f"{student.key}/{slug}.py"
    standing = "pass" if verdict.status == "pass" else "fail"
    return Mark(student, slug, standing, own.points, own.points, 0, file, own)


def seconds(form: str, out: Path, options: list[str]) -> float:
    """Return how long the whole command takes."""
    began = time.perf_counter()
    command = [KATA, "export", form, "--out", out, *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
