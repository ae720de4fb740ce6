"""Which katas there are, and what `kata.toml` says of each."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from grader import config
from grader.sandbox.capabilities import Capability, Library
from grader.verdict import Evidence, Kind

if TYPE_CHECKING:
    from grader import wire

HOME = Path(__file__).resolve().parents[1]
"""Where the package lies: the repository, unless it was installed elsewhere."""

TRACKS = {
    "foundations": "Foundations",
    "together": "Running things together",
    "limits": "Limits and time",
    "cancellation": "Cancellation and errors",
    "streams": "Streams of data",
    "sharing": "Sharing and synchronisation",
    "threads-processes": "Files, threads, processes",
    "network": "Network",
    "own": "Build the machinery yourself",
    "systems": "Systems",
}
"""Each track's title, in learning order."""

Track = Literal[
    "foundations",
    "together",
    "limits",
    "cancellation",
    "streams",
    "sharing",
    "threads-processes",
    "network",
    "own",
    "systems",
]
CallKind = Literal[
    "async", "sync", "stream", "class", "method", "async-method", "classmethod"
]
"""A `stream` is whatever gives an asynchronous iterator when it is called."""

POINTS = 100
OBSERVED_POINTS = 25
SLUG_LENGTH = 30
"""More would not fit a line of `kata list`."""

NO_OUTCOMES: Mapping[str, str] = MappingProxyType({})
LOST = {"broken", "out of time"}
"""The outcomes of a law that a submission does not keep."""

_Text = Annotated[str, Meta(min_length=1)]
_Id = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
_Count = Annotated[int, Meta(ge=1)]


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name that the submission must define, and how it will be called."""

    name: _Text
    kind: CallKind
    positional: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a right answer keeps.

    Hints go from a nudge to a near-answer; in an interview there are none.
    """

    id: _Id
    says: _Text
    kind: Kind
    evidence: Evidence
    points: _Count
    hints: tuple[_Text, ...]


class Diagnosis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The likely misconception behind a broken law.

    It fits where the law was broken with that sign (an empty one fits any), all laws of
    `broken` are broken too and all of `held` are not. `answers` are the wrong answers that
    make this mistake.
    """

    law: str
    sign: str
    text: _Text
    broken: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    def fits(self, law: str, sign: str, outcomes: Mapping[str, str]) -> bool:
        """Say whether it explains a law that was broken with that sign."""
        return (
            self.law == law
            and self.sign in {"", sign}
            and all(outcomes.get(each) in LOST for each in self.broken)
            and all(outcomes.get(each) == "holds" for each in self.held)
        )

    @property
    def precision(self) -> tuple[bool, int]:
        """How much it takes for it to fit: of two that fit, the greater one is meant."""
        return bool(self.sign), len(self.broken) + len(self.held)


class Description(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What stands in a `kata.toml`.

    `records` names dataclasses of the submission whose instances travel field by field.
    `allow` is what a submission may do beyond computing, `libraries` what it will import
    that is slow to import.
    """

    title: _Text
    summary: _Text
    track: Track
    level: Annotated[int, Meta(ge=1, le=5)]
    minutes: _Count
    needs: tuple[str, ...]
    topics: tuple[str, ...]
    interface: Annotated[tuple[Need, ...], Meta(min_length=1)]
    laws: Annotated[tuple[Law, ...], Meta(min_length=1)]
    diagnoses: tuple[Diagnosis, ...] = ()
    allow: tuple[Capability, ...] = ()
    libraries: tuple[Library, ...] = ()
    records: tuple[str, ...] = ()
    observed_reason: str = ""


class Head(msgspec.Struct, frozen=True):
    """What says where a kata comes in learning order."""

    slug: str
    track: Track
    level: int
    needs: tuple[str, ...]


