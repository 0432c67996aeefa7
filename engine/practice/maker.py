"""Makes up communities that fit a wish: drawn at random, then mended by the solver where the wish or sense asks for it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import Place, UserError, mistake
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.formulas import Condition, Missing, holds
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.language.values import read_value
from sharedvalue.engine.practice.drawing import Draw
from sharedvalue.engine.practice.made_up import Community, named, worlds_of
from sharedvalue.engine.practice.material import FILE, Material
from sharedvalue.engine.readings.prove import FALSE, Residual, Session, Steps
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.worlds import Worlds

SECONDS = 10.0
DRAWS = 60  # until what was drawn blindly can be
ROUNDS = 8  # times that all forms are tried


@dataclass(frozen=True)
class Wish:
    """What must hold in a community: rules that fire (a branch of the choice: that decides), conditions, an outcome or not."""

    rule: str = ""
    holds: tuple[Written, ...] = ()
    outcome: str = ""
    not_outcome: str = ""


Form = Mapping[str, tuple[Mapping[str, str], ...]]  # of each list, the records and what is given of them
THIRDS = {"low": 0, "middle": 1, "high": 2}  # of what a value may be, where a form says so of a record


class Impossible(Exception):
    """A form of community in which the wish cannot hold."""


class Maker:
    """Makes communities from one stream of random numbers: the same recipe and seed give the same ones."""

    def __init__(self, book: RuleBook, about: Material, recipe: str, seed: int) -> None:
        self.book, self.about, self.seed = book, about, seed
        self.rng = random.Random(f"{recipe} {seed}")
        self.moved: Mapping[str, float] = {}

    # --- drawing ------------------------------------------------------------------------------------------------
    def forms(self) -> list[Form]:
        """All forms in a random order; those with unusual lists, which few rules read, come last."""
        lists = self.about.lists
        usual = [
            dict(zip(lists, forms, strict=True))
            for forms in product(*(one.forms[: one.usual] for one in lists.values()))
        ]
        self.rng.shuffle(usual)
        unusual = [{**usual[0], name: form} for name, one in lists.items() for form in one.forms[one.usual :]]
        return [*usual, *unusual]

    def drawn(self, form: Form) -> Community:
        """A community as chance has it; facts that move together in life are drawn near each other."""
        self.moved = {
            name: self.rng.random() for name in sorted({d.moves for d in self.about.draws.values()} - {""})
        }
        counted = {n for name, one in self.about.lists.items() if form[name] for n in one.instead_of}
        values = {n: self.pick(d) for n, d in self.about.draws.items() if "." not in n and n not in counted}
        texts: dict[str, str] = {}
        records: dict[str, tuple[str, ...]] = {}
        for listed, one in self.about.lists.items():
            if form[listed] or one.empty:
                self._records(listed, form[listed], values, texts, records)
        return Community(self.counted(values), records, texts, {}, seed=self.seed)

    def pick(self, draw: Draw) -> int:
        return draw.pick(self.rng, self.moved, self.about.spread)

    def _records(
        self,
        listed: str,
        given: Sequence[Mapping[str, str]],
        values: dict[str, int],
        texts: dict[str, str],
        records: dict[str, tuple[str, ...]],
    ) -> None:
        kind, key = self.book.facts[listed].type, self.about.lists[listed].key
        assert isinstance(kind, RecordsType)
        records[listed] = tuple(record[key] for record in given)
        for position, record in enumerate(given):
            for spec in kind.fields:
                name = f"{listed}[{position}].{spec.name}"
                said, draw = record.get(spec.name, ""), self.about.draw(name)
                if spec.key or spec.name == key:
                    texts[name] = record[key]
                elif said in THIRDS and draw is not None:
                    values[name] = self.pick(draw.third(THIRDS[said]))
                elif said:
                    values[name] = self._given(name, said)
                elif draw is not None:
                    values[name] = self.pick(draw)

    def _given(self, name: str, said: str) -> int:
        kind = type_of(self.book, name)
        value = None if kind is None else read_value(Text(said, Place(FILE)), kind)
        if not isinstance(value, int):
            raise mistake("SV302", FILE, f"'{said[:60]}' is no value of {name}", "Change it below 'lists'.")
        return value

    def counted(self, values: Mapping[str, int]) -> dict[str, int]:
        """The values with the totals of lists counted, where records are given."""
        found = dict(values)
        for name, one in self.about.lists.items():
            if one.total is not None:
                fact, field = one.total
                parts = [v for n, v in values.items() if n.startswith(f"{name}[") and n.endswith(f".{field}")]
                found |= {fact: sum(parts)} if parts else {}
        return found

    def totals(self, form: Form) -> frozenset[str]:
        """The facts that are counted from the lists of a form."""
        return frozenset(one.total[0] for name, one in self.about.lists.items() if one.total and form[name])

    @property
    def all_totals(self) -> frozenset[str]:
        return frozenset(one.total[0] for one in self.about.lists.values() if one.total)

    def unsaid(self, found: Community, decision: Decision) -> list[str]:
        """The facts that nobody would state of a community, or that are not known in it, by chance."""
        translator, names = Translator(self.book, "world", decision.worlds.shape), list[str]()
        for entry in self.about.quiet:
            holding = entry.when is None or self.true(
                translator.condition(entry.when.node, {}), found, decision.trace.values
            )
            if holding and self.rng.randrange(100) < entry.chance:
                told = found.values.keys() | found.records.keys()
                names += [name for name in entry.facts if name in told and not self.needed(name)]
        return list(dict.fromkeys(names))

    # --- making -------------------------------------------------------------------------------------------------
    def make(self, wish: Wish) -> Community | None:
        """A community in which the wish holds; None when none of the forms allows it, or the budget ran out."""
        forms = self.forms()
        for _ in range(ROUNDS):
            for form in list(forms):
                try:
                    found = self.fitted(form, wish)
                except Impossible:
                    forms.remove(form)
                    continue
                if found is not None:
                    return found
        return None

    def sponsored(self, drawn: Community) -> Community:
        """The community with a sponsor, where the rule book has a fact for that."""
        sponsor = self.book.outcomes.recording.sponsor
        return drawn.with_value(sponsor, 1) if sponsor else drawn

    def needed(self, name: str) -> bool:
        """Whether a fact must be given: which others are asked for hangs on it, so it is never left out."""
        return name in self.book.facts and self.book.facts[name].required

    def possible(self, form: Form) -> tuple[Community, Worlds] | None:
        """A drawn community, with a sponsor, that can be."""
        for _ in range(DRAWS):
            drawn = self.drawn(form)
            try:
                return drawn, worlds_of(self.sponsored(drawn), self.book)
            except UserError:
                continue
        return None

    def fitted(self, form: Form, wish: Wish) -> Community | None:
        """What was drawn, with as few values changed as the wish and sense ask for."""
        start = self.possible(form)
        if start is None:
            return None
        drawn, worlds = start
        domains = dict(worlds.domains)
        for name in domains:
            draw = self.about.draw(name)
            if self.as_drawn(name) or name in self.totals(form):
                domains[name] = Domain.known(drawn.values[name])
            elif draw is not None:
                domains[name] = Domain.listed(draw.values)
        budget = Steps(SECONDS)
        residual = Residual(
            Prover.from_grounded(worlds.grounded).table, domains, budget, more=self.unread(drawn, domains)
        )
        session = Session(residual, budget)
        session.require(*(-self.condition(session, worlds, written) for written in self.about.never))
        literals = self.literals(session, worlds, wish)
        if FALSE in literals or session.ask(*literals).cannot:
            if not self.totals(form):
                raise Impossible  # with groups, it may be their sizes
            return None
        session.require(*literals)
        unlikely = [one.never for one in self.book.unlikely if not one.records] + list(self.about.sense)
        self._avoid(session, [-self.condition(session, worlds, strange) for strange in unlikely])
        pinned = {n: drawn.values[n] for n in sorted(residual.unknowns) if n in drawn.values}
        values = self.mended(session, pinned)
        return None if values is None else self.consistent(self.tale(self.taken(drawn, values), worlds))

    def _avoid(self, session: Session, literals: Sequence[int]) -> None:
        """Requires those literals that can hold beside the ones before them, many at once where that can be."""
        if not literals:
            return
        if session.can(*literals):
            session.require(*literals)
        elif len(literals) > 1:
            half = len(literals) // 2
            self._avoid(session, literals[:half])
            self._avoid(session, literals[half:])

    def unread(self, drawn: Community, domains: Mapping[str, Domain]) -> Mapping[str, Domain]:
        """What may be said of facts on which the decision does not turn: the solver takes them too, so that all fit together."""
        draws = {name: self.about.draw(name) for name in drawn.values if name not in domains}
        return {
            name: Domain.listed(draw.values)
            for name, draw in draws.items()
            if draw is not None and not self.as_drawn(name)
        }

    def tale(self, found: Community, worlds: Worlds) -> Community:
        """The community with a tale that fits it, by which those in its lists are named."""
        translator = Translator(self.book, "world", worlds.shape)
        fitting = [
            tale.words
            for tale in self.about.tales
            if tale.when is None or self.true(translator.condition(tale.when.node, {}), found, worlds.known)
        ]
        among = fitting or [tale.words for tale in self.about.tales]
        tale = among[self.seed % len(among)]  # one after the other, so that the next case is about others
        texts = {name: named(text, tale) for name, text in found.texts.items()}
        records = {name: tuple(named(key, tale) for key in keys) for name, keys in found.records.items()}
        return replace(found, tale=tale, texts=texts, records=records)

    def as_drawn(self, name: str) -> bool:
        """Whether it is what others are weighed by, and so stays as drawn: then measures stay linear."""
        parts = name_of(name)
        return parts is not None and f"{parts.fact}.{parts.field}" in self.about.as_drawn

    def true(self, condition: Condition, found: Community, known: Mapping[str, int]) -> bool:
        """Whether a condition holds of what was drawn, beside what is known; one that reads what is not there does not."""
        try:
            return holds(condition, {**known, **found.values})
        except Missing:
            return False

    def consistent(self, found: Community) -> Community | None:
        """The community, where nothing in it is in doubt."""
        try:
            return None if worlds_of(found, self.book).open else found
        except UserError:
            return None

    def mended(self, session: Session, drawn: dict[str, int]) -> dict[str, int] | None:
        """Drawn values that can all hold: what stands against those before it gives way, and is drawn again.

        Only whether there is a world is asked of the solver, never which: so the same seed gives the same values.
        """
        names = sorted(drawn)
        self.rng.shuffle(names)
        names.sort(key=lambda name: not self.needed(name))  # what most hangs on comes first
        pinned: dict[str, int] = {}
        gave_way = self._pin(session, names, drawn, pinned)
        for name in gave_way:
            found = next(
                (
                    value
                    for value in self._near(name, drawn[name])
                    if session.can(given={**pinned, name: value})
                ),
                None,
            )
            if found is None:
                return None
            pinned[name] = found
        return pinned

    def _near(self, name: str, start: int) -> list[int]:
        """The values that a fact may be drawn from, those about where it was first, not strictly in order."""
        draw = self.about.draw(name)
        assert draw is not None
        values = sorted(set(draw.values))
        reach = max((values[-1] - values[0]) * self.about.spread, 1)
        return sorted(values, key=lambda value: abs(value - start) + self.rng.uniform(0, reach))

    def _pin(
        self, session: Session, names: list[str], drawn: Mapping[str, int], pinned: dict[str, int]
    ) -> list[str]:
        """Pins values one after the other, many at once where that can be; returns those that cannot hold."""
        if session.can(given={**pinned, **{n: drawn[n] for n in names}}):
            pinned.update((n, drawn[n]) for n in names)
            return []
        if len(names) == 1:
            return names
        half = len(names) // 2
        return [
            *self._pin(session, names[:half], drawn, pinned),
            *self._pin(session, names[half:], drawn, pinned),
        ]

    def taken(self, drawn: Community, values: Mapping[str, int]) -> Community:
        merged = self.counted({**drawn.values, **values})
        return Community(merged, drawn.records, drawn.texts, drawn.tale, seed=self.seed)

    # --- wishes -------------------------------------------------------------------------------------------------
    def literals(self, session: Session, worlds: Worlds, wish: Wish) -> list[int]:
        residual, names = session.residual, self.book.outcome_names
        found = [self.condition(session, worlds, written) for written in wish.holds]
        if wish.rule:
            branches = [b for b in worlds.grounded.branches if b.rule == wish.rule]
            if branches:
                found.append(residual.circuit.any([residual.places.get(b.place, FALSE) for b in branches]))
            else:
                rules = [rule for rule in worlds.grounded.rules if rule.rule == wish.rule]
                found.append(self._one_of(session, rules))
        if wish.outcome:
            found.append(residual.outcomes.get(names.index(wish.outcome), FALSE))
        if wish.not_outcome:
            found.append(-residual.outcomes.get(names.index(wish.not_outcome), FALSE))
        return found

    def _one_of(self, session: Session, rules: Iterable[GroundRule]) -> int:
        """One of some rules fires: one part of it, chosen at random, so that all its parts come up."""
        ways = []
        for rule in rules:
            fires = session.condition(rule.when)
            if rule.unless is not None:
                fires = session.residual.circuit.all([fires, -session.condition(rule.unless)])
            if fires != FALSE:
                ways.append(fires)
        self.rng.shuffle(ways)
        for way in ways:
            if session.can(way):
                return way
        return FALSE

    def condition(self, session: Session, worlds: Worlds, written: Written) -> int:
        return session.condition(Translator(self.book, "world", worlds.shape).condition(written.node, {}))
