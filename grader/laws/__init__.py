"""The laws: what a finished run is held against, one family a module.

A law says its rule and the fact that breaks it, with numbers and the moment. It rests
on what the judge holds, unless its docstring says `observed`.
"""

from grader.laws.cancellation import CancellationLaws
from grader.laws.connections import ConnectionLaws
from grader.laws.files import FileLaws
from grader.laws.following import FollowingLaws
from grader.laws.invariants import InvariantLaws
from grader.laws.leaks import LeakLaws
from grader.laws.loops import LoopLaws
from grader.laws.mappings import MappingLaws
from grader.laws.order import OrderLaws
from grader.laws.overlap import OverlapLaws
from grader.laws.responses import ResponseLaws
from grader.laws.served import ServedLaws
from grader.laws.steps import StepLaws
from grader.laws.timing import TimingLaws
from grader.laws.turns import TurnLaws
from grader.laws.undoing import UndoLaws
from grader.laws.values import ValueLaws


class JudgedRun(
    OverlapLaws,
    TimingLaws,
    OrderLaws,
    FollowingLaws,
    ValueLaws,
    CancellationLaws,
    LeakLaws,
    LoopLaws,
    StepLaws,
    InvariantLaws,
    FileLaws,
    TurnLaws,
    MappingLaws,
    UndoLaws,
    ResponseLaws,
    ConnectionLaws,
    ServedLaws,
):
    """A run, with every law that it can be held against."""


__all__ = ["JudgedRun"]
