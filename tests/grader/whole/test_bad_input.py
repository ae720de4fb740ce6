from pathlib import Path

import pytest

from grader.submission import MAX_BYTES

from .conftest import Command

RIGHT = Path("solutions/semaphore/reference.py").read_text(encoding="utf-8")

UNLOADABLE = {
    "empty": (b"", "Could not load: the file is empty."),
    "syntax": (b"def f(:\n", "Could not load: SyntaxError: invalid syntax."),
    "not UTF-8": (
        b'x = "\xff"\n',
        "Could not load: the file is not UTF-8: byte 5 is 0xff.",
    ),
    "NUL": (b"x = 1\nx\x00\n", "Could not load: the file contains a NUL byte."),
    "error at import": (
        b"import nothing_here\n",
        (
            "Could not load: importing the file raised ModuleNotFoundError: No module named\n"
            "'nothing_here'."
        ),
    ),
    "misspelt": (
        b"async def fetch_limit(fetch, urls, limit): pass\n",
        (
            "Could not load: fetch_limited is missing; found fetch_limit, which is spelt\n"
            "differently."
        ),
    ),
    "missing": (b"x = 1\n", "Could not load: fetch_limited is missing."),
    "plain def": (
        b"def fetch_limited(fetch, urls, limit): return []\n",
        (
            "Could not load: fetch_limited must be async def: calling it gave list, which\n"
            "cannot be awaited."
        ),
    ),
    "no function": (
        b"fetch_limited = 3\n",
        "Could not load: fetch_limited must be a function, not int.",
    ),
    "parameters": (
        b"async def fetch_limited(urls, limit): pass\n",
        (
            "Could not load: fetch_limited must accept (fetch, urls, limit); it accepts\n"
            "(urls, limit)."
        ),
    ),
    "sys.exit": (
        b"import sys\nsys.exit(0)\n",
        "Could not load: the file calls sys.exit() while it is imported.",
    ),
    "os._exit": (
        b"import os\nos._exit(3)\n",
        (
            "Could not load: importing the file ended the process: the process ended by\n"
            "itself with exit code 3."
        ),
    ),
    "endless import": (
        b"while True: pass\n",
        "Could not load: importing the file did not finish: it ran out of processor time.",
    ),
    "waiting import": (
        b"import threading\nthreading.Event().wait()\n",
        "Could not load: importing the file never ends.",
    ),
}


def test_a_file_as_long_as_may_be_is_graded(kata: Command, tmp_path: Path) -> None:
    file = tmp_path / "semaphore.py"
    file.write_text(RIGHT + "#" * (MAX_BYTES - len(RIGHT.encode())), encoding="utf-8")

    assert kata("test", "semaphore", "--file", file).code == 0


@pytest.mark.parametrize("name", UNLOADABLE)
def test_a_file_that_cannot_be_loaded_is_told_why(
    name: str, kata: Command, tmp_path: Path
) -> None:
    source, expected = UNLOADABLE[name]
    file = tmp_path / "mine.py"
    file.write_bytes(source)

    printed = kata("test", "semaphore", "--file", file)

    assert (printed.code, printed.err) == (3, "")
    assert expected in printed.out
    assert "Nothing was graded." in printed.out


def test_the_learners_own_line_is_shown(kata: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("import asyncio\n\nimport sys\nsys.exit(0)\n")

    printed = kata("test", "semaphore", "--file", file)

    assert "4 | sys.exit(0)" in printed.out


@pytest.mark.parametrize("path", ["grader", "katas/semaphore/nowhere.py", "/dev/null"])
def test_what_is_no_file_is_not_graded(path: str, kata: Command) -> None:
    printed = kata("test", "semaphore", "--file", path)

    assert printed.code == 3
    assert "Nothing was graded." in printed.out


def test_a_file_named_like_a_standard_module_is_graded(
    kata: Command, tmp_path: Path
) -> None:
    file = tmp_path / "asyncio.py"
    file.write_text(RIGHT)

    printed = kata("test", "semaphore", "--file", file)

    assert printed.code == 0
    assert "100 of 100 points" in printed.out


def test_a_byte_order_mark_is_no_fault(kata: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(RIGHT, encoding="utf-8-sig")

    assert kata("test", "semaphore", "--file", file).code == 0


def test_time_spent_at_import_does_not_count(kata: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("import asyncio\nasyncio.run(asyncio.sleep(3))\n" + RIGHT)

    assert kata("test", "semaphore", "--file", file).code == 0


def test_an_endless_loop_costs_its_laws_and_no_other(
    kata: Command, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "async def fetch_limited(fetch, urls, limit):\n"
        "    if limit < 1:\n"
        "        raise ValueError\n"
        "    while True:\n"
        "        pass\n"
    )

    printed = kata(
        "test",
        "semaphore",
        "--file",
        file,
        "--law",
        "bad-limit",
        "--law",
        "at-most-limit",
    )

    assert printed.code == 1
    assert "5 of 20 points · 1 law holds, 1 out of time" in printed.out
    assert "in fetch_limited" in printed.out


def test_a_crash_costs_its_laws_and_no_other(kata: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import os, signal\n"
        "async def fetch_limited(fetch, urls, limit):\n"
        "    if limit < 1:\n"
        "        raise ValueError\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    printed = kata(
        "test",
        "semaphore",
        "--file",
        file,
        "--law",
        "bad-limit",
        "--law",
        "results-in-order",
    )

    assert "5 of 15 points · 1 law holds, 1 broken" in printed.out
    assert "the process was ended by SIGKILL" in " ".join(printed.out.split())
