"""The world of one run: takes a turn from the player, answers with what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader import values, wire
from grader.world.record import Moment, Note, Operation, Outcome, Run, Violation
from grader.world.rules import TOKEN, Cancelled, Plan, Rule
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens

MAX_OPERATIONS = 20_000
MAX_TURNS = 20_000
MAX_EVENTS = 200_000
MAX_RUN_ON = 20
"""Quiet instants for which a run goes on after it returned, to see what still moves."""


class World:
    """Judge-side simulation of one run.

    `step` raises `ProtocolViolation` for a turn that no honest player sends; nothing a
    player sends makes it raise anything else, loop, or grow past its bounds.
    """

    def __init__(
        self,
        operations: Mapping[str, Rule | Service],
        tokens: Tokens,
        tape: Tape | None = None,
        cancel_at: int | None = None,
    ) -> None:
        self.run = Run()
        self.now = 0
        self._tape = tape or Tape()
        self._tokens = tokens
        self._cancel_at = cancel_at
        self._rules: dict[str, Rule] = {}
        self._services: dict[str, Service] = {}
        for name, given in operations.items():
            self._add(name, given)
        self._open: dict[int, Operation] = {}
        self._counts: dict[str, int] = {}
        self._order = 0
        self._epoch = 0
        self._run_on = 0
        self._turns = 0
        self._spun: wire.Spun | None = None

    def _add(self, name: str, given: Rule | Service) -> None:
        if isinstance(given, Rule):
            self._rules[name] = given
            return
        for full_name, rule in given.rules(name):
            self._rules[full_name] = rule
            self._services[full_name] = given

    def specs(self) -> list[wire.OperationSpec]:
        """Return the operations as the player needs to know them."""
        return [rule.spec(name) for name, rule in self._rules.items()]

    # --- a turn ---------------------------------------------------------------

    def step(self, turn: wire.Turn) -> wire.Reply | wire.Over:
        """Take in what happened and return what happens next."""
        for event in turn.events:
            self._take(event)
        if self._order > MAX_EVENTS or len(self.run.operations) > MAX_OPERATIONS:
            return self._over("endless")
        if self._spun is not None:
            return self._over("livelock")
        if turn.asking is not None:
            return self._answer(turn.asking)
        return self._go_on(turn.timer, quiet=turn.quiet)

    def _answer(self, number: int) -> wire.Reply:
        operation = self._open.get(number)
        if operation is None:
            raise wire.ProtocolViolation(
                f"asks for operation {number}, which is not on"
            )
        if operation.due == self.now:
            return wire.Reply(self.now, [self._complete(operation)])
        return wire.Reply(self.now, [])

    def _go_on(self, timer: int | None, *, quiet: bool) -> wire.Reply | wire.Over:
        run = self.run
        self._turns += 1
        if run.outcome is not None:
            self._run_on += 1
        elif quiet:
            run.idles += 1
            if self._cancel_at == run.idles:
                run.cancel_sent = self._moment()
                return wire.Reply(self.now, [wire.Cancel()])
        due = self._next_instant(timer)
        if due is None:
            return self._over("deadlock")
        if self._turns > MAX_TURNS or self._run_on > MAX_RUN_ON:
            return self._over("endless")
        return self._advance(due, timer)

    def _next_instant(self, timer: int | None) -> int | None:
        instants = [each.due for each in self._open.values() if each.due is not None]
        if timer is not None:
            if timer < 0 or timer >= wire.NEVER:
                raise wire.ProtocolViolation(f"a timer at {timer}")
            instants.append(timer)
        return max(self.now, min(instants)) if instants else None

    def _advance(self, due: int, timer: int | None) -> wire.Reply:
        self.now = due
        ready = [each for each in self._open.values() if each.due == due]
        if ready and timer is not None and timer <= due and self._tape.choose(2):
            # The timers of this instant go first; the completions come next turn.
            return self._timers_first(ready)
        return wire.Reply(
            due, [self._complete(each) for each in self._tape.order(ready)]
        )

    def _timers_first(self, ready: list[Operation]) -> wire.Reply:
        for operation in ready:
            operation.due = self.now
        return wire.Reply(self.now, [])

    # --- completing -----------------------------------------------------------

    def _complete(self, operation: Operation) -> wire.Delivery:
        operation.due = None
        moment = self._moment()
        if operation.cancelled is not None:
            return self._complete_cancelled(operation, moment)
        operation.completed = moment
        plan = operation.plan
        service = self._services.get(operation.name)
        if service is not None:
            service.completed(operation)
            self._collect_violations(service, moment)
        if plan.exhausted:
            return wire.Exhausted(operation.number)
        if plan.fails is not None:
            return self._fail(operation, plan.fails)
        operation.value = self._value(operation, plan.gives)
        return wire.Done(operation.number, operation.value)

    def _complete_cancelled(
        self, operation: Operation, moment: Moment
    ) -> wire.Delivery:
        answer = operation.plan.cancelled or Cancelled()
        if not answer.answers or operation.completed is not None:
            return wire.Gone(operation.number)
        operation.completed = moment
        if answer.fails is not None:
            return self._fail(operation, answer.fails)
        operation.value = self._value(operation, answer.gives)
        return wire.Done(operation.number, operation.value)

    def _fail(self, operation: Operation, failing: Any) -> wire.Failed:
        operation.failed = True
        handle = f"error {operation.token}"
        self.run.labels[handle] = f"the error of {_label(operation)}"
        return wire.Failed(operation.number, failing.type, failing.message, handle)

    def _value(self, operation: Operation, gives: Any) -> wire.Value:
        if gives is TOKEN:
            return operation.token
        if callable(gives):
            gives = gives(operation.token)
        return values.pack_known(gives)

    # --- events ---------------------------------------------------------------

    def _moment(self) -> Moment:
        self._order += 1
        return Moment(self.now - self._epoch, self._order)

    def _take(self, event: wire.Event) -> None:
        _TAKERS[type(event)](self, event)

    def _started(self, _: wire.Started) -> None:
        """Forget what executing the module took: a run begins with its scenario."""
        if self.run.operations or self.run.outcome is not None:
            raise wire.ProtocolViolation("started after it had begun")
        self._epoch = self.now
        self.run.idles = 0
        self.run.cancel_sent = None
        self.run.blocked.clear()

    def _began(self, event: wire.Began) -> None:
        if event.op != len(self.run.operations) + 1:
            raise wire.ProtocolViolation(f"operation {event.op} out of order")
        rule = self._rule_of(event.name)
        nth = self._counts.get(event.name, 0)
        self._counts[event.name] = nth + 1
        operation = Operation(
            event.op,
            event.name,
            nth,
            _unpack_all(event.args),
            {name: _unpack(value) for name, value in event.keywords.items()},
            self._moment(),
            event.line,
            event.task,
            event.thread,
        )
        operation.token = self._tokens.make(
            event.op, f"<answer of {_label(operation)}>"
        )
        self.run.operations.append(operation)
        if len(self.run.operations) <= MAX_OPERATIONS:
            self._open[event.op] = operation
            self._plan(operation, rule)

    def _plan(self, operation: Operation, rule: Rule) -> None:
        plan: Plan = rule.decide(operation)
        operation.plan = plan
        operation.due = None if plan.takes is None else self.now + plan.takes
        service = self._services.get(operation.name)
        if service is not None:
            self._collect_violations(service, operation.began)

    def _rule_of(self, name: str) -> Rule:
        rule = self._rules.get(name) or self._rules.get(name.rpartition(".")[0])
        if rule is None:
            raise wire.ProtocolViolation(f"no operation called {name[:80]!r}")
        return rule

    def _collect_violations(self, service: Service, moment: Moment) -> None:
        found, service.violations = service.violations, []
        self.run.violations += [Violation(moment, *each) for each in found]

    def _cancel_seen(self, event: wire.CancelSeen) -> None:
        operation = self._open_operation(event.op)
        moment = self._moment()
        operation.cancels += 1
        operation.due = None
        if operation.cancelled is None:
            operation.cancelled = moment
            answer = operation.plan.cancelled or Cancelled()
            operation.due = self.now + answer.takes

    def _closed(self, event: wire.Closed) -> None:
        operation = self._open_operation(event.op)
        if event.how in {"value", "error"} and operation.completed is None:
            raise wire.ProtocolViolation(
                f"operation {event.op} ended before the world ended it"
            )
        operation.closed = self._moment()
        operation.how = event.how
        operation.due = None
        del self._open[event.op]
        service = self._services.get(operation.name)
        if service is not None and operation.completed is None:
            service.cancelled(operation)
            self._collect_violations(service, operation.closed)

    def _open_operation(self, number: int) -> Operation:
        operation = self._open.get(number)
        if operation is None:
            raise wire.ProtocolViolation(f"operation {number} is not on")
        return operation

    def _noted(self, event: wire.Noted) -> None:
        note = Note(event.name, self._moment(), _unpack_all(event.values))
        self.run.notes.append(note)

    def _stepped(self, event: wire.Stepped) -> None:
        outcome = event.outcome
        name = f"step {event.step}"
        if isinstance(outcome, wire.Failure):
            note = Note(name, self._moment(), [], _told(outcome))
        else:
            note = Note(name, self._moment(), [_flat_enough(outcome)])
        if event.step in self.run.steps:
            raise wire.ProtocolViolation(f"step {event.step} ended twice")
        self.run.steps[event.step] = note

    def _yielded(self, event: wire.Yielded) -> None:
        self.run.items.append(
            Note(event.name, self._moment(), [_flat_enough(event.value)])
        )

    def _returned(self, event: wire.Returned) -> None:
        value = _flat_enough(event.value)
        self._finish(Outcome("returned", self._moment(), value=value))

    def _raised(self, event: wire.Raised) -> None:
        self._finish(Outcome("raised", self._moment(), error=_told(event.error)))

    def _finish(self, outcome: Outcome) -> None:
        if self.run.outcome is not None:
            raise wire.ProtocolViolation("the run ended twice")
        self.run.outcome = outcome

    def _was_blocked(self, event: wire.Blocked) -> None:
        self.run.blocked.append((self._moment(), event))

    def _left(self, event: wire.Left) -> None:
        self.run.left.append(event.what)

    def _spinning(self, event: wire.Spun) -> None:
        self._spun = event

    # --- the end --------------------------------------------------------------

    def _over(self, kind: Any) -> wire.Over:
        self.run.end = self._moment()
        if self.run.outcome is None:
            self.run.outcome = Outcome(kind, self.run.end)
        return wire.Over()

    def conclude(self, ended: wire.Ended) -> Run:
        """Take the player's report; return the finished record."""
        self.run.ended = ended
        self.run.stuck = ended.stuck
        self.run.cycle = ended.cycle
        return self.run

    def abort(self, kind: Any, detail: str, frames: tuple[wire.Frame, ...] = ()) -> Run:
        """Return the record of a run whose player did not come to its end."""
        self.run.end = self._moment()
        self.run.outcome = Outcome(kind, self.run.end, detail=detail, frames=frames)
        return self.run

    def label(self, text: str) -> str:
        """Return a token or handle in words, any other text as it is."""
        return self.run.labels.get(text) or self._tokens.label(text)


