"""What `run_autograder` runs: /autograder/submission in, /autograder/results out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

from grader.exports import gradescope
from grader.exports.sheet import Visibility
from grader.hosts.one import grade_one, read_settings


def main(home: Path) -> int:
    """Grade the submission below `home`; return 0 if there is a result.

    On our own fault there is none: the host then says that the autograder failed, tells
    the instructor, and gives no points and no zero.
    """
    settings = read_settings(home / "source")
    sheet = grade_one(home / "submission", settings)
    if sheet.points is None:
        said = f"The grader failed; this is no fault of the submission.\n{sheet.log}"
        sys.stdout.write(f"{said}\n")
        return 1
    document = gradescope.results(
        sheet,
        cast(Visibility, settings.visibility),
        cast(gradescope.Format, settings.form),
    )
    results = home / "results"
    results.mkdir(exist_ok=True)
    results.joinpath("results.json").write_bytes(document)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
