"""Which small mistakes are made in an answer."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from grader.authoring.mutants import mutants
from grader.catalogue import Kata, katas, root


def made(source: str) -> dict[str, set[str]]:
    """Return the changed sources, by what was done."""
    found: dict[str, set[str]] = {}
    for mutant in mutants(dedent(source).strip()):
        found.setdefault(mutant.what, set()).add(mutant.source)
    return found


@pytest.mark.parametrize(
    ("source", "what", "changed"),
    [
        ("a()\nb()", "a statement is deleted", {"b()", "a()"}),
        (
            "def f():\n    a()\n    b()",
            "two statements are swapped",
            {"def f():\n    b()\n    a()"},
        ),
        (
            "def f():\n    if a:\n        raise\n    b()",
            "two statements are swapped",
            {"def f():\n    b()\n    if a:\n        raise"},
        ),
        ("x = await f()", "an await is lost", {"x = f()"}),
        ("g(await f())", "an await is lost", {"g(f())"}),
        ("x = a < b", "a comparison is changed", {"x = a <= b"}),
        ("x = a < 1", "a bound is changed", {"x = a < 0"}),
        (
            "x = [a for a in b if a]",
            "a condition is turned round",
            {"x = [a for a in b if not a]"},
        ),
        (
            "x = not a and b()",
            "a part of a condition is turned round",
            {"x = a and b()", "x = not a and (not b())"},
        ),
        ("x = a and b", "and and or are changed", {"x = a or b"}),
        ("x = 1", "a constant is changed", {"x = 2"}),
        ("f(x=True)", "a constant is changed", {"f(x=False)"}),
        ("f(x=True)", "an argument is lost", {"f()"}),
        ("x = a - 1", "minus becomes plus", {"x = a + 1"}),
        ("x = a * b", "times becomes plus", {"x = a + b"}),
        ("f(-a)", "a minus is lost", {"f(a)"}),
        ("x = -a", "a minus is lost", {"x = a"}),
        ("await shield(a)", "a shield is lost", {"await a"}),
        ("raise ValueError('x')", "another error is raised", {"raise TypeError('x')"}),
        ("raise OutOfStock", "another error is raised", {"raise Exception"}),
        ("raise OutOfStock(a)", "another error is raised", {"raise Exception(a)"}),
        ("with a:\n    b()", "a with is lost", {"b()"}),
        ("try:\n    a()\nfinally:\n    b()", "a finally is lost", {"a()"}),
        (
            "try:\n    a()\nfinally:\n    b()",
            "a finally is reached on success only",
            {"a()\nb()"},
        ),
        (
            "try:\n    a()\nexcept A:\n    b()\nelse:\n    c()",
            "a handler is lost",
            {"a()\nc()"},
        ),
        (
            "try:\n    a()\nexcept* A:\n    b()",
            "a handler is lost",
            {"a()"},
        ),
        (
            "try:\n    a()\nexcept (A, B):\n    b()",
            "a handler takes fewer errors",
            {
                "try:\n    a()\nexcept (A,):\n    b()",
                "try:\n    a()\nexcept (B,):\n    b()",
            },
        ),
        (
            "if not a:\n    b()",
            "a condition is turned round",
            {"if a:\n    b()"},
        ),
        (
            "if a:\n    b()",
            "a condition is turned round",
            {"if not a:\n    b()"},
        ),
        (
            "try:\n    a()\nexcept asyncio.CancelledError:\n    raise",
            "a handler takes other errors",
            {"try:\n    a()\nexcept Exception:\n    raise"},
        ),
        (
            "try:\n    a()\nexcept A:\n    b()\nexcept B:\n    c()",
            "a handler is lost",
            {
                "try:\n    a()\nexcept B:\n    c()",
                "try:\n    a()\nexcept A:\n    b()",
            },
        ),
    ],
)
def test_each_operator_makes_its_mistakes(
    source: str, what: str, changed: set[str]
) -> None:
    assert made(source)[what] == changed


def test_texts_annotations_imports_and_definitions_are_left_alone() -> None:
    assert (
        made('''
        """A text."""
        import asyncio
        def f(x: list[int]) -> None:
            """Another."""
        class A:
            x: int
        ''')
        == {}
    )


@pytest.mark.parametrize(
    ("source", "nothing"),
    [
        ("def f():\n    if a:\n        return", "return"),
        ("def f():\n    with a:\n        b()\n        return None", "return None"),
        (
            "def f():\n    try:\n        return a\n    except B:\n        return None",
            "return None",
        ),
    ],
)
def test_a_return_that_nothing_follows_is_not_lost(source: str, nothing: str) -> None:
    lost = source.replace(nothing, "pass")

    found = [ast.unparse(ast.parse(each.source)) for each in mutants(source)]

    assert found
    assert lost not in found
    assert lost.replace("\n        pass", "") not in found


def test_a_return_that_ends_something_is_lost() -> None:
    source = (
        "def f():\n    while True:\n        return\n    if a:\n        return\n    b()"
    )

    lost = [each.source for each in mutants(source) if "deleted" in each.what]

    assert source.replace("return", "pass", 1) in lost
    assert "pass\n    b()" in "".join(lost)


def test_an_assertion_is_left_alone() -> None:
    assert "an argument is lost" not in made("zip(a, b, strict=True)")
    assert "a constant is changed" not in made("zip(a, b, strict=True)")


def test_a_mutant_is_known_by_what_was_changed() -> None:
    first = mutants("a()\nb()\nx = 1")
    moved = mutants("import z\n\na()\nb()\nx = 1")

    assert len({each.id for each in first}) == len(first)
    constants = [
        next(each for each in found if each.what == "a constant is changed")
        for found in (first, moved)
    ]
    assert constants[0].diff == " b()\n-x = 1\n+x = 2"
    assert constants[0].id == constants[1].id


@pytest.mark.parametrize("kata", katas(root()), ids=lambda kata: kata.slug)
def test_every_mutant_of_an_answer_is_another_program(kata: Kata) -> None:
    source = (kata.solutions / "reference.py").read_text()

    found = mutants(source)

    assert len(found) > 5
    assert len({ast.dump(ast.parse(each.source)) for each in found}) == len(found)
    assert ast.dump(ast.parse(source)) not in {
        ast.dump(ast.parse(each.source)) for each in found
    }
