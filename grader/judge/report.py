"""From results to what the verdict says of each law."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from grader import wire
from grader.catalogue import LOST, NO_OUTCOMES, Kata, Law
from grader.judge.cases import Case, LawTest
from grader.judge.picture import timeline
from grader.judge.source import Source
from grader.judge.trial import Result
from grader.laws import words
from grader.laws.outcome import Broken
from grader.submission import Submission, name_of
from grader.verdict import Case as CaseRecord
from grader.verdict import LawVerdict, Outcome, Timeline, Waiting


@dataclass(frozen=True)
class Replay:
    """What a replay command must name, besides law and case."""

    kata: Kata
    submission: Submission
    seed: int

    def command(self, law: str, case: Case | None) -> str:
        """Return the command that plays that case again."""
        words = ["kata", "test", *self.kata.named, "--law", law]
        if case is not None:
            words += ["--case", case.id]
        if self.seed:
            words += ["--seed", str(self.seed)]
        if self.submission.path.resolve() != self.kata.stub.resolve():
            words += ["--file", name_of(self.submission.path)]
        return shlex.join(words)


@dataclass(frozen=True)
class Told:
    """What is told of one hidden test, as plain data: another process may have played it.

    `law` lacks a diagnosis, which rests on what became of the other laws too: on the
    `sign` of this one, on whether a misspelt name (`slip`) or a call that stopped the loop
    (`blocked`) was the cause. `misfit` says how the submission does not fit its interface.
    """

    law: LawVerdict
    sign: str = ""
    slip: bool = False
    blocked: str = ""
    misfit: str | None = None


def tell(law: Law, test: LawTest | None, result: Result, replay: Replay) -> Told:
    """Return what is told of a test of that law."""
    record = _basis(law, result)
    misfit = _misfit(result)
    if result.outcome == "holds":
        return Told(record, misfit=misfit)
    source = Source(replay.submission.name, replay.submission.source)
    details = _details(law, test, result, replay, source)
    return Told(
        msgspec.structs.replace(record, **details),
        getattr(result.error, "sign", result.reason),
        _is_slip(result),
        _blocking(result.error, result) if isinstance(result.error, Broken) else "",
        misfit,
    )


_SEVERITY: list[Outcome] = ["holds", "not reached", "out of time", "broken", "fault"]


def decisive(found: Sequence[Told]) -> Told:
    """Return what decides when a law has several tests; their cases are counted together."""
    cases = sum(each.law.cases for each in found)
    worst = max(found, key=lambda each: _SEVERITY.index(each.law.outcome))
    return replace(worst, law=msgspec.structs.replace(worst.law, cases=cases))


def law_verdict(
    told: Told, kata: Kata, outcomes: Mapping[str, str] = NO_OUTCOMES
) -> LawVerdict:
    """Return what the verdict says of a law; `outcomes` is what became of each."""
    law = told.law
    details: dict[str, str] = {}
    if law.outcome in LOST:
        usually = kata.diagnosis(law.id, told.sign, outcomes)
        details["diagnosis"] = NAMELESS if usually and told.slip else usually
    if told.blocked:
        own = kata.diagnosis(law.id, "blocked", outcomes, exactly=True)
        details |= {"seen": told.blocked, "diagnosis": own or BLOCKED}
    return msgspec.structs.replace(law, **details)


def _basis(law: Law, result: Result) -> LawVerdict:
    held = result.outcome == "holds"
    return LawVerdict(
        id=law.id,
        says=law.says,
        kind=law.kind,
        evidence=law.evidence,
        points=law.points if held else 0,
        max_points=law.points,
        outcome=result.outcome,
        reason=result.reason,
        message=result.message,
        hints=len(law.hints),
        cases=result.played,
    )


def _details(
    law: Law, test: LawTest | None, result: Result, replay: Replay, source: Source
) -> dict[str, Any]:
    error = result.error
    broken = error if isinstance(error, Broken) else None
    details: dict[str, Any] = {
        "given": _given(test, result.case),
        "line": source.line(getattr(error, "line", 0)),
    }
    if result.case is not None and result.outcome in LOST:
        details["case"] = _case_record(result.case, shrunk=result.shrunk)
        details["replay"] = replay.command(law.id, result.case)
    if broken is not None:
        details["seen"] = broken.seen
    if result.judged is not None and result.outcome != "not reached":
        details |= _picture(result, broken, source)
    return details


BLOCKED = (
    "a call that waits stands in a coroutine. It stops the whole event loop: no other "
    "task runs until it returns. Use its asynchronous counterpart, or a thread."
)


NAMELESS = "Python's message says it: a name is used that has no value there."
_SLIPS = {"NameError", "UnboundLocalError"}


def _is_slip(result: Result) -> bool:
    """Say whether a name that is not there ended it: no misconception explains that."""
    outcome = result.judged.run.outcome if result.judged is not None else None
    error = outcome.error if outcome is not None else None
    return error is not None and _types(error) <= _SLIPS


def _types(error: wire.Failure) -> set[str]:
    """Return the types of the errors in a group, or of a bare one."""
    if not error.group:
        return {error.type}
    return set().union(*map(_types, error.group))


def _blocking(broken: Broken, result: Result) -> str:
    """Return what to say first of a run in which the loop was blocked: it is the cause."""
    blocked = result.judged.run.blocked if result.judged is not None else []
    if not blocked or broken.sign == "blocked":
        return ""
    moment, first = blocked[0]
    task = f"{first.task}, " if first.task else ""
    at = words.moment(moment.at)
    return f"{first.what} ({task}line {first.line}) stopped every task at {at}"


def _misfit(result: Result) -> str | None:
    """Return what is said of a plain function that stands for an asynchronous one."""
    judged = result.judged
    if judged is None or judged.run.outcome is None:
        return None
    error = judged.run.outcome.error
    return error.message if error is not None and error.type == "NotAwaitable" else None


def _picture(result: Result, broken: Broken | None, source: Source) -> dict[str, Any]:
    judged = result.judged
    if judged is None:
        return {}
    run = judged.run
    waiting = [
        Waiting(
            each.kind,
            each.name,
            each.line,
            each.function,
            source.text(each.line),
            each.waits_for,
            each.waits_on,
        )
        for each in run.stuck[:12]
    ]
    printed = run.ended.printed[:2000] if run.ended is not None else ""
    return {
        "timeline": timeline(judged, broken),
        "ours": _ours(result, broken),
        "waiting": waiting,
        "cycle": list(run.cycle),
        "printed": printed,
    }


def _ours(result: Result, broken: Broken | None) -> Timeline | None:
    drawn = timeline(result.ours, None) if result.ours is not None else None
    if drawn is None or broken is None:
        return drawn
    return msgspec.structs.replace(drawn, limit=broken.limit)


def _given(test: LawTest | None, case: Case | None) -> str:
    if test is None or case is None or not case.values:
        return ""
    if test.cases.given:
        return test.cases.given.format_map(_shown(case.values))
    return ", ".join(f"{key}={value}" for key, value in _shown(case.values).items())


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _Shown(value) for key, value in values.items()}


class _Shown:
    """A value as a sentence shows it: floats without a needless `.0`."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        if spec == "count":
            return str(len(self._value))
        if spec == "s":
            return _plain(self._value)
        return format(self._value, spec) if spec else _plain(self._value)

    def __getitem__(self, place: int) -> _Shown:
        return _Shown(self._value[place])

    def __str__(self) -> str:
        return _plain(self._value)

    def __repr__(self) -> str:
        return repr(self._value)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return value if isinstance(value, str) else repr(value)


def _case_record(case: Case, *, shrunk: bool) -> CaseRecord:
    values = {key: _jsonable(value) for key, value in case.values.items()}
    return CaseRecord(case.id, values, list(case.tape), shrunk)


def _jsonable(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [_jsonable(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _jsonable(each) for key, each in value.items()}
    return value
