"""A scenario becomes the worlds that it allows: for every value that the rules read, what it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sharedvalue.engine.errors import Place, Problem, UserError
from sharedvalue.engine.language.addresses import fact_of, name_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import reads
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated, supposing
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import MapType, NumberType, RecordsType, ValueType, say
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import chapter
from sharedvalue.engine.worlds.applying import Given
from sharedvalue.engine.worlds.assuming import assumables
from sharedvalue.engine.worlds.belief import Belief, between, everything, settle
from sharedvalue.engine.worlds.chapter import Group
from sharedvalue.engine.worlds.following import broken, with_first_measures


@dataclass(frozen=True)
class Worlds:
    """All that a scenario allows. `domains` holds every input of the grounded table; `beliefs` what stands behind each."""

    book: RuleBook
    scenario: Scenario
    grounded: Grounded
    domains: Mapping[str, Domain]
    beliefs: Mapping[str, Belief]
    evidence: Mapping[str, Group]
    whole: Trace
    assumed: Mapping[str, int]
    ignored: tuple[str, ...]
    noticed: tuple[str, ...]  # while the case was formed
    shape: Shape = field(default_factory=Shape)
    unrated: Mapping[str, Belief] = field(
        default_factory=dict
    )  # what evidence bears on, before it was weighed
    read: Scenario | None = None  # the scenario as it was read, with what means nothing here
    read_shape: Shape = field(default_factory=Shape)  # the shape before the chapter doubted any measure

    @cached_property
    def given_values(self) -> Mapping[str, int]:
        """What the case states as one value: what an assumption may hang on."""
        return {n: b.value for n, b in self.beliefs.items() if b.origin == "given" and b.value is not None}

    @cached_property
    def open(self) -> tuple[str, ...]:
        """The values that may be more than one thing."""
        return tuple(name for name, domain in self.domains.items() if not domain.is_known)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a person is told beside the answer: what was noticed, and what is possible and does not fit together.

        Worked out only where somebody reads it: a case is formed anew hundreds of times for one answer.
        """
        return (*self.noticed, *self.unlikely())

    def unlikely(self) -> Iterator[str]:
        """A warning for all that is possible and does not fit together; it decides nothing."""
        stated = {n: b for n, b in self.beliefs.items() if b.origin != "assumed"}
        given = Given(self.book, self.scenario, self.shape, stated)
        for constraint, names in given.unlikely():
            told = [self.book.facts[name].short if name in self.book.facts else name for name in names]
            yield f"{constraint.because} These do not fit; ask again: {', '.join(told)}."

    @cached_property
    def meaningless(self) -> frozenset[str]:
        """The facts that mean nothing here, as far as is known: nobody is told to change them."""
        return frozenset(
            Given(self.book, self.scenario, self.shape, self.beliefs, self.domains).meaningless()
        )

    @cached_property
    def unasked(self) -> frozenset[str]:
        """Those of them that nobody gave: neither asked nor told of."""
        return self.meaningless - set(self.scenario.stated) - set(self.scenario.records)

    def is_unknown(self, fact: str) -> bool:
        """Whether a fact applies and nothing says what it is."""
        belief = self.beliefs.get(fact)
        unsaid = belief is None or belief.widened in ("unknown", "evidence too old")
        return unsaid and fact in self.open and fact not in self.unasked

    def is_in_doubt(self, fact: str) -> bool:
        """Whether a fact applies and may be more than one thing."""
        return fact in self.open and fact not in self.unasked

    def evidenced(self, fact: str) -> bool:
        """Whether a value rests on evidence, or on a count that somebody stands by, and is no bare guess."""
        belief = self.beliefs.get(fact)
        return belief is not None and belief.confidence in ("medium", "high")

    @cached_property
    def margins(self) -> Mapping[str, Domain]:
        """The values that are taken as they are, though their confidence leaves a margin."""
        return {
            n: b.margin
            for n, b in self.beliefs.items()
            if b.margin is not None and n in self.domains and self.domains[n].is_known
        }

    @cached_property
    def typical(self) -> Mapping[str, int]:
        """A value for each open one: none where a list was left out, the stated one, else what the rule book calls typical, or
        the middle of what it may be."""
        found: dict[str, int] = {}
        for name in sorted(self.open, key=lambda n: fact_of(n) in self.book.facts):
            belief, measure = self.beliefs.get(name), self.book.measures.get(name)
            if measure is not None and measure.unknown is not None and name not in self.book.facts:
                found[name] = measure.unknown[0]
            elif belief is not None and belief.value is not None:
                found[name] = belief.value
            else:
                typical, domain = self.typical_of(name), self.domains[name]
                found[name] = typical if typical is not None and domain.contains(typical) else domain.middle
        return found

    def typical_of(self, name: str) -> int | None:
        """What the rule book calls a typical value of a fact or of a field of a record; None where it does not."""
        parts = name_of(name)
        fact = self.book.facts.get(parts.fact) if parts is not None else None
        if fact is None or parts is None or not isinstance(fact.type, RecordsType):
            return fact.typical if fact is not None else None
        spec = fact.type.field(parts.field)
        return spec.typical if spec is not None else None

    @cached_property
    def known(self) -> Mapping[str, int]:
        return {name: domain.lo for name, domain in self.domains.items() if domain.is_known}