MAX_GROUP_DEPTH = 24


def _flat_enough(value: wire.Value) -> wire.Value:
    if values.nested(value):
        raise wire.ProtocolViolation("a value nested deeper than any can be")
    return value


def _told(error: wire.Failure, levels: int = MAX_GROUP_DEPTH) -> wire.Failure:
    if levels == 0:
        raise wire.ProtocolViolation("an exception nested deeper than any can be")
    for member in error.group or ():
        _told(member, levels - 1)
    return error


def _unpack(value: wire.Value) -> Any:
    _flat_enough(value)
    try:
        return values.unpack(value)
    except (TypeError, ValueError, RecursionError):
        return value


def _unpack_all(packed: list[wire.Value]) -> list[Any]:
    return [_unpack(value) for value in packed]


def _label(operation: Operation) -> str:
    arguments = ", ".join(repr(value)[:30] for value in operation.args[:2])
    return f"{operation.name}({arguments})"


_TAKERS: dict[type, Any] = {
    wire.Started: World._started,  # noqa: SLF001
    wire.Began: World._began,  # noqa: SLF001
    wire.CancelSeen: World._cancel_seen,  # noqa: SLF001
    wire.Closed: World._closed,  # noqa: SLF001
    wire.Noted: World._noted,  # noqa: SLF001
    wire.Stepped: World._stepped,  # noqa: SLF001
    wire.Yielded: World._yielded,  # noqa: SLF001
    wire.Returned: World._returned,  # noqa: SLF001
    wire.Raised: World._raised,  # noqa: SLF001
    wire.Blocked: World._was_blocked,  # noqa: SLF001
    wire.Left: World._left,  # noqa: SLF001
    wire.Spun: World._spinning,  # noqa: SLF001
}
