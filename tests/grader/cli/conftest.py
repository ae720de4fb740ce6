import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from grader import catalogue, cli
from grader.verdict import Corpus, Isolation, Status, Submitted, Verdict

TOML = """
title = "{title}"
summary = "Fetch many pages."
track = "{track}"
level = {level}
minutes = 25
needs = []
topics = ["Semaphore"]
[[interface]]
name = "fetch_limited"
kind = "async"
[[laws]]
id = "at-most-limit"
says = "at most `limit` fetches run at once"
kind = "concurrency"
evidence = "judge"
points = 99
hints = ["a nudge", "a near-answer"]
[[laws]]
id = "nothing-left"
says = "nothing is left running"
kind = "cancellation"
evidence = "observed"
points = 1
hints = ["a nudge"]
"""

Run = Callable[..., int]


@pytest.fixture
def run() -> Run:
    """Runs the command with these words and returns its exit code."""
    return lambda *words: cli.main(words)


def write(
    root: Path, slug: str, track: str = "limits", level: int = 2, title: str = "Few"
) -> None:
    folder = root / "katas" / slug
    folder.mkdir(parents=True)
    text = TOML.format(track=track, level=level, title=title)
    (folder / "kata.toml").write_text(text, "utf-8")
    (folder / "README.md").write_text(f"# {title}\n\nWrite it.\n", "utf-8")
    (folder / f"{slug}.py").write_text("async def fetch_limited(): ...\n", "utf-8")


Add = Callable[..., None]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the katas `semaphore` and `time_limit`, where we are."""
    write(tmp_path, "semaphore", title="At most N at a time")
    write(tmp_path, "time_limit", level=3, title="Answer in time or the default")
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def add(house: Path) -> Add:
    """Adds one more kata to the house."""
    return lambda *about, **options: write(house, *about, **options)


@dataclass(frozen=True)
class Look:
    color: str
    ascii: bool
    width: int = 80
    quiet: bool = False
    law: str | None = None
    named: str = ""
    next_kata: str | None = None
    file: str = ""


@dataclass(frozen=True)
class Request:
    kata: catalogue.Kata
    submission: Any
    seed: int = 0
    laws: tuple[str, ...] = ()
    case: str | None = None
    isolation: str = "best"


class UnknownCase(Exception):
    pass


class Sealed(Exception):
    pass


class IsolationUnavailable(Exception):
    pass


@dataclass
class Engine:
    """Stands for the judge: gives `status`, or raises `error`, and remembers."""

    UnknownCase: ClassVar[type[Exception]] = UnknownCase
    IsolationUnavailable: ClassVar[type[Exception]] = IsolationUnavailable

    status: Status = "pass"
    error: BaseException | None = None
    calls: list[str] = field(default_factory=list)
    request: Request | None = None
    judges: int = 0
    shown: Verdict | None = None
    look: Look | None = None

    def warm_up(self, isolation: str, *_: object) -> None:
        self.calls.append(f"warm up {isolation}")
        if isinstance(self.error, self.IsolationUnavailable):
            raise self.error

    def grade(self, request: Request, judges: int) -> Verdict:
        self.calls.append("grade")
        self.request, self.judges = request, judges
        if self.error is not None:
            raise self.error
        return verdict(request, self.status)

    def close(self) -> None:
        self.calls.append("close")

    def render(self, verdict: Verdict, look: Look) -> str:
        self.shown, self.look = verdict, look
        return f"{verdict.kata}: {verdict.status}\n"


def verdict(request: Request, status: Status) -> Verdict:
    return Verdict(
        schema="asyncio-katas/verdict/1",
        kata=request.kata.slug,
        title=request.kata.title,
        level=request.kata.level,
        submission=Submitted(request.submission.name, request.submission.sha256),
        status=status,
        points=0,
        max_points=100,
        laws=[],
        corpus=Corpus(request.seed, "", 0),
        isolation=Isolation("process", [], official=False),
        python="3.11.7",
        grader="0.1.0",
        virtual_seconds=0.0,
        seconds=0.0,
    )


@pytest.fixture
def engine(house: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The judge and its screens, replaced by something that remembers."""
    engine = Engine()
    modules: dict[str, dict[str, Any]] = {
        "grader.judge.warm": {
            "warm_up": engine.warm_up,
            "IsolationUnavailable": IsolationUnavailable,
        },
        "grader.judge.grade": {
            "Request": Request,
            "grade": engine.grade,
            "close": engine.close,
        },
        "grader.judge.hidden": {"Sealed": Sealed},
        "grader.judge.judging": {"UnknownCase": UnknownCase},
        "grader.judge.team": {"judges_here": lambda: 3},
        "grader.feedback": {
            "look_for": lambda _stream, _environment, **look: Look(**look),
            "render": engine.render,
        },
    }
    for name, contents in modules.items():
        module = ModuleType(name)
        module.__dict__.update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    return engine
