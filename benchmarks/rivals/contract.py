"""What every rival does: say which rules of one stratum hold in a world. The driver does the rest, for all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sharedvalue.engine.language.formulas import And, Condition, Not, Or, Test, Truth, number, reads
from sharedvalue.engine.language.grounded import Grounded, GroundRule

Values = Mapping[str, int]
Matches = Callable[[Values], Iterable[int]]  # the values of a world -> positions of the rules that hold
MakeMatches = Callable[[Sequence[GroundRule]], Matches]


class Driven:
    """A table run stratum by stratum: measures and the choice here (by formulas.number, as `fire` does), rules there."""

    def __init__(self, grounded: Grounded, make: MakeMatches) -> None:
        concluded = [name for stratum in grounded.strata for name in stratum.conclusions]
        declared = [v.name for v in grounded.variables.values() if v.origin == "conclusion"]
        self._nothing = dict.fromkeys([*concluded, *declared], 0)
        self._branches = sorted(grounded.branches, key=lambda branch: branch.place)
        self._steps = [(s, make(s.rules) if s.rules else None) for s in grounded.strata]

    def run(self, world: Values) -> dict[str, int]:
        """Every value of a complete world."""
        values = {**self._nothing, **world}
        for stratum, matches in self._steps:
            for measure in stratum.measures:
                values[measure.name] = number(measure.formula, values)
            if stratum.chooses:
                chosen = next(b for b in self._branches if values[b.candidate])
                values["outcome"], values["decided_by"] = chosen.outcome, chosen.place
            if matches is not None:
                for position in list(matches(values)):
                    for name in stratum.rules[position].concludes:
                        values[name] = 1
        return values


def condition(rule: GroundRule) -> Condition:
    """When a rule fires: its condition, and not what defeats it."""
    return rule.when if rule.unless is None else And((rule.when, Not(rule.unless)))


def short_names(rules: Sequence[GroundRule]) -> dict[str, str]:
    """A plain word for each value that the rules read: names like segments[0].overlap are not words everywhere."""
    names = dict.fromkeys(name for rule in rules for name in reads(condition(rule)))
    return {name: f"v{position}" for position, name in enumerate(names)}


def ways(rules: Sequence[GroundRule]) -> list[tuple[int, tuple[Test, ...]]]:
    """Every way in which each rule may hold, with the rule's position: for engines whose rules are lists of tests."""
    return [(position, way) for position, rule in enumerate(rules) for way in rule.alternatives]


def written(formula: Condition, names: dict[str, str]) -> str:
    """A condition as an expression in words and operators that several engines share with Python."""
    match formula:
        case Truth(value):
            return "true" if value else "false"
        case Test(left, op, right):
            return f"{names[left]} {op} {names[right] if isinstance(right, str) else right}"
        case Not(part):
            return f"not ({written(part, names)})"
        case And(parts) | Or(parts):
            word = " and " if isinstance(formula, And) else " or "
            said = word.join(f"({written(part, names)})" for part in parts)
            return said or ("true" if isinstance(formula, And) else "false")
        case _:
            raise TypeError("arithmetic stands in measures, not in rules")
