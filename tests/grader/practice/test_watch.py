"""`kata watch` in a terminal: saves and keys in, screens out."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.cli.drawing import CLEAR
from grader.practice.progress import Progress
from grader.practice.watching import Bench
from tests.grader.practice.terminal import KATA, Terminal

ANSWERS = find("hello_await", root()).solutions
RIGHT = (ANSWERS / "reference.py").read_text()
WRONG = (ANSWERS / "wrong" / "late_hello.py").read_text()
FOOT = "q:quit"

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with two katas, the first of which is watched."""
    for slug in ("hello_await", "fetch_both"):
        for place in ("katas", "solutions", "tests/katas"):
            shutil.copytree(root() / place / slug, tmp_path / place / slug)
    return tmp_path


@pytest.fixture
def terminal(house: Path) -> Iterator[Terminal]:
    made = Terminal("watch", "hello_await", "--katas", house, "--color", "never")
    yield made
    made.close()


@pytest.fixture
def save(house: Path) -> Callable[[str], None]:
    """Saves a text as an editor does: beside the file, then in its place."""
    file = house / "katas/hello_await/hello_await.py"

    def write(text: str) -> None:
        beside = file.with_name(".hello_await.py.swp")
        beside.write_text(text)
        beside.replace(file)

    return write


Save = Callable[[str], None]


def test_each_save_is_graded_until_it_is_right(
    terminal: Terminal, save: Save, house: Path
) -> None:
    terminal.until("Not started")
    terminal.until(FOOT)

    save(WRONG)
    terminal.until("✗ it says hello at once")
    terminal.until(FOOT)
    save(RIGHT)
    terminal.until("100 of 100 points")
    terminal.until(FOOT)

    assert Progress(house).of("hello_await").passed


def test_keys_ask_for_hints_progress_and_the_next_kata(terminal: Terminal) -> None:
    terminal.until("Not started")

    terminal.press("h")
    terminal.until("Hint 1 of 3")
    terminal.press("h")
    terminal.until("Hint 2 of 3")
    terminal.press("l")
    terminal.until("0 of 2 katas")
    terminal.press("n")
    terminal.until("fetch_both.py")
    terminal.until("Not started")
    terminal.press("q")

    assert terminal.process.wait() == 0


def test_keys_go_back_and_on_to_what_has_not_passed(
    terminal: Terminal, save: Save, house: Path
) -> None:
    terminal.until("Not started")
    save(RIGHT)
    terminal.until("100 of 100 points")
    terminal.until(FOOT)

    terminal.press("n")
    terminal.until("fetch_both.py")
    terminal.until("Not started")
    terminal.until(FOOT)
    terminal.press("b")
    terminal.until("hello_await.py")
    terminal.until("100 of 100 points")
    terminal.until(FOOT)
    terminal.press("b")
    terminal.until("hello_await: grading")
    terminal.until("100 of 100 points")


def test_a_key_writes_the_run_that_is_shown_as_a_trace(
    terminal: Terminal, save: Save, house: Path
) -> None:
    file = root() / "build/hello_await.trace.json"
    terminal.until("Not started")
    terminal.until(FOOT)
    terminal.press("t")
    terminal.until("There is no run that broke a law, and so no trace.")
    save(WRONG)
    terminal.until("law broken here")
    terminal.until(FOOT)

    terminal.press("t")

    terminal.until("Wrote build/hello_await.trace.json; open it in ")
    assert b"hello-at-once" in file.read_bytes()


def test_reset_puts_the_stub_back_and_says_where_the_text_is(
    terminal: Terminal, save: Save, house: Path
) -> None:
    terminal.until("Not started")
    save(RIGHT)
    terminal.until("100 of 100 points")

    terminal.press("x")
    terminal.until("Press x once more")
    terminal.press("x")

    terminal.until("Not started")
    terminal.until(f"Your text is in {house}/build/reset/hello_await-1.py")
    assert (house / "build/reset/hello_await-1.py").read_text() == RIGHT


def test_a_file_that_disappears_is_told_and_may_come_back(
    terminal: Terminal, save: Save, house: Path
) -> None:
    terminal.until("Not started")

    (house / "katas/hello_await/hello_await.py").unlink()
    terminal.until("Could not load")
    save(RIGHT)

    terminal.until("100 of 100 points")


def test_a_save_during_a_grading_ends_it(terminal: Terminal, save: Save) -> None:
    terminal.until("Not started")
    save("import time\nwhile True: time.monotonic()\n")
    terminal.until("hello_await: grading")

    save(RIGHT)

    assert "out of" not in terminal.until("100 of 100 points")


def test_who_quits_while_a_grading_runs_does_not_wait_for_it(
    terminal: Terminal, save: Save
) -> None:
    terminal.until("Not started")
    save("import time\nwhile True: time.monotonic()\n")
    terminal.until("hello_await: grading")

    terminal.press("q")

    assert terminal.process.wait(timeout=60) == 0


def test_a_function_key_is_no_letter(terminal: Terminal) -> None:
    terminal.until("Not started")
    terminal.until(FOOT)

    terminal.press("\x1bOQ")
    terminal.press("l")

    terminal.until("0 of 2 katas")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_the_terminal_as_it_was(
    ending: signal.Signals, house: Path
) -> None:
    terminal = Terminal("watch", "hello_await", "--katas", house)
    before = terminal.settings()
    terminal.until("Not started")

    terminal.process.send_signal(ending)

    assert terminal.process.wait(timeout=60) == 0
    assert terminal.settings() == before
    terminal.close()


def test_a_save_before_the_watch_has_begun_is_seen(
    house: Path, save: Save, terminal: Terminal
) -> None:
    terminal.until("hello_await: grading")

    save(RIGHT)

    terminal.until("100 of 100 points")


def test_without_a_terminal_the_screens_stand_one_below_the_other(house: Path) -> None:
    with subprocess.Popen(
        [KATA, "watch", "hello_await", "--katas", house],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=root(),
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [next(process.stdout) for _ in range(5)]
        process.terminate()

    assert lines[0].startswith("hello_await · level 1 · ")
    assert lines[4] == "0 of 100 points · 13 laws waiting\n"


def test_what_is_shown_is_drawn_again_when_the_terminal_has_another_size(
    terminal: Terminal,
) -> None:
    terminal.until("Not started")
    terminal.until(FOOT)

    terminal.resize(40)

    shown = terminal.until("q:quit").replace(CLEAR, "")
    assert max(map(len, shown.splitlines())) <= 40


@pytest.mark.parametrize("verb", ["list", "progress"])
def test_on_a_narrow_terminal_no_line_is_cut(verb: str, house: Path) -> None:
    terminal = Terminal(verb, "--katas", house, columns=40)

    shown = terminal.rest()

    assert "hello_await" in shown
    assert max(map(len, shown.splitlines())) <= 40
    terminal.close()


def test_a_terminal_that_comes_back_from_the_background_to_quit_is_as_it_was(
    house: Path,
) -> None:
    terminal = Terminal("watch", "hello_await", "--katas", house)
    before = terminal.settings()
    terminal.until("Not started")
    terminal.until(FOOT)

    terminal.process.send_signal(signal.SIGSTOP)
    terminal.press("q")
    terminal.process.send_signal(signal.SIGCONT)

    assert terminal.process.wait(timeout=60) == 0
    assert terminal.settings() == before
    terminal.close()


def test_a_process_that_ended_while_nothing_was_graded_is_replaced() -> None:
    bench = Bench("process")
    ended = bench._worker
    ended.kill()
    ended._process.wait()

    bench.stop()

    assert bench._worker is not ended
    assert bench._worker.lives()
    bench.close()
