"""Random grounded tables whose inputs are partly unknown, and every answer of `prove` found by trying every world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from hypothesis import strategies as st

from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounded import (
    GroundBranch,
    GroundConstraint,
    Grounded,
    GroundMeasure,
    Stratum,
)
from tests.conformance.random_tables import INPUTS, NEVER, Making, ground_rule, table

MOST_WORLDS = 400
NO_OUTCOME = -1

Domains = dict[str, Domain]
World = dict[str, int]


class ProvedTable(Making):
    """Tables as in random_tables, with modes, arithmetic that hangs on several inputs, and constraints."""

    def arithmetic(self) -> f.Number:
        """Sums, products and ratios as measures have them: guarded, of inputs."""
        items = []
        for _ in range(self.draw(st.integers(1, 3))):
            part: f.Number = f.Value(self.name())
            if self.chance(3):
                part = f.Product((part, f.Value(self.name())))
            if self.chance(2):
                part = f.Choose(self.condition(1), part, f.Const(self.draw(st.integers(-1, 1))))
            items.append(f.Product((f.Const(self.draw(st.sampled_from([-2, -1, 1, 1, 3]))), part)))
        top = f.Sum(tuple(items))
        if self.chance(2):
            return f.Quotient(
                top, f.Value(self.name()) if self.chance(3) else f.Const(self.draw(st.integers(2, 3)))
            )
        return top

    def number(self, depth: int) -> f.Number:
        return self.arithmetic() if self.chance(3) else super().number(depth)

    def outcome_stratum(self) -> None:
        candidate = ground_rule("R80", self.condition(2), ("c8",))
        self.strata.append(Stratum((), (candidate,)))
        self.known.append("c8")
        concluded = [name for name in self.known if name.startswith("c") and name != "c"]
        count = self.draw(st.integers(2, 4))
        candidates = [self.draw(st.sampled_from(concluded)) for _ in range(count)]
        self.branches = tuple(
            GroundBranch(f"Z{place}", "", place, self.draw(st.integers(0, 2)), candidate)
            for place, candidate in enumerate(candidates)
        )
        before = GroundMeasure("before", self.number(1))
        self.known += ["before", "outcome", "decided_by"]
        modes = ["mode:one", "mode:two"]
        rules = [self.rule(90 + number, modes) for number in range(self.draw(st.integers(1, 3)))]
        ways = (f.Test("decided_by", "==", 0), self.test())
        rules.append(ground_rule("R99", f.And(ways), ("mode:three",)))
        self.strata.append(Stratum((before,), tuple(rules), True))
        self.known += self.strata[-1].conclusions


@st.composite
def domains(draw: st.DrawFn) -> Domains:
    """A domain for each input: known, whole steps, or listed."""
    found: Domains = {}
    for name in INPUTS:
        kind = draw(st.sampled_from(["known", "span", "span", "listed"]))
        if name == "yes":
            found[name] = Domain.span(0, 1) if kind == "span" else Domain.known(draw(st.integers(0, 1)))
        elif kind == "known":
            found[name] = Domain.known(draw(st.integers(-3, 4)))
        elif kind == "span":
            lo = draw(st.integers(-4, 2))
            found[name] = Domain.span(lo, lo + draw(st.integers(0, 9)), draw(st.integers(1, 3)))
        else:
            found[name] = Domain.listed(draw(st.lists(st.integers(-5, 6), min_size=1, max_size=4)))
    names = sorted(INPUTS, key=lambda name: -found[name].size)
    while prod(domain.size for domain in found.values()) > MOST_WORLDS:
        name = names.pop(0)
        found[name] = Domain.known(draw(st.sampled_from(list(found[name].values()))))
    return found


@st.composite
def tables_with_domains(draw: st.DrawFn) -> tuple[Grounded, Domains]:
    """A table with a choice, modes and constraints, and a domain for each input."""
    making = ProvedTable(draw, huge=False)
    for level in range(draw(st.integers(1, 3))):
        making.stratum(level)
    if not making.branches:
        making.outcome_stratum()
    constraints = []
    for number in range(draw(st.sampled_from([0, 0, 1, 2]))):
        parts = (making.condition(1), making.test(), making.test())
        constraints.append(GroundConstraint(f"N{number}", f.And(parts)))
    grounded = table(tuple(making.strata), making.branches, never=(NEVER,))
    return replace(grounded, constraints=tuple(constraints)), draw(domains())


def values(grounded: Grounded, world: Mapping[str, int]) -> World:
    """Every value of a world, by `holds` and `number` alone."""
    found = dict(world)
    for name, variable in grounded.variables.items():
        if variable.origin == "conclusion":
            found[name] = 0
    for stratum in grounded.strata:
        for measure in stratum.measures:
            found[measure.name] = f.number(measure.formula, found)
        if stratum.chooses:
            standing = [branch for branch in grounded.branches if found[branch.candidate]]
            first = min(standing, key=lambda branch: branch.place, default=None)
            found["outcome"] = NO_OUTCOME if first is None else first.outcome
            found["decided_by"] = NO_OUTCOME if first is None else first.place
        fired = [
            rule
            for rule in stratum.rules
            if f.holds(rule.when, found) and not (rule.unless is not None and f.holds(rule.unless, found))
        ]
        found |= {name: 1 for rule in fired for name in rule.concludes}
    return found


@dataclass(frozen=True)
class Tried:
    """What trying every world shows. No outcomes: no world exists."""

    outcomes: Mapping[int, frozenset[frozenset[str]]]
    pivotal: frozenset[str]
    settled: Mapping[str, bool]
    worlds: Mapping[tuple[int, ...], World]


def try_all(grounded: Grounded, asked: Domains) -> Tried:
    """The answers of `prove`, by trying every world."""
    names = grounded.inputs
    worlds: dict[tuple[int, ...], World] = {}
    for point in product(*(asked[name].values() for name in names)):
        found = values(grounded, dict(zip(names, point, strict=True)))
        if not any(f.holds(constraint.never, found) for constraint in grounded.constraints):
            worlds[point] = found
    outcomes: dict[int, set[frozenset[str]]] = {}
    for found in worlds.values():
        if "outcome" in found:
            modes = frozenset(name for name in found if name.startswith("mode:") and found[name])
            outcomes.setdefault(found["outcome"], set()).add(modes)
    pivotal = set()
    for at, name in enumerate(names):
        lines: dict[tuple[int, ...], set[int]] = {}
        for point, found in worlds.items():
            lines.setdefault(point[:at] + point[at + 1 :], set()).add(found.get("outcome", 0))
        if any(len(met) > 1 for met in lines.values()):
            pivotal.add(name)
    settled = {}
    for name, variable in grounded.variables.items():
        met = {found[name] for found in worlds.values()} if variable.origin == "conclusion" else set()
        if len(met) == 1:
            settled[name] = bool(met.pop())
    return Tried({o: frozenset(sets) for o, sets in outcomes.items()}, frozenset(pivotal), settled, worlds)
