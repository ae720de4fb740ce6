"""Numbers, moments and names as the sentences of laws put them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from grader import values, wire


def seconds(nanoseconds: int) -> str:
    """Return a span: `4 s`, `0.25 s`."""
    return f"{_decimal(nanoseconds)} s"


def moment(nanoseconds: int) -> str:
    """Return an instant: `t=4.0s`, `t=0.25s`."""
    text = _decimal(nanoseconds)
    return f"t={text}s" if "." in text else f"t={text}.0s"


def _decimal(nanoseconds: int) -> str:
    text = f"{nanoseconds / wire.NANOSECONDS:.6f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `1 task`, `3 tasks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def listing(items: Sequence[str], most: int = 4) -> str:
    """Return `a, b and c`, cut after a few."""
    if len(items) > most:
        return ", ".join(items[:most]) + f" and {len(items) - most} more"
    if len(items) <= 1:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def call(name: str, arguments: Sequence[object], label: Callable[[str], str]) -> str:
    """Return a call as the learner would write it: `fetch('page-1')`."""
    shown = [values.show(values.pack_known(each), 24, label) for each in arguments]
    return f"{name}({', '.join(shown)})"


def error(failure: wire.Failure) -> str:
    """Return an exception in one phrase: `KeyError('x')`, `ExceptionGroup of 2`."""
    if failure.group is not None:
        members = listing([error(each) for each in failure.group], 3)
        return f"{failure.type} of {members}"
    first = tidy(failure.message.splitlines()[0]) if failure.message else ""
    return f"{failure.type}({first[:100]!r})" if first else failure.type


def tidy(text: str) -> str:
    """Return a text without memory addresses: they differ from run to run."""
    return _ADDRESS.sub("", text)


_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
