"""Judges that share the tests of a submission: the verdict is one judge's."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.catalogue import find, root
from grader.judge import team, warm
from grader.judge.bench import Bench
from grader.judge.grade import Request, close, grade, grade_all
from grader.sandbox.launch import SandboxFault
from grader.submission import Submission, read
from grader.verdict import Verdict

ISOLATION = "process"
PLAIN = b"def greet(name, delay, say):\n    say(f'Hello, {name}!')\n    return name\n"
WAITS_REALLY = b"import time\nasync def greet(name, delay, say): time.sleep(3)\n"


@pytest.fixture(autouse=True)
def cold() -> Iterator[None]:
    yield
    close()


def request(name: str, slug: str = "hello_await", **more: Any) -> Request:
    kata = find(slug, root())
    return Request(kata, read(kata.solutions / name), isolation=ISOLATION, **more)


def written(source: bytes) -> Request:
    submission = Submission("hello_await.py", Path("hello_await.py"), source, "0" * 64)
    return Request(find("hello_await", root()), submission, isolation=ISOLATION)


def told(verdict: Verdict) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(verdict, seconds=0.0))


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("hello_await", "reference.py"),
        ("hello_await", "wrong/helper_task.py"),
        ("hello_await", "wrong/busy_wait.py"),
        ("merge_files", "wrong/fixed_name.py"),
        ("echo_server", "wrong/no_drain.py"),
    ],
)
def test_several_judges_give_the_verdict_of_one(slug: str, name: str) -> None:
    wanted = request(name, slug, shrink=False)

    assert told(grade(wanted, 3)) == told(grade(wanted))


@pytest.mark.parametrize(
    "source", [PLAIN, WAITS_REALLY, b"", b"raise ValueError\n", b"def greet(:\n"]
)
def test_several_judges_give_the_verdict_of_one_on_odd_files(source: bytes) -> None:
    assert told(grade(written(source), 3)) == told(grade(written(source)))


def test_several_judges_find_the_same_smallest_cases_one_after_the_other() -> None:
    names = ("wrong/helper_task.py", "reference.py", "wrong/blocking_sleep.py")
    wanted = [request(name) for name in names] * 2

    assert list(map(told, grade_all(wanted, 3))) == list(map(told, grade_all(wanted)))


def test_of_the_laws_that_are_asked_for_no_other_is_told() -> None:
    wanted = request("reference.py", laws=("returns-name", "nothing-left"))

    found = grade(wanted, 3)

    assert [law.id for law in found.laws] == ["returns-name", "nothing-left"]
    assert told(found) == told(grade(wanted))


# --- what goes wrong beside this judge ---------------------------------------


def beside(
    monkeypatch: pytest.MonkeyPatch,
    marks: Path,
    times: int,
    act: Callable[[Bench], None],
) -> None:
    """Have the first so many runs that another process plays begin with an act."""
    run, ours = Bench.run, os.getpid()
    for number in range(times):
        (marks / str(number)).touch()

    def acting(bench: Bench, *given: Any) -> Any:
        if os.getpid() != ours and (mark := next(marks.iterdir(), None)):
            mark.unlink()
            act(bench)
        return run(bench, *given)

    monkeypatch.setattr(Bench, "run", acting)


def die(_: Bench) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(bench: Bench) -> None:
    raise bench._sandbox._fault("lost")


def refuse(_: Bench) -> None:
    raise SandboxFault("the sandbox could not start a player")


def play_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this judge busy until another one has played."""
    play = team.Team._shared

    def late(self: team.Team, wanted: Request, numbers: Any, own: team.Play) -> Any:
        def waiting(asked: Request, ours: Iterator[int]) -> Iterator[Any]:
            if self._others:
                wait([member.link for member in self._others])
            return own(asked, ours)

        return play(self, wanted, numbers, waiting)

    monkeypatch.setattr(team.Team, "_shared", late)


