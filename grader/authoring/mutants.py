"""Small mistakes made in a right answer, one at a time.

Mutation analysis after DeMillo, Lipton and Sayward, "Hints on Test Data Selection" (1978):
tests that notice no small mistake are weak. The operators are those that asynchronous code
gets wrong: a lost `await`, a lost `finally`, a handler too wide, two lines in the wrong
order. Texts are not touched: no law reads them. Nor is what nobody could tell: the order
of two names that are made, an assertion like `zip(strict=True)`.
"""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.authoring.order import matters

_SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OTHER_ERRORS = {
    "ValueError": "TypeError",
    "Exception": "BaseException",
    "BaseException": "Exception",
    "CancelledError": "Exception",
    "TimeoutError": "OSError",
    "RuntimeError": "ValueError",
    "LookupError": "ValueError",
    "TypeError": "ValueError",
}
_ANY_ERROR = "Exception"
"""What is raised in place of an error that is none of these, one of the kata's own."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_KEPT = (*_DEFINITIONS, ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal)
_ASSERTIONS = {"strict"}
"""Arguments that only assert what is true anyway."""
_BLOCKS = ("body", "orelse", "finalbody")
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)
_ENDINGS = (ast.If, ast.With, ast.AsyncWith, ast.Try, ast.TryStar)
"""Blocks that run once: what is last in them is last in what they are in."""
_COMPOUND = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    *_ENDINGS,
)

Change = Callable[[ast.AST], None]


@dataclass(frozen=True)
class Mutant:
    """A right answer with one mistake; `id` depends on what was changed only."""

    what: str
    line: int
    source: str
    diff: str

    @property
    def id(self) -> str:
        """Eight characters that tell it from the other mutants of its answer."""
        return hashlib.sha256(f"{self.what}\n{self.diff}".encode()).hexdigest()[:8]


def mutants(source: str) -> list[Mutant]:
    """Return the mutants of a source, each different from it and from the others."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    runs = {_what_runs(tree)}
    found: dict[str, Mutant] = {}
    for place, what, line, change in _changes(tree):
        changed = copy.deepcopy(tree)
        change(_at(changed, place))
        ast.fix_missing_locations(changed)
        mutated = ast.unparse(changed)
        if mutated not in found and _what_runs(changed) not in runs:
            runs.add(_what_runs(changed))
            found[mutated] = Mutant(what, line, mutated, _diff(original, mutated))
    return list(found.values())


def _what_runs(tree: ast.AST) -> str:
    """Return a program without the returns of nothing that its functions end with."""
    same = copy.deepcopy(tree)
    for node in ast.walk(same):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_last_return(node)
    return ast.unparse(same)


def _drop_last_return(block: ast.AST) -> None:
    names = [name for name in (*_BLOCKS, "handlers") if getattr(block, name, None)]
    if "finalbody" in names:
        names = []
    elif "orelse" in names:
        names = [name for name in names if name != "body" or isinstance(block, ast.If)]
    for name in names:
        statements = getattr(block, name)
        last = statements[-1]
        if isinstance(last, ast.Return) and _is_nothing(last.value):
            statements[-1:] = [] if len(statements) > 1 else [ast.Pass()]
        for each in statements if name == "handlers" else [last]:
            if isinstance(each, (*_ENDINGS, ast.ExceptHandler)):
                _drop_last_return(each)


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.split("\n"), after.split("\n"), n=1, lineterm=""
    )
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))


# --- where, and what ----------------------------------------------------------

Place = tuple[tuple[str, int | None], ...]


def _changes(tree: ast.AST) -> Iterator[tuple[Place, str, int, Change]]:
    """Yield every change: the place of the node it is made to, its name and its line."""
    for place, node in _walk(tree, ()):
        line = getattr(node, "lineno", 0)
        for operator in _OPERATORS:
            for what, change in operator(node):
                yield place, what, line, change


def _walk(node: ast.AST, place: Place) -> Iterator[tuple[Place, ast.AST]]:
    yield place, node
    for each, name, index in _children(node):
        if not _is_annotation(node, name):
            yield from _walk(each, (*place, (name, index)))


