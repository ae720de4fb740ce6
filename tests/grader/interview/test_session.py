"""An interview in a terminal: saves and keys in, a log and a report out."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.interview import FILE, chain, log
from grader.interview.log import Ended, Final, Graded, Left, Resumed, Saved, only
from tests.grader.practice.terminal import KATA, Terminal

ANSWERS = find("hello_await", root()).solutions
RIGHT = (ANSWERS / "reference.py").read_text()
WRONG = (ANSWERS / "wrong" / "late_hello.py").read_text()
ENDLESS = "import time\nwhile True: time.monotonic()\n"
FOOT = "f:finish"
NONCE = "blue horse"

pytestmark = pytest.mark.timeout(180)

Save = Callable[[str], None]
Start = Callable[..., Terminal]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for place in ("katas", "solutions", "tests/katas"):
        shutil.copytree(
            root() / place / "hello_await", tmp_path / place / "hello_await"
        )
    return tmp_path


@pytest.fixture
def start(house: Path) -> Iterator[Start]:
    """Begins an interview, or goes on with it."""
    made = []

    def begin(*words: str) -> Terminal:
        options = ["--katas", str(house), "--color", "never", *words]
        made.append(Terminal("interview", "start", "--nonce", NONCE, *options))
        return made[-1]

    yield begin
    for each in made:
        each.close()


@pytest.fixture
def save(house: Path) -> Save:
    def write(text: str) -> None:
        house.joinpath("katas/hello_await/hello_await.py").write_text(text)

    return write


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KATA, "interview", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=root(),
    )


def seen(terminal: Terminal, *texts: str) -> None:
    for text in texts:
        terminal.until(text)


def finish(terminal: Terminal) -> None:
    terminal.press("f")
    terminal.until("Press f once more to finish")
    terminal.press("f")


def test_three_saves_and_a_kill_leave_a_whole_report(
    start: Start, save: Save, house: Path
) -> None:
    first = start()
    seen(first, "Not started", FOOT)
    save(WRONG)
    seen(first, "90 of 100 points", FOOT)
    save("def greet(:\n")
    seen(first, "Could not load", FOOT)
    first.process.kill()
    first.process.wait()
    second = start()
    seen(second, "Could not load", FOOT)
    save(RIGHT)
    seen(second, "100 of 100 points", FOOT)
    finish(second)
    seen(
        second,
        "3 saves in 0:",
        "On fresh cases: 100, 100, 100",
        "Read these four words aloud",
    )
    assert second.process.wait() == 0

    told = json.loads((house / "interview.json").read_text())
    entries = log.read(house / FILE)

    assert [attempt["points"] for attempt in told["attempts"]] == [0, 90, 0, 100]
    assert [attempt["number"] for attempt in told["attempts"]] == [0, 1, 2, 3]
    assert told["ended"] == "finished"
    assert [run["points"] for run in told["final"]] == [100, 100, 100]
    assert len(told["pauses"]) == len(only(entries, Resumed)) == 1
    assert not told["pauses"][0]["left"]
    assert told["attempts"][3]["gained"] == [law["id"] for law in told["laws"]]
    checked = run("verify", house / FILE, "--nonce", NONCE, "--phrase", told["phrase"])
    whole, about = checked.stdout.splitlines()
    assert whole == f"The log is whole: {len(entries)} entries, {told['phrase']}"
    assert re.fullmatch(
        r"hello_await · began \S+ · 0:\d\d of 45:00 · finished · 3 saves · 1 pause",
        about,
    )
    assert checked.returncode == 0
    assert "Laws over time" in (house / "interview.html").read_text()


def test_a_save_whose_verdict_was_cut_off_has_it_at_the_end(
    start: Start, save: Save, house: Path
) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)
    save(ENDLESS)
    seen(terminal, "hello_await: grading")

    finish(terminal)
    seen(terminal, "Wrote")
    terminal.process.wait()

    told = json.loads((house / "interview.json").read_text())
    assert [each["status"] for each in told["attempts"]] == ["fail", "unloadable"]


def test_who_leaves_may_come_back_and_the_clock_goes_on(
    start: Start, house: Path
) -> None:
    first = start()
    seen(first, "Not started", FOOT)
    first.press("q")
    seen(first, "The clock goes on. To come back: kata interview start")
    assert first.process.wait() == 0
    second = start("--minutes", "1")
    seen(second, "Going on with what began 20", "44 min left", FOOT)

    told = log.read(house / FILE)
    assert only(told, Left)
    assert only(told, Resumed)


def test_the_clock_ends_it(start: Start, house: Path) -> None:
    terminal = start("--minutes", "0.05")
    seen(terminal, "Time is up.", "Read these four words aloud")

    assert terminal.process.wait() == 0
    (ended,) = only(log.read(house / FILE), Ended)
    assert ended.how == "time"


def test_when_the_time_ran_out_meanwhile_it_ends_at_once(
    start: Start, house: Path
) -> None:
    first = start("--minutes", "0.05")
    seen(first, "left")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    second = start()
    seen(second, "Time is up.", "Read these four words aloud")

    assert len(only(log.read(house / FILE), Final)) == 3


def test_another_terminal_may_end_it_and_no_third_one_begins_it(
    start: Start, house: Path
) -> None:
    first = start()
    seen(first, "Not started", FOOT)
    assert run("start", "--katas", house).stderr == (
        "The interview is running in another terminal.\n"
    )

    ended = run("finish", "--katas", house)

    seen(first, "Read these four words aloud")
    assert first.process.wait() == 0
    assert (
        ended.stdout == "Finished: the other terminal shows the words to read aloud.\n"
    )
    again = run("start", "--katas", house)
    assert again.returncode == 2
    assert again.stderr == (
        f"{house}/interview.jsonl holds an interview that has ended. Move it away before "
        "the next one begins.\n"
    )
    assert run("finish", "--katas", house).stderr == "No interview is running here.\n"


def test_there_is_no_help_while_it_runs(start: Start, house: Path) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)
    terminal.press("h")
    terminal.press("x")
    terminal.press("l")
    refused = (
        "An interview is running, and only `kata interview` grades meanwhile: there are no "
        "hints and no answers.\n"
    )
    for verb in ("hint", "solution", "test", "watch", "trace"):
        told = subprocess.run(
            [KATA, verb, "hello_await", "--katas", house],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (told.stdout, told.stderr, told.returncode) == ("", refused, 2)
    terminal.press("q")
    assert "Hint" not in terminal.until("The clock goes on")


def test_a_verdict_is_without_what_would_be_a_hint(
    start: Start, save: Save, house: Path
) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)
    save(WRONG)
    shown = terminal.until("90 of 100 points") + terminal.until(FOOT)

    assert "Usually" not in shown
    assert "kata " not in shown
    law = only(log.read(house / FILE), Graded)[-1].verdict.laws[0]
    assert (law.diagnosis, law.hints, law.replay) == ("", 0, "")


def test_a_file_that_disappears_is_told_and_may_come_back(
    start: Start, save: Save, house: Path
) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)
    house.joinpath("katas/hello_await/hello_await.py").unlink()
    seen(terminal, "Could not load", FOOT)
    save(RIGHT)
    seen(terminal, "100 of 100 points")

    assert len(only(log.read(house / FILE), Saved)) == 2


# --- what stands in the log -----------------------------------------------------


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of an interview without a terminal, killed and then finished."""
    house = tmp_path_factory.mktemp("ended")
    for place in ("katas", "solutions", "tests/katas"):
        shutil.copytree(root() / place / "hello_await", house / place / "hello_await")
    house.joinpath("katas/hello_await/hello_await.py").write_text(WRONG)
    killed = subprocess.Popen(
        [KATA, "interview", "start", "--katas", house, "--nonce", NONCE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    assert any("90 of 100 points" in line for line in killed.stdout)
    killed.kill()
    killed.communicate()
    assert run("finish", "--katas", house).returncode == 0
    return house / FILE


def until_the_verdict(path: Path) -> list[bytes]:
    """Return the lines of a log up to the first verdict: its beginning, a save and that."""
    return path.read_bytes().splitlines(keepends=True)[:3]


def test_it_runs_without_a_terminal_too(ended: Path) -> None:
    assert len(only(log.read(ended), Final)) == 3


def test_a_changed_byte_is_found(ended: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.jsonl"
    lines = ended.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b'"points":90', b'"points":99')
    changed.write_bytes(b"\n".join(lines))

    told = run("verify", changed)

    assert told.returncode == 1
    assert told.stdout == (
        "Entry 3 was changed: its hash does not follow from what stands before it.\n"
    )
    assert run("report", changed, "--out", tmp_path).returncode == 1


def test_entries_that_are_missing_at_the_end_are_found_by_the_words(
    ended: Path, tmp_path: Path
) -> None:
    words = json.loads(ended.with_suffix(".json").read_text())["phrase"]
    shorter = tmp_path / "shorter.jsonl"
    shorter.write_bytes(b"".join(until_the_verdict(ended)))

    told = run("verify", shorter, "--phrase", words)

    assert told.returncode == 1
    assert told.stdout.startswith(
        "The log is not the one whose words were read aloud: it ends in "
    )


def test_every_verdict_can_be_made_anew(ended: Path) -> None:
    house = ended.parent
    told = run("verify", ended, "--again", "--katas", house)

    assert told.stdout.endswith("Graded again, every verdict is as the log has it.\n")
    assert told.returncode == 0


def test_a_log_that_was_forged_as_a_whole_says_what_no_grader_says(
    ended: Path, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.jsonl"
    with chain.begun(forged, NONCE) as added:
        for line in until_the_verdict(ended):
            data = line.rstrip().partition(b" ")[2]
            added.add(data.replace(b'"outcome":"broken"', b'"outcome":"holds"'))
    told = run("verify", forged, "--again", "--katas", ended.parent)

    assert told.returncode == 1
    assert told.stdout.endswith("\nEntry 3: hello-at-once is broken, and not holds\n")


@pytest.mark.parametrize("text", [b"", b"junk", b"a b\n", b"\xff\xfe\n" * 3])
def test_what_is_no_log_is_told_so(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(text)

    told = run("verify", file)

    assert told.returncode == 1
    assert told.stdout.startswith("Entry 1")
    assert told.stderr == ""


def test_a_log_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    told = run("verify", tmp_path / "none.jsonl")

    assert told.returncode == 3
    assert told.stderr == (
        f"{tmp_path}/none.jsonl cannot be read: No such file or directory\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--level", "5", "--track", "limits"], "Say which kata: one of --kata SLUG, "),
        (["--track", "own"], "There is no such kata. Tracks: foundations"),
    ],
)
def test_what_to_solve_must_be_said(words: list[str], told: str) -> None:
    found = run("start", *words)

    assert found.returncode == 2
    assert found.stderr.startswith(told)


# --- what must not be lost, or left behind ----------------------------------------


def test_what_is_saved_right_before_the_end_counts(
    start: Start, save: Save, house: Path
) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)
    save(RIGHT)
    finish(terminal)
    seen(terminal, "1 save in 0:", "100 of 100 points", "Wrote")


