"""What the inputs of a law are drawn from.

A draw is only a recipe: hypothesis, which makes a strategy of it, is imported when a
corpus has to be drawn or a failure shrunk, and not for a run whose corpus is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_Step = tuple[str, Callable[[Any], Any]]


class Draw:
    """A recipe for a hypothesis strategy."""

    def __init__(self, name: str, *args: Any, **options: Any) -> None:
        self._name = name
        self._args = args
        self._options = options
        self._steps: tuple[_Step, ...] = ()

    def map(self, change: Callable[[Any], Any]) -> Draw:
        """Return a draw of `change(value)`."""
        return self._then("map", change)

    def filter(self, wanted: Callable[[Any], bool]) -> Draw:
        """Return a draw of values for which `wanted(value)` is true."""
        return self._then("filter", wanted)

    def flatmap(self, draw_of: Callable[[Any], Draw]) -> Draw:
        """Return a draw from `draw_of(value)`."""
        return self._then("flatmap", lambda value: draw_of(value).strategy())

    def _then(self, name: str, function: Callable[[Any], Any]) -> Draw:
        following = Draw(self._name, *self._args, **self._options)
        following._steps = (*self._steps, (name, function))
        return following

    def strategy(self) -> Any:
        """Return the hypothesis strategy."""
        import hypothesis.strategies

        made = getattr(hypothesis.strategies, self._name)(
            *map(_made, self._args),
            **{key: _made(value) for key, value in self._options.items()},
        )
        for name, function in self._steps:
            made = getattr(made, name)(function)
        return made


def _made(value: Any) -> Any:
    if isinstance(value, Draw):
        return value.strategy()
    if isinstance(value, dict):
        return {key: _made(each) for key, each in value.items()}
    return value


def integers(low: int, high: int) -> Draw:
    """Draw an integer from `low` to `high`, both included."""
    return Draw("integers", low, high)


def booleans() -> Draw:
    """Draw True or False."""
    return Draw("booleans")


def just(value: Any) -> Draw:
    """Draw always this value."""
    return Draw("just", value)


def sampled(options: Sequence[Any]) -> Draw:
    """Draw one of these; shrinks towards the first."""
    return Draw("sampled_from", options)


def one_of(*draws: Draw) -> Draw:
    """Draw from one of these draws."""
    return Draw("one_of", *draws)


def tuples(*draws: Draw) -> Draw:
    """Draw a tuple, one part from each."""
    return Draw("tuples", *draws)


def lists(of: Draw, low: int = 0, high: int = 8, *, unique: bool = False) -> Draw:
    """Draw a list of `low` to `high` items."""
    return Draw("lists", of, min_size=low, max_size=high, unique=unique)


def permutations(items: Sequence[Any]) -> Draw:
    """Draw an order of these items."""
    return Draw("permutations", items)


def seconds(low: float = 0.25, high: float = 4, step: float = 0.25) -> Draw:
    """Draw a span of virtual seconds on a grid, so that ties arise."""
    first, last = round(low / step), round(high / step)
    return integers(first, last).map(lambda number: number * step)


def distinct_seconds(count: int, step: float = 0.25) -> Draw:
    """Draw `count` spans that are all different."""
    grid = [step * number for number in range(1, 4 * count + 1)]
    return Draw("lists", sampled(grid), min_size=count, max_size=count, unique=True)


def words(low: int = 1, high: int = 8) -> Draw:
    """Draw a short word of lower-case letters."""
    return Draw(
        "text", alphabet="abcdefghijklmnopqrstuvwxyz", min_size=low, max_size=high
    )


def blobs(low: int = 0, high: int = 8) -> Draw:
    """Draw some bytes."""
    return Draw("binary", min_size=low, max_size=high)
