from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.grader.cli.conftest import Add, Run

Captured = pytest.CaptureFixture[str]

LIST = """\
Foundations
  hello_await  Say hello                                        level 1   25 min

Limits and time
  semaphore    At most N at a time                              level 2   25 min
  time_limit   Answer in time or the default                    level 3   25 min

Read the first one: kata show hello_await
"""


def test_katas_stand_under_their_tracks_in_learning_order(
    run: Run, add: Add, capsys: Captured
) -> None:
    add("hello_await", track="foundations", level=1, title="Say hello")

    assert run("list") == 0
    assert capsys.readouterr() == (LIST, "")


def test_no_line_is_wider_than_80_columns(run: Run, add: Add, capsys: Captured) -> None:
    add("a" * 30, title="A title that goes on and on and on and on and on")

    run("list")

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) == 80
    assert lines[1] == (f"  {'a' * 30}  A title that goes on and...   level 2   25 min")


def test_an_empty_house_has_a_list_too(
    run: Run, tmp_path: Path, house: Path, capsys: Captured
) -> None:
    (house / "katas").rename(tmp_path / "away")
    (house / "katas").mkdir()

    assert run("list") == 0
    assert capsys.readouterr().out == "There are no katas yet.\n"


def test_json_is_one_document(run: Run, house: Path, capsys: Captured) -> None:
    assert run("list", "--json") == 0

    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["schema", "tracks", "katas"]
    assert document["schema"] == "asyncio-katas/list/1"
    assert document["tracks"] == [{"slug": "limits", "title": "Limits and time"}]
    assert document["katas"][0] == {
        "slug": "semaphore",
        "title": "At most N at a time",
        "summary": "Fetch many pages.",
        "track": "limits",
        "level": 2,
        "minutes": 25,
        "needs": [],
        "topics": ["Semaphore"],
    }


def test_a_malformed_kata_is_named(run: Run, add: Add, capsys: Captured) -> None:
    add("broken", level=9)

    assert run("list") == 4
    assert capsys.readouterr() == (
        "",
        "katas/broken/kata.toml: Expected int <= 5 - at $.level\n",
    )