class Kata(Description, frozen=True, kw_only=True):
    """A kata: its description and where its files are."""

    slug: str
    root: Path

    @property
    def folder(self) -> Path:
        """What a learner gets."""
        return self.root / "katas" / self.slug

    @property
    def stub(self) -> Path:
        """The file that a learner edits."""
        return self.folder / f"{self.slug}.py"

    @property
    def pristine(self) -> Path:
        """The same file as it was before anybody edited it."""
        return self.folder / ".stub.py"

    @property
    def readme(self) -> Path:
        """The statement."""
        return self.folder / "README.md"

    @property
    def laws_path(self) -> Path:
        """The hidden tests."""
        return self.root / "tests" / "katas" / self.slug / "test_laws.py"

    @property
    def sealed(self) -> Path:
        """The hidden tests and what enters the sandbox, where a key is needed to read them."""
        return self.laws_path.with_name("laws.sealed")

    @property
    def scenarios(self) -> Path:
        """What enters the sandbox beside the submission."""
        return self.laws_path.with_name("scenarios.py")

    @property
    def solutions(self) -> Path:
        """Right answers, and wrong ones in `wrong`."""
        return self.root / "solutions" / self.slug

    @property
    def named(self) -> list[str]:
        """What names it on a command line, wherever it is kept."""
        if self.root in roots():
            return [self.slug]
        here = Path.cwd()
        inside = self.root.is_relative_to(here)
        shown = self.root.relative_to(here) if inside else self.root
        return [self.slug, "--katas", str(shown)]

    def law(self, name: str) -> Law:
        """Return the law with that id; raise `UnknownLaw` if there is none."""
        for law in self.laws:
            if law.id == name:
                return law
        raise UnknownLaw(self.slug, name, [law.id for law in self.laws])

    def diagnosis(
        self,
        law: str,
        sign: str,
        outcomes: Mapping[str, str] = NO_OUTCOMES,
        *,
        exactly: bool = False,
    ) -> str:
        """Return what a law that was broken with that sign usually means, or "".

        `outcomes` is what became of each law of the kata. With `exactly`, a text for any
        sign does not do.
        """
        found = [each for each in self.diagnoses if each.fits(law, sign, outcomes)]
        if exactly:
            found = [each for each in found if each.sign == sign]
        best = max(found, key=lambda each: each.precision, default=None)
        return best.text if best is not None else ""

    def needs_on_wire(self) -> list[wire.Need]:
        """Return the interface as a player is told of it."""
        from grader.wire import Need as Told

        return [
            Told(need.name, need.kind, list(need.positional), list(need.keywords))
            for need in self.interface
        ]


_Learned = TypeVar("_Learned", Kata, Head)


# --- errors -------------------------------------------------------------------


class Unknown(LookupError):
    """What was asked for does not exist; the message suggests what does."""


class UnknownKata(Unknown):
    """No kata has that slug."""

    def __init__(self, slug: str, slugs: Iterable[str]) -> None:
        hint = did_you_mean(slug, slugs) or "`kata list` names them all"
        super().__init__(f'no kata called "{slug}"; {hint}')


class UnknownLaw(Unknown):
    """A kata has no law with that id."""

    def __init__(self, slug: str, name: str, ids: list[str]) -> None:
        hint = did_you_mean(name, ids) or f"its laws are {', '.join(ids)}"
        super().__init__(f'{slug} has no law called "{name}"; {hint}')


class NoKatas(Unknown):
    """There is no folder of katas to look into."""


class MalformedKata(Exception):
    """A `kata.toml` that cannot be used: the author's to mend."""

    def __init__(self, file: Path, complaints: Iterable[str]) -> None:
        self._given = file, list(complaints)
        super().__init__("\n".join(f"{file}: {each}" for each in self._given[1]))

    def __reduce__(self) -> tuple[type[MalformedKata], tuple[Path, list[str]]]:
        return type(self), self._given


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return the question that names the option nearest to `word`, or ""."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(options), 1)
    return f'did you mean "{found[0]}"?' if found else ""


# --- finding ------------------------------------------------------------------


def root() -> Path:
    """Return the folder that holds `katas`: the package's, or one above where we are."""
    here = Path.cwd()
    for folder in (HOME, here, *here.parents):
        if (folder / "katas").is_dir():
            return folder
    raise NoKatas(f"no folder katas in or above {here}; change into the repository")


def roots(paths: Iterable[Path] = ()) -> list[Path]:
    """Return where to look for katas: `paths`, or ours and those of the configuration.

    Each holds `katas`, `solutions` and `tests/katas`; raises `NoKatas` where one does not.
    """
    found = [path.resolve() for path in paths]
    if not found:
        return [root(), *config.read().katas]
    for path in found:
        if not path.joinpath("katas").is_dir():
            raise NoKatas(f"no folder katas in {path}; `kata new SLUG` begins one")
    return found


def slugs(*roots: Path) -> list[str]:
    """Return the slug of every kata, in the order of the alphabet."""
    return sorted(_places(roots))


def katas(*roots: Path) -> list[Kata]:
    """Return every kata, in learning order."""
    places = _places(roots)
    return in_learning_order([_read(slug, places[slug]) for slug in sorted(places)])


def following(kata: Kata) -> Kata | None:
    """Return the kata that comes after one of the same folder, in learning order."""
    heads = [_head(slug, kata.root) for slug in slugs(kata.root)]
    order = [each.slug for each in in_learning_order(heads)]
    after = order[order.index(kata.slug) + 1 :]
    return _read(after[0], kata.root) if after else None


def find(slug: str, *roots: Path) -> Kata:
    """Return the kata with that slug; raise `UnknownKata` if there is none."""
    places = _places(roots)
    if slug not in places:
        raise UnknownKata(slug, places)
    return _read(slug, places[slug])


