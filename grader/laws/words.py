"""Numbers, moments and names as the sentences of laws put them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

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


def times(number: int) -> str:
    """Return how often: `never`, `once`, `3 times`."""
    return {0: "never", 1: "once"}.get(number) or f"{number} times"


def listing(items: Sequence[str], most: int = 4) -> str:
    """Return `a, b and c`, cut after a few."""
    if len(items) > most:
        return ", ".join(items[:most]) + f" and {len(items) - most} more"
    if len(items) <= 1:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def call(
    name: str,
    arguments: Sequence[object],
    label: Callable[[str], str],
    keywords: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """Return a call as the learner would write it: `fetch('page-1', depth=2)`."""
    shown = [_argument(each, label) for each in arguments]
    shown += [f"{key}={_argument(each, label)}" for key, each in keywords.items()]
    return f"{name}({', '.join(shown)})"


def request(method: str, url: str) -> str:
    """Return a request in one phrase, without the scheme: `GET pages.example/1`."""
    text = f"{method} {url.removeprefix('http://')}"[:60]
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def _argument(value: object, label: Callable[[str], str]) -> str:
    return values.show(values.pack_known(value), 24, label)


def error(failure: wire.Failure) -> str:
    """Return an exception in one phrase: `KeyError('x')`, `ExceptionGroup of A and B`."""
    if failure.group:
        members = listing([error(each) for each in failure.group], 3)
        return f"{failure.type} of {members}"
    text = tidy(failure.message.splitlines()[0])[:100] if failure.message else ""
    if failure.group is not None or not text:
        return failure.type
    # The text of a KeyError is the repr of its key already.
    return f"{failure.type}({text if failure.type == 'KeyError' else repr(text)})"


def tidy(text: str) -> str:
    """Return a text without memory addresses: they differ from run to run."""
    return _ADDRESS.sub("", text)


_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
