from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import wire
from grader.judge import warm
from grader.sandbox.launch import Sandbox


@pytest.fixture(autouse=True)
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    warm.cool_down()
    yield
    warm.cool_down()


def imported(sandbox: Sandbox, module: str) -> bool:
    """Say whether a module is there before a submission asks for it."""
    source = f"import sys\nassert {module!r} in sys.modules\n"
    player = sandbox.player()
    player.send(
        wire.Load("kata", "kata.py", source.encode(), "", [], [], 0.5, unbounded=False)
    )
    assert player.receive() == wire.Loaded(None)
    player.send(wire.Check())
    turn = player.receive()
    player.close()
    return turn == wire.Loaded(None)


def test_before_it_is_warm_there_is_no_sandbox() -> None:
    with pytest.raises(RuntimeError, match="warm_up was not called"):
        warm.sandbox()


def test_a_sandbox_of_the_same_kind_serves_again() -> None:
    warm.warm_up("process")
    first = warm.sandbox()
    warm.warm_up("process")

    assert warm.sandbox() is first


def test_sandboxes_of_two_kinds_run_beside_each_other() -> None:
    warm.warm_up("process")
    plain = warm.sandbox()
    warm.warm_up("process", ["files"])
    with_files = warm.sandbox()
    warm.warm_up("process")

    assert with_files is not plain
    assert warm.sandbox() is plain
    assert with_files.walls.allow == ("files",)


def test_a_library_is_imported_once_in_a_zygote_of_its_own() -> None:
    warm.warm_up("process", [], ["aiohttp"])
    assert imported(warm.sandbox(), "aiohttp")
    warm.warm_up("process")

    assert not imported(warm.sandbox(), "aiohttp")


def test_a_sandbox_that_has_served_long_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warm, "MAX_SUBMISSIONS", 2)
    warm.warm_up("process", ["files"])
    first, second, third = (warm.sandbox() for _ in range(3))

    assert first is second
    assert third is not second
    assert third.walls.allow == ("files",)


def test_walls_that_a_kata_opens_too_far_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KATA_WITHOUT", "bubblewrap,landlock,seccomp")

    with pytest.raises(warm.IsolationUnavailable) as caught:
        warm.warm_up("confined", ["processes"])

    assert str(caught.value).startswith(
        "isolation level confined cannot be reached here for a kata that is allowed "
        "processes: a submission could still "
    )