def test_what_is_saved_while_it_is_left_counts_when_it_is_finished(
    start: Start, save: Save, house: Path
) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)
    terminal.press("q")
    terminal.process.wait()
    save(RIGHT)

    told = run("finish", "--katas", house)

    assert "1 save in 0:" in told.stdout
    assert "On fresh cases: 100, 100, 100" in told.stdout


def test_one_key_does_not_finish_it(start: Start) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)

    terminal.press("f")
    seen(terminal, "Press f once more to finish", FOOT)
    terminal.press("r")

    seen(terminal, "Not started", FOOT)


def test_who_interrupts_it_may_come_back(start: Start, house: Path) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)

    terminal.process.send_signal(signal.SIGINT)

    seen(terminal, f"To come back: kata interview start --katas {house}")
    assert terminal.process.wait() == 0
    assert only(log.read(house / FILE), Left)


def test_another_kata_or_other_words_do_not_go_on_with_it(
    start: Start, house: Path
) -> None:
    terminal = start()
    seen(terminal, "Not started", FOOT)

    for words in (["--nonce", "red horse"], ["--kata", "crawler"]):
        told = run("start", "--katas", house, *words)
        assert told.returncode == 2
        assert told.stderr.startswith(
            f"An interview on hello_await is running in {house}, with other words or on "
        )


