"""The wire under fire, for as long as it is given: `make fuzz [MINUTES=5]`.

The strategies of `tests/fuzz`, with fresh seeds. The first input at which the judge's
side fails is printed as hex, and so is the command that plays it again:

    python benchmarks/fuzz.py --replay decoder 94a4...

With atheris installed, `python benchmarks/fuzz.py --atheris decoder` lets coverage
guide the bytes.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fuzz import targets
from tests.fuzz.messages import BODY, CUTS, STREAM
from tests.fuzz.worlds import FORGED, stories

BATCH = 200
"""Inputs of one seed."""

STORIES = stories() | FORGED
INPUTS: dict[str, st.SearchStrategy[Any]] = {
    "decoder": BODY,
    "channel": st.tuples(STREAM, CUTS),
    "world": STORIES,
    "verdict": STORIES,
}
FAST = settings(
    max_examples=BATCH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    print_blob=False,
)


class Fire:
    """One target under fire: how many inputs it took, and the last of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs = 0
        self.last = b""

    def salvo(self, number: int) -> None:
        """Fire a batch of inputs; the smallest at which it fails is the last."""

        @seed(number)
        @FAST
        @given(INPUTS[self.name])
        def shoot(given: Any) -> None:
            self.shoot(targets.packed(self.name, given))

        shoot()

    def shoot(self, data: bytes) -> None:
        """Fire one input."""
        self.inputs += 1
        self.last = data
        targets.REPLAYS[self.name](data)

    def until(self, end: float) -> bool:
        """Fire until that moment; say whether the target stood."""
        try:
            while time.monotonic() < end:
                self.salvo(random.getrandbits(64))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self.tell(error)
            return False
        return True

    def tell(self, error: BaseException) -> None:
        """Print what went wrong and how to see it again."""
        print(f"{self.name} failed:")
        traceback.print_exception(error, limit=-3)
        print(f"python benchmarks/fuzz.py --replay {self.name} {self.last.hex()}")


def main(minutes: float) -> int:
    """Fire at each target in turn; return how many of them fell."""
    fallen = 0
    for place, name in enumerate(INPUTS, 1):
        fire = Fire(name)
        print(f"[{place}/{len(INPUTS)}] {name} …", file=sys.stderr, flush=True)
        stood = fire.until(time.monotonic() + minutes * 60 / len(INPUTS))
        print(f"{name:<10} {fire.inputs:>9,} inputs  {'stands' if stood else 'FELL'}")
        fallen += not stood
    return fallen


def replay(name: str, data: str) -> None:
    """Fire one input again; what comes out is shown by Python."""
    targets.REPLAYS[name](bytes.fromhex(data))
    print(f"{name} stands")


def guided(name: str, arguments: list[str]) -> None:
    """Have atheris choose the bytes: of a message, or of what hypothesis draws from."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed; without --atheris hypothesis chooses alone")
    fire = Fire(name)

    @FAST
    @given(INPUTS[name])
    def shoot(given: Any) -> None:
        fire.shoot(targets.packed(name, given))

    by_bytes: Callable[[bytes], object] = shoot.hypothesis.fuzz_one_input  # type: ignore[attr-defined]
    if name == "decoder":
        by_bytes = fire.shoot

    def one(data: bytes) -> None:
        try:
            by_bytes(data)
        except Exception as error:
            fire.tell(error)
            raise

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--replay", name, data]:
            replay(name, data)
        case ["--atheris", name, *arguments]:
            guided(name, arguments)
        case [minutes]:
            sys.exit(main(float(minutes)))
        case _:
            sys.exit(main(5))
