"""The scenarios of the project, each decided once, and worlds made by hand for the tests of what must not follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.worlds import Worlds

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").glob("*.yaml"))
NAMES = [path.stem for path in FILES]


@cache
def book() -> RuleBook:
    return load()


@dataclass(frozen=True)
class Decided:
    """A scenario with all that is said of it."""

    name: str
    scenario: Scenario
    worlds: Worlds
    advice: Advice

    @property
    def decision(self) -> Decision:
        return self.advice.decision

    @cached_property
    def fired(self) -> frozenset[tuple[str, str]]:
        """The rules, each with its case or part, that fire in every world; of the choice, the branch that decided."""
        decision = self.decision
        evidence = (*(group.trace for group in self.worlds.evidence.values()), self.worlds.whole)
        firings = [f for f in decision.trace.firings if decision.holds_everywhere(f)]
        firings += [*decision.after.firings, *(f for trace in evidence for f in trace.firings)]
        rules = {(f.rule.rule, f.rule.part) for f in firings if f.rule.rule in book().rules}
        return frozenset(r for r in rules if book().rules[r[0]].form != "branches") | self.chosen

    @property
    def chosen(self) -> frozenset[tuple[str, str]]:
        branch = self.decision.after.chosen or (self.decision.trace.chosen if self.decision.certain else None)
        return frozenset() if branch is None else frozenset({(branch.rule, branch.part)})

    @cached_property
    def silent(self) -> frozenset[str]:
        """The rules that fire in no world; of the choice, those that decide in none."""
        may_fire = {rule for rule, _ in self.fired}
        may_fire |= {p.trace.chosen.rule for p in self.decision.possible if p.trace.chosen is not None}
        settled = self.decision.settled
        if settled is not None:
            rules = [r for r in self.decision.trace.grounded.rules if r.rule in book().rules]
            plain = [r for r in rules if book().rules[r.rule].form != "branches"]
            may_fire |= {r.rule for r in plain if any(settled.get(head) is not False for head in r.concludes)}
        return frozenset(set(book().rules) - may_fire)


@cache
def decided(name: str) -> Decided:
    scenario = load_scenario(ROOT / "scenarios" / f"{name}.yaml", book())
    worlds = form(book(), scenario)
    return Decided(name, scenario, worlds, advise(worlds))


@cache
def quiet_world() -> Mapping[str, Any]:
    """A complete world in which nothing is near a line: the default that the rule files are laid over."""
    table: Mapping[str, Any] = yaml.safe_load((ROOT / "tests" / "rules" / "default.yaml").read_text("utf-8"))
    return table


def decision_of(
    evidence: list[Mapping[str, Any]] | None = None, leave_out: tuple[str, ...] = (), **facts: object
) -> Decision:
    """The decision for the quiet world with some facts changed, and with evidence on it."""
    given = {name: value for name, value in {**quiet_world(), **facts}.items() if name not in leave_out}
    tree: dict[str, Any] = {"scenario": 1, "as_of": "2026-11-24", "facts": given}
    if evidence is not None:
        tree["evidence"] = evidence
    return decide(
        form(book(), read_scenario(parse(json.dumps(tree, default=str), "a test"), book(), "a test"))
    )