def _is_annotation(node: ast.AST, name: str) -> bool:
    types = {"annotation", "returns", "type_params", "bases", "decorator_list"}
    return (
        name in types
        or (isinstance(node, ast.Raise) and name == "cause")
        or (isinstance(node, ast.keyword) and node.arg in _ASSERTIONS)
    )


def _at(tree: ast.AST, place: Place) -> ast.AST:
    node = tree
    for name, index in place:
        value = getattr(node, name)
        node = value if index is None else value[index]
    return node


# --- the operators: each yields what can be done to a node --------------------

Doable = Iterator[tuple[str, Change]]


def _statements(node: ast.AST) -> Doable:
    """Delete a statement, or swap it with the next one."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for index, statement in enumerate(block):
            if isinstance(statement, _KEPT) or _is_text(statement):
                continue
            if isinstance(statement, ast.AnnAssign) and statement.value is None:
                continue
            yield "a statement is deleted", _deleting(name, index)
            pair = block[index : index + 2]
            if len(pair) > 1 and _can_swap(*pair) and matters(node, *pair):
                yield "two statements are swapped", _swapping(name, index)


def _is_text(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _can_swap(*statements: ast.AST) -> bool:
    """Say whether two neighbours go on to each other, and one of them is simple."""
    simple = [each for each in statements if isinstance(each, _SIMPLE)]
    return (
        bool(simple)
        and all(isinstance(each, _SIMPLE + _COMPOUND) for each in statements)
        and not any(map(_is_text, statements))
    )


def _deleting(name: str, index: int) -> Change:
    def change(node: ast.AST) -> None:
        block = getattr(node, name)
        del block[index]
        needed = name == "body" or not getattr(node, "handlers", True)
        if not block and needed:
            block.append(ast.Pass())

    return change


def _swapping(name: str, index: int) -> Change:
    def change(node: ast.AST) -> None:
        block = getattr(node, name)
        block[index], block[index + 1] = block[index + 1], block[index]

    return change


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield value, name, None
        elif isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield each, name, index


def _wrappings(node: ast.AST) -> Doable:
    """Lose an `await`, a shield or a minus."""
    for each, name, index in _children(node):
        if isinstance(each, ast.Await):
            yield "an await is lost", _replacing(name, each.value, index)
        if isinstance(each, ast.Call) and _called(each) == "shield":
            yield "a shield is lost", _replacing(name, each.args[0], index)
        if isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.USub):
            yield "a minus is lost", _replacing(name, each.operand, index)


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _replacing(name: str, value: ast.AST, index: int | None = None) -> Change:
    def change(node: ast.AST) -> None:
        if index is None:
            setattr(node, name, copy.deepcopy(value))
        else:
            getattr(node, name)[index] = copy.deepcopy(value)

    return change


def _conditions(node: ast.AST) -> Doable:
    """Turn a condition or a part of it round."""
    what = "a condition is turned round"
    if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        yield what, _replacing("test", _not(node.test))
    if isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            yield what, _replacing("ifs", _not(test), index)
    if isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and and or are changed", _replacing("op", other_op)
        what = "a part of a condition is turned round"
        for index, test in enumerate(node.values):
            if not isinstance(test, ast.Compare):
                yield what, _replacing("values", _not(test), index)


def _comparisons(node: ast.AST) -> Doable:
    """Move the edge of a comparison."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            other = _SWAPPED[type(operator)]()
            yield "a comparison is changed", _replacing("ops", other, index)
        for index, each in enumerate(node.comparators):
            if isinstance(each, ast.Constant) and type(each.value) is int:
                less = ast.Constant(each.value - 1)
                yield "a bound is changed", _replacing("comparators", less, index)


