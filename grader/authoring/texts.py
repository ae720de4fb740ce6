"""What a kata must say, and say rightly, before anything is graded."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.new import TO_DO
from grader.catalogue import HOME, Kata, did_you_mean
from grader.interview.questions import FILE, Missing, questions_of

SECTIONS = (
    "Task",
    "Interface",
    "Bad input and cancellation",
    "Laws",
    "Example",
    "Where it is used",
    "Read on",
)
FEWEST_HINTS = 2
MANY_POINTS = 10
"""A law that carries so many needs a way to its hint: one is not enough."""


def faults(kata: Kata) -> Iterator[str]:
    """Yield what is wrong with the texts of a kata, a sentence each."""
    yield from _statement(kata)
    yield from _hints(kata)
    yield from _stub(kata)
    yield from _unwritten(kata)
    yield from _questions(kata)


def _questions(kata: Kata) -> Iterator[str]:
    """Yield why an interviewer has nothing to ask; katas of others need no questions."""
    if kata.root != HOME and not (kata.solutions / FILE).exists():
        return
    try:
        questions_of(kata)
    except Missing as missing:
        yield f"{FILE}: {missing}"


def unmatched(kata: Kata) -> Iterator[str]:
    """Yield which laws no test judges, and which tests judge no law."""
    name = kata.laws_path.name
    tested = _laws_tested(kata)
    known = [law.id for law in kata.laws]
    for law in known:
        if law not in tested:
            yield f'{name}: no test is marked @law("{law}"); write one, or drop the law'
    for law in sorted(tested - set(known)):
        yield f'{name}: @law("{law}") is not in kata.toml; {_nearest(law, known)}'


def _laws_tested(kata: Kata) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(kata.laws_path.read_bytes()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "law"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _nearest(law: str, known: list[str]) -> str:
    return did_you_mean(law, known) or "add the law, or drop the test"


def _statement(kata: Kata) -> Iterator[str]:
    text = kata.readme.read_text(encoding="utf-8")
    for section in SECTIONS:
        if f"\n## {section}\n" not in text:
            yield f"README.md: there is no section {section}; add it"
    for law in kata.laws:
        if f"\n| {law.says} | {law.points} |\n" not in text:
            yield f'README.md: the section Laws lacks "| {law.says} | {law.points} |"'
    for name in sorted(_errors_demanded(kata)):
        if name not in text:
            yield (
                f"README.md: a hidden test demands a {name}; say in Bad input and "
                "cancellation when it is raised"
            )


def _errors_demanded(kata: Kata) -> set[str]:
    """Return the built-in exceptions that the laws ask for by name."""
    tree = ast.parse(kata.laws_path.read_bytes())
    return {
        each.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and "raises" in node.func.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and _is_exception(getattr(builtins, each.value, None))
    }


def _is_exception(found: object) -> bool:
    if found in {Exception, BaseException}:
        return False  # any error will do
    return isinstance(found, type) and issubclass(found, BaseException)


def _hints(kata: Kata) -> Iterator[str]:
    for law in kata.laws:
        if not law.hints:
            yield f"kata.toml: law {law.id} has no hint; write one at least"
        elif law.points >= MANY_POINTS and len(law.hints) < FEWEST_HINTS:
            yield (
                f"kata.toml: law {law.id} has one hint for {law.points} points; write "
                "two to four, from a nudge to a near-answer"
            )


def _stub(kata: Kata) -> Iterator[str]:
    name = kata.stub.name
    if not _same(kata.stub, kata.pristine):
        yield f"{kata.pristine.name}: is not {name}; copy it there, for `kata reset`"
    for node in ast.walk(ast.parse(kata.stub.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for each in _untyped(node):
                yield f"{name}:{node.lineno}: {node.name} has no type for {each}; add it"


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _untyped(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    arguments = function.args
    stars = [each for each in (arguments.vararg, arguments.kwarg) if each]
    for each in [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        *stars,
    ]:
        if each.annotation is None and each.arg not in {"self", "cls"}:
            yield each.arg
    if function.returns is None:
        yield "what it returns"


def _unwritten(kata: Kata) -> Iterator[str]:
    for file in _files(kata):
        lines = file.read_text("utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            if TO_DO in line:
                shown = file.relative_to(kata.root)
                yield f"{shown}:{number}: says {TO_DO}; write it and drop the word"


def _files(kata: Kata) -> list[Path]:
    folders = (kata.folder, kata.solutions, kata.laws_path.parent)
    return sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        # What the stub was at first says what the stub says.
        if file.suffix in {".py", ".md", ".toml"} and file != kata.pristine
    )
