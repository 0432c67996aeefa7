"""Random grounded tables with worlds for them: the exam that every reading of a table sits."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.grounded import (
    GroundBranch,
    Grounded,
    GroundMeasure,
    GroundRule,
    Stratum,
    Variable,
)
from sharedvalue.engine.language.types import NumberType, YesNo

OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
MAX_ALTERNATIVES = 64
INPUTS = ("a", "b", "c", "d", "e", "yes")
NEVER = "never_concluded"  # a conclusion of a rule over no records
HUGE = (2**31 - 2, 2**31 - 1, 2**31, 2**40)
BOTH_HUGE = st.sampled_from([sign * size for size in HUGE for sign in (1, -1)])
SMALL = st.integers(-3, 3)

World = dict[str, int]


@dataclass
class Making:
    """A table in the making: the names that may be read so far, and what was made."""

    draw: st.DrawFn
    huge: bool
    known: list[str] = field(default_factory=lambda: [*INPUTS, NEVER])
    strata: list[Stratum] = field(default_factory=list)
    branches: tuple[GroundBranch, ...] = ()

    def integer(self) -> int:
        return self.draw(SMALL | BOTH_HUGE if self.huge else SMALL)

    def name(self) -> str:
        return self.draw(st.sampled_from(self.known))

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def test(self) -> f.Test:
        op = self.draw(st.sampled_from(OPERATORS))
        return f.Test(self.name(), op, self.name() if self.chance(4) else self.integer())

    def condition(self, depth: int) -> f.Condition:
        kind = self.draw(st.sampled_from(["test", "and", "or", "not"])) if depth else "test"
        if kind == "test":
            return f.Truth(self.draw(st.booleans())) if self.chance(20) else self.test()
        if kind == "not":
            return f.Not(self.condition(depth - 1))
        parts = tuple(self.condition(depth - 1) for _ in range(self.draw(st.integers(1, 3))))
        return f.And(parts) if kind == "and" else f.Or(parts)

    def number(self, depth: int) -> f.Number:
        kinds = ["value", "const", "sum", "product", "quotient", "pick", "choose"]
        kind = self.draw(st.sampled_from(kinds if depth else kinds[:2]))
        if kind == "value":
            return f.Value(self.name())
        if kind == "const":
            return f.Const(self.draw(SMALL))
        if kind == "quotient":
            return f.Quotient(self.number(depth - 1), self.number(depth - 1))
        if kind == "choose":
            return f.Choose(self.condition(1), self.number(depth - 1), self.number(depth - 1))
        if kind == "pick":
            count = self.draw(st.integers(0, 3))
            items = tuple((self.condition(1), self.number(depth - 1)) for _ in range(count))
            return f.Pick(self.draw(st.sampled_from(["least", "greatest", "middle"])), items, f.Const(0))
        parts = tuple(self.number(depth - 1) for _ in range(self.draw(st.integers(1, 3))))
        return f.Sum(parts) if kind == "sum" else f.Product(parts)

    def rule(self, number: int, conclusions: list[str]) -> GroundRule:
        some = st.lists(st.sampled_from(conclusions), min_size=1, max_size=2, unique=True)
        concludes = tuple(self.draw(some))
        when = self.condition(self.draw(st.integers(0, 3)))
        unless = self.condition(self.draw(st.integers(0, 2))) if self.chance(3) else None
        try:
            return ground_rule(f"R{number}", when, concludes, unless)
        except f.TooManyAlternatives:
            return ground_rule(f"R{number}", self.test(), concludes)

    def stratum(self, level: int) -> None:
        measures = []
        for place in range(self.draw(st.integers(0, 2))):
            measures.append(GroundMeasure(f"m{level}_{place}", self.number(2)))
            self.known.append(measures[-1].name)
        concluded = [name for stratum in self.strata for name in stratum.conclusions]
        chooses = bool(concluded) and not self.branches and self.chance(2)
        if chooses:
            candidates = self.draw(st.lists(st.sampled_from(concluded), min_size=1, max_size=3))
            places = self.draw(st.permutations(range(len(candidates))))
            self.branches = tuple(
                GroundBranch(f"Z{place}", "", place, place % 2, candidate)
                for place, candidate in zip(places, candidates, strict=True)
            )
            self.known += ["outcome", "decided_by"]
        conclusions = [f"c{level}_{place}" for place in range(self.draw(st.integers(1, 3)))]
        count = self.draw(st.integers(0, 5))
        rules = tuple(self.rule(10 * level + place, conclusions) for place in range(count))
        self.strata.append(Stratum(tuple(measures), rules, chooses))
        self.known += self.strata[-1].conclusions


def ground_rule(
    name: str, when: f.Condition, concludes: tuple[str, ...], unless: f.Condition | None = None
) -> GroundRule:
    """A rule with its alternatives, as grounding makes it."""
    applies = when if unless is None else f.And((when, f.Not(unless)))
    defeats = () if unless is None else f.alternatives(f.And((when, unless)), MAX_ALTERNATIVES)
    ways = f.alternatives(applies, MAX_ALTERNATIVES)
    return GroundRule(name, "", (), when, unless, ways, defeats, concludes)


def table(
    strata: tuple[Stratum, ...],
    branches: tuple[GroundBranch, ...] = (),
    inputs: tuple[str, ...] = INPUTS,
    never: tuple[str, ...] = (),
    stage: str = "world",
) -> Grounded:
    """A grounded table with a variable for each name."""
    number = NumberType.of("number")
    variables = {name: Variable(name, number, "fact", name) for name in inputs}
    for stratum in strata:
        variables |= {m.name: Variable(m.name, number, "measure", m.name) for m in stratum.measures}
        variables |= {name: Variable(name, YesNo(), "conclusion", name) for name in stratum.conclusions}
    variables |= {name: Variable(name, YesNo(), "conclusion", name) for name in never}
    return Grounded(stage, variables, inputs, strata, branches, ())


@st.composite
def tables_with_worlds(
    draw: st.DrawFn, missing: bool = False, worlds: int = 4
) -> tuple[Grounded, list[World]]:
    """A table and some worlds for it. Where `missing`, a world may lack values, as in the evidence stage."""
    making = Making(draw, huge=draw(st.integers(1, 6)) == 1)
    for level in range(draw(st.integers(1, 4))):
        making.stratum(level)
    stage = "evidence" if missing else "world"
    grounded = table(tuple(making.strata), making.branches, never=(NEVER,), stage=stage)
    found = []
    for _ in range(worlds):
        world = {name: making.integer() for name in INPUTS if not (missing and making.chance(4))}
        if "yes" in world:
            world["yes"] = draw(st.integers(0, 1))
        found.append(world)
    return grounded, found
