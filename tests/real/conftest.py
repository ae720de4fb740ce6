"""Each test is run with each right answer of the kata that its module is named after."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from .mariadb import mariadb
from .postgres import postgres

__all__ = ["mariadb", "postgres"]

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each right answer in turn, as a module that a child process can import too."""
    if "answer" not in metafunc.fixturenames:
        return
    slug = metafunc.module.__name__.rpartition(".test_")[2]
    names = sorted(path.stem for path in (SOLUTIONS / slug).glob("*.py"))
    if not names:
        pytest.fail(f"solutions/{slug} holds no answer")
    answers = [import_module(f"solutions.{slug}.{name}") for name in names]
    metafunc.parametrize("answer", answers, ids=names)
