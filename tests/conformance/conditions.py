"""Conditions, numbers and measures for generated rule books, as a person would write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.conformance.vocabulary import COLOURS, FACTS, FINEST, LISTS, MAPS, THRESHOLDS, YES_NO, Kind

OPERATORS = ("<", "<=", ">", ">=", "==", "!=")
OUTCOMES, MODES = ("KEEP", "SHIFT", "WAIT"), ("calm", "brisk", "loud")
LITERALS = ("0", "1", "2", "10", "100")

Scope = Mapping[str, str]  # record variable -> list
Text = str


@dataclass
class Making:
    """A rule book in the making. `reads` says what each name leans on; `targets` are the names now being defined.

    `spoken` is what their condition speaks of: it seldom speaks of it again, as it would soon contradict itself.
    """

    draw: st.DrawFn
    measures: dict[str, Kind] = field(default_factory=dict)
    conclusions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)
    targets: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    chosen: bool = False
    in_rule: bool = True

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def one(self, options: Iterable[Text]) -> Text:
        return self.draw(st.sampled_from(tuple(options)))

    # --- what may be read ---------------------------------------------------------------------------------------
    def reaches(self, name: str) -> set[str]:
        found, waiting = {name}, [name]
        while waiting:
            for below in self.reads.get(waiting.pop(), ()):
                if below not in found:
                    found.add(below)
                    waiting.append(below)
        return found

    def free(self, name: str) -> bool:
        return not self.targets & self.reaches(name)

    def define(self, names: Iterable[str]) -> None:
        """Whatever was used since the last definition is what these names lean on."""
        for name in names:
            self.reads.setdefault(name, set()).update(self.used)
        self.used.clear()
        self.spoken.clear()
        self.targets = frozenset()

    def use(self, name: str, text: Text) -> Text:
        if name:
            self.used.add(name)
        self.spoken.add(text)
        return text

    def fresh(self, texts: Iterable[Text]) -> Text:
        found = tuple(texts)
        unspoken = [text for text in found if text not in self.spoken]
        return self.one(unspoken if unspoken and not (self.spoken and self.chance(20)) else found)

    def names(self, kind: Kind, scope: Scope, alike: bool = True) -> list[tuple[str, Text, Kind]]:
        """(name, text, kind) of what has such a unit; of any unit, where not `alike`."""

        def fits(other: Kind) -> bool:
            return other.unit == kind.unit if alike else other.is_number is kind.is_number

        found = [(name, name, other) for name, other in FACTS.items() if fits(other)]
        found += [
            (name, name, other) for name, other in self.measures.items() if fits(other) and self.free(name)
        ]
        for variable, where in scope.items():
            fields = {f"{variable}.{spec}": other for spec, other in LISTS[where].items()}
            if where == "works":
                fields |= {
                    f"{variable}.{spec}[{g}]": other
                    for spec, other in MAPS.items()
                    for g in scope
                    if scope[g] == "groups"
                }
            found += [("", text, other) for text, other in fields.items() if fits(other)] * 2
        return found

    # --- conditions ---------------------------------------------------------------------------------------------
    def condition(self, scope: Scope, depth: int) -> Text:
        kind = self.one(["literal", "literal", "and", "or", "not"]) if depth else "literal"
        if kind == "not":
            return f"not ({self.condition(scope, depth - 1)})"
        if kind == "literal":
            return self.literal(scope)
        parts = [
            self.condition(scope, depth - 1) for _ in range(self.draw(st.integers(2, 3 if depth < 2 else 2)))
        ]
        return f" {kind} ".join(f"({part})" for part in parts)

    def literal(self, scope: Scope) -> Text:
        kinds = ["number", "number", "number", "yes_no", "choice", "level", "concluded", "concluded"]
        kinds += (
            ["same"] * self.chance(3)
            + ["after"] * self.chosen
            + ["any"] * (not self.in_rule and len(scope) < 2)
        )
        match self.one(kinds):
            case "number":
                return self.comparison(scope)
            case "choice":
                return self.choice(scope)
            case "level":
                return self.level(scope)
            case "concluded":
                return self.concluded(scope)
            case "same":
                sides = [self.comparison(scope) if self.chance(3) else self.yes_no(scope) for _ in range(2)]
                return f"({sides[0]}) {self.one(['==', '!='])} ({sides[1]})"
            case "after":
                return self.after()
            case "any":
                return self.some_or_every(scope)
        return self.yes_no(scope)

    def yes_no(self, scope: Scope) -> Text:
        said, _ = self.some(YES_NO, scope)
        return said if not self.chance(4) else f"{said} {self.one(['== true', '!= false', '== no'])}"

    def some(self, kind: Kind, scope: Scope, alike: bool = True) -> tuple[Text, Kind]:
        found = self.names(kind, scope, alike)
        said = self.fresh(text for _, text, _ in found)
        name, _, other = next(item for item in found if item[1] == said)
        return self.use(name, said), other

    def comparison(self, scope: Scope) -> Text:
        if not self.in_rule and self.chance(2):
            return f"{self.number(scope, 1)} {self.one(OPERATORS)} {self.number(scope, 1)}"
        unit = Kind(self.one(FINEST), "")
        left, _ = self.some(unit, scope)
        right = self.against(unit, scope)
        match self.draw(st.integers(1, 6)):
            case 1:
                return f"{right} {self.one(OPERATORS)} {left}"
            case 2:
                return f"{self.against(unit, scope)} {self.one(['<', '<='])} {left} {self.one(['<', '<='])} {right}"
        return f"{left} {self.one(OPERATORS)} {right}"

    def against(self, unit: Kind, scope: Scope) -> Text:
        kind = self.draw(st.integers(1, 6))
        if kind == 1:
            return self.one(LITERALS[:3] if unit.unit in ("weight", "count") else LITERALS)
        if kind == 2:
            return self.some(unit, scope)[0]
        return self.use("", self.fresh(name for name, (found, _) in THRESHOLDS.items() if found == unit.unit))

    def choice(self, scope: Scope) -> Text:
        left, _ = self.some(Kind("choice", ""), scope)
        words = [f"'{word}'" for word in COLOURS]
        match self.draw(st.integers(1, 4)):
            case 1:
                some = self.draw(st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True))
                return f"{left} {self.one(['in', 'not in'])} [{', '.join(some)}]"
            case 2:
                return f"{left} {self.one(['==', '!='])} {self.some(Kind('choice', ''), scope)[0]}"
            case 3:
                return f"{self.one(words)} {self.one(['==', '!='])} {left}"
        return f"{left} {self.one(['==', '!='])} {self.one(words)}"

    def level(self, scope: Scope) -> Text:
        left, kind = self.some(Kind("level", ""), scope)
        if self.chance(3):
            return f"{left} {self.one(OPERATORS)} {self.some(Kind('level', ''), scope)[0]}"
        return f"{left} {self.one(OPERATORS)} '{self.one(kind.options)}'"

    def concluded(self, scope: Scope) -> Text:
        """Something concluded earlier; a fact where nothing fits."""
        found = []
        for name, about in self.conclusions.items():
            variables = self.arguments(about, scope)
            if variables is not None and self.free(name):
                found.append(self.said(name, variables))
        if not found:
            return self.yes_no(scope)
        text = self.fresh(found)
        return self.use(text.split("(")[0], text)

    def arguments(self, about: tuple[str, ...], scope: Scope) -> list[str] | None:
        """Record variables for what a conclusion is about; None where there is none for it."""
        variables: list[str] = []
        for where in about:
            fitting = [
                variable for variable in scope if scope[variable] == where and variable not in variables
            ]
            if not fitting:
                return None
            variables.append(fitting[0] if len(fitting) == 1 else self.one(fitting))
        return variables

    def said(self, name: str, variables: list[str]) -> Text:
        return f"{name}({', '.join(variables)})" if variables else name

    def after(self) -> Text:
        """What was chosen."""
        modes = [mode for mode in MODES if self.free(f"mode:{mode}")]
        if modes and self.chance(2):
            mode = self.fresh(modes)
            self.use(f"mode:{mode}", mode)
            return f"'{mode}' {self.one(['in', 'not in'])} modes"
        if not self.free("outcome"):
            return self.yes_no({})
        some = self.draw(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=2, unique=True))
        text = f"outcome == '{some[0]}'" if len(some) == 1 else f"outcome in {some}"
        return self.use("outcome", text)

    # --- numbers (measures only) --------------------------------------------------------------------------------
    def number(self, scope: Scope, depth: int) -> Text:
        kinds = ["name", "name", "threshold", "literal"]
        if depth:
            kinds += ["sum", "sum", "product", "negative", "abs", "extreme", "if"] + ["over"] * 3 * (
                len(scope) < 2
            )
        match self.one(kinds):
            case "threshold":
                return self.one(THRESHOLDS)
            case "literal":
                return self.one(LITERALS)
            case "sum" | "product" as kind:
                op = "*" if kind == "product" else self.one("+-")
                return f"({self.number(scope, depth - 1)} {op} {self.number(scope, depth - 1)})"
            case "negative":
                return f"(-{self.number(scope, depth - 1)})"
            case "abs":
                return f"abs({self.number(scope, depth - 1)})"
            case "extreme":
                parts = [self.number(scope, depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
                return f"{self.one(['min', 'max'])}({', '.join(parts)})"
            case "if":
                then, otherwise = self.number(scope, depth - 1), self.number(scope, depth - 1)
                return f"({then} if {self.condition(scope, 1)} else {otherwise})"
            case "over":
                return self.over(scope, depth)
        return self.some(Kind("count", ""), scope, alike=False)[0]

    def inner(self, scope: Scope) -> tuple[str, Scope]:
        """A loop over one of the lists, with a variable that is not taken."""
        variable = self.one([v for v in ("g", "h", "w", "x") if v not in scope])
        where = self.one(LISTS)
        return f"for {variable} in {where}", {**scope, variable: where}

    def over(self, scope: Scope, depth: int) -> Text:
        kind = self.one(["sum", "sum", "count", "min", "max", "median", "median"])
        loop, inside = self.inner(scope)
        value = next(iter(inside)) if kind == "count" else self.number(inside, depth - 1)
        text = f"{value} {loop}" + (f" if {self.condition(inside, 1)}" if self.chance(2) else "")
        if kind in ("sum", "count"):
            return f"{kind}({text})"
        return f"{kind}(({text}), default={self.number(scope, 0)})"

    def some_or_every(self, scope: Scope) -> Text:
        loop, inside = self.inner(scope)
        text = f"{self.condition(inside, 1)} {loop}" + (
            f" if {self.condition(inside, 1)}" if self.chance(2) else ""
        )
        return f"{self.one(['any', 'all'])}({text})"

    def division(self, scope: Scope) -> Text:
        if self.chance(3):
            loop, inside = self.inner(scope)
            value, only = self.number(inside, 0), self.condition(inside, 1)
            return f"100 * sum({value} {loop} if {only}) / sum({value} {loop})"
        return f"{self.number(scope, 1)} / {self.number(scope, 1)}"
