"""Puts constants into a grounded table: what does not vary is computed here, once; the rest becomes one circuit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from itertools import pairwise

from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import Grounded, Stratum
from sharedvalue.engine.readings.sweep.circuit import FALSE, TRUE, Circuit, Flag, Num

NO_OUTCOME = (
    -1
)  # the outcome and the deciding place of a world in which no branch stands: a hole in the rule book


class Folded:
    """A table read for the domains of its inputs. An input of one value is a constant.

    `flags` gives a literal for every conclusion and for every input of yes or no, `numbers` the rest; `exists` is
    the literal of a world that no constraint forbids. With `positions`, a column holds the position of a value in
    its domain, which is narrower than the value; else the value itself.
    """

    def __init__(self, grounded: Grounded, domains: Mapping[str, Domain], positions: bool = False) -> None:
        missing = [name for name in grounded.inputs if name not in domains]
        if missing:
            raise ValueError(f"no values for {', '.join(missing)}")
        self.circuit = Circuit()
        self.numbers: dict[str, Num] = {}
        self.flags: dict[str, int] = {
            n: FALSE for n, v in grounded.variables.items() if v.origin == "conclusion"
        }
        self.flags |= {name: FALSE for stratum in grounded.strata for name in stratum.conclusions}
        for name in grounded.inputs:
            self.flags.pop(name, None)  # an input stands for itself, whatever its origin
            self._input(name, domains[name], positions)
        self.branches = sorted(grounded.branches, key=lambda branch: branch.place)
        for stratum in grounded.strata:
            self._stratum(stratum)
        self.exists = self.circuit.all(-condition(c.never, self) for c in grounded.constraints)

    def _input(self, name: str, domain: Domain, positions: bool) -> None:
        if (domain.lo, domain.hi) == (0, 1):
            self.flags[name] = self.circuit.place(Flag(name))
        elif not positions or domain.is_known:
            self.numbers[name] = self.circuit.column(name, domain.lo, domain.hi)
        elif domain.size == 2:
            self.numbers[name] = self.circuit.chosen(self.circuit.place(Flag(name)), domain.hi, domain.lo)
        else:
            self.numbers[name] = self._at_position(self.circuit.column(name, 0, domain.size - 1), domain)

    def _at_position(self, column: Num, domain: Domain) -> Num:
        """The value at a position: by arithmetic where the steps are even, else one case a position."""
        points = domain.values()
        step = points[1] - points[0]
        if isinstance(points, range) or all(b - a == step for a, b in pairwise(points)):
            return self.circuit.total((self.circuit.times((column, step)), domain.lo))
        return self.circuit.cases(
            [(self.circuit.equals(column, place), value) for place, value in enumerate(points)]
        )

    def _stratum(self, stratum: Stratum) -> None:
        for measure in stratum.measures:
            self.flags.pop(measure.name, None)
            self.numbers[measure.name] = number(measure.formula, self)
        if stratum.chooses:
            self._choose()
        ways: dict[str, list[int]] = {}
        for rule in stratum.rules:
            fires = condition(rule.when, self)
            if fires != FALSE and rule.unless is not None:
                fires = self.circuit.all((fires, -condition(rule.unless, self)))
            for name in rule.concludes:
                ways.setdefault(name, [self.flags[name]]).append(fires)
        for name, found in ways.items():
            self.flags[name] = self.circuit.any(found)

    def _choose(self) -> None:
        places, outcomes, free = [], [], TRUE
        for branch in self.branches:
            stands = self.literal(branch.candidate)
            decides = self.circuit.all((free, stands))
            free = self.circuit.all((free, -stands))
            places.append((decides, branch.place))
            outcomes.append((decides, branch.outcome))
        self.numbers["decided_by"] = self.circuit.cases([*places, (free, NO_OUTCOME)])
        self.numbers["outcome"] = self.circuit.cases([*outcomes, (free, NO_OUTCOME)])

    def value(self, name: str) -> Num:
        """A variable as a number."""
        flag = self.flags.get(name)
        return self.numbers[name] if flag is None else self.circuit.chosen(flag, 1, 0)

    def literal(self, name: str) -> int:
        """A variable as a condition: it is 1."""
        flag = self.flags.get(name)
        return self.circuit.equals(self.numbers[name], 1) if flag is None else flag


# --- conditions -------------------------------------------------------------------------------------------------
@singledispatch
def condition(formula: object, _folded: Folded) -> int:
    """The literal of a condition."""
    raise TypeError(f"the sweep knows no condition {type(formula).__name__}")


@condition.register
def _(formula: f.Truth, _folded: Folded) -> int:
    return TRUE if formula.value else FALSE


@condition.register
def _(formula: f.Test, folded: Folded) -> int:
    flag = folded.flags.get(formula.left)
    if flag is not None and isinstance(formula.right, int):
        at_one, at_nought = f.compare(1, formula.op, formula.right), f.compare(0, formula.op, formula.right)
        if at_one is at_nought:
            return TRUE if at_one else FALSE
        return flag if at_one else -flag
    right = folded.value(formula.right) if isinstance(formula.right, str) else formula.right
    return folded.circuit.compare(folded.value(formula.left), formula.op, right)


@condition.register
def _(formula: f.Compare, folded: Folded) -> int:
    return folded.circuit.compare(number(formula.left, folded), formula.op, number(formula.right, folded))


@condition.register
def _(formula: f.And, folded: Folded) -> int:
    return folded.circuit.all(condition(part, folded) for part in formula.parts)


@condition.register
def _(formula: f.Or, folded: Folded) -> int:
    return folded.circuit.any(condition(part, folded) for part in formula.parts)


@condition.register
def _(formula: f.Not, folded: Folded) -> int:
    return -condition(formula.part, folded)


# --- numbers ----------------------------------------------------------------------------------------------------
@singledispatch
def number(formula: object, _folded: Folded) -> Num:
    """The number of a formula: an integer where nothing in it varies."""
    raise TypeError(f"the sweep knows no number {type(formula).__name__}")


@number.register
def _(formula: f.Const, _folded: Folded) -> Num:
    return formula.value


@number.register
def _(formula: f.Value, folded: Folded) -> Num:
    return folded.value(formula.name)


@number.register
def _(formula: f.Sum, folded: Folded) -> Num:
    return folded.circuit.total(number(part, folded) for part in formula.parts)


@number.register
def _(formula: f.Product, folded: Folded) -> Num:
    return folded.circuit.times(number(part, folded) for part in formula.parts)


@number.register
def _(formula: f.Quotient, folded: Folded) -> Num:
    return folded.circuit.divided(number(formula.top, folded), number(formula.bottom, folded))


@number.register
def _(formula: f.Pick, folded: Folded) -> Num:
    items = [(condition(when, folded), number(item, folded)) for when, item in formula.items]
    return folded.circuit.picked(formula.kind, items, number(formula.default, folded))


@number.register
def _(formula: f.Choose, folded: Folded) -> Num:
    literal = condition(formula.condition, folded)
    if literal in (TRUE, FALSE):
        return number(formula.then if literal == TRUE else formula.otherwise, folded)
    return folded.circuit.chosen(literal, number(formula.then, folded), number(formula.otherwise, folded))
