"""Does the order of two neighbouring statements matter?

Where it surely does not, swapping them is no mistake. In doubt it matters.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

_PLAIN_CALLS = {
    "bool",
    "dict",
    "float",
    "int",
    "len",
    "list",
    "max",
    "min",
    "range",
    "set",
    "str",
    "tuple",
}
_PLAIN = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.BinOp,
    ast.unaryop,
    ast.operator,
    ast.expr_context,
    ast.Call,
)
_CONSTANT = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.expr_context)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_GIVES_WAY = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)
_LEAVES = (ast.Raise, ast.Return, ast.Break, ast.Continue)
_CLASSES = frozenset(name for name in dir(builtins) if name[0].isupper())


def matters(block: ast.AST, first: ast.stmt, second: ast.stmt) -> bool:
    """Say whether it can be told in which order two neighbours of a block run."""
    if isinstance(block, ast.Module):
        # Names are made here, before anything is called.
        return False
    pairs = [(first, second), (second, first)]
    if any(_is_fresh(block, *pair) for pair in pairs):
        return False
    makes = getattr(block, "name", "") == "__init__"
    return not any(_is_alone(*pair, makes) for pair in pairs)


def _is_fresh(block: ast.AST, plain: ast.stmt, other: ast.stmt) -> bool:
    """Say whether one of them gives a local name a constant that no other code sees."""
    if not isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    targets = _targets(plain)
    value = getattr(plain, "value", None)
    if not targets or value is None or isinstance(plain, ast.AugAssign):
        return False
    before = block.body[: block.body.index(other)]
    seen = [each for each in before if isinstance(each, _DEFINITIONS)]
    shared = (ast.Nonlocal, ast.Global)
    return (
        all(isinstance(each, ast.Name) for each in targets)
        and all(isinstance(node, _CONSTANT) for node in ast.walk(value))
        and not any(isinstance(each, shared) for each in block.body)
        and not _stored(plain) & _mentioned(other)
        and not any(_stored(plain) & _mentioned(each) for each in seen)
    )


def _is_alone(plain: ast.stmt, other: ast.stmt, makes: bool) -> bool:  # noqa: FBT001
    """Say whether one of them only stores what the other neither reads nor changes.

    `makes` says that nobody has the object yet: if the other one leaves, it is lost.
    """
    targets = _targets(plain)
    if not targets or not _is_plain(plain) or not _is_foreseen(other):
        return False
    lasting = any(isinstance(each, ast.Attribute) for each in targets)
    if lasting and not makes and any(isinstance(n, _LEAVES) for n in ast.walk(other)):
        return False
    return not (
        _stored(plain) & _mentioned(other) or _stored(other) & _mentioned(plain)
    )


def _targets(statement: ast.stmt) -> list[ast.expr]:
    """Return what a statement stores to, or nothing where that is no plain place."""
    targets: list[ast.expr] = getattr(statement, "targets", [])
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    places = all(
        isinstance(each, ast.Name)
        or (isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name))
        for each in targets
    )
    return targets if places and not isinstance(statement, ast.Delete) else []


def _is_plain(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    if value is None:
        return False
    return all(
        isinstance(node, _PLAIN)
        and (
            not isinstance(node, ast.Call)
            or _calls(node) in _PLAIN_CALLS
            or _makes(node)
        )
        for node in ast.walk(value)
    )


def _is_foreseen(statement: ast.stmt) -> bool:
    """Say whether a statement surely runs no code that could see ours."""
    return all(
        not isinstance(node, _GIVES_WAY)
        and (
            not isinstance(node, ast.Call)
            or _calls(node) in _PLAIN_CALLS | _CLASSES
            or _makes(node)
        )
        for node in ast.walk(statement)
    )


def _calls(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _makes(call: ast.Call) -> bool:
    """Say whether a call makes an empty object of a class, like `asyncio.Lock()`."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name[:1].isupper() and not (call.args or call.keywords)


def _stored(statement: ast.stmt) -> set[str]:
    return {
        _place(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name | ast.Attribute)
        and isinstance(node.ctx, ast.Store)
    }


def _mentioned(statement: ast.stmt) -> set[str]:
    return set(_places(statement))


def _places(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name | ast.Attribute):
        yield _place(node)
    for child in ast.iter_child_nodes(node):
        yield from _places(child)


def _place(node: ast.Name | ast.Attribute) -> str:
    return ast.unparse(node)
