"""What only a process of its own can show: imports, pipes, signals."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = "{'click', 'rich', 'rich_click', 'msgspec', 'pytest', 'grader.catalogue'}"


def python(code: str, stdout: int = subprocess.PIPE) -> tuple[int, str, str]:
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def kata(*words: str, stdout: int = subprocess.PIPE) -> tuple[int, str, str]:
    code = f"import sys; from grader.cli import main; sys.exit(main({words!r}))"
    return python(code, stdout)


def loaded_after(code: str) -> str:
    return python(f"{code}\nimport sys; print(sorted(set(sys.modules) & {HEAVY}))")[1]


def test_the_package_imports_nothing_heavy() -> None:
    assert loaded_after("import grader.cli") == "[]\n"


def test_the_verbs_need_only_click_to_be_parsed() -> None:
    code = "from grader.cli.app import make_app; make_app([])"

    assert loaded_after(code) == "['click']\n"


def test_help_alone_imports_rich() -> None:
    code = "from grader.cli.app import make_app; make_app(['list', '-h'])"

    assert "'rich_click'" in loaded_after(code)


def test_the_sandbox_starts_before_all_that_grades_is_imported() -> None:
    code = f"""
import sys, types
warm = types.ModuleType("warm")
def warm_up(isolation, allow, libraries):
    print(isolation, allow, libraries, sorted(set(sys.modules) & {HEAVY}))
    raise IsolationUnavailable
class IsolationUnavailable(Exception): pass
warm.warm_up, warm.IsolationUnavailable = warm_up, IsolationUnavailable
sys.modules["grader.judge.warm"] = warm
from grader.cli import main
main(["test", "semaphore"])
"""

    loaded = ["click", "grader.catalogue", "msgspec"]
    assert python(code)[1] == f"best () () {loaded}\n"


def test_a_reader_that_left_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)

    assert kata("list", stdout=write_end)[::2] == (141, "")

    os.close(write_end)


def test_a_reader_that_left_before_help_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)

    assert kata("-h", stdout=write_end)[::2] == (141, "")

    os.close(write_end)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_our_fault() -> None:
    with Path("/dev/full").open("w") as full:
        told = kata("list", stdout=full.fileno())

    assert told[::2] == (4, "cannot write the result: No space left on device\n")


def test_closed_streams_are_no_error() -> None:
    code = "import sys; sys.stdout = sys.stderr = None; from grader.cli import main; "

    assert python(code + "sys.exit(main(['list', '--json']))") == (0, "", "")
