"""What comes out: a value, an error, a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader import values, wire
from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken, NotReached
from grader.laws.timing import differs, later
from grader.laws.witness import Witness
from grader.world.record import Operation
from grader.world.rules import instant


class _SomeText:
    def __repr__(self) -> str:
        return "some text"


SOME_TEXT: Final = _SomeText()
"""Stands for any string where the fields of a record are compared."""


class ValueLaws(Witness):
    """Returned values and raised errors, compared exactly and in the judge."""

    def returns(self, expected: Any, rule: str = "") -> None:
        """The scenario returns exactly this value, types included."""
        wanted = values.pack_known(expected)
        rule = rule or f"It must return {self.show(wanted)}"
        self.must_return(rule)
        returned = self.outcome.value
        if not values.same(returned, wanted):
            fact = self.ending()
            field = _first_difference(returned, wanted)
            if field is not None:
                # The whole of it is longer than what a line can show.
                name, returned, wanted = field
                fact = f"in what it returned, {name} is {self.show(returned)}"
            raise Broken(
                rule,
                fact,
                sign="wrong-value",
                at=self.outcome.when.at,
                seen=f"expected {self.show(wanted)}",
            )

    def returns_answers(self, name: str, keys: Sequence[Any], rule: str = "") -> None:
        """The scenario returns the answers of `name` in the order of `keys`.

        Where a key is there twice, each of its places has an answer of its own: one
        that stands in two places has the sign `used-twice`.
        """
        rule = rule or f"It must return the answers of {name} in the order given"
        self.must_return(rule)
        returned = self.outcome.value
        if not isinstance(returned, wire.List):
            raise self._wrong_answers(rule, "a list was expected", "no-list")
        if len(returned.items) != len(keys):
            counted = words.count(len(keys), "answer was", "answers were")
            raise self._wrong_answers(rule, f"{counted} expected", "wrong-number")
        unused = self.answered(name)
        used: list[tuple[int, Operation]] = []
        for place, (key, item) in enumerate(zip(keys, returned.items, strict=True), 1):
            answer = _find_answer(unused, key, item)
            if answer is None:
                raise self._wrong_place(rule, name, place, key, item, used)
            unused.remove(answer)
            used.append((place, answer))

    def _wrong_place(
        self,
        rule: str,
        name: str,
        place: int,
        key: Any,
        item: wire.Value,
        used: list[tuple[int, Operation]],
    ) -> Broken:
        called = words.call(name, [key], self.label)
        for earlier, answer in used:
            if _find_answer([answer], key, item):
                seen = (
                    f"places {earlier} and {place} hold the same answer; "
                    f"each call of {called} has an answer of its own"
                )
                return self._wrong_answers(rule, seen, "used-twice")
        seen = f"place {place} must hold the answer of {called}"
        return self._wrong_answers(rule, seen)

    def _wrong_answers(self, rule: str, seen: str, sign: str = "wrong-value") -> Broken:
        at = self.outcome.when.at
        return Broken(rule, self.ending(), sign=sign, at=at, seen=seen)

    def returns_answers_of(self, shape: Any, rule: str = "") -> None:
        """The scenario returns this shape, each name in it being the answer of that call.

        A shape is a name of an operation, or a tuple or list of shapes.
        """
        in_order = rule or "It must return the answers in the order given"
        self.must_return(in_order)
        wanted = self._filled(shape)
        returned = self.outcome.value
        if type(returned) is not type(wanted):
            raise self._wrong_type(rule, returned, wanted)
        if not values.same(returned, wanted):
            raise Broken(
                in_order,
                self.ending(),
                sign="wrong-value",
                at=self.outcome.when.at,
                seen=f"expected {self.show(wanted)}",
            )

    def _wrong_type(
        self, rule: str, returned: wire.Value, wanted: wire.Value
    ) -> Broken:
        shown = self.show(wanted)
        fact = self.ending()
        kinds = _KINDS.get(type(returned)), _KINDS.get(type(wanted))
        if all(kinds):
            fact = f"it returned {kinds[0]}, not {kinds[1]}: {self.show(returned)}"
        return Broken(
            rule or f"It must return {shown}",
            fact,
            sign="wrong-type",
            at=self.outcome.when.at,
            seen=f"expected {shown}",
        )

    def _filled(self, shape: Any) -> wire.Value:
        if isinstance(shape, str):
            calls = self.answered(shape)
            missing = wire.Opaque(f"answer of {shape}()", "that never came")
            return calls[0].value if calls else missing
        parts = [self._filled(each) for each in shape]
        return wire.List(parts) if isinstance(shape, list) else wire.Tuple(parts)

    def returns_records(
        self, record: str, expected: Mapping[str, Mapping[str, Any]], rule: str
    ) -> None:
        """The scenario returns a dict: for each key a `record` with these fields.

        Fields that are not named may hold anything, and one that is to be `SOME_TEXT` any
        string. The sign of a wrong field is `wrong-` and its name.
        """
        self.must_return(rule)
        returned = self.outcome.value
        if not isinstance(returned, wire.Dict):
            raise self._no_records(rule, self.ending(), "no-dict")
        entries = {key: each for key, each in returned.pairs if isinstance(key, str)}
        for key, fields in expected.items():
            if key not in entries:
                fact = f"there is no entry for {self.show(key)} in what it returned"
                raise self._no_records(rule, fact, "missing-entry")
            self._has_fields(key, entries[key], record, fields, rule)
        for each, _ in returned.pairs:
            if not isinstance(each, str) or each not in expected:
                fact = f"it returned an entry for {self.show(each)}, and none was due"
                raise self._no_records(rule, fact, "extra-entry")

    def _has_fields(
        self,
        key: str,
        entry: wire.Value,
        record: str,
        fields: Mapping[str, Any],
        rule: str,
    ) -> None:
        entry_of = f"the entry for {self.show(key)}"
        if not isinstance(entry, wire.Record) or entry.name != record:
            fact = f"{entry_of} is {self.show(entry)}, and no {record}"
            raise self._no_records(rule, fact, "no-record")
        found = dict(entry.fields)
        for name, wanted in fields.items():
            value = found.get(name, wire.Opaque("nothing"))
            if not _is_field(value, wanted):
                text = wanted is SOME_TEXT
                shown = wanted if text else self.show(values.pack_known(wanted))
                fact = f"{entry_of} has {name}={self.show(value)}, not {shown}"
                raise self._no_records(rule, fact, f"wrong-{name}")

    def _no_records(self, rule: str, fact: str, sign: str) -> Broken:
        return Broken(rule, fact, sign=sign, at=self.outcome.when.at)

    # --- errors ---------------------------------------------------------------

    def raises(
        self,
        operation: Operation | str,
        *,
        at_its_moment: bool = False,
        group: bool | None = False,
        rule: str = "",
    ) -> None:
        """The scenario raises the error of that operation, or one of that type.

        `group` False wants it bare, True wants a group with nothing else in it, None
        takes either. With `at_its_moment` it comes out when the operation failed.
        """
        what = (
            operation
            if isinstance(operation, str)
            else "the error of " + self.call(operation)
        )
        how = "" if group is None else " in a group" if group else " bare"
        rule = rule or f"It must raise {what}{how}"
        self.must_end(rule)
        error = self.outcome.error
        if error is None or not self._is_wanted(error, operation, group):
            raise self._wrong_error(rule, error, operation, group)
        moment = operation.completed if isinstance(operation, Operation) else None
        if at_its_moment and moment and differs(self.outcome.when.at, moment.at):
            raise self._wrong_moment(rule, moment.at)

    def _is_wanted(
        self,
        error: wire.Failure,
        operation: Operation | str,
        group: bool | None,  # noqa: FBT001
    ) -> bool:
        if group is not False and error.group is not None:
            alone = len(error.group) == 1
            return alone and self._is_wanted(error.group[0], operation, None)
        if group is True or error.group is not None:
            return False
        if isinstance(operation, str):
            return operation in {error.type, *error.bases}
        return error.handle == f"error {operation.token}"

    def _wrong_error(
        self,
        rule: str,
        error: wire.Failure | None,
        operation: Operation | str,
        group: bool | None,  # noqa: FBT001
    ) -> Broken:
        at = self.outcome.when.at
        sign, fact, seen = "no-error", self.ending(), ""
        if error is not None:
            sign = "no-group" if group else "wrong-error"
            sign = "group" if error.group is not None else sign
            fact = f"it raised {self._error_as_seen(error, operation)}"
        if isinstance(operation, Operation):
            seen = f"expected {self._error_of(operation)}"
        fact = f"{fact} at {words.moment(at)}"
        return Broken(rule, fact, sign=sign, at=at, line=self.ending_line(), seen=seen)

    def _error_of(self, operation: Operation) -> str:
        """Return whose error it is, and when it was raised, in words."""
        handle = f"error {operation.token}"
        told = self.label(handle)
        if told == handle or operation.completed is None:
            return "the error of " + self.call(operation)
        return f"{told}, raised at {words.moment(operation.completed.at)}"

    def _error_as_seen(self, error: wire.Failure, wanted: Operation | str) -> str:
        """Return an error in words; of two that look the same, whose it is."""
        handle = error.handle or ""
        if self.label(handle) != handle:
            return self.label(handle)
        failing = wanted.plan.fails if isinstance(wanted, Operation) else None
        alike = failing is not None and failing.type == error.type
        return f"another {words.error(error)}" if alike else words.error(error)

    def _wrong_moment(self, rule: str, wanted: int) -> Broken:
        at = self.outcome.when.at
        late = at > wanted
        return Broken(
            rule,
            f"it came out at {words.moment(at)}, not at {words.moment(wanted)}",
            sign="too-late" if late else "too-early",
            at=min(at, wanted),
            until=max(at, wanted),
            line=self.ending_line(),
        )

    def refuses(self, error_type: str, rule: str = "", given: str = "") -> None:
        """Bad arguments: that error, bare or the leaf of a group, before any operation."""
        what = given or "Bad arguments"
        rule = rule or f"{what} must raise {error_type} before anything else is done"
        if self.run.operations:
            first = self.run.operations[0]
            self.check_time()
            raise Broken(
                rule,
                f"{self.call(first)} was called at {words.moment(first.began.at)}",
                sign="too-late",
                at=first.began.at,
                line=first.line,
                operations=[(first.number, "called")],
            )
        self.raises(error_type, group=None, rule=rule)
        if self.outcome.when.at > 0:
            raise self._wrong_moment(rule, 0)

    def notes_each(self, note: str, expected: Mapping[Any, Any], rule: str) -> None:
        """What the scenario noted for each key is the value expected (observed)."""
        self.needs_note(note)
        for each in self.run.noted(note):
            why = self._why_not_noted(note, each.values, expected)
            if why:
                raise Broken(rule, why, sign="wrong-note", at=each.when.at)

    def _why_not_noted(
        self, note: str, noted: list[Any], expected: Mapping[Any, Any]
    ) -> str:
        # A note may be forged: then it is any number of any values.
        if len(noted) != 2:  # noqa: PLR2004
            return f"{note} was {words.count(len(noted), 'value')}, not a key and one"
        shown, seen = map(values.pack_known, noted)
        for key, value in expected.items():
            if values.same(shown, values.pack_known(key)):
                wanted = values.pack_known(value)
                break
        else:
            return f"{note} was noted for {self.show(shown)}, and nobody asked for it"
        if values.same(seen, wanted):
            return ""
        return (
            f"{note} for {self.show(shown)} was {self.show(seen)}, "
            f"not {self.show(wanted)}"
        )

    def notes_error(self, note: str, operation: Operation, rule: str) -> None:
        """Among what the scenario noted is the error of that call, or its message."""
        self.needs_note(note)
        noted = self.run.noted(note)[-1]
        failing = operation.plan.fails
        for each in noted.values:
            if (
                isinstance(each, wire.Handle)
                and each.name == f"error {operation.token}"
            ):
                return
            if isinstance(each, str) and failing and failing.message in each:
                return
        raise Broken(
            rule,
            f"{note} has no trace of {self._error_of(operation)}",
            sign="no-trace",
            at=noted.when.at,
            operations=[(operation.number, "not told")],
        )

    def notes_at_most(self, note: str, most: int, rule: str) -> None:
        """The number that the scenario noted last is no greater than that (observed)."""
        self.needs_note(note)
        noted = self.run.noted(note)[-1]
        # A note may be forged: then it is any number of any values.
        number = noted.values[0] if len(noted.values) == 1 else None
        if type(number) is int and number <= most:
            return
        seen = ", ".join(self.show(values.pack_known(each)) for each in noted.values)
        raise Broken(
            rule,
            f"{note}: {seen or 'nothing'}, and {most} at most may be",
            sign="too-many" if type(number) is int else "wrong-note",
            at=noted.when.at,
        )

    # --- modules and instances ------------------------------------------------

    def works_on_second_loop(self, nanoseconds: int, *, slack: float = 0.0) -> None:
        """The same module works under a second, fresh loop: both calls take that long.

        With `slack` they may take so many seconds less or more, as in `shares_nothing`.
        """
        rule = "It must work again under a second event loop"
        self.must_return(rule)
        took, span = self.outcome.when.at, instant(slack)
        if later(took, nanoseconds + span) or later(nanoseconds - span, took):
            raise Broken(
                rule,
                f"the two calls took {words.seconds(took)} "
                f"instead of {words.seconds(nanoseconds)}",
                sign="time",
                at=took,
            )

    def shares_nothing(
        self, nanoseconds: int, rule: str = "", *, slack: float = 0.0
    ) -> None:
        """Two calls at once do not disturb each other: they need no longer than one.

        They may need less. With `slack` they may need so many seconds more: who looks
        from time to time whether something has ended finds it now sooner, now later.
        It must be less than any wait for the other call's operations can be.
        """
        rule = rule or "Two calls at once must not share anything"
        self.must_return(rule)
        took = self.outcome.when.at
        if later(took, nanoseconds + instant(slack)):
            raise Broken(
                rule,
                f"together they took {words.seconds(took)}, "
                f"one alone takes {words.seconds(nanoseconds)}",
                sign="shared",
                at=nanoseconds,
                until=took,
            )

    def nothing_happened(
        self, name: str, rule: str, keys: Sequence[Any] | None = None
    ) -> None:
        """`name` was never called, or never with one of `keys`."""
        self.check_time()
        for operation in self.run.named(name):
            if keys is not None and first_argument(operation) not in keys:
                continue
            raise Broken(
                rule,
                f"{self.call(operation)} was called at {words.moment(operation.began.at)}",
                sign="called",
                at=operation.began.at,
                line=operation.line,
                operations=[(operation.number, "called")],
            )
        self.reached(returned=False)

    def needs_operations(self, name: str, at_least: int = 1) -> None:
        """Raise `NotReached` unless `name` was called so often."""
        self.check_time()
        if len(self.operations(name)) < at_least:
            raise self.never_called(name)

    def needs_note(self, name: str) -> None:
        """Raise `NotReached` unless the scenario came so far as to note that."""
        self.check_time()
        if not self.run.noted(name):
            reason = "raised" if self.outcome.kind == "raised" else self.abnormal()
            raise NotReached(self.ending(), reason, self.ending_line())

    def succeeds(self, name: str, rule: str) -> None:
        """A call of `name` has ended well when it is over."""
        self.must_end(rule)
        if self.answered(name):
            return
        called = self.named(name)
        raise Broken(
            rule,
            self._how_it_failed(called[-1]) if called else f"{name} was never called",
            sign="never",
            at=self.outcome.when.at,
            line=called[-1].line if called else self.ending_line(),
        )

    def all_succeed(
        self, name: str, rule: str, keys: Sequence[Any] | None = None
    ) -> None:
        """Every call of `name` has ended well when it is over; there was one at least.

        With `keys`, every call with one of them.
        """
        self.must_end(rule)
        calls = [
            each
            for each in self.named(name)
            if keys is None or first_argument(each) in keys
        ]
        if not calls:
            raise self.never_called(name)
        answered = {each.number for each in self.answered(name)}
        for each in calls:
            if each.number not in answered:
                raise Broken(
                    rule,
                    self._how_it_failed(each),
                    sign="unfinished",
                    at=(each.closed or self.outcome.when).at,
                    line=each.line,
                    operations=[(each.number, "not to its end")],
                )

    def _how_it_failed(self, call: Operation) -> str:
        if self.outlives(call) or call.closed is None:
            return self.outliving(call)
        how = {"error": "failed", "cancelled": "was cancelled"}
        state = how.get(call.how, "was dropped")
        return f"{self.call(call)} {state} at {words.moment(call.closed.at)}"


def _first_difference(
    returned: wire.Value, wanted: wire.Value
) -> tuple[str, wire.Value, wire.Value] | None:
    """Return the first field in which two records of one kind differ, and both values."""
    if not isinstance(returned, wire.Record) or not isinstance(wanted, wire.Record):
        return None
    names = [[name for name, _ in each.fields] for each in (returned, wanted)]
    if returned.name != wanted.name or names[0] != names[1]:
        return None
    for (name, left), (_, right) in zip(returned.fields, wanted.fields, strict=True):
        if not values.same(left, right):
            return name, left, right
    return None


_KINDS: dict[type, str] = {
    wire.List: "a list",
    wire.Tuple: "a tuple",
    wire.Set: "a set",
    wire.Dict: "a dict",
}


def _is_field(value: wire.Value, wanted: Any) -> bool:
    if wanted is SOME_TEXT:
        return isinstance(value, str | wire.Surrogates)
    return values.same(value, values.pack_known(wanted))


def _find_answer(
    unused: list[Operation], key: Any, item: wire.Value
) -> Operation | None:
    for each in unused:
        if first_argument(each) == key and values.same(each.value, item):
            return each
    return None