def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of why gradings by several judges fail from now on."""
    share, faults = team.Team.share, []

    def listening(self: team.Team, *given: Any) -> Iterator[Any]:
        try:
            yield from share(self, *given)
        except SandboxFault as fault:
            faults.append(str(fault))
            raise

    monkeypatch.setattr(team.Team, "share", listening)
    return faults


@pytest.mark.parametrize("act", [die, fail, refuse])
def test_a_judge_that_fails_once_changes_no_verdict(
    act: Callable[[Bench], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = request("wrong/helper_task.py")
    as_ever = grade(wanted)
    play_last(monkeypatch)
    beside(monkeypatch, tmp_path, 1, act)

    assert told(grade(wanted, 2)) == told(as_ever)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("act", "whys"),
    [
        (die, ["a judge beside this one ended unexpectedly"] * 2),
        (fail, ["lost"] * 2),
        # The law that was played then is at fault, and not the judge.
        (refuse, []),
    ],
)
def test_a_judge_that_fails_each_time_costs_nobody_anything(
    act: Callable[[Bench], None],
    whys: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    faults = heard(monkeypatch)
    play_last(monkeypatch)
    beside(monkeypatch, tmp_path, 2, act)

    verdicts = grade_all([request("reference.py")] * 2, 2)

    assert faults == whys
    assert [(each.status, each.points) for each in verdicts] == [("pass", 100)] * 2
    assert not list(tmp_path.iterdir())


def end_the_member(others: list[team._Member]) -> None:
    others[0]._process.kill()
    others[0]._process.join()


def end_the_trunk(_: list[team._Member]) -> None:
    zygote = warm.sandbox()._process
    assert zygote is not None
    zygote.kill()
    zygote.wait()


@pytest.mark.parametrize("act", [end_the_member, end_the_trunk])
def test_what_dies_between_two_submissions_costs_neither_of_them(
    act: Callable[[list[team._Member]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, acts = team.Team._shared, iter([act])

    def then(self: team.Team, *given: Any) -> Iterator[Any]:
        yield from shared(self, *given)
        for each in acts:
            each(self._others)

    monkeypatch.setattr(team.Team, "_shared", then)

    verdicts = grade_all([request("reference.py")] * 4, 2)

    assert [verdict.status for verdict in verdicts] == ["pass"] * 4


def test_what_does_not_fit_is_told_alike_whoever_was_quicker() -> None:
    wanted = written(
        b"async def real(name): return name\n"
        b"def greet(name, delay, say): return real(name) if delay else name\n"
    )

    one, *several = grade_all([wanted] * 2), *(grade(wanted, 2) for _ in range(3))

    assert {verdict.virtual_seconds for verdict in (*one, *several)} == {0.0}


# --- nothing is left ----------------------------------------------------------


def children(process: int) -> list[int]:
    """Return the processes that one has started, and those that they have."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    own = [
        int(pid) for task in tasks for pid in (task / "children").read_text().split()
    ]
    return own + [pid for child in own for pid in children(child)]


def test_no_judge_and_no_sandbox_stays_behind() -> None:
    before = children(os.getpid())
    grade_all([request("reference.py")] * 2, 3)
    close()

    assert children(os.getpid()) == before


GRADES = """
import sys
from pathlib import Path
from grader.catalogue import find, root
from grader.judge.bench import Bench
from grader.judge.grade import Request, grade
from grader.submission import read
run = Bench.run
def stay(bench, *given):
    print("playing", flush=True)
    return run(bench, *given)
Bench.run = stay
kata = find("semaphore", root())
while True:
    grade(Request(kata, read(kata.solutions / "reference.py"), isolation="process"), 3)
"""


@pytest.fixture
def judge() -> Iterator[subprocess.Popen[bytes]]:
    """A process that grades until it is ended, with two judges beside it."""
    judge = subprocess.Popen(
        [sys.executable, "-c", GRADES], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with judge:
        yield judge
        judge.kill()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_when_the_judge_is_ended_so_is_all_beside_it(
    judge: subprocess.Popen[bytes], how: signal.Signals
) -> None:
    assert judge.stdout is not None
    # By now it has judges beside it, each with a sandbox.
    for _ in range(200):
        judge.stdout.readline()
    watched = [os.pidfd_open(pid) for pid in children(judge.pid)]
    judge.send_signal(how)
    judge.communicate()

    # A descriptor of a process is readable when it has ended.
    for each in watched:
        assert select.select([each], [], [], 30)[0]
        os.close(each)
    assert len(watched) >= 3


# --- how many -----------------------------------------------------------------


@pytest.mark.parametrize(("processors", "judges"), [(1, 1), (2, 2), (3, 3), (64, 4)])
def test_each_processor_has_a_judge_but_no_more_than_pay(
    processors: int, judges: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _: set(range(processors)), raising=False
    )

    assert team.judges_here() == judges


def test_where_processors_are_not_told_there_is_one_judge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)

    assert team.judges_here() == 1


def test_without_walls_there_is_one_judge_for_the_terminal_is_the_players() -> None:
    before = children(os.getpid())
    kata = find("hello_await", root())
    answer = read(kata.solutions / "reference.py")

    grade(Request(kata, answer, isolation="none"), 3)

    assert len(children(os.getpid())) - len(before) <= 1
    assert warm.walls().level == "none"
