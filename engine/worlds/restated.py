"""The worlds of a case in which some facts may be stated otherwise, all at once: what moves a fact forms the case anew.

`form` makes worlds of one statement. Here some facts are unknowns of the statement, and what forming makes of them is
part of the circuit: what is assumed because of them, what the evidence chapter then doubts, and what then means nothing.
An unknown `NAME?` is what a fact may really be where the chapter doubts what is stated of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Condition, reads
from sharedvalue.engine.language.grounded import Grounded, GroundRule, Variable
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rules import Effect
from sharedvalue.engine.language.types import ChoiceType, NumberType, ValueType, YesNo
from sharedvalue.engine.readings.prove import FALSE, TRUE, Budget, FormedTable, Point, Residual, Sym
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds.assuming import Way, assumables
from sharedvalue.engine.worlds.belief import around, everything
from sharedvalue.engine.worlds.chapter import bearing, below, effects_of, rated
from sharedvalue.engine.worlds.worlds import Worlds, gate_facts, gate_of, gated_measures, suppose

DOUBTED = "?"  # ends the name of what a doubted fact may really be


@dataclass(frozen=True)
class Restated:
    """The residual, and how to read its worlds. `doubted` are the unknowns that are not statements.

    `unfit` names the rules that would find readings that do not fit any more, where these were left aside or forbidden.
    `hangs_on` are the conditions by which the case is formed in one way or another.
    """

    worlds: Worlds
    residual: Residual
    moving: tuple[str, ...]
    doubted: tuple[str, ...]
    unfit: frozenset[str] = frozenset()
    hangs_on: tuple[int, ...] = ()

    def world(self, found: Mapping[str, int]) -> dict[str, int]:
        """A value for every input of the grounded table, from a world of the residual."""
        here = Point(self.residual.circuit, found)
        return {name: here.number(self.residual.variable(name)) for name in self.worlds.grounded.inputs}


def restated(
    worlds: Worlds, moving: Mapping[str, Domain], budget: Budget | None = None, misfits: str = "follow"
) -> Restated:
    """The case in which each of some facts may be stated to be anything in its domain; all others are as they are.

    Readings that fit as things are may come not to fit (E11), so that a fact then spans them. With `misfits` "follow" they
    do; with "forbid" no statement that brings this about is considered; with "aside" it is not looked at, which allows
    fewer worlds for some statements.

    Raises:
        OutOfBudget: that took too long.
    """
    computed = {name: domain for name, domain in moving.items() if name not in worlds.grounded.inputs}
    if computed:  # a measure that is stated is no longer worked out: it is a value of the table
        worlds = suppose(worlds, computed)
    for gate in moving:
        if gate in gate_facts(worlds.book) and worlds.domains[gate] == Domain.known(0):
            worlds = suppose(worlds, {gate: Domain.known(1)})  # what was said behind it counts once it opens
    return _Restating(worlds, moving, budget, misfits).run()


def forms_otherwise(worlds: Worlds, moving: Mapping[str, Domain]) -> bool:
    """Whether stating some facts otherwise may form more of the case otherwise than these facts."""
    return _Restating(worlds, moving, None, "follow").reaches()


Taken = Callable[[Sym], Sym]


@dataclass(frozen=True)
class _Follower:
    """A fact with its assumptions in turn, what they may not contradict, and the names that are known when it is its turn."""

    name: str
    ways: tuple[Way, ...]
    never: tuple[Condition, ...]
    known: frozenset[str]


@dataclass(frozen=True)
class _State:
    """What a fact may be under a literal: exactly a number, or anything of a domain, or from one number to another."""

    when: int
    exact: Sym | None = None
    domain: Domain | None = None
    ends: tuple[Sym, Sym] | None = None


class _Restating:
    def __init__(
        self, worlds: Worlds, moving: Mapping[str, Domain], budget: Budget | None, misfits: str
    ) -> None:
        self.worlds, self.moving, self.budget, self.misfits = worlds, moving, budget, misfits
        self.fired = {firing.rule.key for firing in worlds.whole.firings}
        self.book = worlds.book
        self.prover = Prover.from_grounded(worlds.grounded)
        computed = {n for n in moving if n in self.book.measures} - worlds.read_shape.given
        self.chapter = (  # a measure that is stated is no longer worked out
            ground(
                self.book, "evidence", replace(worlds.read_shape, given=worlds.read_shape.given | computed)
            )
            if computed
            else worlds.whole.grounded
        )
        self.domains = {**worlds.domains, **moving}
        self.taken: dict[str, Taken] = {}
        self.bounds: list[tuple[int, str, _State]] = []
        self.hangs_on: list[int] = []

    def reaches(self) -> bool:
        followers = self.followers()
        stated = {*self.moving, *followers}
        return bool(
            followers
            or self.effects(stated)
            or any(self.grading(fact, stated) for fact in self.worlds.evidence)
            or any(name in self.worlds.evidence for name in self.moving)
            or set(self.moving) & gate_facts(self.book)
        )

    def run(self) -> Restated:
        followers = self.followers()
        stated = {*self.moving, *followers}
        effects = self.effects(stated)
        unfit = {r.key: r for ways in effects.values() for r, e in ways if self.is_misfit(r, e)}
        if self.misfits != "follow":
            effects = {
                name: kept
                for name, ways in effects.items()
                if (kept := [(r, e) for r, e in ways if r.key not in unfit])
            }
        graded = {fact: rules for fact in self.worlds.evidence if (rules := self.grading(fact, stated))}
        gates = {gate for gate in self.moving if gate in gate_facts(self.book)}
        forbidden = list(unfit.values()) if self.misfits == "forbid" else []
        left = () if self.misfits == "follow" else (rule.rule for rule in unfit.values())
        aside = frozenset(left)
        if not (followers or effects or graded or gates or forbidden):
            residual = self.prover.residual(self.domains, self.budget)
            return Restated(self.worlds, residual, tuple(self.moving), (), aside)
        truths = {
            f"{name}{DOUBTED}": everything(self.type(name)) for name in {**followers, **effects, **graded}
        }
        base = self.base(truths)
        self.follow(base, followers)
        self.grade(base, graded)
        self.doubt(base, effects)
        self.gate(base, gates)
        residual = Residual(
            self.prover.table, self.domains, self.budget, beside=base, more=truths, taken=self.taken
        )
        for when, truth, state in self.bounds:
            residual.forbid(truth, self.outside(residual, when, truth, state))
        if forbidden:
            read = self.read(base, self.chapter, self.worlds.whole.values)
            for rule in forbidden:
                literal = self.fires(read, self.chapter, rule, self.worlds.whole.values)
                residual.forbid(rule.key, literal)
        return Restated(self.worlds, residual, tuple(self.moving), tuple(truths), aside, tuple(self.hangs_on))

    def is_misfit(self, rule: GroundRule, effect: Effect) -> bool:
        return effect.kind == "spans" and rule.key not in self.fired

    def type(self, name: str) -> ValueType:
        table = self.worlds.grounded if name in self.worlds.grounded.variables else self.chapter
        return table.variables[name].type

    def base(self, truths: Mapping[str, Domain]) -> Residual:
        """All unknowns, and no rules yet: conditions over what is stated are read here."""
        variables = {**self.chapter.variables, **self.worlds.grounded.variables}
        for fact in self.book.facts.values():
            if isinstance(fact.type, NumberType | ChoiceType | YesNo):
                variables.setdefault(fact.name, Variable(fact.name, fact.type, "fact", fact.name))
        inputs = tuple(dict.fromkeys([*self.worlds.grounded.inputs, *self.chapter.inputs, *self.moving]))
        table = Grounded("world", variables, inputs, (), (), ())
        known = {
            name: Domain.known(self.worlds.whole.values.get(name, self.type(name).lo))
            for name in inputs
            if name not in self.domains
        }
        return Residual(FormedTable(table), {**known, **self.domains}, self.budget, more=truths)

    # --- what is assumed ------------------------------------------------------------------------------------------
    def followers(self) -> dict[str, _Follower]:
        """Facts of which what is assumed may hang on what moves, in the order in which a case is formed."""
        known = {*self.moving, *self.worlds.given_values}
        found: dict[str, _Follower] = {}
        for one in assumables(
            self.book, ground(self.book, "world", self.worlds.read_shape), self.worlds.read_shape
        ):
            name, belief = one.name, self.worlds.beliefs.get(one.name)
            if name not in self.worlds.grounded.inputs:
                continue
            if belief is not None and belief.origin != "assumed":
                continue
            never = [c for c in one.constraints if c.reads <= known | {name}]
            below = frozenset[str]().union(*(way.reads for way in one.ways), *(c.reads for c in never)) - {
                name
            }
            if below & (set(self.moving) | set(found)):
                found[name] = _Follower(name, one.ways, tuple(c.never for c in never), frozenset(known))
                known.add(name)
            elif belief is not None:
                known.add(name)
        return found

    def follow(self, base: Residual, followers: Mapping[str, _Follower]) -> None:
        circuit = base.circuit
        for name, one in followers.items():
            left = TRUE
            cases: list[tuple[int, Sym]] = []
            for way in one.ways:
                literal = circuit.all((self.applies(base, way, one), -self.breaks(base, one, way.value)))
                cases.append((circuit.all((left, literal)), way.value))
                self.hangs_on.append(literal)
                left = circuit.all((left, -literal))
            if left != FALSE:  # nothing is assumed then: it may be anything
                cases.append((left, base.arithmetic.unknown(f"{name}{DOUBTED}")))
            derived = base.arithmetic.cases(cases)
            taken = self.unless_said(base, name, derived)
            base.take(name, taken(base.variable(name)))
            self.taken[name] = taken

    def unless_said(self, base: Residual, name: str, derived: Sym) -> Taken:
        """What is assumed counts as long as nobody states the fact; stating it as it is assumed now changes nothing."""
        if name not in self.moving:
            return lambda _: derived
        said = -base.arithmetic.compare(base.variable(name), "==", self.worlds.domains[name].lo)
        return lambda number: base.arithmetic.choose(said, number, derived)

    def applies(self, base: Residual, way: Way, one: _Follower) -> int:
        """The literal of a condition over what is stated; what reads a value that nobody gave does not hold."""
        if way.when is None:
            return TRUE
        return base.condition(way.when) if way.reads <= one.known else FALSE

    def breaks(self, base: Residual, one: _Follower, value: int) -> int:
        """That a value contradicts what is stated: then it is not assumed."""
        if not one.never:
            return FALSE
        before = base.take(one.name, value)
        broken = base.circuit.any([base.condition(never) for never in one.never])
        base.take(one.name, before)
        return broken

    # --- how far evidence is trusted --------------------------------------------------------------------------------
    def grading(self, fact: str, stated: set[str]) -> list[GroundRule]:
        """The rules on the evidence of a fact that what moves bears on; none where somebody's own number stands against it."""
        if fact not in self.worlds.domains or fact in self.moving or fact not in self.worlds.unrated:
            return []
        grounded = self.worlds.evidence[fact].trace.grounded
        return [r for r in grounded.rules if bearing(grounded, r) & stated]

    def grade(self, base: Residual, graded: Mapping[str, list[GroundRule]]) -> None:
        for fact, rules in graded.items():
            group = self.worlds.evidence[fact]
            grounded = group.trace.grounded
            read = self.read(base, grounded, group.trace.values)
            states: list[tuple[tuple[GroundRule, ...], int]] = [((), TRUE)]
            for rule in rules:
                literal = self.fires(read, grounded, rule, group.trace.values)
                states = [
                    (rules_fired, when)
                    for fired, held in states
                    for rules_fired, when in (
                        ((*fired, rule), base.circuit.all((held, literal))),
                        (fired, base.circuit.all((held, -literal))),
                    )
                    if when != FALSE
                ]
            moved = {rule.key for rule in rules}
            always = [f.rule for f in group.trace.firings if f.rule.key not in moved]
            found = [
                _State(
                    when, domain=rated(self.book, self.worlds.unrated[fact], group, [*fired, *always]).domain
                )
                for fired, when in states
            ]
            self.taken[fact] = self.truth(base, fact, found)

    # --- what the chapter doubts -----------------------------------------------------------------------------------
    def effects(self, stated: set[str]) -> dict[str, list[tuple[GroundRule, Effect]]]:
        """The effects on each fact that forming makes something else of, once what moves is stated otherwise."""
        found: dict[str, list[tuple[GroundRule, Effect]]] = {}
        touched: set[str] = set()
        for rule in self.chapter.rules:
            bears = bearing(self.chapter, rule)
            for effect in effects_of(self.book, rule):
                name = effect.fact or ""
                belief = self.worlds.beliefs.get(name)
                if belief is None and name not in self.worlds.grounded.measures and name not in stated:
                    continue
                if belief is not None and belief.widened == "range" and name not in stated:
                    continue
                if belief is None and self.lacks(self.chapter, name, self.worlds.whole.values):
                    continue  # what is not known cannot be doubted: each world works it out
                found.setdefault(name, []).append((rule, effect))
                if bears & stated or name in stated or self.made_of(effect) & stated:
                    touched.add(name)
        return {name: ways for name, ways in found.items() if name in touched and self.may_fire(ways, stated)}

    def may_fire(self, ways: list[tuple[GroundRule, Effect]], stated: set[str]) -> bool:
        """Whether one of some rules fires now, or may once what moves is stated otherwise."""
        return any(rule.key in self.fired or bearing(self.chapter, rule) & stated for rule, _ in ways)

    def made_of(self, effect: Effect) -> set[str]:
        return set().union(*(below(self.chapter, name) for name in effect.values))

    def doubt(self, base: Residual, effects: Mapping[str, list[tuple[GroundRule, Effect]]]) -> None:
        if not effects:
            return
        read = self.read(base, self.chapter, self.worlds.whole.values)
        for name, ways in effects.items():
            fired = [
                (self.fires(read, self.chapter, rule, self.worlds.whole.values), effect)
                for rule, effect in ways
            ]
            self.taken[name] = partial(self.doubted, base, read, name, fired, self.taken.get(name))

    def doubted(
        self,
        base: Residual,
        read: Residual,
        name: str,
        fired: list[tuple[int, Effect]],
        before: Taken | None,
        number: Sym,
    ) -> Sym:
        """What the world holds for what is stated, once each effect had its turn where its rule fires."""
        if before is not None:
            said = before(number)
        else:
            said = number if name in self.moving else self.as_stated(read, name, number)
        spread = None if before is not None or name in self.moving else self.spread(name)
        states = [_State(TRUE, exact=said) if spread is None else _State(TRUE, domain=spread)]
        for literal, effect in fired:
            states = [
                after for one in states for after in self.after(base, read, name, one, literal, effect, said)
            ]
        return self.truth(base, name, states)(number)

    def spread(self, name: str) -> Domain | None:
        """What a fact of low confidence may be before the chapter doubts it, as stated or by its evidence; None if one value."""
        unrated = self.worlds.unrated.get(name)
        if unrated is not None:
            domain = rated(self.book, unrated, self.worlds.evidence[name]).domain
        else:
            stated = self.worlds.scenario.stated.get(name)
            if stated is None or stated.value is None or stated.confidence != "low":
                return None
            domain = around(self.book, self.type(name), stated.value, "low")
        return None if domain.is_known else domain

    def as_stated(self, read: Residual, name: str, number: Sym) -> Sym:
        """What a fact that does not move is stated to be, or worked out to be, before the chapter doubts it."""
        if name in self.chapter.measures:
            return read.variable(name)
        belief = self.worlds.beliefs.get(name)
        return number if belief is None or belief.value is None else belief.value

    def after(
        self,
        base: Residual,
        read: Residual,
        name: str,
        state: _State,
        literal: int,
        effect: Effect,
        said: Sym,
    ) -> Iterator[_State]:
        circuit = base.circuit
        quiet = circuit.all((state.when, -literal))
        if quiet != FALSE:
            yield replace(state, when=quiet)
        fired = circuit.all((state.when, literal))
        if fired != FALSE:
            yield from self.widened(base, read, name, replace(state, when=fired), effect, said)

    def widened(
        self, base: Residual, read: Residual, name: str, state: _State, effect: Effect, said: Sym
    ) -> Iterator[_State]:
        kind = self.type(name)
        if effect.kind == "one_of" and isinstance(kind, ChoiceType):
            options = [kind.code(word) for word in effect.values]
            if isinstance(state.exact, int):
                yield _State(state.when, domain=Domain.listed([*options, state.exact]))
            elif state.exact is not None:
                for value in everything(kind).values():
                    here = base.circuit.all((state.when, base.arithmetic.compare(state.exact, "==", value)))
                    if here != FALSE:
                        yield _State(here, domain=Domain.listed([*options, value]))
            else:
                values = state.domain.values() if state.domain else everything(kind).values()
                yield _State(state.when, domain=Domain.listed([*options, *values]))
        elif effect.kind == "sets":
            yield self.trusted(base, kind, state.when, effect.values[0], said)
        elif effect.kind == "spans":
            ends = [read.variable(value) for value in effect.values]
            items = [(TRUE, end) for end in ends]
            low, high = (base.arithmetic.pick(way, items, 0) for way in ("least", "greatest"))
            yield _State(state.when, ends=(low, high))
        else:
            yield state

    def trusted(self, base: Residual, kind: ValueType, when: int, confidence: str, said: Sym) -> _State:
        """What a value may be once it is trusted so far only."""
        if confidence == "unknown" or (confidence == "low" and not isinstance(kind, NumberType)):
            return _State(when, domain=everything(kind))
        if confidence != "low":
            return _State(when, exact=said)
        if isinstance(said, int):
            return _State(when, domain=around(self.book, kind, said, "low"))
        assert isinstance(kind, NumberType)
        margin = self.book.thresholds["margin_low"].value
        if kind.unit != "percent":
            return _State(when, domain=everything(kind))
        return _State(when, ends=(base.arithmetic.add(said, -margin), base.arithmetic.add(said, margin)))

    # --- the truth behind a statement ------------------------------------------------------------------------------
    def truth(self, base: Residual, name: str, states: list[_State]) -> Taken:
        """The number that the world holds; what may be several is an unknown of its own, within bounds."""
        unknown = f"{name}{DOUBTED}"
        cases: list[tuple[int, Sym]] = []
        for state in states:
            if state.exact is not None:
                cases.append((state.when, state.exact))
            elif state.domain is not None and state.domain.is_known:
                cases.append((state.when, state.domain.lo))
            else:
                cases.append((state.when, base.arithmetic.unknown(unknown)))
                self.bounds.append((state.when, unknown, state))
        found = base.arithmetic.cases(cases)
        return lambda _: found

    def outside(self, residual: Residual, when: int, truth: str, state: _State) -> int:
        """That a doubted fact lies where it may not be."""
        arithmetic, number = residual.arithmetic, residual.arithmetic.unknown(truth)
        if state.ends is not None:
            inside = residual.circuit.all(
                (arithmetic.at_least(number, state.ends[0]), arithmetic.at_least(state.ends[1], number))
            )
        else:
            assert state.domain is not None
            inside = within(residual, truth, state.domain)
        return residual.circuit.all((when, -inside))

    # --- what means something --------------------------------------------------------------------------------------
    def gate(self, base: Residual, gates: set[str]) -> None:
        """With a gate closed, what it gates is not looked at."""
        for gate in gates:
            opened = base.arithmetic.at_least(base.variable(gate), 1)
            self.hangs_on.append(opened)
            closed = {
                n: self.type(n).lo
                for n in self.worlds.grounded.inputs
                if gate_of(self.book, n.split("[")[0]) == gate
            }
            for name, lowest in {**closed, **gated_measures(self.worlds, gate)}.items():
                self.taken[name] = self.behind(base, opened, lowest, self.taken.get(name))

    @staticmethod
    def behind(base: Residual, opened: int, lowest: int, before: Taken | None) -> Taken:
        return lambda number: base.arithmetic.choose(
            opened, number if before is None else before(number), lowest
        )

    # --- reading the chapter ----------------------------------------------------------------------------------------
    def read(self, base: Residual, grounded: Grounded, values: Mapping[str, int]) -> Residual:
        """A table of the chapter over what is stated. A value that nobody gave is read as its least; see `fires`."""
        domains = {
            name: self.moving.get(name) or Domain.known(values.get(name, grounded.variables[name].type.lo))
            for name in grounded.inputs
        }
        return Residual(
            Prover.from_grounded(grounded).table, domains, self.budget, beside=base,
            taken={n: t for n, t in self.taken.items() if n in grounded.inputs},
        )  # fmt: skip

    def fires(self, read: Residual, grounded: Grounded, rule: GroundRule, values: Mapping[str, int]) -> int:
        """The literal that a rule fires; what reads a value that nobody gave does not hold."""

        def holds(ways: tuple[tuple[object, ...], ...]) -> int:
            return read.circuit.any(
                [
                    read.circuit.all([read.condition(test) for test in way])  # type: ignore[arg-type]
                    for way in ways
                    if not any(self.lacks(grounded, n, values) for test in way for n in reads(test))  # type: ignore[arg-type]
                ]
            )

        fires = read.circuit.all((holds(rule.alternatives), -holds(rule.defeats)))
        self.hangs_on.append(fires)
        return fires

    def lacks(self, grounded: Grounded, name: str, values: Mapping[str, int]) -> bool:
        if name in grounded.measures:
            return any(self.lacks(grounded, n, values) for n in reads(grounded.measures[name]))
        return name in grounded.inputs and name not in self.moving and name not in values


def within(residual: Residual, name: str, domain: Domain) -> int:
    """The literal that an unknown lies in a domain."""
    circuit = residual.circuit
    points = domain.points
    if isinstance(points, range) and points.step == 1:
        return circuit.all((circuit.at_least(name, domain.lo), -circuit.at_least(name, domain.hi + 1)))
    return circuit.any(
        [circuit.all((circuit.at_least(name, value), -circuit.at_least(name, value + 1))) for value in points]
    )


__all__ = ["DOUBTED", "Restated", "restated", "within"]
