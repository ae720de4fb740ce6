"""What an interview leaves behind: its report, whether its log is whole, what to ask."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli import exits, terminal
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.catalogue import Kata
    from grader.interview.log import Entry
    from grader.submission import Submission
    from grader.verdict import Verdict


def report(*, path: Path, out: Path | None) -> int:
    """Write the report anew; return the exit code."""
    from grader.interview.log import Unreadable

    try:
        troubles = _troubles(path, "")
        write_report(path, out or path.parent, troubles)
    except Unreadable as error:
        note(str(error))
        return exits.UNLOADABLE
    for trouble in troubles:
        note(trouble)
    return exits.BROKEN if troubles else exits.DONE


def verify(*, path: Path, paths: tuple[Path, ...], **typed: Any) -> int:
    """Say where a log was changed; return the exit code."""
    from grader.interview import log
    from grader.interview.phrase import phrase, same
    from grader.judge.hidden import plain_words

    for name in ("nonce", "phrase"):
        if typed[name] is not None and not plain_words(typed[name]):
            note(f"--{name} is empty.")
            return exits.USAGE
    try:
        troubles = _troubles(path, plain_words(typed["nonce"] or ""))
        for trouble in troubles:
            say(trouble)
        if troubles:
            return exits.BROKEN
        entries, hashes = log.read(path), log.hashes(path)
    except log.Unreadable as error:
        note(str(error))
        return exits.UNLOADABLE
    words = phrase(bytes.fromhex(hashes[-1]))
    if typed["phrase"] and not same(words, typed["phrase"]):
        say(
            f"The log is not the one whose words were read aloud: it ends in {words}. "
            "It was written anew, or entries are missing at its end."
        )
        return exits.BROKEN
    say(f"The log is whole: {len(entries)} entries, {words}")
    say(_about(path))
    if not typed["phrase"]:
        say("Compare the words with those that were read aloud: --phrase WORDS.")
    return _grade_again(entries, paths) if typed["again"] else exits.DONE


def _troubles(path: Path, nonce: str) -> list[str]:
    """Return what is not as it was written, or could never have been."""
    from grader.interview import log
    from grader.interview.sound import oddities

    broken = log.first_break(path, nonce)
    if broken is not None:
        said = [f"Entry {broken.number} was changed: {broken.why}."]
        if broken.number == 1 and nonce:
            said.append("If you gave another nonce, the log was begun with that one.")
        return said
    found = oddities(log.read(path), log.hashes(path))
    return [f"Entry {each.number}: {each.why}." for each in found]


def _about(path: Path) -> str:
    """Return in a line what the interview was."""
    from grader.feedback.clean import clean
    from grader.feedback.sentences import clock, plural
    from grader.interview.record import record

    told = record(path)
    endings = {"finished": "finished", "time": "ended by the clock", None: "not ended"}
    parts = [
        told.kata,
        f"began {told.began}",
        f"{clock(told.lasted)} of {clock(told.minutes * 60)}",
        endings[told.ended],
        plural(told.saves, "save"),
        *([plural(len(told.pauses), "pause")] if told.pauses else []),
    ]
    return clean(" · ".join(parts), ascii_only=False)


def _grade_again(entries: list[Entry], paths: tuple[Path, ...]) -> int:
    from grader import catalogue
    from grader.feedback.clean import clean
    from grader.interview import log
    from grader.interview.again import differences

    began = log.beginning(entries)
    kata = catalogue.find(clean(began.kata, ascii_only=True), *catalogue.roots(paths))
    found = list(differences(entries, kata, partial(grade_save, kata, began.nonce)))
    for each in found:
        say(clean(f"Entry {each.number}: {each.why}", ascii_only=False))
    if not found:
        say("Graded again, every verdict is as the log has it.")
    return exits.BROKEN if found else exits.DONE


def questions(*, slug: str, paths: tuple[Path, ...]) -> int:
    """Print what to ask; return the exit code."""
    from grader import catalogue
    from grader.interview.questions import Missing, questions_of

    kata = catalogue.find(slug, *catalogue.roots(paths))
    try:
        asked = questions_of(kata)
    except Missing as error:
        note(str(error))
        return exits.USAGE
    look = terminal.look("auto", plain=False)
    from grader.feedback.text import wrap

    lines = [kata.title]
    for number, each in enumerate(asked, 1):
        first, *rest = wrap(each.ask, look.width - 3)
        lines += ["", f"{number}. {first}", *(f"   {more}" for more in rest)]
        for point in each.strong:
            first, *rest = wrap(point, look.width - 5)
            lines += [
                f"   {look.symbols.dot} {first}",
                *(f"     {more}" for more in rest),
            ]
    say("\n".join(lines))
    return exits.DONE


def write_report(path: Path, folder: Path, troubles: Sequence[str] = ()) -> None:
    """Write page and JSON of a log into a folder; `troubles` are what is wrong with it."""
    import msgspec

    from grader.interview.record import record, source
    from grader.report.pages import interview_page
    from grader.submission import name_of

    told = record(path)
    last = told.attempts[-1].sha256 if told.attempts else ""
    page = interview_page(told, source(path, last), troubles)
    data = msgspec.json.format(msgspec.json.encode(told), indent=2)
    written = [folder / "interview.html", folder / "interview.json"]
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written[0].write_text(page, encoding="utf-8")
        written[1].write_bytes(data + b"\n")
    say(f"Wrote {', '.join(map(name_of, written))}; the log is {name_of(path)}")


def grade_save(kata: Kata, key: str, submission: Submission, seed: int) -> Verdict:
    """Grade a save on the cases of a seed, with all judges that there are."""
    from grader.judge.grade import Request, close, grade
    from grader.judge.team import judges_here

    try:
        return grade(Request(kata, submission, seed, key=key), judges_here())
    finally:
        close()
