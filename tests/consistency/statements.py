"""Statements of every command about one case, each held against `decide` on the file that the statement speaks of.

Every function yields contradictions in words: none where the statements can all be true.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import holds, reads
from sharedvalue.engine.language.types import NumberType, show
from sharedvalue.engine.questions.checks import Checker
from sharedvalue.engine.questions.flip import _Flipper, flip
from sharedvalue.engine.questions.landscape import landscape
from sharedvalue.engine.questions.landscape_axes import read_axes
from sharedvalue.engine.questions.meaning import Standing, standing
from sharedvalue.engine.questions.portfolio import decide_portfolio
from sharedvalue.engine.questions.portfolio_rows import portfolio_of
from sharedvalue.engine.questions.ranges import every_value, said_facts
from sharedvalue.engine.questions.reasons import reasons
from sharedvalue.engine.questions.sensitivity import moved_alone, sensitivity
from sharedvalue.engine.questions.sweep import count, plan
from sharedvalue.engine.questions.what_if import what_if
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.prove import Steps
from sharedvalue.engine.worlds import misfits, suppose

Check = Callable[[Decision, random.Random], Iterator[str]]
DRAWN = 30  # worlds of a case that are fired


def possible(decision: Decision, changed: dict[str, int]) -> tuple[str, ...]:
    """What `decide` finds possible when the file states some facts otherwise; nothing where it cannot be.

    In brief: that it leaves out modes and good examples, and no outcome, is `brief_says`.
    """
    try:
        found = decide(suppose(decision.worlds, {n: Domain.known(v) for n, v in changed.items()}), brief=True)
    except UserError:
        return ()
    return tuple(sorted(one.outcome for one in found.possible)) if found.complete else ("?",)


def said(outcomes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(outcomes))


def any_values(decision: Decision, names: list[str], rng: random.Random) -> dict[str, int]:
    """Some facts anywhere, often near where something may turn."""
    found = {}
    for name in names:
        points = every_value(decision.worlds, name).points
        near = [v for v in (0, 249, 250, 399, 400, 499, 500, 599, 600) if v in points]
        found[name] = (
            rng.choice(near) if near and rng.random() < 0.5 else points[rng.randrange(min(len(points), 2000))]
        )
    return found


def worlds_enumerated(decision: Decision, rng: random.Random) -> Iterator[str]:
    """Worlds drawn at random and fired one by one: none ends where `decide` says that none can."""
    worlds = decision.worlds
    prover, program = Prover.from_grounded(worlds.grounded), Program.from_grounded(worlds.grounded)
    outcomes = {one.outcome for one in decision.possible}
    for _ in range(DRAWN):
        world = {name: domain.points[rng.randrange(domain.size)] for name, domain in worlds.domains.items()}
        if not prover.exists(world):
            continue
        trace = program.read(world)
        ended = worlds.book.outcome_names[trace.values["outcome"]]
        branch = trace.values["decided_by"]
        if decision.certain and branch not in {one.place for one in decision.deciding.branches}:
            yield f"in a world branch {branch} decides, and decide names only {decision.deciding.branches}: {world}"
        if ended not in outcomes:
            yield f"a world ends in {ended}, and decide finds only {sorted(outcomes)} possible: {world}"


def conditions_say(decision: Decision, rng: random.Random) -> Iterator[str]:
    """What is said to hold, or not to, holds or does not in every world drawn; a value that is worked out lies in its range."""
    worlds, checker = decision.worlds, Checker(decision)
    program, prover = Program.from_grounded(worlds.grounded), Prover.from_grounded(worlds.grounded)
    judged = {
        rule.key: (rule.when, checker.passes(rule.when))
        for rule in worlds.grounded.rules
        if not {"outcome", "decided_by"}
        & {*reads(rule.when)}  # those speak of the choice, and no page judges them
    }
    spans = {name: decision.wording.span(name) for name in worlds.grounded.measures}
    for _ in range(DRAWN):
        world = {name: domain.points[rng.randrange(domain.size)] for name, domain in worlds.domains.items()}
        if not prover.exists(world):
            continue
        values = program.read(world).values
        for key, (when, passed) in judged.items():
            if passed is not None and holds(when, values) is not passed:
                yield f"{key} is said to be {'met' if passed else 'not met'}, and is not so in {world}"
        for name, span in spans.items():
            if span is not None and not span[0] <= values[name] <= span[1]:
                yield f"{name} is said to lie in {span}, and is {values[name]} in {world}"


def brief_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """What could follow is the same in brief, as the case is and with facts stated otherwise."""
    names = said_facts(decision.worlds)
    for changed in ({}, any_values(decision, rng.sample(names, min(len(names), 2)), rng)):
        try:
            whole = decide(suppose(decision.worlds, {n: Domain.known(v) for n, v in changed.items()}))
        except UserError:
            continue
        if possible(decision, changed) != said(tuple(p.outcome for p in whole.possible)) and whole.complete:
            yield f"in brief, with {changed}: {possible(decision, changed)} and not {whole.outcome}"


def what_if_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """With nothing set, the answer is the same; with one fact set, it is that of the file so stated."""
    same = what_if(decision, {})
    if not same.same_answer:
        yield f"what-if with nothing set: {same.after.outcome} and not {decision.outcome}"
    for name in rng.sample(names := said_facts(decision.worlds), min(2, len(names))):
        ((_, value),) = any_values(decision, [name], rng).items()
        kind = decision.worlds.grounded.variables[name].type
        shown = (
            str(show(value, kind)).lower() if isinstance(show(value, kind), bool) else str(show(value, kind))
        )
        try:
            after = what_if(decision, {decision.worlds.scenario.address(name): shown}).after
        except UserError:
            continue
        if said(tuple(p.outcome for p in after.possible)) != possible(decision, {name: value}):
            yield f"what-if {name}={shown}: {[p.outcome for p in after.possible]} and not {possible(decision, {name: value})}"


def sensitivity_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """On both sides of every border, and anywhere between, what is possible is what is said."""
    names = moved_alone(decision)
    held = rng.sample(names, min(4, len(names)))
    for one in sensitivity(decision, thresholds=False, budget_seconds=5, among=held).facts:
        points = every_value(decision.worlds, one.name)
        for stretch in rng.sample(one.stretches, min(3, len(one.stretches))):
            for value in {stretch.lo, stretch.hi, rng.randint(stretch.lo, stretch.hi)}:
                if points.contains(value):
                    then = possible(decision, {one.name: value})
                    if then != said(stretch.standing.outcomes) and "?" not in then:
                        yield f"sensitivity of {one.name} at {value}: {stretch.standing.outcomes} and not {then}"


def flips_say(decision: Decision, rng: random.Random) -> Iterator[str]:
    """What is said to make an outcome certain, or possible, does; nothing tried reaches what is called out of reach."""
    found = flip(decision, budget=5)
    for one in (*found.flips, *found.openings):
        changed = {change.name: change.to for change in one.changes}
        then = possible(decision, changed)
        claim = (one.to,) if one in found.flips else said(one.outcomes)
        if then != claim and "?" not in then:
            yield f"flip {changed}: {claim} and not {then}"
    flipper = _Flipper(decision, frozenset(), Steps(1))
    names = list(flipper.movable)
    for _ in range(6 if found.unreachable or found.never_sure else 0):
        changed = {
            name: rng.choice(flipper.domain(name).points[:3000])
            for name in rng.sample(names, min(len(names), 2))
        }
        changed = {n: v for n, v in changed.items() if v != flipper.start[n]}
        try:
            if misfits(
                decision.worlds, suppose(decision.worlds, {n: Domain.known(v) for n, v in changed.items()})
            ):
                continue
        except UserError:
            continue
        then = possible(decision, changed)
        for outcome in found.unreachable:
            if outcome in then:
                yield f"{outcome} is called out of reach, and {changed} makes it possible"
        for outcome in found.never_sure:
            if then == (outcome,):
                yield f"{outcome} is said never to be certain, and {changed} makes it so"


def reasons_say(decision: Decision, rng: random.Random) -> Iterator[str]:
    """Facts outside of a reason, stated to be anything, never change the outcome."""
    if not decision.certain:
        return
    found = reasons(decision, budget=1)
    for reason in rng.sample(found.reasons, min(3, len(found.reasons))):
        inside = {name for fact in reason for name in found.lists.get(fact, (fact,))}
        outside = [name for name in said_facts(decision.worlds) if name not in inside]
        for _ in range(4):
            changed = any_values(decision, rng.sample(outside, min(len(outside), rng.randint(1, 4))), rng)
            then = possible(decision, changed)
            if then not in ((), (decision.outcome,), ("?",)):
                yield f"{reason} is called enough, and {changed} makes {then} possible"


def map_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """Points of a small map are what `decide` says of the case there."""
    names = [
        name
        for name in said_facts(decision.worlds)
        if isinstance(kind := decision.worlds.grounded.variables[name].type, NumberType)
        and kind.unit == "percent"
        and "[" not in name
    ]
    if len(names) < 2:
        return
    address = decision.worlds.scenario.address
    x, y = rng.sample(names, 2)
    try:
        axes = read_axes(decision.worlds, f"{address(x)}=38..62", f"{address(y)}=24..51")
    except UserError:
        return
    found = landscape(decision.worlds, *axes, budget_seconds=2)
    for _ in range(4):
        i, j = rng.randrange(axes[0].domain.size), rng.randrange(axes[1].domain.size)
        answer = found.at(i, j).answer
        if not answer.seen:
            continue
        values = {x: axes[0].value(i), y: axes[1].value(j)}
        then = possible(decision, values)
        told = (
            said(answer.possible)
            if answer.possible
            else (() if answer.outcome is None else (answer.outcome,))
        )
        if then != told and "?" not in then:
            yield f"map at {values}: {told} and not {then}"


def sweep_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """One row of a sweep is the answer of the file with that value."""
    worlds = decision.worlds
    names = [n for n in said_facts(worlds) if not worlds.scenario.address(n).startswith("evidence")]
    for name in rng.sample(names, min(2, len(names))):
        ((_, value),) = any_values(decision, [name], rng).items()
        shown = show(value, worlds.grounded.variables[name].type)
        written = str(shown).lower() if isinstance(shown, bool) else str(shown)
        spec = f"{worlds.scenario.address(name)}={written}"
        if isinstance(worlds.grounded.variables[name].type, NumberType):
            spec = f"{worlds.scenario.address(name)}={written}..{written}"
        try:
            swept = count(plan(worlds.book, worlds.read or worlds.scenario, [spec]))
        except UserError:
            continue  # open facts decide: it asks for them
        then = possible(decision, {name: value})
        told = tuple(share.outcome for share in swept.shares)
        if len(then) == 1 and then != told and "?" not in then:
            yield f"sweep {spec}: {told} and not {then}"


def portfolio_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """The case as one row of a table has the answer that it has alone."""
    facts = decision.worlds.scenario
    if any(facts.records.values()) or any(s.confidence for s in facts.stated.values()):
        return
    row: dict[str, object] = {"community": "one"}
    for name, stated in facts.stated.items():
        kind = facts.types[name]
        if stated.kind == "range":
            row[name] = f"{show(stated.values[0], kind)}..{show(stated.values[1], kind)}"
        elif stated.kind == "known":
            row[name] = show(stated.values[0], kind)
        else:
            return
    headings = list(row)
    cells = [[str(v).lower() if isinstance(v, bool) else str(v) for v in row.values()]]
    decided = decide_portfolio(portfolio_of(headings, cells, "made", decision.worlds.book)).rows[0]
    if decided.outcome != decision.outcome:
        yield f"portfolio: {decided.outcome} and not {decision.outcome}"


def meaning_says(decision: Decision, rng: random.Random) -> Iterator[str]:
    """What is possible under a hypothesis, found the quick way, is what `decide` finds."""
    names = moved_alone(decision)
    for _ in range(2):
        changed = any_values(decision, rng.sample(names, min(len(names), 2)), rng)
        quick: Standing = standing(decision.worlds, changed, Steps(10))
        then = possible(decision, changed)
        if said(quick.outcomes) != then and "?" not in then:
            yield f"{changed}: {quick.outcomes} and not {then}"


CHECKS: tuple[Check, ...] = (
    worlds_enumerated,
    conditions_say,
    brief_says,
    what_if_says,
    sensitivity_says,
    flips_say,
    reasons_say,
    map_says,
    sweep_says,
    portfolio_says,
    meaning_says,
)


def contradictions(decision: Decision, rng: random.Random, checks: tuple[Check, ...] = CHECKS) -> list[str]:
    return [f"{check.__name__}: {text}" for check in checks for text in islice(check(decision, rng), 3)]