def _places(roots: Iterable[Path]) -> dict[str, Path]:
    """Return under which root each slug is found; a slug may stand under one only."""
    places: dict[str, Path] = {}
    for root in dict.fromkeys(roots):
        for file in root.glob("katas/*/kata.toml"):
            other = places.setdefault(file.parent.name, root)
            if other != root:
                said = f"{other} has a kata of that name too; rename one of the two"
                raise MalformedKata(file, [said])
    return places


def in_learning_order(katas: Iterable[_Learned]) -> list[_Learned]:
    """Sort by track, level and slug, but each kata after those of its track it needs."""
    tracks = list(TRACKS)
    waiting = {
        kata.slug: kata
        for kata in sorted(
            katas, key=lambda kata: (tracks.index(kata.track), kata.level, kata.slug)
        )
    }
    placed: list[_Learned] = []
    while waiting:
        _place(next(iter(waiting.values())), waiting, placed)
    return placed


def _place(
    kata: _Learned, waiting: dict[str, _Learned], placed: list[_Learned]
) -> None:
    del waiting[kata.slug]  # first, so that katas that need each other end
    for slug in kata.needs:
        if slug in waiting and waiting[slug].track == kata.track:
            _place(waiting[slug], waiting, placed)
    placed.append(kata)


# --- reading ------------------------------------------------------------------


def _head(slug: str, root: Path) -> Head:
    shown = Path("katas") / slug / "kata.toml"
    try:
        text = root.joinpath(shown).read_text("utf-8")
        # What stands behind it, laws and diagnoses, is long and slow to read.
        table = tomllib.loads(text.partition("\n[[")[0])
        return msgspec.convert({**table, "slug": slug}, Head)
    except (OSError, ValueError) as error:
        raise MalformedKata(shown, [f"cannot be read: {error}"]) from None


def _read(slug: str, root: Path) -> Kata:
    shown = Path("katas") / slug / "kata.toml"
    try:
        table = tomllib.loads(root.joinpath(shown).read_text("utf-8"))
        about = msgspec.convert(table, Description)
    except msgspec.ValidationError as error:
        raise MalformedKata(shown, [str(error).replace("`", "")]) from None
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise MalformedKata(shown, [f"cannot be read: {error}"]) from None
    kata = Kata(slug=slug, root=root, **_fields(about))
    if complaints := _complaints(kata):
        raise MalformedKata(shown, complaints)
    return kata


def _fields(about: Description) -> dict[str, Any]:
    return msgspec.structs.asdict(about)


def _complaints(kata: Kata) -> list[str]:
    found = [*slug_complaints(kata.slug), *_point_complaints(kata)]
    ids = [law.id for law in kata.laws]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            found.append(f"law {name} is there twice; rename one - at $.laws[{index}]")
    return found + _diagnosis_complaints(kata, ids)


def _diagnosis_complaints(kata: Kata, ids: list[str]) -> list[str]:
    found = []
    known = []
    for index, each in enumerate(kata.diagnoses):
        where = f"at $.diagnoses[{index}]"
        for name in (each.law, *each.broken, *each.held):
            if name not in ids:
                hint = did_you_mean(name, ids) or "name one of its laws"
                found.append(f'no law called "{name}"; {hint} - {where}.law')
        condition = each.law, each.sign, each.broken, each.held
        if condition in known:
            found.append(f'{each.law} has "{each.sign}" twice; drop one - {where}.sign')
        known.append(condition)
    return found


_LIBRARIES = {"aiofiles", "aiohttp", "aioresponses", "grader", "pytest"}


def slug_complaints(slug: str) -> list[str]:
    """Return why a kata cannot have that name."""
    if not slug.isidentifier() or iskeyword(slug) or slug != slug.lower():
        return ["the folder must be a lower-case Python name; rename it"]
    if slug in sys.stdlib_module_names or slug in _LIBRARIES:
        return [f"import {slug} would find the kata, not the module; rename the folder"]
    if len(slug) > SLUG_LENGTH:
        return [f"the folder's name is longer than {SLUG_LENGTH}; shorten it"]
    return []


def _point_complaints(kata: Kata) -> list[str]:
    found = []
    total = sum(law.points for law in kata.laws)
    if total != POINTS:
        found.append(f"points add up to {total}; make it {POINTS} - at $.laws")
    observed = sum(law.points for law in kata.laws if law.evidence == "observed")
    if observed > OBSERVED_POINTS and not kata.observed_reason:
        found.append(
            f"observed laws carry {observed} points, at most {OBSERVED_POINTS} may be; "
            "move points to judged laws or set observed_reason - at $.laws"
        )
    return found