def of_itself(book: RuleBook, name: str) -> bool:
    """Whether it is what a record would say of itself, in a map over its own list: nobody is asked that."""
    parts = name_of(name)
    return (
        parts is not None
        and parts.entry is not None
        and parts.entry == parts.record
        and book.entry_lists.get(f"{parts.fact}.{parts.field}") == parts.fact
    )


def form(book: RuleBook, scenario: Scenario) -> Worlds:
    """The worlds of a scenario.

    Raises:
        UserError: SV207 where what is given cannot be, SV901 where a list is too long.
    """
    return _Former(book, scenario).form()


def suppose(worlds: Worlds, changes: Mapping[str, Domain]) -> Worlds:
    """The worlds of a case in which some facts are stated otherwise: the case is formed anew, and a value that is given
    exactly stands, whatever its evidence says.

    Raises:
        UserError: SV207 where what is given then cannot be.
    """
    scenario = worlds.read or worlds.scenario
    kinds = {name: _kind(worlds, name) for name in changes}
    stated = {name: _statement(kinds[name], domain) for name, domain in changes.items()}
    supposed = replace(
        scenario, stated={**scenario.stated, **stated}, types={**scenario.types, **kinds}, warnings=()
    )
    return form(worlds.book, supposing(supposed, changes))


def misfits(before: Worlds, after: Worlds) -> frozenset[str]:
    """The rules that find readings which do not fit after a change, and did before."""
    found = {firing.rule.rule for firing in before.whole.firings}
    return frozenset(
        firing.rule.rule
        for firing in after.whole.firings
        if firing.rule.rule not in found
        and any(effect.kind == "spans" for effect in chapter.effects_of(after.book, firing.rule))
    )


def _kind(worlds: Worlds, name: str) -> ValueType:
    variable = worlds.grounded.variables.get(name)
    return variable.type if variable is not None else worlds.scenario.types[name]


def _statement(kind: ValueType, domain: Domain) -> Stated:
    place = Place("what is supposed")
    if domain.is_known:
        return Stated("known", (domain.lo,), "", place)
    if isinstance(kind, NumberType) and isinstance(domain.points, range) and domain.points.step == 1:
        return Stated("range", (domain.lo, domain.hi), "", place)
    return Stated("listed", tuple(domain.points), "", place)


def gate_of(book: RuleBook, fact: str) -> str | None:
    """The fact without which another means nothing."""
    return book.facts[fact].applies_when if fact in book.facts else None


def gate_facts(book: RuleBook) -> frozenset[str]:
    return frozenset(gate for fact in book.facts if (gate := gate_of(book, fact)) is not None)


def gated_measures(worlds: Worlds, gate: str) -> dict[str, int]:
    """The measures over lists that a gate closes, with what they are then."""
    found = {}
    for name, measure in worlds.book.measures.items():
        if name in worlds.grounded.variables and any(
            gate_of(worlds.book, listed) == gate for listed in measure.lists
        ):
            found[name] = measure.unknown[0] if measure.unknown else worlds.grounded.variables[name].type.lo
    return found