def test_a_log_that_cannot_be_read_is_in_the_way(house: Path) -> None:
    path = house / FILE
    path.write_text("junk\nmore\n")

    told = run("start", "--katas", house)

    assert told.returncode == 2
    assert told.stderr == (
        f"entry 1 of {path} is no entry. Move it away before an interview begins.\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--minutes", "nan"], "'nan' is no number of minutes."),
        (["--nonce", "  "], "The nonce must be words that can be said and typed"),
    ],
)
def test_what_cannot_be_meant_begins_nothing(
    words: list[str], told: str, house: Path
) -> None:
    found = run("start", "--katas", house, *words)

    assert found.returncode == 2
    assert told in found.stderr
    assert not (house / FILE).exists()


def test_words_that_are_empty_check_nothing_and_are_refused(ended: Path) -> None:
    assert run("verify", ended, "--nonce", "").stderr == "--nonce is empty.\n"
    assert run("verify", ended, "--phrase", " ").stderr == "--phrase is empty.\n"


def test_the_page_of_a_changed_log_says_so(ended: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(ended.read_bytes().replace(b'"points":90', b'"points":99', 1))

    told = run("report", changed)

    assert told.returncode == 1
    assert told.stderr == (
        "Entry 3 was changed: its hash does not follow from what stands before it.\n"
    )
    assert "Entry 3 was changed" in (tmp_path / "interview.html").read_text()
