"""Whole small rule books, written as their seventeen files, with cases for them.

They are valid by construction: whatever is written reads only what cannot lead back to itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import yaml
from hypothesis import strategies as st

from tests.conformance.vocabulary import (
    COLOURS,
    FACTS,
    FINEST,
    LISTS,
    MAPS,
    YES_NO,
    About,
    Case,
    Kind,
    as_written,
    cases,
    facts_file,
)

OPERATORS = ("<", "<=", ">", ">=", "==", "!=")
CHAPTERS = ("members", "sponsor", "overlap", "drift", "viability")
LETTERS = {"evidence": "E", "members": "M", "sponsor": "S", "overlap": "O", "drift": "D", "viability": "V", "decision": "Z"}
OUTCOMES, MODES = ("KEEP", "SHIFT", "WAIT"), ("calm", "brisk", "loud")
LITERALS = ("0", "1", "2", "10", "100")
LOOPS: tuple[dict[str, str], ...] = ({}, {}, {"g": "groups"}, {"g": "groups"}, {"w": "works"}, {"w": "works", "g": "groups"},
                                     {"a": "groups", "b": "groups"})
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
THRESHOLDS: dict[str, tuple[str, tuple[int | float, ...]]] = {
    "low_line": ("percent", (0, 20, 33.3)), "high_line": ("percent", (40, 50, 99.9)), "few": ("count", (1, 2, 3)),
    "many": ("count", (3, 4)), "soon": ("months", (3, 12)), "heavy": ("weight", (0.25, 0.5, 0.333)),
    "strong": ("number", (-1.5, 0.5, 7)), "late": ("months", (12, 24)), "light": ("weight", (0, 0.1, 0.25)),
    "weak": ("number", (-20, -1.5, 0)),
}

Scope = Mapping[str, str]  # record variable -> list
Text = str
Written = dict[str, object]


@dataclass(frozen=True)
class RuleBookFiles:
    """The text of each file, by its name."""

    texts: Mapping[str, str]

    def write(self, folder: Path) -> None:
        for name, text in self.texts.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def __repr__(self) -> str:
        told = ("thresholds", "measures", *CHAPTERS, "decision", "constraints", "outcomes")
        return "\n".join(f"# {name}.yaml\n{self.texts[name]}" for name in told)


@dataclass
class Making:
    """A rule book in the making. `reads` says what each name leans on; `targets` are the names now being defined.

    `spoken` is what their condition speaks of already: it seldom speaks of it again, as it would soon contradict itself.
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
        found += [(name, name, other) for name, other in self.measures.items() if fits(other) and self.free(name)]
        for variable, where in scope.items():
            fields = {f"{variable}.{spec}": other for spec, other in LISTS[where].items()}
            if where == "works":
                fields |= {f"{variable}.{spec}[{g}]": other for spec, other in MAPS.items() for g in scope if scope[g] == "groups"}
            found += [("", text, other) for text, other in fields.items() if fits(other)] * 2
        return found

    # --- conditions ---------------------------------------------------------------------------------------------
    def condition(self, scope: Scope, depth: int) -> Text:
        kind = self.one(["literal", "literal", "and", "or", "not"]) if depth else "literal"
        if kind == "not":
            return f"not ({self.condition(scope, depth - 1)})"
        if kind == "literal":
            return self.literal(scope)
        parts = [self.condition(scope, depth - 1) for _ in range(self.draw(st.integers(2, 3 if depth < 2 else 2)))]
        return f" {kind} ".join(f"({part})" for part in parts)

    def literal(self, scope: Scope) -> Text:
        kinds = ["number", "number", "number", "yes_no", "choice", "level", "concluded", "concluded"]
        kinds += ["same"] * self.chance(3) + ["after"] * self.chosen + ["any"] * (not self.in_rule and len(scope) < 2)
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
            fitting = [variable for variable in scope if scope[variable] == where and variable not in variables]
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
            kinds += ["sum", "sum", "product", "negative", "abs", "extreme", "if"] + ["over"] * 3 * (len(scope) < 2)
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
                return f"({self.number(scope, depth - 1)} if {self.condition(scope, 1)} else {self.number(scope, depth - 1)})"
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
        text = f"{self.condition(inside, 1)} {loop}" + (f" if {self.condition(inside, 1)}" if self.chance(2) else "")
        return f"{self.one(['any', 'all'])}({text})"

    def division(self, scope: Scope) -> Text:
        if self.chance(3):
            loop, inside = self.inner(scope)
            value, only = self.number(inside, 0), self.condition(inside, 1)
            return f"100 * sum({value} {loop} if {only}) / sum({value} {loop})"
        return f"{self.number(scope, 1)} / {self.number(scope, 1)}"


