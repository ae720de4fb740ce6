"""What came of each step of a script, and when?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader import values, wire
from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import differs
from grader.laws.witness import Witness, line_of
from grader.world.record import Note, Operation
from grader.world.rules import instant
from grader.world.script import Step

_TOLD = {
    "enter": "async with {}",
    "exit": "leaving async with {}",
    "step": "anext({})",
    "collect": "gc.collect()",
    "raise": "raise {}",
}


class StepLaws(Witness):
    """What the steps of a script return or raise, and exactly when.

    Times are seconds since the script began.
    """

    # --- telling --------------------------------------------------------------

    def told(self, step: Step) -> str:
        """Return a step as the learner would write it: `fetcher.fetch('/a')`."""
        if step.verb == "call":
            return words.call(step.target, step.arguments, self.label)
        if step.verb == "cancel":
            return f"the cancellation of {self._told_of(step.target, step.at)}"
        return _TOLD.get(step.verb, "{}").format(step.target)

    def _told_of(self, actor: str, at: int) -> str:
        """Return what an actor was at, at that time."""
        own = [each for each in self.run.script if each.actor == actor]
        begun = [each for each in own if each.at <= at and each.verb != "cancel"]
        return self.told(begun[-1]) if begun else actor

    def began_at(self, step: Step) -> int:
        """Return the instant at which a step was to begin."""
        noted = self.run.noted("script")
        return step.at + (noted[0].when.at if noted else 0)

    def _beginning(self, step: Step) -> str:
        begun = "called" if step.verb == "call" else "begun"
        return f"{self.told(step)}, {begun} at {words.moment(self.began_at(step))}"

    def _result(self, step: Step, note: Note) -> str:
        at = words.moment(note.when.at)
        if note.error is not None:
            return f"{self._beginning(step)}, raised {words.error(note.error)} at {at}"
        return f"{self._beginning(step)}, returned {self.show(note.values[0])} at {at}"

    # --- the laws -------------------------------------------------------------

    def step_ends(self, step: Step, rule: str) -> Note:
        """The step returned or raised; what came of it is returned."""
        self.check_time()
        note = self.run.steps.get(self.run.script.number_of(step))
        if note is not None:
            return note
        self._gave_up()
        raise Broken(
            rule,
            f"{self._beginning(step)}, {self._why_not()}",
            sign=self.outcome.kind,
            at=self.outcome.when.at,
            line=self._step_line(step),
            reason=self.outcome.kind,  # type: ignore[arg-type]
        )

    def _why_not(self) -> str:
        """Say in a clause why a step did not end."""
        ending = self.ending()
        never = ending.startswith("it never ended")
        return ending.removeprefix("it ") if never else f"never ended: {ending}"

    def _gave_up(self) -> None:
        """Raise `NotReached` if the scenario ended before the script did."""
        if self.outcome.kind == "raised":
            raise NotReached(self.ending(), "raised", self.ending_line())
        if self.outcome.kind == "returned":
            raise NotReached(f"the script was not played: {self.ending()}")

    def _step_line(self, step: Step) -> int:
        """Return the learner's line at which the actor of a step stands still."""
        lines = [each.line for each in self.run.stuck if each.name == step.actor]
        return next(filter(None, lines), 0) or self.ending_line()

    def step_returns(self, step: Step, rule: str) -> None:
        """The step ended without an error."""
        note = self.step_ends(step, rule)
        if note.error is not None:
            raise self._wrong_step(step, note, rule, "raised")

    def step_gives(self, step: Step, expected: Any, rule: str) -> None:
        """The step returned exactly this value, types included."""
        note = self.step_ends(step, rule)
        if note.error is not None:
            raise self._wrong_step(step, note, rule, "raised")
        wanted = values.pack_known(expected)
        if not values.same(note.values[0], wanted):
            broken = self._wrong_step(step, note, rule, "wrong-value")
            broken.seen = f"expected {self.show(wanted)}"
            raise broken

    def step_answers(
        self, step: Step, name: str, keys: Any | Sequence[Any], rule: str
    ) -> None:
        """The step returned the answer of `name` to a key, or a list of its answers.

        Calls that have the same key must not be on in one run.
        """
        note = self.step_ends(step, rule)
        if note.error is not None:
            raise self._wrong_step(step, note, rule, "raised")
        wanted = self._answers(name, keys)
        if not values.same(note.values[0], wanted):
            broken = self._wrong_step(step, note, rule, "wrong-value")
            broken.seen = f"expected {self.show(wanted)}"
            raise broken

    def _answers(self, name: str, keys: Any | Sequence[Any]) -> wire.Value:
        if isinstance(keys, list):
            return wire.List([self._answers(name, key) for key in keys])
        for each in self.run.named(name):
            if each.completed is not None and first_argument(each) == keys:
                return each.value
        return wire.Opaque(words.call(name, [keys], self.label), "was never answered")

    def step_raises(
        self,
        step: Step,
        error: Operation | str,
        rule: str,
        *,
        group: bool | None = None,
    ) -> None:
        """The step raised the error of that operation, or one of that type.

        `group` False wants it bare, True wants a group, None takes either. All members
        of a group must be such errors.
        """
        note = self.step_ends(step, rule)
        found = note.error
        if found is None:
            raise self._wrong_step(step, note, rule, "no-error")
        if group is not None and group != (found.group is not None):
            raise self._wrong_step(step, note, rule, "no-group" if group else "group")
        if not _all_are(found, error):
            raise self._wrong_step(step, note, rule, "wrong-error")

    def step_ends_at(self, step: Step, seconds: float, rule: str) -> None:
        """The step returned or raised exactly at that time."""
        began = self.began_at(step) - step.at
        self._step_ends_at(step, began + instant(seconds), rule)

    def step_ends_within(
        self, step: Step, earliest: float, latest: float, rule: str
    ) -> None:
        """The step returned or raised between those times, both included."""
        began = self.began_at(step) - step.at
        first, last = began + instant(earliest), began + instant(latest)
        ended = self.step_ends(step, rule).when.at
        self._step_ends_at(step, min(max(ended, first), last), rule)

    def step_ends_with(self, step: Step, other: Step | Operation, rule: str) -> None:
        """The step ended in the instant in which another step or a call did.

        If that had ended before the step began, it ended at once.
        """
        ended = self._end_of(other, rule)
        self._step_ends_at(step, max(ended, self.began_at(step)), rule)

    def step_waits_for(self, step: Step, other: Step | Operation, rule: str) -> None:
        """The step did not end before another step or a call had ended."""
        wanted = self._end_of(other, rule)
        if self.step_ends(step, rule).when.at < wanted:
            self._step_ends_at(step, wanted, rule)

    def needs_step_on(self, step: Step, other: Step) -> None:
        """Raise `NotReached` unless a step was still on when another began."""
        self.check_time()
        note = self.run.steps.get(self.run.script.number_of(step))
        if note is not None and note.when.at < self.began_at(other):
            at = words.moment(self.began_at(other))
            raise NotReached(f"{self._result(step, note)}, so it was not on at {at}")

    def _end_of(self, other: Step | Operation, rule: str) -> int:
        if isinstance(other, Step):
            return self.step_ends(other, rule).when.at
        if other.ended is None:
            self.must_end(rule)
            raise NotReached(f"{self.call(other)} never ended")
        return other.ended.at

    def _step_ends_at(self, step: Step, wanted: int, rule: str) -> None:
        ended = self.step_ends(step, rule).when.at
        if differs(ended, wanted):
            late = ended > wanted
            raise Broken(
                rule,
                f"{self._beginning(step)}, ended at {words.moment(ended)}, "
                f"not at {words.moment(wanted)}",
                sign="too-late" if late else "too-early",
                at=min(ended, wanted),
                until=max(ended, wanted),
                line=self._raised_line(step),
            )

    # --- what was wrong -------------------------------------------------------

    def _wrong_step(self, step: Step, note: Note, rule: str, sign: str) -> Broken:
        return Broken(
            rule,
            self._result(step, note),
            sign=sign,
            at=note.when.at,
            line=self._raised_line(step),
            reason="raised" if sign == "raised" else "behaviour",
        )

    def _raised_line(self, step: Step) -> int:
        note = self.run.steps.get(self.run.script.number_of(step))
        return line_of(note.error) if note is not None and note.error else 0


def _all_are(found: wire.Failure, error: Operation | str) -> bool:
    if found.group is not None:
        return all(_all_are(each, error) for each in found.group)
    if isinstance(error, str):
        return error in {found.type, *found.bases}
    return found.handle == f"error {error.token}"
