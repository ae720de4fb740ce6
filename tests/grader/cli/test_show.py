from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.grader.cli.conftest import Run

Captured = pytest.CaptureFixture[str]

LAWS = """\
- at most `limit` fetches run at once (`at-most-limit`, 99 points)
- nothing is left running (`nothing-left`, 1 point)
"""
NEXT = """
  Edit   katas/semaphore/semaphore.py
  Next   kata test semaphore
"""


def test_a_statement_ends_with_laws_and_next_steps(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("show", "semaphore") == 0
    assert capsys.readouterr() == (
        f"# At most N at a time\n\nWrite it.\n\n## Laws\n\n{LAWS}{NEXT}",
        "",
    )


def test_a_table_of_laws_in_a_statement_is_replaced(
    run: Run, house: Path, capsys: Captured
) -> None:
    old = "| law | points |\n| --- | ---: |\n| at most `limit` fetches run | 3 |\n"
    (house / "katas/semaphore/README.md").write_text(f"## Laws\n\n{old}\n## End\n")

    run("show", "semaphore")

    assert capsys.readouterr().out == f"## Laws\n\n{LAWS}\n## End\n{NEXT}"


def test_a_terminal_gets_a_page_of_at_most_80_columns(
    run: Run, house: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house / "katas/semaphore/README.md").write_text("## Task\n\n" + "word " * 40)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")

    assert run("show", "semaphore") == 0

    page = capsys.readouterr().out
    assert "## Task" not in page
    assert 70 < max(map(len, page.splitlines())) <= 80


def test_json_is_one_document(run: Run, house: Path, capsys: Captured) -> None:
    assert run("show", "semaphore", "--json") == 0

    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["schema", "kata", "laws", "file", "test", "readme"]
    assert document["schema"] == "asyncio-katas/kata/1"
    assert document["kata"]["slug"] == "semaphore"
    assert document["file"] == "katas/semaphore/semaphore.py"
    assert document["test"] == "kata test semaphore"
    assert document["readme"].startswith("# At most N at a time\n")
    assert document["laws"][0] == {
        "id": "at-most-limit",
        "says": "at most `limit` fetches run at once",
        "kind": "concurrency",
        "evidence": "judge",
        "points": 99,
        "hints": 2,
    }


def test_an_unknown_kata_is_wrong_usage(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("show", "time-limit") == 2
    assert capsys.readouterr() == (
        "",
        'no kata called "time-limit"; did you mean "time_limit"?\n',
    )


def test_a_missing_statement_is_named(run: Run, house: Path, capsys: Captured) -> None:
    (house / "katas/semaphore/README.md").unlink()

    assert run("show", "semaphore") == 4
    assert capsys.readouterr().err.startswith(
        "katas/semaphore/README.md: cannot be read: "
    )
