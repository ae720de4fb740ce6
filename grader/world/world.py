"""The world of one run: takes a turn from the player, answers with what happens next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader import values, wire
from grader.world.agenda import Agenda
from grader.world.clock import Clock
from grader.world.disk import spoken
from grader.world.intake import decided, flat_enough, told, unpack, unpack_all
from grader.world.names import Names
from grader.world.network import Network, Peer
from grader.world.record import Moment, Note, Operation, Outcome, Run, Violation
from grader.world.rules import TOKEN, Cancelled, Failing, Rule
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens

MAX_OPERATIONS = 20_000
MAX_TURNS = 20_000
MAX_EVENTS = 200_000
MAX_RUN_ON = 20
"""Quiet instants for which a run goes on after it returned, to see what still moves."""

AFTERWARDS = 500_000_000
"""Nanoseconds for which it then waits for what is outside."""


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
        peers: Sequence[Peer] | None = None,
    ) -> None:
        self.run = Run()
        self._has_network = peers is not None
        self._clock = Clock()
        self._moment = self._clock.moment
        self._network = Network(peers or (), self._clock, tokens.make)
        self.run.connections = self._network.connections
        self.run.exchanges = self._network.exchanges
        self._tape = tape or Tape()
        self._tokens = tokens
        self._names = Names()
        self._labels: dict[str, tuple[str, int]] = {}
        self._cancel_at = cancel_at
        self._rules: dict[str, Rule] = {}
        self._calls: dict[str, Rule] = {}
        self._services: dict[str, Service] = {}
        for name, given in operations.items():
            self._add(name, given)
        self._open: dict[int, Operation] = {}
        self._gone: set[int] = set()
        self._agenda = Agenda()
        self._counts: dict[str, int] = {}
        self._events = 0
        self._asked = 0
        self._run_on = 0
        self._turns = 0
        self._has_started = False
        self._until: int | None = None
        self._spun: wire.Spun | None = None

    def _add(self, name: str, given: Rule | Service) -> None:
        if isinstance(given, Rule):
            self._add_rule(name, given)
            return
        for full_name, rule in given.rules(name):
            self._add_rule(full_name, rule)
            self._services[full_name] = given

    def _add_rule(self, name: str, rule: Rule) -> None:
        self._rules[name] = rule
        for part in rule.parts():
            self._calls[name + part] = rule

    def specs(self) -> list[wire.OperationSpec]:
        """Return the operations as the player needs to know them."""
        return [rule.spec(name) for name, rule in self._rules.items()]

    @property
    def now(self) -> int:
        """The time in nanoseconds since the player was told to begin."""
        return self._clock.now

    @now.setter
    def now(self, instant: int) -> None:
        self._clock.now = instant

    @property
    def hosts(self) -> list[str] | None:
        """The names of computers that the submission can dial; None without a network."""
        return self._network.hosts if self._has_network else None

    def saw(self, name: str, data: bytes | None) -> None:
        """Record what a file that is watched holds now."""
        seen = self.run.seen.setdefault(name, [])
        if not seen or seen[-1][1] != data:
            seen.append((self._moment(), data))

    # --- a turn ---------------------------------------------------------------

    def step(self, turn: wire.Turn) -> wire.Reply | wire.Over:
        """Take in what happened and return what happens next."""
        self._let_pass(turn.elapsed)
        for event in turn.events:
            self._take(event)
        self._events += len(turn.events)
        if self._events > MAX_EVENTS or len(self.run.operations) > MAX_OPERATIONS:
            return self._over("endless")
        if self._spun is not None:
            return self._over("livelock")
        if turn.asking is not None:
            return self._answer(turn.asking)
        return self._go_on(turn)

    def _let_pass(self, elapsed: int) -> None:
        """Let the time pass that the submission has waited for its processes."""
        until, self._until = self._until, None
        if elapsed < 0 or (elapsed and until is None):
            raise wire.ProtocolViolation("time that nobody was given")
        if until is not None:
            self.now = min(self.now + elapsed, until)

    def _answer(self, number: int) -> wire.Reply:
        operation = self._open_operation(number)
        if number <= self._asked or not self._is_synchronous(operation):
            raise wire.ProtocolViolation(f"operation {number} cannot be asked for")
        self._asked = number
        if operation.due != self.now:
            return wire.Reply(self.now, [])
        self._agenda.drop(number)
        return wire.Reply(self.now, [self._complete(operation)])

    def _go_on(self, turn: wire.Turn) -> wire.Reply | wire.Over:
        run, timer = self.run, turn.timer
        self._turns += 1
        if run.outcome is not None:
            self._run_on += 1
        else:
            run.idles += 1
            if self._cancel_at == run.idles:
                run.cancel_sent = self._moment()
                return wire.Reply(self.now, [wire.Cancel()])
        due = self._next_instant(timer)
        waiting = self._network.has_deliveries()
        if due is None and not waiting and not turn.outside:
            return self._over("deadlock")
        if self._turns > MAX_TURNS or self._run_on > MAX_RUN_ON:
            return self._over("endless")
        if waiting:
            return wire.Reply(self.now, self._network.take_deliveries())
        until = self._wait_until(due) if turn.outside else self.now
        if until > self.now:
            self._until = until
            return wire.Reply(self.now, [], until)
        return self._over("deadlock") if due is None else self._advance(due, timer)

    def _wait_until(self, due: int | None) -> int:
        """Return how long the submission may wait for what is outside."""
        until = wire.NEVER if due is None else due
        outcome = self.run.outcome
        if outcome is None:
            return until
        # A pool that nobody shuts down would be waited for for ever.
        return min(until, outcome.when.at + AFTERWARDS)

    def _next_instant(self, timer: int | None) -> int | None:
        if timer is not None and timer < 0:
            raise wire.ProtocolViolation(f"a timer at {timer}")
        instants = [self._agenda.first(), self._network.first(), timer]
        due = min((each for each in instants if each is not None), default=wire.NEVER)
        return max(self.now, due) if due < wire.NEVER else None

    def _advance(self, due: int, timer: int | None) -> wire.Reply:
        self.now = due
        first = [self._agenda.first(), self._network.first()]
        if due not in first or self._timers_first(timer):
            return wire.Reply(due, [])
        self._network.advance()
        ready = self._agenda.take(due) if self._agenda.first() == due else []
        completed = [
            self._complete(each)
            for each in self._tape.order([self._open[number] for number in ready])
        ]
        return wire.Reply(due, [*self._network.take_deliveries(), *completed])

    def _timers_first(self, timer: int | None) -> bool:
        """Draw whether the timers of this instant go first, and completions next turn."""
        return timer is not None and timer <= self.now and self._tape.choose(2) == 1

    def _schedule(self, operation: Operation, takes: int | None) -> None:
        self._agenda.drop(operation.number)
        operation.due = None
        if takes is not None and self.now + takes < wire.NEVER:
            operation.due = self.now + takes
            self._agenda.put(operation.number, operation.due)

    # --- completing -----------------------------------------------------------

    def _complete(self, operation: Operation) -> wire.Answer:
        operation.due = None
        moment = self._moment()
        if operation.cancelled is not None:
            return self._complete_cancelled(operation, moment)
        self._completed(operation, moment)
        plan = operation.plan
        if plan.exhausted:
            return wire.Exhausted(operation.number)
        if plan.fails is not None:
            return self._fail(operation, plan.fails, "the error of {}")
        operation.value = self._value(operation, plan.gives)
        return wire.Done(operation.number, operation.value)

    def _complete_cancelled(self, operation: Operation, moment: Moment) -> wire.Answer:
        answer = operation.plan.cancelled or Cancelled()
        if not answer.answers or operation.completed is not None:
            self._gone.add(operation.number)
            return wire.Gone(operation.number)
        self._completed(operation, moment)
        if answer.fails is not None:
            return self._fail(operation, answer.fails, "the error of the cleanup of {}")
        operation.value = self._value(operation, answer.gives)
        return wire.Done(operation.number, operation.value)

    def _completed(self, operation: Operation, moment: Moment) -> None:
        operation.completed = moment
        service = self._services.get(operation.name)
        if service is not None:
            self._tell(service.completed, operation)
            self._collect_violations(service, moment)

    def _tell(self, listener: Callable[[Operation], None], call: Operation) -> None:
        try:
            listener(call)
        except Exception as error:
            # What it was called with is the submission's: that is no fault of ours.
            what = f"{call.name} raised {type(error).__name__} in its service"
            raise wire.ProtocolViolation(what) from error

    def _fail(self, operation: Operation, failing: Failing, label: str) -> wire.Failed:
        operation.failed = True
        handle = f"error {operation.token}"
        self._labels[handle] = label, operation.number
        return wire.Failed(operation.number, failing.type, failing.message, handle)

    def _value(self, operation: Operation, gives: Any) -> wire.Value:
        if gives is TOKEN:
            return operation.token
        if callable(gives):
            gives = gives(operation.token)
        return values.pack_known(gives)

    # --- events ---------------------------------------------------------------

    def _take(self, event: wire.Event) -> None:
        _TAKERS[type(event)](self, event)

    def _started(self, _: wire.Started) -> None:
        """Forget what executing the module took: a run begins with its scenario."""
        if self._has_started or self.run.has_begun():
            raise wire.ProtocolViolation("started after it had begun")
        if self.run.connections:
            raise wire.ProtocolViolation("connected before it had begun")
        self._has_started = True
        self._clock.begin()
        self.run.idles = 0
        self.run.cancel_sent = None
        self.run.blocked.clear()
        self._network.begin()

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
            unpack_all(event.args),
            {name: unpack(value) for name, value in event.keywords.items()},
            self._moment(),
            event.line,
            event.task,
            event.thread,
        )
        operation.token = self._tokens.make(event.op)
        self._labels[operation.token] = "<answer of {}>", event.op
        self.run.operations.append(operation)
        if len(self.run.operations) <= MAX_OPERATIONS:
            self._open[event.op] = operation
            self._plan(operation, rule)

    def _plan(self, operation: Operation, rule: Rule) -> None:
        operation.plan = decided(rule, operation)
        self._schedule(operation, operation.plan.takes)
        service = self._services.get(operation.name)
        if service is not None:
            self._collect_violations(service, operation.began)

    def _rule_of(self, name: str) -> Rule:
        rule = self._calls.get(name)
        if rule is None:
            raise wire.ProtocolViolation(f"no operation called {name[:80]!r}")
        return rule

    def _collect_violations(self, service: Service, moment: Moment) -> None:
        found, service.violations = service.violations, []
        self.run.violations += [Violation(moment, *each) for each in found]

    def _cancel_seen(self, event: wire.CancelSeen) -> None:
        operation = self._open_operation(event.op)
        if self._is_synchronous(operation):
            raise wire.ProtocolViolation(f"operation {event.op} cannot be cancelled")
        moment = self._moment()
        operation.cancels += 1
        if operation.cancelled is not None:
            self._schedule(operation, None)
            return
        operation.cancelled = moment
        answer = operation.plan.cancelled or Cancelled()
        self._schedule(operation, answer.takes)

    def _closed(self, event: wire.Closed) -> None:
        operation = self._open_operation(event.op)
        if not self._may_close(operation, event.how):
            raise wire.ProtocolViolation(
                f"operation {event.op} ended before the world ended it"
            )
        operation.closed = self._moment()
        operation.how = event.how
        self._schedule(operation, None)
        del self._open[event.op]
        service = self._services.get(operation.name)
        if service is not None and operation.completed is None:
            self._tell(service.cancelled, operation)
            self._collect_violations(service, operation.closed)

    def _may_close(self, operation: Operation, how: str) -> bool:
        if how == "dropped":
            # Who called a plain function cannot go on without its answer.
            return not self._is_synchronous(operation)
        if how == "cancelled":
            gone = operation.number in self._gone or operation.cancels > 1
            lingers = self._calls[operation.name].lingers
            return gone or (operation.cancels == 1 and not lingers)
        failed = operation.failed or operation.plan.exhausted
        return operation.completed is not None and failed == (how == "error")

    def _is_synchronous(self, operation: Operation) -> bool:
        return self._calls[operation.name].synchronous

    def _open_operation(self, number: int) -> Operation:
        operation = self._open.get(number)
        if operation is None:
            raise wire.ProtocolViolation(f"operation {number} is not on")
        return operation

    def _noted(self, event: wire.Noted) -> None:
        note = Note(event.name, self._moment(), unpack_all(event.values))
        self.run.notes.append(note)

    def _stepped(self, event: wire.Stepped) -> None:
        outcome = event.outcome
        name = f"step {event.step}"
        if isinstance(outcome, wire.Failure):
            note = Note(name, self._moment(), [], told(outcome))
        else:
            note = Note(name, self._moment(), [flat_enough(outcome)])
        if event.step in self.run.steps:
            raise wire.ProtocolViolation(f"step {event.step} ended twice")
        self.run.steps[event.step] = note

    def _yielded(self, event: wire.Yielded) -> None:
        self.run.items.append(
            Note(event.name, self._moment(), [flat_enough(event.value)])
        )

    def _returned(self, event: wire.Returned) -> None:
        value = flat_enough(event.value)
        self._finish(Outcome("returned", self._moment(), value=value))

    def _raised(self, event: wire.Raised) -> None:
        self._finish(Outcome("raised", self._moment(), error=told(event.error)))

    def _finish(self, outcome: Outcome) -> None:
        if self.run.outcome is not None:
            raise wire.ProtocolViolation("the run ended twice")
        self.run.outcome = outcome

    def _was_blocked(self, event: wire.Blocked) -> None:
        self.run.blocked.append((self._moment(), event))

    def _left(self, event: wire.Left) -> None:
        if event.what.kind != "thread":
            self.run.left.append(event.what)
        elif not self._open:
            # What can end in this instant has ended: nobody works, and it is still there.
            self.run.idle_threads.append((self._moment(), event.what))

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
        if text in self._labels:
            self._name_calls()
        return self._label(text)

    def _name_calls(self) -> None:
        """Give all calls up to now their names: few runs are ever spoken of."""
        for operation in self.run.operations[len(self._names) :]:
            self._names.add(operation.number, self._told(operation))

    def _told(self, operation: Operation) -> str:
        name, arguments = spoken(operation)
        shown = [
            values.show(values.pack_known(each), 30, self._label)
            for each in arguments[:2]
        ]
        return f"{name}({', '.join(shown)})"

    def _label(self, text: str) -> str:
        if text not in self._labels:
            return self._network.labels.get(text, text)
        label, number = self._labels[text]
        # The name of a call may hold those of earlier ones, never its own.
        named = number <= len(self._names)
        return label.format(self._names.of(number)) if named else text


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
    wire.Listens: lambda world, event: world._network.listens(event),  # noqa: SLF001
    wire.Deaf: lambda world, event: world._network.deaf(event),  # noqa: SLF001
    wire.Dialled: lambda world, event: world._network.dialled(event),  # noqa: SLF001
    wire.Sent: lambda world, event: world._network.sent(event),  # noqa: SLF001
    wire.Room: lambda world, event: world._network.room(event),  # noqa: SLF001
    wire.Finished: lambda world, event: world._network.finished(event),  # noqa: SLF001
    wire.HungUp: lambda world, event: world._network.hung_up(event),  # noqa: SLF001
}
