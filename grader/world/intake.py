"""What of a submission's making is taken in, and what is refused."""

from __future__ import annotations

from typing import Any

from grader import values, wire
from grader.world.record import Operation
from grader.world.rules import Failing, Plan, Rule

MAX_GROUP_DEPTH = 24


def flat_enough(value: wire.Value) -> wire.Value:
    """Return the value; refuse one that no honest player can have packed."""
    if values.nested(value):
        raise wire.ProtocolViolation("a value nested deeper than any can be")
    return value


def told(error: wire.Failure, levels: int = MAX_GROUP_DEPTH) -> wire.Failure:
    """Return the exception; refuse one that no honest player can have packed."""
    if levels == 0:
        raise wire.ProtocolViolation("an exception nested deeper than any can be")
    for member in error.group or ():
        told(member, levels - 1)
    return error


def unpack(value: wire.Value) -> Any:
    """Return what an argument or a note stands for."""
    return values.unpack(flat_enough(value))


def unpack_all(packed: list[wire.Value]) -> list[Any]:
    """Return what arguments or notes stand for."""
    return [unpack(value) for value in packed]


def decided(rule: Rule, operation: Operation) -> Plan:
    """Return the plan of a call; arguments that its rule cannot take make it fail."""
    try:
        return _possible(rule.decide(operation))
    except Exception as error:  # noqa: BLE001
        # What it was called with is the submission's, who reads of it as of any call.
        what = f"{operation.name}() cannot be called so: {type(error).__name__}"
        return Plan(fails=Failing("TypeError", what))


def _possible(plan: Plan) -> Plan:
    if plan.takes is not None and plan.takes < 0:
        raise ValueError(f"takes must be at least 0, got {plan.takes}")
    return plan
