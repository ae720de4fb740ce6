"""A log that was made anew must still say what a session could have written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.catalogue import find, root
from grader.interview import FILE, chain, log, session
from grader.interview.log import Began, Ended, Entry, Final, Graded, Left, Saved
from grader.interview.seeds import seed_of_saves
from grader.interview.sound import oddities
from grader.submission import Submission
from grader.verdict import Verdict
from tests.grader.feedback.samples import laws, verdict

KATA = find("semaphore", root())
NONCE = "blue horse"


def grade(submission: Submission, seed: int) -> Verdict:
    return verdict(laws())


def began(**more: Any) -> Began:
    made = Began("semaphore", 45.0, NONCE, seed_of_saves(NONCE), "1", "3.11.7")
    return msgspec.structs.replace(made, **more)


def written(path: Path) -> tuple[list[Entry], list[str]]:
    """Write down a session of two saves; return its entries and their hashes."""
    with log.begun(path, began()) as added:
        for text in (b"one", b"two"):
            digest = hashlib.sha256(text).hexdigest()
            session.save(added, Submission("semaphore.py", path, text, digest))
        session.conclude(added, "finished", grade, KATA)
    return log.read(path), log.hashes(path)


def told(entries: list[Entry], hashes: list[str]) -> list[str]:
    return [f"{each.number}: {each.why}" for each in oddities(entries, hashes)]


def test_what_a_session_writes_is_sound(tmp_path: Path) -> None:
    entries, hashes = written(tmp_path / FILE)

    assert [type(each.what) for each in entries] == [
        Began,
        Saved,
        Saved,
        Ended,
        Graded,
        Graded,
        Final,
        Final,
        Final,
    ]
    assert told(entries, hashes) == []


def later(entry: Entry, seconds: float) -> Entry:
    """Return an entry of another moment, on all clocks."""
    at = datetime.fromisoformat(entry.at) + timedelta(seconds=seconds)
    return msgspec.structs.replace(
        entry, elapsed=entry.elapsed + seconds, at=at.isoformat(timespec="seconds")
    )


def what(place: int, **more: Any) -> Callable[[list[Entry]], None]:
    def change(entries: list[Entry]) -> None:
        entry = entries[place - 1]
        changed = msgspec.structs.replace(entry.what, **more)
        entries[place - 1] = msgspec.structs.replace(entry, what=changed)

    return change


def of(place: int, **more: Any) -> Callable[[list[Entry]], None]:
    def change(entries: list[Entry]) -> None:
        entries[place - 1] = msgspec.structs.replace(entries[place - 1], **more)

    return change


def all_later(entries: list[Entry]) -> None:
    entries[2:] = [later(entry, 2800) for entry in entries[2:]]


def behind(entries: list[Entry]) -> None:
    entries[8] = msgspec.structs.replace(entries[8], what=Left())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (what(1, minutes=-4.0), "1: it lasts -4 minutes"),
        (what(1, seed=7), "1: its seed does not follow from the nonce"),
        (of(2, number=5), "2: it says that it is entry 5"),
        (of(3, elapsed=-60.0), "3: its time lies before that of the entry before"),
        (of(3, at="2001-01-01T00:00:00+00:00"), "by the one on the wall"),
        (of(3, at="yesterday"), "3: 'yesterday' is no moment"),
        (what(2, text=b"another"), "2: its text has another hash"),
        (all_later, "3: it was saved when the time was up"),
        (behind, "9: it stands behind the end"),
        (what(8, seed=3), "9: the last save was not graded on the 3 sets of cases"),
        (what(5, sha256="0" * 64), "2: this save has no verdict"),
        (what(2, text=b"x", sha256="1"), "2: its text has another hash"),
    ],
)
def test_what_no_session_writes_is_told(
    change: Callable[[list[Entry]], None], why: str, tmp_path: Path
) -> None:
    entries, hashes = written(tmp_path / FILE)

    change(entries)

    assert [each for each in told(entries, hashes) if why in each]


def test_a_beginning_that_names_another_nonce_is_found(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with chain.begun(path, NONCE) as added:
        entry = Entry(
            1, "2026-11-02T10:00:00+00:00", 0.0, "", 0.0, began(nonce="other")
        )
        added.add(msgspec.json.encode(entry))

    found = log.first_break(path, NONCE)

    assert found is not None
    assert (found.number, found.why) == (
        1,
        "it names another nonce than it was begun with",
    )


# --- clocks and ends --------------------------------------------------------------


def test_a_save_that_comes_when_the_time_is_up_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with log.begun(tmp_path / FILE, began(minutes=1.0)) as added:
        boot, ticks = log._ticks()
        monkeypatch.setattr(log, "_ticks", lambda: (boot, ticks + 3600))

        session.save(added, Submission("semaphore.py", tmp_path, b"late", "0" * 64))

        assert added.left() == 0
        assert [type(each.what) for each in added.entries] == [Began]


@pytest.mark.parametrize(
    ("boot", "ticks"), [("the same", -500.0), ("another", 5.0), ("", 5.0)]
)
def test_the_time_that_has_passed_never_goes_back(
    boot: str, ticks: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_ticks", lambda: ("the same", 1000.0))
    with log.begun(tmp_path / FILE, began()) as added:
        monkeypatch.setattr(log, "_ticks", lambda: (boot, 1000.0 + ticks))

        assert 0 <= added.elapsed() < 60


def test_what_the_file_holds_at_the_end_counts(tmp_path: Path) -> None:
    kata = msgspec.structs.replace(KATA, root=tmp_path)
    kata.folder.mkdir(parents=True)
    kata.stub.write_text("last = 1\n")
    with log.begun(tmp_path / FILE, began()) as added:
        session.take_last(added, kata)
        session.conclude(added, "finished", grade, kata)
        session.take_last(added, kata)

        (saved,) = log.only(added.entries, Saved)
        assert saved.text == b"last = 1\n"


def test_a_request_to_end_is_for_one_interview_only(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with log.begun(path, began()) as added:
        assert not session.is_asked(tmp_path, added)
        session.ask_to_end(tmp_path, path)
        assert session.is_asked(tmp_path, added)
    path.unlink()
    with log.begun(path, began(minutes=30.0)) as another:
        assert not session.is_asked(tmp_path, another)


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (2699.0, "44 min left"),
        (120.0, "2 min left"),
        (119.0, "1:50 left"),
        (12.0, "0:10 left"),
        (9.5, "0:09 left"),
    ],
)
def test_the_last_minutes_are_told_more_exactly(
    left: float, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with log.begun(tmp_path / FILE, began()) as added:
        monkeypatch.setattr(log.Log, "left", lambda _: left)

        assert session.time_left(added) == shown


def test_a_fault_of_ours_is_graded_once_more_at_the_end(tmp_path: Path) -> None:
    fault = msgspec.structs.replace(verdict(laws()), status="fault")
    with log.begun(tmp_path / FILE, began()) as added:
        digest = hashlib.sha256(b"one").hexdigest()
        session.save(added, Submission("semaphore.py", tmp_path, b"one", digest))
        added.add(Graded(digest, fault))

        session.conclude(added, "finished", grade, KATA)

        told = [each.verdict.status for each in log.only(added.entries, Graded)]
        assert told == ["fault", "pass"]
