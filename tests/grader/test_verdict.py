import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from grader.catalogue import root
from grader.verdict import json_schema

PUBLISHED = root() / "docs" / "verdict.schema.json"


def test_the_published_schema_is_that_of_the_code() -> None:
    again = f"{sys.executable} -m grader.verdict > docs/verdict.schema.json"

    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema(), again


@pytest.mark.parametrize(
    "answer",
    [
        "solutions/semaphore/reference.py",
        "solutions/semaphore/wrong/batches.py",
        "solutions/semaphore/wrong/busy_counter.py",
        "katas/semaphore/semaphore.py",
        "katas/semaphore/README.md",
        "katas/semaphore",
    ],
)
def test_every_kind_of_verdict_is_valid(answer: str) -> None:
    command: list[str | Path] = [
        Path(sys.executable).with_name("kata"),
        "test",
        "semaphore",
        "--json",
    ]
    done = subprocess.run(
        [*command, "--file", answer],
        cwd=root(),
        capture_output=True,
        text=True,
        check=False,
    )

    jsonschema.validate(json.loads(done.stdout), json_schema())
