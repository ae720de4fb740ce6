"""What an external grader of PrairieLearn runs: /grade/student in, /grade/results out."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.exports import prairielearn
from grader.hosts.one import Settings, grade_one, read_settings

KATA = "kata"
"""The file in the question's `tests` that names its kata."""


def main(home: Path, source: Path) -> int:
    """Grade the submission below `home`; the grader lies in `source`.

    The question says which kata it is about. On our own fault the attempt is told as one
    that could not be graded, which costs nothing.
    """
    settings = read_settings(source)
    slug = (home / "tests" / KATA).read_text("utf-8").strip()
    one = Settings((slug,), settings.seed, settings.isolation, settings.seconds)
    sheet = grade_one(home / "student", one)
    results = home / "results"
    results.mkdir(exist_ok=True)
    results.joinpath("results.json").write_bytes(prairielearn.results(sheet))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