class _Former:
    def __init__(self, book: RuleBook, scenario: Scenario) -> None:
        self.book = book
        self.whole_scenario = scenario
        self.ignored = self.not_applicable(scenario)
        self.scenario = self.without(scenario, self.ignored)
        self.shape = self.read_shape = self.shape_of(self.scenario)
        self.assumed: dict[str, int] = {}
        self.unrated: dict[str, Belief] = {}
        self.warnings: list[str] = list(scenario.warnings)
        if self.ignored:
            self.warnings.append(f"ignored, since they mean nothing here: {', '.join(self.ignored)}")

    # --- what applies -----------------------------------------------------------------------------------------
    def gate_closed(self, scenario: Scenario, fact: str) -> bool:
        gate = self.book.facts[fact].applies_when if fact in self.book.facts else None
        stated = scenario.stated.get(gate) if gate else None
        return stated is not None and stated.values == (0,)

    def not_applicable(self, scenario: Scenario) -> tuple[str, ...]:
        given = [*scenario.stated, *(name for name, keys in scenario.records.items() if keys)]
        names = dict.fromkeys(fact_of(name) for name in given)
        return tuple(name for name in names if self.gate_closed(scenario, name))

    def without(self, scenario: Scenario, names: tuple[str, ...]) -> Scenario:
        """The scenario without what means nothing here, and without what it calls unknown: that says nothing."""
        told = {n: s for n, s in scenario.stated.items() if s.kind != "unknown"}
        stated = {n: s for n, s in told.items() if fact_of(n) not in names}
        records = {n: k for n, k in scenario.records.items() if not self.gate_closed(scenario, n)}
        return replace(scenario, stated=stated, records=records)

    def shape_of(self, scenario: Scenario) -> Shape:
        lists = [
            f.name for f in self.book.facts.values() if isinstance(f.type, RecordsType) and not f.top_level
        ]
        counts = tuple((name, scenario.counts[name]) for name in lists if name in scenario.counts)
        given = frozenset(
            name for name, s in scenario.stated.items() if name in self.book.measures and s.kind != "unknown"
        )
        filled = {_field_of(name) for name in scenario.stated}
        lacking = set()
        for name, count in counts:
            kind = self.book.facts[name].type
            assert isinstance(kind, RecordsType)
            for spec in kind.fields:
                if isinstance(spec.type, MapType) and scenario.counts.get(spec.type.list) == 0:
                    continue  # a value for each of none: nothing lacks
                if count and f"{name}.{spec.name}" not in filled:
                    lacking.add(f"{name}.{spec.name}")
        return Shape(counts, given, frozenset(lacking))

    # --- beliefs ----------------------------------------------------------------------------------------------
    def form(self) -> Worlds:
        grounded = ground(self.book, "world", self.shape)
        beliefs = {
            name: self.stated(name, stated)
            for name, stated in self.scenario.stated.items()
            if not name.startswith("evidence[")
        }
        self.assume(beliefs, grounded)
        known = self.with_measures(beliefs, grounded)
        evidence: dict[str, Group] = {}
        for fact, items in chapter.groups(self.scenario).items():
            if not self.gate_closed(self.scenario, fact):
                evidence[fact] = group = chapter.read_group(self.book, self.scenario, fact, items, known)
                self.weigh(fact, group, beliefs)
        if evidence:
            known = self.with_measures(beliefs, grounded)
        whole = chapter.read_whole(self.book, self.shape, known)
        for firing in whole.firings:  # a measure that the chapter doubts becomes a value of its own
            self.open_up(firing.rule.rule, firing.rule.part, beliefs, known)
        beliefs = chapter.touched(self.book, beliefs, whole)
        beliefs.update(self.taken_exactly(beliefs))
        given = frozenset(n for n, b in beliefs.items() if n in self.book.measures and b.origin != "left out")
        if not given <= self.shape.given:
            self.shape = replace(self.shape, given=self.shape.given | given)
            grounded = ground(self.book, "world", self.shape)
        domains = {name: self.domain(name, beliefs, grounded) for name in grounded.inputs}
        worlds = Worlds(
            self.book,
            self.scenario,
            grounded,
            domains,
            beliefs,
            evidence,
            whole,
            dict(self.assumed),
            self.ignored,
            tuple(self.warnings + self.beside(beliefs) + self.disagreements(beliefs)),
            self.shape,
            self.unrated,
            self.whole_scenario,
            self.read_shape,
        )
        self.check(worlds)
        return worlds

    def stated(self, name: str, stated: Stated) -> Belief:
        kind = self.scenario.types[name]
        if stated.kind == "known":
            value, confidence = stated.values[0], stated.confidence
            belief = Belief(name, kind, value, Domain.known(value), "given", confidence, word=stated.word)
            return settle(self.book, belief)
        if stated.kind == "range":
            return Belief(
                name, kind, None, between(kind, *stated.values), "given", stated.confidence, "range"
            )
        if stated.kind == "listed":
            domain = Domain.listed(stated.values)
            return Belief(
                name,
                kind,
                domain.lo if domain.is_known else None,
                domain,
                "given",
                stated.confidence,
                "" if domain.is_known else "range",
            )
        return Belief(name, kind, None, everything(kind), "left out", "", "unknown")

    def assume(self, beliefs: dict[str, Belief], grounded: Grounded) -> None:
        known = self.known(beliefs)
        for one in assumables(self.book, grounded, self.shape):
            if one.name in beliefs or self.gate_closed(self.scenario, one.name):
                continue
            value = one.applies(known)
            if value is not None:
                known[one.name] = self.assumed[one.name] = value
                beliefs[one.name] = Belief(one.name, one.type, value, Domain.known(value), "assumed")

    def weigh(self, fact: str, group: Group, beliefs: dict[str, Belief]) -> None:
        """What is believed of a fact with evidence: what the evidence reads, unless somebody says why their own number stands.

        A range of somebody's own stands where the reading lies in it.
        """
        kind: ValueType = self.book.facts[fact].type  # type: ignore[assignment]  # evidence bears on value facts only
        belief = beliefs.get(fact)
        read = chapter.reading(self.book, self.scenario, group, kind)
        stated = self.scenario.stated.get(fact)
        own = (
            belief.domain
            if belief is not None and belief.origin != "assumed" and stated is not None
            else None
        )
        if own is not None and stated is not None and stated.kind == "known":
            own = Domain.known(stated.values[0])
        against = stated.against_evidence if stated is not None else ""
        if belief is not None and against:
            beliefs[fact] = replace(
                belief, items=group.items, estimate=own, against=against,
                reading=read.value if read else None, counts_for=read.counts_for if read else None,
            )  # fmt: skip
            return
        decides = read is not None and (
            own is None or own.is_known or not own.lo <= read.counts_for <= own.hi
        )
        if read is not None and decides:
            self.assumed.pop(fact, None)
            word = belief.word if belief is not None and own == Domain.known(read.counts_for) else ""
            belief = Belief(fact, kind, read.counts_for, Domain.known(read.counts_for), "evidence", word=word)
        elif (
            belief is not None
            and belief.confidence
            and belief.value is not None
            and belief.origin != "assumed"
        ):
            self.warnings.append(
                f"{fact}: the confidence follows from its evidence, not from 'confidence: {belief.confidence}'"
            )
        if belief is None:
            return
        if read is not None:
            belief = replace(belief, estimate=own, reading=read.value, counts_for=read.counts_for)
        self.unrated[fact] = replace(
            belief,
            domain=belief.domain
            if belief.widened == "range" or belief.value is None
            else Domain.known(belief.value),
            widened=belief.widened if belief.value is None else "",
        )
        beliefs[fact] = chapter.rated(self.book, self.unrated[fact], group)

    def taken_exactly(self, beliefs: Mapping[str, Belief]) -> dict[str, Belief]:
        """What is supposed against its evidence: one value, said without a confidence."""
        found = {}
        for name, stated in self.scenario.stated.items():
            belief = beliefs.get(name) if stated.supposed else None
            if belief and belief.items and stated.value is not None and not stated.confidence:
                found[name] = Belief(name, belief.type, stated.value, Domain.known(stated.value), "given")
        return found

    def known(self, beliefs: Mapping[str, Belief]) -> dict[str, int]:
        return {name: belief.value for name, belief in beliefs.items() if belief.value is not None}

    def with_measures(self, beliefs: Mapping[str, Belief], grounded: Grounded) -> dict[str, int]:
        """What is known, with every measure that follows from it alone."""
        return with_first_measures(self.known(beliefs), grounded)

    def open_up(self, rule: str, part: str, beliefs: dict[str, Belief], known: Mapping[str, int]) -> None:
        block = next(b for b in self.book.rules[rule].blocks if b.part == part)
        for effect in block.effects:
            name = effect.fact or ""
            if name not in beliefs and name in known and name in self.book.measures:
                value = known[name]
                beliefs[name] = Belief(
                    name, self.book.measures[name].type, value, Domain.known(value), "given"
                )

    def domain(self, name: str, beliefs: Mapping[str, Belief], grounded: Grounded) -> Domain:
        belief = beliefs.get(name)
        if belief is not None:
            return belief.domain
        variable = grounded.variables[name]
        if self.gate_closed(self.scenario, fact_of(name)) or of_itself(self.book, name):
            return Domain.known(variable.type.lo)
        measure = self.book.measures.get(name)
        if measure is not None and any(self.gate_closed(self.scenario, listed) for listed in measure.lists):
            return Domain.known(measure.unknown[0] if measure.unknown else variable.type.lo)
        if measure is not None and measure.unknown is not None and name not in self.book.facts:
            return (
                between(measure.type, *measure.unknown)
                if isinstance(measure.type, NumberType)
                else Domain.span(*measure.unknown)
            )
        return everything(variable.type)

    def beside(self, beliefs: Mapping[str, Belief]) -> list[str]:
        """A sentence for each number of somebody's own that lies beside a reading of evidence and is another."""
        found = []
        for name, belief in beliefs.items():
            own, counts = belief.estimate, belief.counts_for
            if own is None or counts is None or (own.is_known and own.lo == counts):
                continue
            said = (
                say(own.lo, belief.type)
                if own.is_known
                else f"{say(own.lo, belief.type)} to {say(own.hi, belief.type)}"
            )
            title = self.book.facts[name].short if name in self.book.facts else name
            reads = say(belief.reading if belief.reading is not None else counts, belief.type)
            worth = "" if belief.reading == counts else f" and counts for {say(counts, belief.type)}"
            evidence = f"the evidence, which reads {reads}{worth}"
            apart = f"{belief.apart} than {evidence}" if belief.apart else f"beside {evidence}"
            if belief.against:
                found.append(f"{title}: your {said} stands, {apart}: {belief.against}")
            elif belief.origin == "evidence":
                found.append(
                    f"{title}: you say {said}, {apart}. The evidence decides. "
                    "If your number should stand, say why."
                )
        return found

    # --- checks -----------------------------------------------------------------------------------------------
    def disagreements(self, beliefs: Mapping[str, Belief]) -> list[str]:
        """A warning for each measure that was given and would come out differently from its list."""
        found = []
        both = [n for n in self.shape.given if n in self.book.measures and n in self.scenario.stated]
        if not both:
            return []
        bare = ground(self.book, "world", replace(self.shape, given=frozenset()))
        values = self.with_measures({n: b for n, b in beliefs.items() if n not in both}, bare)
        for name in both:
            given = beliefs[name]
            if (
                name in bare.measures
                and name in values
                and given.value is not None
                and values[name] != given.value
            ):
                said, computed = say(given.value, given.type), say(values[name], given.type)
                found.append(f"{name} is given as {said}; the list gives {computed}. The given value counts.")
        return found

    def check(self, worlds: Worlds) -> None:
        known = with_first_measures(worlds.known, worlds.grounded)
        problems = []
        for constraint in broken(known, worlds.grounded):
            written = next(c for c in self.book.constraints if c.name == constraint.name)
            names = [n for n in dict.fromkeys(reads(constraint.never)) if n in self.scenario.stated]
            place = self.scenario.stated[names[-1]].place if names else Place(self.scenario.file)
            values = ", ".join(
                f"{self.scenario.address(n)} = {say(known[n], worlds.grounded.variables[n].type)}"
                for n in names
            )
            problems.append(Problem("SV207", place, f"this cannot be: {values}", written.because))
        if problems:
            raise UserError(problems)


def _field_of(name: str) -> str:
    """The list and field that a value belongs to: needs.serves of needs[0].serves[1]."""
    parts = name_of(name)
    return name if parts is None else f"{parts.fact}.{parts.field}"
