"""The judge inside pytest: one collection, as many submissions as wanted.

The hidden tests are imported, assertion-rewritten and collected once; then each
submission has them run through pytest's own hooks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.judge.cases import LAW_TEST, LawTest
from grader.judge.hidden import SUFFIX, Hidden
from grader.judge.play import Play
from grader.judge.trial import Result, Trial

TIMEOUT = 600
"""Seconds of wall time for one law: a backstop behind the judge's own deadlines."""

_LEFT_OUT = (
    "cacheprovider",
    "terminal",
    "logging",
    "doctest",
    "unittest",
    "junitxml",
    "pastebin",
    "stepwise",
    "setuponly",
    "setupplan",
    "faulthandler",
    "warnings",
    "recwarn",
    "tmpdir",
    "monkeypatch",
    "unraisableexception",
    "threadexception",
)

Submit = Callable[["Session"], None]


class Session:
    """The collected hidden tests of a kata, ready for submissions."""

    def __init__(self, items: list[pytest.Item], hidden: Hidden) -> None:
        self._items = items
        self.hidden = hidden
        self._trial: Trial | None = None
        self._failure = ""
        self.tests = [_law_test(item) for item in items]

    def judge(
        self, numbers: Iterable[int], trial_of: Callable[[LawTest], Trial]
    ) -> Iterator[tuple[int, Result]]:
        """Run the tests of these numbers, each by its trial; yield what became of it."""
        for number in numbers:
            self._trial = trial_of(self.tests[number])
            yield number, self._run(self._items[number], self._trial)

    def _run(self, item: pytest.Item, trial: Trial) -> Result:
        self._failure = ""
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if self._failure and trial.result.outcome != "fault":
            return Result("fault", "grader error", self._failure)
        return trial.result

    def play(self) -> Play:
        """Return what the running test gets as `play`."""
        if self._trial is None:
            raise RuntimeError("no submission is being judged")
        return self._trial.play

    def failed(self, text: str) -> None:
        """Take note that the running test raised: its trial never does."""
        self._failure = text[-3000:]


class _Plugin:
    """Hands the collected tests to `submit` instead of running them at once."""

    def __init__(self, hidden: Hidden, submit: Submit) -> None:
        self._hidden = hidden
        self._submit = submit
        self._session: Session | None = None
        self.error = ""
        self.raised: BaseException | None = None

    @pytest.fixture
    def play(self) -> Play:
        assert self._session is not None
        return self._session.play()

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Module | None:
        if file_path.suffix != SUFFIX:
            return None
        module = _Sealed.from_parent(parent, path=file_path)
        module.hidden = self._hidden
        return module

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            return True
        self._session = Session(session.items, self._hidden)
        try:
            self._submit(self._session)
        except BaseException as error:  # noqa: BLE001
            self.raised = error
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self._session is not None:
            self._session.failed(report.longreprtext)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.error += report.longreprtext

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.error += str(excrepr)


class _Sealed(pytest.Module):
    """Hidden tests that stand in no file that could be imported."""

    hidden: Hidden

    def _getobj(self) -> ModuleType:
        module = ModuleType("test_laws")
        exec(compile(self.hidden.laws, "<laws>", "exec"), module.__dict__)
        return module


class CollectionFault(Exception):
    """The hidden tests themselves could not be collected or run."""


def with_tests(hidden: Hidden, submit: Submit, *, timeout: bool = True) -> None:
    """Collect the hidden tests once and call `submit` with them."""
    path = Path(hidden.path)
    plugin = _Plugin(hidden, submit)
    options = [
        "-c",
        str(_CONFIGURATION),
        f"--rootdir={path.parent}",
        "--noconftest",
        "-s",
    ]
    options += [
        "--import-mode=importlib",
        "--disable-plugin-autoload",
        "-p",
        "pytest_timeout",
    ]
    for name in _LEFT_OUT:
        options += ["-p", f"no:{name}"]
    if timeout:
        options += [f"--timeout={TIMEOUT}"]
    # Every kata's tests have one module name, and pytest would take what is there.
    sys.modules.pop(path.stem, None)
    status = pytest.main([*options, str(path)], plugins=[plugin])
    if plugin.raised is not None:
        raise plugin.raised
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if plugin.error or status not in {
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    }:
        raise CollectionFault(plugin.error or f"pytest ended with status {status}")


_CONFIGURATION = Path(__file__).with_name("pytest.ini")


def _law_test(item: pytest.Item) -> LawTest:
    test: LawTest | None = getattr(getattr(item, "function", None), LAW_TEST, None)
    if test is None or not test.law:
        raise CollectionFault(f'{item.nodeid}: a hidden test needs @law("its-law")')
    return test
