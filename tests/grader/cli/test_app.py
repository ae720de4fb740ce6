from __future__ import annotations

import gc
import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader import __version__, catalogue, cli
from grader.cli.app import VERBS

if TYPE_CHECKING:
    from tests.grader.cli.conftest import Add, Run

Captured = pytest.CaptureFixture[str]

BEGIN = """\
0 of 2 katas · 0 of 200 points

  Next     kata start semaphore    level 2, about 25 minutes
  List     kata list               every kata, in learning order
  Help     kata -h                 every verb
"""
COMMAND = """
import gc, sys
from grader import cli
sys.argv[1:] = ["--version"]
cli.main()
print(gc.get_threshold()[0])
"""
UNKNOWN_VERB = """\
Usage: kata [OPTIONS] [COMMAND] [ARGS]...
Try 'kata --help' for help.

Error: No such command 'tset'. (Did you mean one of: 'reset', 'test'?)
"""


def test_the_bare_command_says_where_you_are_and_what_comes_next(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run() == 0
    assert capsys.readouterr() == (BEGIN, "")


def test_the_first_kata_to_start_is_the_first_in_learning_order(
    run: Run, add: Add, capsys: Captured
) -> None:
    add("hello_await", track="foundations", level=1)
    add("a_kata")

    run()

    assert "kata start hello_await " in capsys.readouterr().out


def test_outside_the_repository_the_command_says_so(
    run: Run, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    monkeypatch.chdir(tmp_path)

    assert run("list") == 2
    assert capsys.readouterr() == (
        "",
        f"no folder katas in or above {tmp_path}; change into the repository\n",
    )


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_each_verb(run: Run, capsys: Captured, option: str) -> None:
    assert run(option) == 0

    told = capsys.readouterr()
    assert [verb for verb in VERBS if f" {verb} " in told.out] == list(VERBS)
    assert told.err == ""


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_within_80_columns(
    run: Run, capsys: Captured, verb: str
) -> None:
    assert run(verb, "-h") == 0

    page = capsys.readouterr().out
    assert f"Usage: kata {verb}" in page
    assert max(map(len, page.splitlines())) <= 80


def test_the_version_is_told(run: Run, capsys: Captured) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"asyncio-katas {__version__}\n"


def test_an_unknown_verb_suggests_the_nearest(run: Run, capsys: Captured) -> None:
    assert run("tset") == 2
    assert capsys.readouterr() == ("", UNKNOWN_VERB)


def test_an_unknown_option_suggests_the_nearest(run: Run, capsys: Captured) -> None:
    assert run("list", "--jsn") == 2
    assert capsys.readouterr().err.endswith(
        "Error: No such option '--jsn'. Did you mean '--json'?\n"
    )


def test_a_missing_slug_is_wrong_usage(run: Run, capsys: Captured) -> None:
    assert run("show") == 2
    assert capsys.readouterr().err.endswith("Error: Missing argument 'SLUG'.\n")


def test_an_error_nobody_expected_is_our_fault(
    run: Run, house: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "katas", lambda _root: 1 // 0)

    assert run("list") == 4

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith(
        "ZeroDivisionError: integer division or modulo by zero\n"
        "This is a fault of the grader, not of your answer.\n"
    )


def test_an_interrupt_is_one_line(
    run: Run, house: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_root: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "katas", interrupt)

    assert run("list") == 130
    assert capsys.readouterr() == ("", "Interrupted.\n")


def test_a_terminal_without_unicode_gets_question_marks(
    run: Run, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("rest", track="foundations", title="Café")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, "ascii"))

    assert run("list") == 0
    assert b"Caf? " in written.getvalue()


# --- completion ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("kata ", "".join(f"plain,{verb}\n" for verb in VERBS)),
        ("kata te", "plain,test\n"),
        ("kata test ", "plain,semaphore\nplain,time_limit\n"),
        ("kata show ti", "plain,time_limit\n"),
        ("kata test semaphore --law n", "plain,nothing-left\n"),
        ("kata test nowhere --law n", "\n"),
        ("kata test semaphore --color a", "plain,auto\nplain,always\n"),
    ],
)
def test_the_shell_completes(
    run: Run,
    house: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    offered: str,
) -> None:
    monkeypatch.setenv("_KATA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))

    assert run() == 0
    assert capsys.readouterr() == (offered, "")


def test_completion_is_silent_about_a_malformed_kata(
    run: Run, house: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house / "katas/semaphore/kata.toml").write_text("x")
    monkeypatch.setenv("_KATA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "kata test semaphore --law n")
    monkeypatch.setenv("COMP_CWORD", "4")

    run()

    assert capsys.readouterr() == ("\n", "")


def test_a_command_looks_for_garbage_seldom_and_a_call_changes_nothing() -> None:
    before = gc.get_threshold()
    cli.main(["--version"])

    told = subprocess.run(
        [sys.executable, "-c", COMMAND],
        capture_output=True,
        text=True,
        check=True,
    )

    assert gc.get_threshold() == before
    assert told.stdout.splitlines()[-1] == "50000"
