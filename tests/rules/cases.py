"""The cases of tests/rules/<ID>.yaml: one fact set each, laid over default.yaml, and read by the engine.

A file holds lists of fact sets:

    fires / silent     the rule fires in this world, or does not
    decides / yields   chapter Z: its branch is the one chosen; or it would hold, and an earlier one is chosen

`given` in a file is laid under every one of its cases. In a case, `part` names the case, part or branch of the rule
that is meant, `without` lists facts of the default that are left out, `nearest_flip` gives what only a search over
flips can know (rules about the decision itself), and `evidence` and `as_of` stand where a scenario has them. A case
with `facts` is a whole scenario of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sharedvalue.engine.decision import decide
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.worlds import Worlds

HERE = Path(__file__).parent
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LISTS = ("fires", "silent", "decides", "yields")
BESIDE_FACTS = ("part", "without", "nearest_flip", "evidence", "as_of", "facts")


@dataclass(frozen=True)
class Case:
    """One fact set of a rule's file, with what is expected of the rule in it."""

    rule: str
    expect: str
    number: int
    written: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.expect}-{self.number}"

    @property
    def part(self) -> str | None:
        part = self.written.get("part")
        return None if part is None else str(part)


@cache
def book() -> RuleBook:
    return load()


@cache
def files() -> Mapping[str, Mapping[str, Any]]:
    """The table in each rule's file, by the rule's id."""
    return {
        path.stem: yaml.load(path.read_text("utf-8"), Loader=FAST)  # both are safe
        for path in sorted(HERE.glob("*.yaml"))
        if path != HERE / "default.yaml"
    }


@cache
def default() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.load(
        (HERE / "default.yaml").read_text("utf-8"),
        Loader=FAST,
    )
    return table


def cases() -> Iterator[Case]:
    for rule, table in files().items():
        for expect in LISTS:
            for number, written in enumerate(table.get(expect, ()), 1):
                yield Case(rule, expect, number, {**table.get("given", {}), **written})


def scenario_of(case: Case) -> Scenario:
    written = dict(case.written)
    beside = {name: written.pop(name) for name in BESIDE_FACTS if name in written}
    if "facts" in beside:
        assert not written, (
            f"{case.name}: a whole scenario has all its facts under 'facts': {sorted(written)}"
        )
        facts = beside["facts"]
    else:
        facts = {
            name: value
            for name, value in {**default(), **written}.items()
            if name not in beside.get("without", ())
        }
    tree: dict[str, Any] = {"scenario": 1, "title": case.name, "facts": facts}
    tree |= {name: beside[name] for name in ("evidence", "as_of") if name in beside}
    return read_scenario(parse(json.dumps(tree, default=str), case.name), book(), case.name)


@cache
def worlds_of(name: str) -> Worlds:
    return form(book(), scenario_of(by_name()[name]))


@cache
def by_name() -> Mapping[str, Case]:
    return {case.name: case for case in cases()}


@cache
def traces_of(name: str) -> tuple[Trace, ...]:
    """What the engine read in the stage of the case's rule: one trace, or one for each fact that has evidence."""
    case, worlds = by_name()[name], worlds_of(name)
    rule = book().rules[case.rule]
    if rule.stage == "evidence":
        return (*(group.trace for group in worlds.evidence.values()), worlds.whole)
    if rule.stage == "decision":
        flip = case.written.get("nearest_flip")
        return (decide(worlds, nearest_flip=None if flip is None else round(float(flip) * 10)).after,)
    return (Program.from_grounded(worlds.grounded).read(one_world(worlds)),)


def one_world(worlds: Worlds) -> Mapping[str, int]:
    """The world that a case states. What the evidence chapter makes of its values is left aside."""
    stated = {
        name: belief.value
        for name, belief in worlds.beliefs.items()
        if name in worlds.domains and belief.value is not None
    }
    world = {**worlds.known, **stated}
    if not world[
        "has_sponsor"
    ]:  # what is said of sponsors is ignored then, and what would be counted of them
        world = {**{name: domain.lo for name, domain in worlds.domains.items()}, **world}
    lacking = [name for name in worlds.domains if name not in world]
    assert not lacking, f"not a complete world, open are {lacking}"
    return world


def has_fired(case: Case) -> bool:
    """Whether any block of the rule (or the part that the case names) fired, for any record."""
    return any(
        firing.rule.rule == case.rule and case.part in (None, firing.rule.part)
        for trace in traces_of(case.name)
        for firing in trace.firings
    )


def has_decided(case: Case) -> bool:
    """Whether a branch of the rule (or the one that the case names) is the one chosen."""
    chosen = [trace.chosen for trace in traces_of(case.name) if trace.chosen is not None]
    return any(branch.rule == case.rule and case.part in (None, branch.part) for branch in chosen)
