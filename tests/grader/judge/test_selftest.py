"""Which level is reached, and when it is found out anew."""

from pathlib import Path

import pytest

from grader.judge import selftest
from grader.judge.selftest import Finding, every_level, reached
from grader.sandbox import canary
from grader.sandbox.levels import ATTEMPTS, LEVELS, PROMISES, WITHOUT


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_a_level_holds_if_the_canary_could_do_nothing_of_what_it_promises() -> None:
    assert Finding("confined", ["stat", "processes"]).holds
    assert not Finding("strong", ["stat"]).holds
    assert Finding("strong", ["stat", "read"]).broken == ["read", "stat"]
    assert Finding("process", sorted(PROMISES["strong"])).holds


def test_a_canary_that_could_not_be_played_proves_nothing() -> None:
    assert not Finding("process", [], "the sandbox is gone").holds


def test_every_level_is_tried_and_the_lowest_holds() -> None:
    findings = every_level()

    assert tuple(finding.level for finding in findings) == LEVELS
    assert findings[-1].holds


def test_without_any_layer_the_level_is_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(WITHOUT, "bubblewrap,landlock,seccomp")

    found = reached("best")

    assert found.walls.level == "process"
    assert [finding.holds for finding in found.findings] == [False, False, True]


def test_what_was_found_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first = reached("process")
    monkeypatch.setattr(selftest, "_test", None)

    assert reached("process") == first


@pytest.mark.parametrize("what", ["without", "place"])
def test_what_was_found_elsewhere_is_found_anew(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = selftest._circumstances()
    changes = {
        "without": lambda: monkeypatch.setenv(WITHOUT, "seccomp"),
        "place": lambda: monkeypatch.setattr(
            selftest, "CANARY", selftest.CANARY.parent / "again" / "canary.py"
        ),
    }
    changes[what]()

    assert selftest._circumstances() != before


def test_a_broken_bubblewrap_lowers_the_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "bwrap"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent))

    found = reached("best")

    assert found.walls.level != "strong"
    assert "sandbox" in found.findings[0].why


def test_a_bubblewrap_that_isolates_nothing_is_not_strong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = tmp_path / "bin" / "bwrap"
    liar.parent.mkdir()
    liar.write_text(
        '#!/bin/sh\nwhile [ "$1" != "--chdir" ]; do shift; done\nshift 2\nexec "$@"\n'
    )
    liar.chmod(0o755)
    monkeypatch.setenv("PATH", f"{liar.parent}:/usr/bin:/bin")

    assert not every_level()[0].holds


def test_a_spoilt_memory_is_no_memory(cache_folder: Path) -> None:
    first = reached("process")
    for kept in cache_folder.glob("*/selftest/*"):
        kept.write_bytes(b"\x91")

    assert reached("process").findings == first.findings


def test_each_attempt_of_the_canary_has_words_and_is_promised_by_a_level() -> None:
    names = set(canary.ATTEMPTS)

    assert names == set(ATTEMPTS) == PROMISES["strong"]
