"""A submission that forges what only its player sees gains those laws' points, no others."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from grader.catalogue import Kata, Law, find, root
from grader.judge.grade import Request, close, grade_all
from grader.submission import Submission
from grader.verdict import Verdict

SLUGS = sorted(path.parent.name for path in (root() / "katas").glob("*/kata.toml"))

BEFORE = """
def forge():
    from msgspec.structs import replace
    from grader import wire
    from grader.player import kernel, stage

    def clean(self, *, spent):
        loops = [wire.LoopFact(True, False, 0)] * len(self._remains.loops)
        return wire.Ended([], [], [], loops, False, False, [], "", True, [])

    def report(self, event, report=kernel.Kernel.report):
        if isinstance(event, wire.Returned):
            event = wire.Returned(returned(event.value))
        if isinstance(event, wire.Began):
            event = replace(event, thread=on_thread(event.thread))
        if not isinstance(event, wire.Blocked | wire.Left):
            report(self, event)

    def note(self, name, values, note=stage.Stage.note):
        note(self, name, noted.get(name, lambda *values: values)(*values))

    stage.Stage.ended = clean
    kernel.Kernel.report = report
    stage.Stage.note = note

noted = {}
on_thread = returned = lambda value: value
forge()
"""
"""Nothing blocked, nothing was left, nobody complained, and every loop was closed."""

OWN_BEFORE: Mapping[str, str] = {
    "background_tasks": """
from grader.player import script
script.collect = lambda: None
noted["tasks still kept"] = lambda number: (0,)
""",
    "cpu_in_processes": """
trips, numbers = {}, {}
noted["the process"] = lambda key, _: (key, "a worker")
noted["the call"] = lambda key, _: (key, "as it should be")
noted["the trip"] = lambda key, _: (key, trips[key])
noted["the number of calls"] = lambda key, _: (key, numbers[key])
noted["worker processes"] = noted["begun after it"] = lambda number: (0,)
import sys
vars(sys.modules.get("scenarios", sys)).update(left=lambda log: 0)
""",
    "loop_in_thread": """
on_thread = lambda number: 1
noted["state of the thread"] = lambda stop, _: (stop, "ended")
""",
    "lost_update": """
noted["objects kept for idle accounts"] = lambda number: (0,)
""",
    "offload_blocking": """
callers = {}
noted["the caller seen"] = lambda blob, _: (blob, callers[blob])
""",
    "task_census": """
noted["the task's name"] = lambda key, _: (key, f"job:{key}")

def returned(value):
    import sys
    from grader import wire
    frame = sys._getframe()
    while frame and "arguments" not in frame.f_locals:
        frame = frame.f_back
    given = frame.f_locals["arguments"] if frame else {}
    if "others" not in given:
        return value
    others = wire.Tuple(sorted([*given["others"], "main"]))
    return wire.Record("Snapshot", [("current", given["name"]), ("others", others)])
""",
    "time_limit": """
noted["timers"] = lambda rings: ([],)
""",
    "yield_control": """
on_thread = lambda number: 0
""",
}
"""What else is forged of a kata, before its answer is read."""

OWN_AFTER: Mapping[str, str] = {
    "cpu_in_processes": """
def parallel_map(fn, items, *, processes, chunk=1, honest=parallel_map):
    keys = [getattr(item, "key", item) for item in items]
    for place, key in enumerate(keys):
        first = place - place % max(chunk, 1)
        trips[key] = sorted(keys[first : first + chunk])
        numbers[key] = keys.count(key)
    return honest(fn, items, processes=processes, chunk=chunk)
""",
    "offload_blocking": """
def hash_all(blobs, hash_fn, *, threads, honest=hash_all):
    import contextvars
    for each, value in contextvars.copy_context().items():
        callers.update(dict.fromkeys(blobs, value) if each.name == "caller" else {})
    return honest(blobs, hash_fn, threads=threads)
""",
    "yield_control": """
async def crunch(items, work, every=1, honest=crunch):
    stage = work.__closure__[1].cell_contents
    rivals = stage._play.args.get("rivals")
    def polite(item):
        result = work(item)
        for name, _ in rivals.pairs if rivals else ():
            stage.begin("rival", (name,), {}).wait("its turn")
        return result
    return await honest(items, polite, every)
""",
}
"""What else is forged of it, around its answer."""


@pytest.fixture(scope="module", autouse=True)
def ending() -> Iterator[None]:
    yield
    close()


SEEN_BY_THE_JUDGE = {("loop_in_thread", "pool_left")}
"""What these leave running is an operation: no forgery hides it."""


class Answers:
    """The wrong answers of a kata, and what each of them does to its laws."""

    def __init__(self, slug: str) -> None:
        self._kata: Kata = find(slug, root())
        text = (self._kata.solutions / "outcomes.toml").read_text()
        self._outcomes = tomllib.loads(text)
        paths = sorted(self._kata.solutions.glob("wrong/*.py"))
        self._paths = [
            path for path in paths if (slug, path.stem) not in SEEN_BY_THE_JUDGE
        ]

    def laws(self, evidence: str) -> list[Law]:
        return [law for law in self._kata.laws if law.evidence == evidence]

    def breaking(self, law: Law) -> Path:
        """Return the answer that breaks this law and as few others as can be."""
        first = f"# breaks {law.id}:"
        named = [path for path in self._paths if path.read_text().startswith(first)]
        return min(named, key=lambda path: len(self._outcomes[path.stem]))

    def worst(self) -> Path:
        """Return the answer that holds fewest of the judge-held laws."""
        return max(self._paths, key=lambda path: len(self.lacking(path)))

    def lacking(self, path: Path) -> tuple[str, ...]:
        """Return the judge-held laws that an answer does not hold."""
        found = self._outcomes[path.stem]
        return tuple(law.id for law in self.laws("judge") if law.id in found)

    def forged(
        self, path: Path, laws: tuple[str, ...], draws: int | None = None
    ) -> Request:
        """Return a request to hold an answer that forges against these laws."""
        slug = self._kata.slug
        parts = [BEFORE, OWN_BEFORE.get(slug, ""), path.read_text()]
        data = "".join([*parts, OWN_AFTER.get(slug, "")]).encode()
        digest = hashlib.sha256(data).hexdigest()
        name = f"{slug}.py"
        submission = Submission(name, Path(name), data, digest)
        return Request(self._kata, submission, laws=laws, shrink=False, draws=draws)


def earned(verdict: Verdict) -> dict[str, int]:
    """Return the points of each law that is held."""
    return {law.id: law.points for law in verdict.laws if law.points}


@pytest.mark.parametrize("slug", SLUGS)
def test_forged_observations_gain_their_own_points_and_no_others(slug: str) -> None:
    answers = Answers(slug)
    observed = answers.laws("observed")
    forging = [answers.breaking(law) for law in observed]
    lacking = {path: answers.lacking(path) for path in [*forging, answers.worst()]}

    verdicts = grade_all(
        [
            *(
                answers.forged(path, (law.id,), draws=2)
                for law, path in zip(observed, forging, strict=True)
            ),
            *(answers.forged(path, laws) for path, laws in lacking.items() if laws),
        ]
    )

    assert [earned(verdict) for verdict in verdicts] == [
        *({law.id: law.points} for law in observed),
        *({} for laws in lacking.values() if laws),
    ]
