"""Who compiles a submission, and whose word is taken for what it was compiled to."""

from __future__ import annotations

import marshal

import pytest

from grader import wire
from grader.catalogue import Kata
from grader.judge.bench import Bench
from grader.sandbox.launch import Player, Sandbox
from grader.wire import FromJudge, FromPlayer

from .conftest import SCENARIOS, submission

SOURCE = "async def answer(fetch): return 1\n"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[wire.Load]:
    """What players are told to load, one after the other."""
    found = []
    send = Player.send

    def spied(player: Player, message: FromJudge) -> None:
        if isinstance(message, wire.Load):
            found.append(message)
        send(player, message)

    monkeypatch.setattr(Player, "send", spied)
    return found


def test_what_the_first_player_compiled_the_next_ones_need_not(
    sandbox: Sandbox, kata: Kata, loads: list[wire.Load]
) -> None:
    bench = Bench(sandbox, kata, submission(SOURCE), b"secret", SCENARIOS)
    assert bench.check() is None
    player = bench.player()
    player.close()
    bench.close()

    first, second = loads
    assert (first.code, first.wants_code, second.wants_code) == (None, True, False)
    assert second.code is not None
    compiled = compile(SOURCE, "small.py", "exec", dont_inherit=True)
    assert marshal.loads(second.code.submission) == compiled


def test_more_code_than_a_message_holds_is_compiled_by_each(
    sandbox: Sandbox, kata: Kata, loads: list[wire.Load]
) -> None:
    much = SOURCE + "".join(f"n{number} = '{number:0500}'\n" for number in range(600))
    bench = Bench(sandbox, kata, submission(much), b"secret", SCENARIOS)
    assert bench.check() is None
    bench.player().close()
    bench.close()

    assert [each.code for each in loads] == [None, None]


def test_code_that_comes_when_the_submission_has_run_is_not_taken(
    sandbox: Sandbox,
    kata: Kata,
    loads: list[wire.Load],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receive = Player.receive
    answers = 0

    def forged(player: Player) -> FromPlayer:
        nonlocal answers
        told = receive(player)
        assert isinstance(told, wire.Loaded)
        answers += 1
        code = None if answers == 1 else wire.Code(b"forged", b"forged")
        return wire.Loaded(told.problem, code)

    monkeypatch.setattr(Player, "receive", forged)
    bench = Bench(sandbox, kata, submission(SOURCE), b"secret", SCENARIOS)
    assert bench.check() is None
    bench.prepare()
    bench.close()

    assert answers == 2
    assert [each.code for each in loads] == [None, None]
