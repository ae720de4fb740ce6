"""What stands under every figure: how little a run, a player and a step can cost."""

from __future__ import annotations

import time
from pathlib import Path

from measure import sample, spread
from single import REFERENCE
from suites import SLUG
from tables import Section

from grader import wire
from grader.catalogue import find, root
from grader.judge.bench import Bench
from grader.judge.drive import drive, play_message
from grader.judge.play import Play
from grader.sandbox.launch import Sandbox
from grader.submission import read
from grader.world.rules import after, asynchronous, synchronous
from grader.world.tokens import Tokens
from grader.world.world import World

RUNS = 300
FORKS = 60
SAYINGS = 200

SAYING = b"async def greet(say, number):\n    for each in range(number):\n        say(each)\n"
SCENARIO = (
    "async def speak(kata, world, number):\n    await kata.greet(world.say, number)\n"
)


def section(_: Path) -> Section:
    """Time runs and round trips behind the strongest walls, in a warm player."""
    told = Section(
        "Inside",
        "Behind the strongest walls, milliseconds.",
        ("what", "ms"),
    )
    kata = find(SLUG, root())
    scenarios = kata.scenarios.read_text("utf-8")
    with Sandbox() as sandbox:
        bare = sample(lambda: sandbox.player().close(), FORKS)
        bench = Bench(sandbox, kata, read(REFERENCE), b"", scenarios)
        play = Play(bench, lambda: None)
        urls = [str(number) for number in range(10)]
        fetch = asynchronous(after(1))
        jobs = sample(
            lambda: play("fetch_pages", urls=urls, limit=3, fetch=fetch), RUNS
        )
        none = sample(lambda: play("fetch_pages", urls=[], limit=3, fetch=fetch), RUNS)
        play.fresh()
        forks = sample(lambda: bench.player().close(), FORKS)
        bench.close()
        trip = round_trip(sandbox)
    told.rows += [
        ("a fork of the warm zygote, and its end", spread(bare, 1)),
        ("a fresh player, loaded and ended", spread(forks, 1)),
        ("a run of 10 jobs, 3 at a time", spread(jobs)),
        ("a run of nothing", spread(none)),
        ("a step of the world with its round trip", spread(trip, 3)),
    ]
    return told


def round_trip(sandbox: Sandbox) -> list[float]:
    """Return the milliseconds of one synchronous operation, from many of them in a run."""
    player = sandbox.player()
    player.send(
        wire.Load(
            "saying", "saying.py", SAYING, SCENARIO, [], [], 10.0, unbounded=False
        )
    )
    player.receive()

    def run(number: int) -> float:
        world = World({"say": synchronous()}, Tokens(b"", ""))
        message = play_message("speak", {"number": number}, world, [], collect=False)
        began = time.perf_counter()
        drive(player, world, message)
        return (time.perf_counter() - began) * 1000

    found = [(run(SAYINGS) - run(0)) / SAYINGS for _ in range(50)]
    player.close()
    return found
