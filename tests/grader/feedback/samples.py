"""Verdicts to draw: the kata `semaphore` as a learner meets it, and a deadlock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec.structs import replace

from grader.feedback import Look
from grader.verdict import (
    Corpus,
    Isolation,
    Lane,
    LawVerdict,
    Line,
    Mark,
    Outcome,
    Problem,
    Submitted,
    Timeline,
    Verdict,
    Waiting,
)

State = Literal["done", "failed", "cancelled", "lost", "open"]

FILE = "katas/semaphore/semaphore.py"
OFFICIAL = Isolation(
    "strong", ["bubblewrap", "landlock", "seccomp", "rlimits"], official=True
)
PROCESS = Isolation("process", ["rlimits"], official=False)

LAWS = {
    "results-in-order": ("the results stand in the order of the urls", 10),
    "at-most-limit": ("at most `limit` fetches run at once", 20),
    "free-slot-used": ("a free slot is used at once", 15),
    "starts-in-order": ("fetches start in the order of the urls", 5),
    "first-error-out": ("the first error comes out bare, at its moment", 15),
    "error-stops-rest": (
        "an error cancels the running fetches; waiting ones never start",
        15,
    ),
    "bad-limit": ("a limit below 1 raises ValueError before anything is fetched", 5),
    "cancel-clean": ("cancelling the caller cancels every fetch at once", 10),
    "nothing-left": ("nothing is left running when the call is over", 5),
}


def law(name: str, outcome: Outcome = "holds", **more: object) -> LawVerdict:
    """Return what became of one of the laws of `semaphore`."""
    says, points = LAWS[name]
    made = LawVerdict(
        id=name,
        says=says,
        kind="concurrency",
        evidence="judge",
        points=points if outcome == "holds" else 0,
        max_points=points,
        outcome=outcome,
        cases=24,
    )
    return replace(made, **more)


def laws(*changed: LawVerdict) -> list[LawVerdict]:
    """Return all laws of the kata: those given, and the others as holding."""
    given = {each.id: each for each in changed}
    return [given.get(name) or law(name) for name in LAWS]


def verdict(judged: list[LawVerdict], **more: object) -> Verdict:
    """Return a verdict with these laws."""
    held = all(each.outcome == "holds" for each in judged)
    made = Verdict(
        schema="asyncio-katas/verdict/1",
        kata="semaphore",
        title="At most N at a time",
        level=2,
        submission=Submitted("semaphore.py", "0" * 64),
        status="pass" if held else "fail",
        points=sum(each.points for each in judged),
        max_points=sum(each.max_points for each in judged),
        laws=judged,
        corpus=Corpus(0, "5d1f0c2a99b04e3c", 280),
        isolation=OFFICIAL,
        python="3.11.7",
        grader="0.1.0",
        virtual_seconds=0.0,
        seconds=0.42,
    )
    return replace(made, **more)


def lane(
    label: str, start: float, end: float | None, state: State = "done", **more: object
) -> Lane:
    """Return a lane that ended well, unless it is said otherwise."""
    return replace(Lane(label, start, end, state), **more)


def line(number: int, source: str, function: str = "fetch_limited") -> Line:
    """Return a line of the submission."""
    return Line("semaphore.py", number, function, source)


# --- what became of a law ------------------------------------------------------


def crowded() -> LawVerdict:
    """A fourth fetch starts while three are running."""
    picture = Timeline(
        lanes=[
            lane("fetch('page-1')", 0, 1),
            lane("fetch('page-2')", 0, 2),
            lane("fetch('page-3')", 0, 1.5),
            lane("fetch('page-4')", 0.5, 1.5, note="4 of 3"),
            lane("fetch('page-5')", 1.5, 2),
        ],
        end=2,
        limit=3,
        broken_from=0.5,
        broken_to=1,
        marks=[Mark(2, "returned")],
    )
    return law(
        "at-most-limit",
        "broken",
        reason="behaviour",
        message="At most 3 may run at once; 4 ran at t=0.5s.",
        given="limit=3, pages that take [1, 2, 1.5, 1, 0.5] s",
        seen="fetch('page-4') began while page-1, page-2 and page-3 were running",
        line=line(34, "tasks = [asyncio.create_task(one(url)) for url in urls]"),
        replay="kata test semaphore --law at-most-limit --case 1f09ac34",
        diagnosis="Usually each task makes a semaphore of its own, or the semaphore is "
        "held while the task is created and not while it fetches.",
        timeline=picture,
        printed="starting page-1\nstarting page-2\n\x1b[32mall laws hold\x1b[0m\n" * 3,
    )


def runs_on() -> LawVerdict:
    """After an error a fetch goes on, and one cleans up after the error is out."""
    picture = Timeline(
        lanes=[
            lane("fetch('page-1')", 0, 1, "failed"),
            lane("fetch('page-2')", 0, 1.5, "cancelled", cleanup=1.0),
            lane("fetch('page-3')", 0, 3, note="ran on"),
            lane("fetch('page-4')", 1, None, "open", note="began after"),
        ],
        end=3,
        broken_from=1,
        marks=[Mark(1, "raised FetchError")],
    )
    return law(
        "error-stops-rest",
        "broken",
        reason="behaviour",
        message="When one fails, the others must be cancelled; fetch('page-3') ran on "
        "after the error came out at t=1.0s.",
        given="limit=3, pages that take [1, 2, 3, 1] s, number 0 of them (from 0) fails",
        line=line(36, "return await asyncio.gather(*tasks)"),
        replay="kata test semaphore --law error-stops-rest --case 99b04e3c",
        diagnosis="asyncio.gather raises the first error and leaves the other tasks "
        "running.",
        timeline=picture,
    )


def never_arose(name: str, why: str = "nothing was cancelled") -> LawVerdict:
    """The situation did not come up."""
    return law(name, "not reached", reason="never arose", message=why)


def endless() -> LawVerdict:
    """Round and round without a wait."""
    return law(
        "free-slot-used",
        "out of time",
        reason="processor time",
        message="It ran out of processor time: a coroutine did not come back to the loop",
        given="limit=2, pages that take [2, 1, 1, 1] s",
        line=line(29, "while len(running) >= limit:"),
        replay="kata test semaphore --law free-slot-used --case 30aa41c2",
    )


def deadlocked() -> LawVerdict:
    """Two tasks each hold the lock that the other wants; a thread looks on."""
    source = "async with second.lock:"
    return law(
        "first-error-out",
        "broken",
        reason="deadlock",
        message="The first error must come out; it never ended: everything was waiting, "
        "and nothing could end a wait.",
        given="transfers of 10 from a to b and of 20 from b to a",
        line=line(21, source, "transfer"),
        waiting=[
            Waiting("task", "Task-2", 21, "transfer", source, "Lock.acquire", "Task-3"),
            Waiting("task", "Task-3", 21, "transfer", source, "Lock.acquire", "Task-2"),
            Waiting(
                "thread",
                "worker_0",
                40,
                "report",
                "done.wait()",
                "Event.wait",
            ),
        ],
        cycle=["Task-2", "Task-3"],
        replay="kata test semaphore --law first-error-out --case 0b0b0b0b --seed 7",
        diagnosis="Usually two tasks take the same two locks, each in its own order.",
    )


def stub(name: str) -> LawVerdict:
    """Nothing was written yet."""
    return law(
        name,
        "not reached",
        reason="not started",
        message="fetch_limited raises NotImplementedError",
        line=line(31, "raise NotImplementedError"),
    )


def ours(name: str) -> LawVerdict:
    """We failed."""
    trace = 'Traceback (most recent call last):\n  File "play.py", line 3, in run\nKeyError: 4'
    return law(name, "fault", reason="grader error", message=trace)


# --- whole screens --------------------------------------------------------------


def _failing() -> Verdict:
    judged = laws(
        crowded(),
        runs_on(),
        never_arose("cancel-clean"),
        never_arose("nothing-left", "nothing was started"),
    )
    return verdict(judged, virtual_seconds=3725.5)


def _alike() -> Verdict:
    raised = {
        "reason": "raised",
        "message": "The call must return; it raised TypeError(\"'NoneType' object is not "
        'iterable") at t=0.0s.',
        "line": line(33, "for url in urls.sort():"),
        "replay": "kata test semaphore --law results-in-order --case 51c0ffee",
    }
    judged = [law(name, "broken", **raised) for name in LAWS if name != "bad-limit"]
    return verdict(laws(*judged), virtual_seconds=12.0)


def _unloadable(problem: Problem) -> Verdict:
    return verdict(
        [], status="unloadable", points=0, max_points=0, problem=problem, seconds=0.08
    )


def _syntax() -> Verdict:
    return _unloadable(
        Problem(
            "syntax",
            "SyntaxError: '(' was never closed",
            line(12, "return await asyncio.gather(*(one(url) for url in urls)", ""),
        )
    )


def _missing() -> Verdict:
    return _unloadable(Problem("missing", "the file defines no fetch_limited"))


def _fault() -> Verdict:
    return verdict(laws(ours("cancel-clean"), crowded()), status="fault")


def _no_sandbox() -> Verdict:
    problem = Problem(
        "grader error", "the sandbox did not answer for 10 s and was ended"
    )
    return verdict([], status="fault", points=0, max_points=0, problem=problem)


def _other() -> Verdict:
    return verdict(laws(deadlocked(), endless()), isolation=PROCESS)


def _only_late() -> Verdict:
    late = laws(endless(), never_arose("cancel-clean"))
    return verdict(late, isolation=Isolation("none", [], official=False))


SCREENS: dict[str, tuple[Callable[[], Verdict], Look]] = {
    "stub": (lambda: verdict([stub(name) for name in LAWS]), Look(file=FILE)),
    "broken": (_failing, Look(file=FILE)),
    "alike": (_alike, Look(file=FILE)),
    "error": (lambda: verdict(laws(runs_on())), Look(file=FILE)),
    "deadlock": (_other, Look(file=FILE)),
    "out-of-time": (_only_late, Look(file=FILE)),
    "pass": (
        lambda: verdict(laws(), virtual_seconds=812.5),
        Look(file=FILE, next_kata="barrier"),
    ),
    "one-law": (
        lambda: verdict([crowded()], seconds=0.09),
        Look(file=FILE, law="at-most-limit"),
    ),
    "one-law-holds": (
        lambda: verdict([law("at-most-limit")], seconds=0.09),
        Look(file=FILE, law="at-most-limit"),
    ),
    "unloadable": (_syntax, Look(file=FILE)),
    "missing": (_missing, Look(file=FILE)),
    "fault": (_fault, Look(file=FILE)),
    "fault-before": (_no_sandbox, Look(file=FILE)),
    "quiet": (_failing, Look(file=FILE, quiet=True)),
}
