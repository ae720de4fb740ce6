"""What `autograder.py` of Classroom 50 runs: a checkout in, `result.json` out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from grader.exports import classroom50
from grader.hosts.one import grade_one, read_settings

RESULT = "result.json"


def main(home: Path, checkout: Path) -> int:
    """Grade a checkout with the settings in `home`; return 0 if there is a result.

    On our own fault there is none: the host then says that the autograder failed.
    """
    sheet = grade_one(checkout, read_settings(home))
    try:
        document = classroom50.result(sheet, facts(os.environ))
    except classroom50.OurFault as fault:
        sys.stdout.write(
            f"The grader failed; this is no fault of the submission.\n{fault}\n"
        )
        return 1
    checkout.joinpath(RESULT).write_bytes(document)
    return 0


def facts(told: Mapping[str, str]) -> dict[str, str]:
    """Return what the host tells of a submission by environment variables.

    Who owns it, and when it was handed in, it writes over what stands there.
    """
    return {
        "classroom": told["CLASSROOM"],
        "assignment": told["ASSIGNMENT"],
        "assignment_type": told.get("ASSIGNMENT_TYPE") or "individual",
        "owner": told.get("OWNER") or told["USERNAME"],
        "submission": told["SUBMISSION_TAG"],
        "commit": told["COMMIT_URL"],
        "release": told["RELEASE_URL"],
        "review": told.get("REVIEW_URL") or told["COMMIT_URL"],
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path.cwd()))
