"""Every law, and all that a verdict says and draws of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from grader import values
from grader.catalogue import Kata, Law
from grader.feedback import Look, render
from grader.judge.report import Replay, law_verdict, tell
from grader.judge.trial import Result
from grader.laws import JudgedRun
from grader.laws.outcome import Broken, NotReached, TimeUp
from grader.submission import Submission
from grader.verdict import LawVerdict, Outcome
from tests.grader.feedback.samples import verdict
from tests.grader.laws.conftest import LAWS

from .worlds import SCRIPT

FIRST = SCRIPT[0]

MORE: dict[str, Callable[[JudgedRun], object]] = {
    "closes_its_loops": lambda run: run.closes_its_loops(),
    "finishes": lambda run: run.finishes("fetch", "Finish", ["/a"]),
    "leaves_no_loop_set": lambda run: run.leaves_no_loop_set(),
    "never": lambda run: run.never("put twice", "Put once"),
    "notes_at_most": lambda run: run.notes_at_most("again", 1, "Note less"),
    "notes_each": lambda run: run.notes_each("again", {"/a": 1}, "Note it"),
    "notes_error": lambda run: run.notes_error(
        "again", run.first_failed("fail"), "Tell it"
    ),
    "raises a group": lambda run: run.raises("ValueError", group=True),
    "raises its error": lambda run: run.raises(run.first_failed("fail")),
    "returns a set": lambda run: run.returns({"a": [1], (1, 2): {3}}),
    "step_answers": lambda run: run.step_answers(FIRST, "fetch", "/a", "Answer"),
    "step_ends_at": lambda run: run.step_ends_at(FIRST, 1, "At one"),
    "step_ends_with": lambda run: run.step_ends_with(FIRST, SCRIPT[1], "With it"),
    "step_raises": lambda run: run.step_raises(FIRST, "KeyError", "Raise"),
    "step_returns": lambda run: run.step_returns(FIRST, "Return"),
    "step_waits_for": lambda run: run.step_waits_for(FIRST, SCRIPT[1], "Wait"),
    "needs_step_on": lambda run: run.needs_step_on(FIRST, SCRIPT[1]),
}
SCRIPTED = {name for name in MORE if "step" in name}
CALLED = ("fetch", "save", "tidy", "pages", "lines.next", "store.put")
"""Names that laws ask about, in place of the one that most of them know."""

STATED = {Broken, NotReached, TimeUp}
_OUTCOMES: dict[type, Outcome] = {
    Broken: "broken",
    NotReached: "not reached",
    TimeUp: "out of time",
}

ROOT = Path("/nowhere")
LAW = Law("the-law", "the law", "concurrency", "judge", 100, ("a hint",))
KATA = Kata(
    slug="small",
    root=ROOT,
    title="Small",
    summary="A kata for tests.",
    track="foundations",
    level=1,
    minutes=1,
    needs=(),
    topics=(),
    interface=(),
    laws=(LAW,),
)
SUBMITTED = Submission("small.py", ROOT / "small.py", b"def run():\n    pass\n", "0")
REPLAY = Replay(KATA, SUBMITTED, 0)
LOOKS = [Look(), Look(width=40, ascii=True, color=True)]


def asked(run: JudgedRun) -> dict[str, Callable[[JudgedRun], object]]:
    """Return the laws that may be asked of this run."""
    scripted = bool(run.run.script)
    more = {name: law for name, law in MORE.items() if scripted or name not in SCRIPTED}
    return LAWS | more


def check_laws(run: JudgedRun, room: int) -> list[Broken | NotReached | TimeUp]:
    """Ask every law; return what they say, having looked at how they say it."""
    said = []
    for law in asked(run).values():
        try:
            law(run)
        except (Broken, NotReached, TimeUp) as error:
            said.append(error)
    for each in said:
        text = str(each)
        assert text
        assert each.reason
        assert len(text.encode()) <= room, "a message longer than all that was said"
        assert 0 <= each.line < 2**31
    return said


def check_verdict(run: JudgedRun, error: Broken | NotReached | TimeUp) -> None:
    """Have a verdict made of what a law says, and a screen of the verdict."""
    result = Result(_OUTCOMES[type(error)], error.reason, str(error), error, judged=run)
    made = law_verdict(tell(LAW, None, result, REPLAY), REPLAY.kata)
    data = msgspec.json.encode(made)
    assert msgspec.json.decode(data, type=LawVerdict) == made
    for look in LOOKS:
        check_screen(render(verdict([made]), look), look)


def check_screen(screen: str, look: Look) -> None:
    """Hold what a terminal may be sent."""
    text = screen
    if look.color:
        for code in ("0", "1", "2", "31", "32", "33"):
            text = text.replace(f"\x1b[{code}m", "")
    assert text.replace("\n", "").isprintable()
    assert len(text) < 100_000


def check_shown(run: JudgedRun) -> None:
    """Have everything in the record shown in one line."""
    for call in run.run.operations:
        for value in [call.value, *map(values.pack_known, call.args)]:
            line = run.show(value)
            assert line.isprintable()
            assert len(line) <= 80