@dataclass
class BookMaking(Making):
    """The files of a rule book, one entry after another."""

    written_measures: Written = field(default_factory=dict)
    chapters: dict[str, Written] = field(default_factory=lambda: {name: {} for name in LETTERS})
    values: dict[str, int | float] = field(default_factory=dict)
    twins: dict[str, Kind] = field(default_factory=dict)

    # --- measures -----------------------------------------------------------------------------------------------
    def measure(self) -> None:
        name = f"measure_{len(self.measures)}"
        self.targets, self.in_rule = frozenset([name]), False
        unit = self.one(["percent", "percent", *FINEST, "yes_no", "yes_no", "choice", "level"])
        kind = {"choice": Kind("choice", {"choice": list(COLOURS)}, COLOURS)}.get(unit, Kind(unit, unit))
        if unit == "level":
            kind = FACTS["rank"]
        below: Written = {"title": name, "type": kind.written}
        fields = [(where, spec) for where in LISTS for spec, found in LISTS[where].items() if found.written == kind.written]
        if fields and self.chance(4):
            where, spec = self.draw(st.sampled_from(fields))
            most = self.one([other for other, found in LISTS[where].items() if found.is_number])
            below["pick"] = {"list": where, "most": most, "field": spec}
        else:
            below["is"] = self.formula(kind)
        below["unknown"] = self.range_of(kind)
        self.written_measures[name] = below
        if self.chance(4) and ("pick" in below or " for " in str(below["is"])):
            self.twins[name] = kind
        self.define([name])
        self.measures[name] = kind
        self.in_rule = True

    def formula(self, kind: Kind) -> Text:
        if kind.unit == "yes_no":
            return self.condition({}, 2)
        if kind.options:
            words = [f"'{self.one(kind.options)}'" for _ in range(3)]
            if self.chance(3):
                return f"{words[0]} if {self.condition({}, 1)} else ({words[1]} if {self.condition({}, 1)} else {words[2]})"
            return f"{words[0]} if {self.condition({}, 1)} else {words[1]}"
        match self.draw(st.integers(1, 4)):
            case 1:
                return self.division({})
            case 2:
                return f"{self.division({})} if {self.condition({}, 1)} else {self.number({}, 1)}"
        return self.number({}, 2)

    def range_of(self, kind: Kind) -> list[object]:
        if kind.options:
            return list(kind.options)
        return [0, 1] if kind.unit in ("yes_no", "weight") else [20, 22] if kind.unit == "percent" else [0, 2]

    # --- rules --------------------------------------------------------------------------------------------------
    def new_or_known(self, scope: Scope) -> Text:
        """A conclusion: a new one, or one that other rules draw as well."""
        known = [(name, about) for name, about in self.conclusions.items() if self.arguments(about, scope) is not None]
        if known and self.chance(3):
            name, about = self.draw(st.sampled_from(known))
            return self.said(name, self.arguments(about, scope) or [])
        variables = [v for v in scope if not self.chance(4)]
        return self.said(f"found_{len(self.conclusions)}", variables)

    def block(self, scope: Scope, conditional: bool = True) -> Written:
        """What a block concludes and says; its condition may not lean on that."""
        concludes = []
        for _ in range(self.draw(st.sampled_from([1, 1, 1, 2]))):
            text = self.new_or_known(scope)
            name = text.split("(")[0]
            variables = text.split("(")[1].rstrip(")").split(", ") if "(" in text else []
            if name not in self.conclusions:
                self.conclusions[name] = tuple(scope[v] for v in variables)
            concludes.append(text)
        self.targets |= {text.split("(")[0] for text in concludes}
        below: Written = {"conclude": concludes if len(concludes) > 1 else concludes[0], "because": "It is so."}
        if conditional:
            below["when"] = self.condition(scope, 2)
        if self.chance(3):
            below["unless"] = self.condition(scope, 1)
        return below

    def rule(self) -> None:
        form = self.one(["single", "single", "cases", "parts"])
        scope = self.draw(st.sampled_from(LOOPS))
        below: Written = {"title": "A rule", "kind": "house"}
        if scope:
            below["for"] = dict(scope)
        if form == "single":
            below |= self.block(scope)
            self.finish()
        elif form == "cases":
            below["cases"] = self.some_cases(scope)
        else:
            below["parts"] = self.some_parts(scope)
        self.put(self.one(CHAPTERS), below)

    def finish(self) -> None:
        self.define(self.targets)

    def some_cases(self, scope: Scope) -> list[Written]:
        """Each reads what the ones before it read, so all that they conclude is held back from all of them."""
        count = self.draw(st.integers(2, 3))
        last_always = self.chance(2)
        blocks: list[Written] = []
        for position in range(count):
            blocks.append({"conclude": self.held_back(scope), "because": "It is so."})
            if position < count - 1 or not last_always:
                blocks[-1]["when"] = ""
        for block in blocks:
            if "when" in block:
                block["when"] = self.condition(scope, 1)
            if self.chance(4):
                block["unless"] = self.literal(scope)
        self.finish()
        return blocks

    def held_back(self, scope: Scope) -> Text:
        text = self.new_or_known(scope)
        name, _, inside = text.partition("(")
        self.conclusions.setdefault(name, tuple(scope[v] for v in inside.rstrip(")").split(", ") if v))
        self.targets |= {name}
        return text

    def some_parts(self, scope: Scope) -> dict[str, Written]:
        parts: dict[str, Written] = {}
        for number in range(self.draw(st.integers(2, 3))):
            own = self.draw(st.sampled_from(LOOPS)) if self.chance(3) else {}
            parts[f"part_{number}"] = {"for": dict(own)} if own else {}
            parts[f"part_{number}"] |= self.block(own or scope)
            self.finish()
        return parts

    def put(self, chapter: str, below: Written) -> None:
        count = sum(len(rules) for rules in self.chapters.values())
        self.chapters[chapter][f"{LETTERS[chapter]}{count:02}"] = below

    # --- the choice ---------------------------------------------------------------------------------------------
    def decide(self) -> list[Written]:
        """The decision chapter; the branches that it has are returned, so that modes can be given to them later."""
        count = self.draw(st.integers(2, 5))
        places = self.draw(st.permutations(range(1, count + 1)))
        branches: list[Written] = []
        self.targets = frozenset(["outcome"])
        first = self.draw(st.integers(0, len(OUTCOMES) - 1))
        for place in places:
            branch: Written = {"place": place, "outcome": OUTCOMES[(first + place) % len(OUTCOMES)], "because": "So it is."}
            if place < count:
                branch["when"] = self.condition({}, 2)
                if self.chance(4):
                    branch["unless"] = self.literal({})
            branches.append(branch)
        self.finish()
        self.reads |= {f"mode:{mode}": {"outcome"} for mode in MODES}
        left = list(enumerate(branches))
        while left:
            some = left[: self.draw(st.integers(1, 3))]
            left = left[len(some):]
            self.put("decision", {"title": "A course", "kind": "house", "branches": {f"branch_{n}": b for n, b in some}})
        self.chosen = True
        return branches

    def give_modes(self, branches: list[Written]) -> None:
        for branch in branches:
            modes: list[object] = []
            for mode in self.draw(st.lists(st.sampled_from(MODES), max_size=2, unique=True)):
                modes.append({"mode": mode, "when": self.mode_when(mode)} if self.chance(2) else mode)
            branch["modes"] = modes

    def mode_when(self, mode: str) -> Text:
        self.targets = frozenset([f"mode:{mode}"])
        text = self.condition({}, 1)
        self.finish()
        return text

    def outcomes(self) -> Written:
        modes: dict[str, Written] = {}
        for mode in MODES:
            modes[mode] = {"outcome": list(OUTCOMES), "title": mode, "headline": mode}
            if self.chance(3):
                modes[mode] |= {"outcome": [self.one(OUTCOMES)], "joins_when": self.mode_when(mode), "rule": "M99"}
        table: Written = {name: {"title": name, "headline": name} for name in OUTCOMES}
        found: Written = {"outcomes": table, "modes": modes}
        for key, last in (("statuses", True), ("risk_levels", True), ("risk_routes", False)):
            names = [f"{key}_{number}" for number in range(self.draw(st.integers(1, 3)))]
            found[key] = {name: {"words": name, "when": self.condition({}, 1)} for name in names}
            if last:
                found[key] = {**found[key], f"{key}_last": {"words": "the last"}}  # type: ignore[dict-item]
        found["tell_sponsor"] = {"words": "tell", "when": self.literal({})}
        return found

    def constraints(self) -> Written:
        found: Written = {}
        self.in_rule = False
        for number in range(self.draw(st.sampled_from([0, 0, 1, 2]))):
            scope = self.draw(st.sampled_from(LOOPS))
            self.in_rule = True
            never = f"({self.condition(scope, 1)}) and ({self.literal(scope)}) and ({self.literal(scope)})"
            found[f"limit_{number}"] = {**({"for": dict(scope)} if scope else {}), "never": never, "because": "It cannot be."}
        return found

    # --- all of it ----------------------------------------------------------------------------------------------
    def thresholds(self) -> Written:
        for name, (_, values) in THRESHOLDS.items():
            self.values[name] = self.draw(st.sampled_from(values))
        return {name: {"title": name, "type": THRESHOLDS[name][0], "basis": "house", "because": "Ours.",
                       "values": {"2026-01-01": value}} for name, value in self.values.items()}

    def near(self) -> dict[str, list[Fraction]]:
        """The values of the thresholds, by unit."""
        found: dict[str, list[Fraction]] = {unit: [] for unit in FINEST}
        for name, value in self.values.items():
            found[THRESHOLDS[name][0]].append(Fraction(str(value)))
        return found

    def steps(self, most_measures: int, most_rules: int) -> None:
        for _ in range(self.draw(st.integers(1, most_rules))):
            for _ in range(self.draw(st.integers(0, most_measures))):
                self.measure()
            self.rule()

    def files(self) -> RuleBookFiles:
        thresholds = self.thresholds()
        self.steps(2, 4)
        branches = self.decide()
        if self.chance(2):
            self.steps(1, 2)
        self.give_modes(branches)
        outcomes = self.outcomes()
        constraints = self.constraints()
        trees: dict[str, object] = {
            "book": {"version": "1", "title": "Generated", "date": "2026-01-01"},
            "facts": facts_file(self.twins),
            "thresholds": {"thresholds": thresholds},
            "measures": {"measures": self.written_measures},
            "constraints": {"constraints": constraints},
            "outcomes": outcomes,
            "actions": {"actions": {}},
            "risks": {"risks": {}},
            "claims": {"article": {"title": "t", "publisher": "p", "licence": "l", "attribution": "a"}, "claims": {}},
            "sources": {"sources": {}},
        }
        for name, letter in LETTERS.items():
            trees[name] = {"chapter": {"letter": letter, "title": name}, "rules": self.chapters[name]}
        return RuleBookFiles({name: as_yaml(tree) for name, tree in trees.items()})


def as_yaml(tree: object) -> str:
    """A file's text. Nothing in it is shared, so no anchors are written."""
    return str(yaml.dump(json.loads(json.dumps(tree)), Dumper=DUMPER, sort_keys=False, width=200))


@st.composite
def rule_books(draw: st.DrawFn, complete: int, unknowns: int) -> tuple[RuleBookFiles, list[Case]]:
    """The files of a rule book; so many complete cases, and one with so many unknowns at most (where there are any)."""
    making = BookMaking(draw)
    files = making.files()
    about = About(making.near(), making.twins, frozenset(making.reaches("outcome")))
    found = [draw(cases(about, 0)) for _ in range(complete)]
    if unknowns:
        found.append(draw(cases(about, unknowns)))
    return files, found


__all__ = ["Case", "RuleBookFiles", "as_written", "rule_books"]
