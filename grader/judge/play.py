"""The fixture `play`: what a hidden test calls to have a scenario run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from grader.judge.bench import Bench, Scene
from grader.judge.cases import Case
from grader.laws import JudgedRun
from grader.laws.outcome import NotReached
from grader.sandbox.launch import Player
from grader.world.network import Peer
from grader.world.script import Script

NO_FILES: Mapping[str, bytes] = MappingProxyType({})

MAX_CANCELLED = 48
"""At how many quiet instants of one scenario it is cancelled at most."""


class Play:
    """Runs scenarios of one law's test on a player of its own."""

    def __init__(self, bench: Bench, run_all: Callable[[], None]) -> None:
        self._bench = bench
        self._run_all = run_all
        self._player: Player | None = None
        self._case = Case("", {})
        self.count = 0
        self.last: JudgedRun | None = None
        self.kept: JudgedRun | None = None
        self._wanted = 0

    def all_cases(self) -> None:
        """Have the test played on each of its cases."""
        self._run_all()

    def keep(self, number: int) -> None:
        """Let `kept` be the run of that number, counted from 1 in each case."""
        self._wanted = number

    def begin(self, case: Case) -> None:
        """Start a case: its tape and its tokens serve the next runs."""
        self._case = case
        self.count = 0
        self.last = self.kept = None

    def fresh(self) -> None:
        """Let the next run have a player that has run nothing yet."""
        if self._player is not None:
            self._player.close()
            self._player = None

    def __call__(
        self,
        scenario: str,
        *,
        cancel_at: int | None = None,
        collect: bool = False,
        files: Mapping[str, bytes] = NO_FILES,
        network: Sequence[Peer] | None = None,
        watch: Sequence[str] = (),
        **given: Any,
    ) -> JudgedRun:
        """Run a scenario of scenarios.py.

        Rules and services among `given` are operations, the rest are its arguments.
        `cancel_at` cancels it at that quiet instant, counted from 1. With `collect`,
        garbage is collected at the end, so that warnings of lost objects show. `files` is
        what the submission's folder holds at first, where the kata is allowed one; of the
        names in `watch` the judge sees at every turn what they hold. `network` are the
        computers of its network; None is no network at all.
        """
        self._lay_out(files)
        if self._player is None:
            self._player = self._bench.player()
            self._bench.prepare()
        self.count += 1
        name = f"{self._case.id}/{self.count}"
        tape = self._case.tape
        scene = Scene(scenario, given, tape, name, cancel_at, collect, network, watch)
        run, world, good = self._bench.run(self._player, scene)
        if not good:
            self.fresh()
        scripts = [each for each in given.values() if isinstance(each, Script)]
        run.script = next(iter(scripts), run.script)
        self.last = JudgedRun(run, world.label)
        if self.count == self._wanted:
            self.kept = self.last
        return self.last

    def _lay_out(self, files: Mapping[str, bytes]) -> None:
        if not self._bench.lay_out(files):
            self.fresh()
            self._bench.lay_out_alone(files)

    def sweep(
        self,
        scenario: str,
        *,
        collect: bool = False,
        files: Mapping[str, bytes] = NO_FILES,
        network: Sequence[Peer] | None = None,
        watch: Sequence[str] = (),
        **given: Any,
    ) -> Iterator[JudgedRun]:
        """Run a scenario once, then cancel it at its quiet instants, one after another.

        At each of them, unless an answer that polls has very many: see `instants`.
        """
        again = partial(
            self,
            scenario,
            collect=collect,
            files=files,
            network=network,
            watch=watch,
            **given,
        )
        whole = again()
        whole.check_time()
        whole.reached(returned=False)
        if whole.run.idles == 0:
            raise NotReached("there was no quiet instant at which to cancel")
        for number in instants(whole.run.idles):
            yield again(cancel_at=number)


def instants(count: int) -> list[int]:
    """Return at which of so many quiet instants to cancel, counted from 1.

    The first ones, where most happens, and as many more up to the last, evenly spread.
    """
    if count <= MAX_CANCELLED:
        return list(range(1, count + 1))
    dense = MAX_CANCELLED // 2
    wide = (count - dense) / (MAX_CANCELLED - dense)
    later = [dense + round(wide * step) for step in range(1, MAX_CANCELLED - dense + 1)]
    return [*range(1, dense + 1), *later]
