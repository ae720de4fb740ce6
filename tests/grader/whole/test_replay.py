import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import KATA, Command

WRONG = Path("solutions/semaphore/wrong/batches.py")


def details(screen: str) -> str:
    """Return the screen from the law's message to the inputs, without our answer's run."""
    told = screen[screen.index("✗ A free slot must") : screen.index("  Line")]
    theirs, _, ours = told.partition("Our answer, on the same inputs:")
    return theirs + ours[ours.find("  Given") :] if ours else theirs


def replay(screen: str) -> list[str]:
    """Return the arguments of the replay command on a screen."""
    command = screen[screen.index("  Again    kata") + 11 :].split("\n\n", maxsplit=1)[
        0
    ]
    return re.sub(r"\\\n\s+", " ", command).split()[1:]


def test_the_replay_command_prints_the_same_picture(kata: Command) -> None:
    first = kata("test", "semaphore", "--file", WRONG)
    again = kata(*replay(first.out))

    assert (again.code, details(again.out)) == (1, details(first.out))
    assert "Our answer, on the same inputs:" in again.out


def test_a_comment_in_the_file_changes_nothing_in_the_replay(
    kata: Command, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(WRONG.read_bytes())
    first = kata("test", "semaphore", "--file", file)
    file.write_text("# a comment\n# and another\n" + WRONG.read_text(encoding="utf-8"))

    again = kata(*replay(first.out))

    assert details(again.out) == details(first.out)


def test_a_shrunk_case_is_found_again(kata: Command) -> None:
    wrong = "solutions/semaphore/wrong/not_awaited.py"
    printed = kata(
        "test", "semaphore", "--file", wrong, "--json", "--law", "cancel-clean"
    )
    (law,) = json.loads(printed.out)["laws"]

    again = kata(*law["replay"].split()[1:], "--json")

    assert law["case"]["shrunk"]
    assert json.loads(again.out)["laws"][0]["message"] == law["message"]


def test_an_unknown_case_is_wrong_usage(kata: Command) -> None:
    printed = kata("test", "semaphore", "--case", "00000000")

    assert (printed.code, printed.out) == (2, "")
    assert "no case 00000000 is known here" in printed.err


def test_one_seed_gives_one_verdict_and_another_seed_other_cases(kata: Command) -> None:
    first, again, other = (
        json.loads(
            kata("test", "semaphore", "--json", "--seed", seed, "--file", WRONG).out
        )
        for seed in ("3", "3", "4")
    )

    assert first | {"seconds": 0} == again | {"seconds": 0}
    assert first["corpus"]["hash"] != other["corpus"]["hash"]


def test_strong_isolation_is_refused_where_it_cannot_be_reached(
    kata: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KATA_WITHOUT", "bubblewrap,landlock,seccomp")

    printed = kata("test", "semaphore", "--isolation", "strong")

    assert printed.code == 4
    assert printed.out == ""
    assert printed.err.splitlines() == [
        (
            "isolation level strong cannot be reached here: a submission could still "
            "reach a program by its socket, change a file, and 13 things more."
        ),
        "`kata doctor` shows what is missing and how to add it.",
    ]


@pytest.mark.parametrize("level", ["process", "best"])
def test_the_level_stands_in_the_verdict(
    kata: Command, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    monkeypatch.setenv("KATA_WITHOUT", "bubblewrap,landlock,seccomp")

    stub = "katas/hello_await/hello_await.py"
    words = ("--file", stub, "--isolation", level, "--json")
    printed = kata("test", "hello_await", *words)

    assert json.loads(printed.out)["isolation"] == {
        "level": "process",
        "layers": ["process", "rlimits"],
        "official": False,
    }


def test_the_doctor_tells_what_is_missing(
    kata: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KATA_WITHOUT", "bubblewrap,landlock,seccomp")

    printed = kata("doctor")

    assert printed.code == 0
    assert printed.out.splitlines()[0] == "Isolation level reached: process"
    assert "  landlock     missing: left out by KATA_WITHOUT" in printed.out
    assert max(len(line) for line in printed.out.splitlines()) <= 80


def test_without_isolation_the_terminal_is_the_submissions(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "async def fetch_limited(fetch, urls, limit):\n"
        "    print('hello from inside')\n"
        "    breakpoint()\n"
        "    return []\n"
    )
    command: list[str | Path] = [
        KATA,
        "test",
        "semaphore",
        "--isolation",
        "none",
        "--law",
        "starts-in-order",
    ]

    done = subprocess.run(
        [*command, "--file", file],
        input="p limit\n" + "c\n" * 100,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "hello from inside" in done.stdout
    assert "(Pdb) 1" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_interrupt_leaves_no_process(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("import asyncio\nwhile True: pass\n")
    command: list[str | Path] = [KATA, "test", "semaphore", "--file", file]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    children = wait_for_children(process.pid)

    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)

    assert (process.returncode, err) == (130, "Interrupted.\n")
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def wait_for_children(pid: int) -> set[int]:
    """Wait until a process has a child that has a child; return them all."""
    while True:
        children = children_of(pid)
        grandchildren = {each for child in children for each in children_of(child)}
        if grandchildren:
            return children | grandchildren
        time.sleep(0.01)


def children_of(pid: int) -> set[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return {int(each) for each in text.split()}
