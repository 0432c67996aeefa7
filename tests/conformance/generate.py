"""Whole small rule books, written as their seventeen files, with cases for them.

They are valid by construction: whatever is written reads only what cannot lead back to itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import yaml
from hypothesis import strategies as st

from tests.conformance.conditions import MODES, OUTCOMES, Making, Scope, Text
from tests.conformance.vocabulary import (
    COLOURS,
    FACTS,
    FINEST,
    LISTS,
    THRESHOLDS,
    About,
    Case,
    Kind,
    cases,
    facts_file,
)

CHAPTERS = ("members", "sponsor", "overlap", "drift", "viability")
LETTERS = dict(zip(("evidence", *CHAPTERS, "decision"), "EMSODVZ", strict=True))
LOOPS: tuple[dict[str, str], ...] = (
    {},
    {},
    {"g": "groups"},
    {"g": "groups"},
    {"w": "works"},
    {"w": "works", "g": "groups"},
    {"a": "groups", "b": "groups"},
)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
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
        fields = [
            (where, spec)
            for where in LISTS
            for spec, found in LISTS[where].items()
            if found.written == kind.written
        ]
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
                words[1] = f"({words[1]} if {self.condition({}, 1)} else {words[2]})"
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
        return (
            [0, 1] if kind.unit in ("yes_no", "weight") else [20, 20.2] if kind.unit == "percent" else [0, 2]
        )

    # --- rules --------------------------------------------------------------------------------------------------
    def new_or_known(self, scope: Scope) -> Text:
        """A conclusion: a new one, or one that other rules draw as well."""
        known = [
            (name, about)
            for name, about in self.conclusions.items()
            if self.arguments(about, scope) is not None
        ]
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
        below: Written = {
            "conclude": concludes if len(concludes) > 1 else concludes[0],
            "because": "It is so.",
        }
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
            self.define(self.targets)
        elif form == "cases":
            below["cases"] = self.some_cases(scope)
        else:
            below["parts"] = self.some_parts(scope)
        self.put(self.one(CHAPTERS), below)

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
        self.define(self.targets)
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
            self.define(self.targets)
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
            branch: Written = {
                "place": place,
                "outcome": OUTCOMES[(first + place) % len(OUTCOMES)],
                "because": "So it is.",
            }
            if place < count:
                branch["when"] = self.condition({}, 2)
                if self.chance(4):
                    branch["unless"] = self.literal({})
            branches.append(branch)
        self.define(self.targets)
        self.reads |= {f"mode:{mode}": {"outcome"} for mode in MODES}
        left = list(enumerate(branches))
        while left:
            some = left[: self.draw(st.integers(1, 3))]
            left = left[len(some) :]
            self.put(
                "decision",
                {"title": "A course", "kind": "house", "branches": {f"branch_{n}": b for n, b in some}},
            )
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
        self.define(self.targets)
        return text

    def outcomes(self) -> Written:
        modes: dict[str, Written] = {}
        for mode in MODES:
            modes[mode] = {"outcome": list(OUTCOMES), "title": mode, "headline": mode}
            if self.chance(3):
                modes[mode] |= {
                    "outcome": [self.one(OUTCOMES)],
                    "joins_when": self.mode_when(mode),
                    "rule": "M99",
                }
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
        for number in range(self.draw(st.sampled_from([0, 0, 1, 2]))):
            scope = self.draw(st.sampled_from(LOOPS))
            never = f"({self.condition(scope, 1)}) and ({self.literal(scope)}) and ({self.literal(scope)})"
            found[f"limit_{number}"] = {
                **({"for": dict(scope)} if scope else {}),
                "never": never,
                "because": "It cannot be.",
            }
        return found

    # --- all of it ----------------------------------------------------------------------------------------------
    def thresholds(self) -> Written:
        for name, (_, values) in THRESHOLDS.items():
            self.values[name] = self.draw(st.sampled_from(values))
        return {
            name: {
                "title": name,
                "type": THRESHOLDS[name][0],
                "basis": "house",
                "because": "Ours.",
                "values": {"2026-01-01": value},
            }
            for name, value in self.values.items()
        }

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
        outcomes, constraints = self.outcomes(), self.constraints()
        return book_files(
            self.chapters,
            outcomes,
            self.written_measures,
            constraints,
            thresholds=thresholds,
            twins=self.twins,
        )


def book_files(
    chapters: Mapping[str, Written],
    outcomes: Written,
    measures: Written | None = None,
    constraints: Written | None = None,
    thresholds: Written | None = None,
    twins: Mapping[str, Kind] | None = None,
) -> RuleBookFiles:
    """All seventeen files. `chapters` holds rules by the name of their chapter."""
    trees: dict[str, object] = {
        "book": {"version": "1", "title": "Generated", "date": "2026-01-01"},
        "facts": facts_file(twins or {}),
        "thresholds": {"thresholds": thresholds or {}},
        "measures": {"measures": measures or {}},
        "constraints": {"constraints": constraints or {}},
        "outcomes": outcomes,
        "actions": {"actions": {}},
        "risks": {"risks": {}},
        "claims": {
            "article": {"title": "t", "publisher": "p", "licence": "l", "attribution": "a"},
            "claims": {},
        },
        "sources": {"sources": {}},
    }
    for name, letter in LETTERS.items():
        trees[name] = {"chapter": {"letter": letter, "title": name}, "rules": chapters.get(name, {})}
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


__all__ = ["Case", "RuleBookFiles", "book_files", "rule_books"]