def _not(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def _constants(node: ast.AST) -> Doable:
    """Change a number or a truth value, plus, minus or times."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield "a constant is changed", _setting(node.value)
    if isinstance(node, ast.BinOp | ast.AugAssign):
        if isinstance(node.op, ast.Add):
            yield "plus becomes minus", _replacing("op", ast.Sub())
        elif isinstance(node.op, ast.Sub):
            yield "minus becomes plus", _replacing("op", ast.Add())
        elif isinstance(node.op, ast.Mult):
            yield "times becomes plus", _replacing("op", ast.Add())


def _setting(value: float) -> Change:
    def change(node: ast.AST) -> None:
        other = not value if isinstance(value, bool) else value + 1
        node.value = other  # type: ignore[attr-defined]

    return change


def _tries(node: ast.AST) -> Doable:
    """Lose a `finally` or a handler."""
    if isinstance(node, ast.Try | ast.TryStar):
        if node.finalbody and node.handlers:
            yield "a finally is lost", _emptying("finalbody")
        if len(node.handlers) + bool(node.finalbody) > 1:
            for index in range(len(node.handlers)):
                yield "a handler is lost", _removing("handlers", index)


def _handlers(node: ast.AST) -> Doable:
    """Let a handler take other errors."""
    if isinstance(node, ast.ExceptHandler):
        if node.type is not None:
            anything = _replacing("type", _name("BaseException"))
            yield "a handler takes everything", anything
        yield from _other_error("a handler takes other errors", "type", node.type)
        if isinstance(node.type, ast.Tuple):
            for index in range(len(node.type.elts)):
                lost = _inside("type", _removing("elts", index))
                yield "a handler takes fewer errors", lost


def _blocks(node: ast.AST) -> Doable:
    """Lose a `try` or a `with` around its body, or reach a `finally` on success only."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for index, each in enumerate(block):
            if isinstance(each, ast.Try | ast.TryStar):
                yield from _unwrapped(each, name, index)
            if isinstance(each, ast.With | ast.AsyncWith) and not any(
                item.optional_vars for item in each.items
            ):
                yield "a with is lost", _unfolding(name, index, "body")


def _unwrapped(node: ast.Try | ast.TryStar, name: str, index: int) -> Doable:
    if not node.handlers:
        yield "a finally is lost", _unfolding(name, index, "body")
        after = _unfolding(name, index, "body", "finalbody")
        yield "a finally is reached on success only", after
    elif len(node.handlers) == 1 and not node.finalbody:
        yield "a handler is lost", _unfolding(name, index, "body", "orelse")


def _unfolding(name: str, index: int, *parts: str) -> Change:
    def change(node: ast.AST) -> None:
        block = getattr(node, name)
        each = block[index]
        block[index : index + 1] = [
            line for part in parts for line in getattr(each, part)
        ]

    return change


def _emptying(name: str) -> Change:
    return lambda node: setattr(node, name, [])


def _removing(name: str, index: int) -> Change:
    def change(node: ast.AST) -> None:
        del getattr(node, name)[index]

    return change


def _raises(node: ast.AST) -> Doable:
    """Raise another error."""
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(node.exc, ast.Call):
            for what, change in _other_raised("func", raised):
                yield what, _inside("exc", change)
        else:
            yield from _other_raised("exc", raised)


def _other_raised(field: str, error: ast.expr | None) -> Doable:
    what = "another error is raised"
    if isinstance(error, ast.Name) and error.id not in _OTHER_ERRORS:
        if error.id[0].isupper():
            yield what, _replacing(field, _name(_ANY_ERROR))
    else:
        yield from _other_error(what, field, error)


def _inside(name: str, change: Change) -> Change:
    return lambda node: change(getattr(node, name))


def _other_error(what: str, field: str, error: ast.expr | None) -> Doable:
    name = getattr(error, "attr", getattr(error, "id", ""))
    if name in _OTHER_ERRORS:
        yield what, _replacing(field, _name(_OTHER_ERRORS[name]))


def _name(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())


def _calls(node: ast.AST) -> Doable:
    """Lose an argument that was given by name."""
    if isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg not in {None, *_ASSERTIONS}:
                yield "an argument is lost", _removing("keywords", index)


_OPERATORS: tuple[Callable[[ast.AST], Doable], ...] = (
    _statements,
    _wrappings,
    _conditions,
    _comparisons,
    _constants,
    _tries,
    _handlers,
    _blocks,
    _raises,
    _calls,
)
