"""The reading `prove`: what could follow at all, over every completion of what is unknown.

    grounded table -> residual (known facts put in) -> table of all worlds, if they are few -> answers
                                                    -> examples, then the solver, if not

The solver (z3) is imported only when a session is opened.
"""

from sharedvalue.engine.readings.prove.answers import Possibilities, Possible
from sharedvalue.engine.readings.prove.anywhere import anywhere
from sharedvalue.engine.readings.prove.between import MOST_PARTS, Between
from sharedvalue.engine.readings.prove.budget import Budget, OutOfBudget, Steps, budget_of, steps_of
from sharedvalue.engine.readings.prove.cheapest import Found, Goal
from sharedvalue.engine.readings.prove.circuit import FALSE, TRUE, AtLeast, NotNegative
from sharedvalue.engine.readings.prove.counting import Counted, count_worlds
from sharedvalue.engine.readings.prove.evaluate import NO_OUTCOME, FormedTable, World, evaluate
from sharedvalue.engine.readings.prove.least_cost import LeastCost
from sharedvalue.engine.readings.prove.numbers import Polynomial, Ratio, Sym
from sharedvalue.engine.readings.prove.points import Point
from sharedvalue.engine.readings.prove.program import Program
from sharedvalue.engine.readings.prove.residual import Residual
from sharedvalue.engine.readings.prove.search import Like
from sharedvalue.engine.readings.prove.session import Answer, Cheapest, Move, Session
from sharedvalue.engine.readings.prove.which import Which, which_hold
from sharedvalue.engine.readings.prove.worlds_table import WorldsTable

__all__ = [
    "FALSE",
    "MOST_PARTS",
    "NO_OUTCOME",
    "TRUE",
    "Answer",
    "AtLeast",
    "Between",
    "Budget",
    "Cheapest",
    "Counted",
    "FormedTable",
    "Found",
    "Goal",
    "LeastCost",
    "Like",
    "Move",
    "NotNegative",
    "OutOfBudget",
    "Point",
    "Polynomial",
    "Possibilities",
    "Possible",
    "Program",
    "Ratio",
    "Residual",
    "Session",
    "Steps",
    "Sym",
    "Which",
    "World",
    "WorldsTable",
    "anywhere",
    "budget_of",
    "count_worlds",
    "evaluate",
    "steps_of",
    "which_hold",
]
