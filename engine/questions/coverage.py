"""What saved scenarios exercise: which rules fire, which conditions are met and missed, which outcomes and modes come out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.decision import decide
from sharedvalue.engine.language import formulas as f
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, load_scenario
from sharedvalue.engine.language.types import say
from sharedvalue.engine.questions.audit import named
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import form

SCHEMA = "sharedvalue/rules-coverage/1"


@dataclass(frozen=True)
class Coverage:
    """What some scenarios exercise. A condition counts twice, once where it holds and once where it fails."""

    scenarios: int
    rules: frozenset[str]
    fired: frozenset[str]
    conditions: frozenset[tuple[str, str]]
    held: frozenset[tuple[str, str]]
    failed: frozenset[tuple[str, str]]
    outcomes: frozenset[str]
    modes: frozenset[str]

    @property
    def never_fired(self) -> tuple[str, ...]:
        return tuple(sorted(self.rules - self.fired))

    @property
    def half(self) -> tuple[tuple[str, str, str], ...]:
        """Conditions of which one side was not met: rule, condition, and the side that is missing."""
        found = [(rule, text, "holds") for rule, text in self.conditions - self.held]
        return tuple(sorted(found + [(rule, text, "fails") for rule, text in self.conditions - self.failed]))


def coverage(book: RuleBook, scenarios: Sequence[Path | str]) -> Coverage:
    """What the scenarios of some files exercise in the world stage."""
    return exercised(book, (load_scenario(str(path), book) for path in scenarios))


def exercised(book: RuleBook, scenarios: Iterable[Scenario]) -> Coverage:
    """What scenarios exercise in the world stage, in every world that stands for a possible outcome of theirs."""
    rules: set[str] = set()
    fired: set[str] = set()
    conditions: set[tuple[str, str]] = set()
    sides: tuple[set[tuple[str, str]], set[tuple[str, str]]] = (set(), set())
    outcomes: set[str] = set()
    modes: set[str] = set()
    number = 0
    for scenario in scenarios:
        number += 1
        decision = decide(form(book, scenario))
        outcomes.add(decision.outcome)
        modes.update(decision.modes)
        for possible in decision.possible:
            trace = possible.trace
            grounded = trace.grounded
            fired |= {named(firing.rule.rule, firing.rule.part) for firing in trace.firings}
            for rule in grounded.rules:
                name = named(rule.rule, rule.part)
                rules.add(name)
                for test, text in tests_of(grounded, rule.when):
                    holds = _holds(test, trace)
                    if holds is not None:
                        conditions.add((name, text))
                        sides[not holds].add((name, text))
    every = (
        frozenset(rules),
        frozenset(fired),
        frozenset(conditions),
        frozenset(sides[0]),
        frozenset(sides[1]),
    )
    return Coverage(number, *every, frozenset(outcomes), frozenset(modes))


def tests_of(grounded: Grounded, condition: f.Condition) -> Iterator[tuple[f.Test, str]]:
    """Each comparison in a condition, and how it is written whatever the record."""
    match condition:
        case f.And(parts) | f.Or(parts):
            for part in parts:
                yield from tests_of(grounded, part)
        case f.Not(part):
            yield from tests_of(grounded, part)
        case f.Test(left, op, right):
            other = right if isinstance(right, str) else say(right, grounded.variables[left].type)
            yield condition, re.sub(r"\[\d+\]", "", f"{left} {op} {other}")


def _holds(test: f.Test, trace: Trace) -> bool | None:
    try:
        return f.holds(test, trace.values)
    except f.Missing:
        return None


def coverage_json(book: RuleBook, found: Coverage) -> dict[str, object]:
    """The coverage as other programs read it: sharedvalue/rules-coverage/1."""
    return {
        "schema": SCHEMA,
        "scenarios": found.scenarios,
        "rules": {
            "all": len(found.rules),
            "fired": len(found.fired & found.rules),
            "never_fired": list(found.never_fired),
        },
        "conditions": {
            "all": 2 * len(found.conditions),
            "met": len(found.held) + len(found.failed),
            "missing": [{"rule": rule, "condition": text, "side": side} for rule, text, side in found.half],
        },
        "outcomes": {
            "met": sorted(found.outcomes),
            "missing": [o for o in book.outcome_names if o not in found.outcomes],
        },
        "modes": {
            "met": sorted(found.modes),
            "missing": [m for m in book.outcomes.modes if m not in found.modes],
        },
    }
