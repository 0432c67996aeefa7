"""The rows of a table in batches that can be read together: one grounded table each, with what is known and open in each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from sharedvalue.engine.errors import Problem, UserError
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import And, Condition, Missing, Not, holds, number, reads
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.scenario import Scenario
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.portfolio_patterns import Patterns
from sharedvalue.engine.questions.portfolio_rows import Portfolio, value_of
from sharedvalue.engine.worlds import Worlds, chapter, form
from sharedvalue.engine.worlds.belief import everything, settle


@dataclass
class Batch:
    """Rows that share a grounded table. `values` holds a world of each row, `open` what may be otherwise in it."""

    worlds: Worlds
    rows: list[int] = field(default_factory=list)
    values: list[dict[str, int]] = field(default_factory=list)
    open: list[Mapping[str, Domain]] = field(default_factory=list)

    def domains(self) -> dict[str, Domain]:
        """What each input may be in some row: from its lowest to its highest."""
        spans = {
            n: [min(c), max(c)] for n in self.worlds.grounded.inputs if (c := [v[n] for v in self.values])
        }
        for domains in {id(one): one for one in self.open}.values():
            for name, domain in domains.items():
                if name in spans:
                    spans[name] = [min(spans[name][0], domain.lo), max(spans[name][1], domain.hi)]
        return {name: Domain.span(lo, hi) for name, (lo, hi) in spans.items()}


class Batches:
    """Puts the rows of a portfolio into batches. `stated` may state a row's scenario otherwise; `but` names what that is.

    `rows` are those that are asked of (None: all). `found` are the batches; `bad` the rows that cannot be, with why.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        stated: Callable[[Scenario], Scenario] = lambda scenario: scenario,
        but: frozenset[str] = frozenset(),
        rows: Sequence[int] | None = None,
    ) -> None:
        self.portfolio, self.book, self._stated, self._but = portfolio, portfolio.book, stated, but
        self._varied_facts = {fact_of(name) for name in but}
        here = portfolio.bad if rows is None else portfolio.bad.keys() & set(rows)
        self.bad: dict[int, tuple[Problem, ...]] = {row: tuple(portfolio.bad[row]) for row in here}
        self._batches: dict[object, Batch] = {}
        self._known = self._all_known()
        self.patterns = Patterns(portfolio)
        for group in self.patterns.groups(range(len(portfolio.cells)) if rows is None else rows):
            self._group(group)
        self.found = list(self._batches.values())

    def _all_known(self) -> list[list[int | None]]:
        columns = []
        for position, column in enumerate(self.portfolio.columns):
            texts = [cells[position] for cells in self.portfolio.cells]
            values = {text: value_of(text, column) for text in set(texts)}
            columns.append([values[text] for text in texts])
        if not columns:
            return [[] for _ in self.portfolio.cells]
        return [list(row) for row in zip(*columns, strict=True)]

    # --- rows in which the same is known ----------------------------------------------------------------------
    def _group(self, rows: list[int]) -> None:
        """Rows in which the same is known differ in numbers only; those that the same rules doubt are formed once."""
        doubts: dict[int, tuple[int, ...]] = {}
        while rows:
            first = rows[0]
            try:
                scenario = self._stated(self.portfolio.scenario(first))
                worlds = form(self.book, scenario)
            except UserError as error:
                self.bad[first] = error.problems
                rows = rows[1:]
                continue
            names = [column.name_in(scenario) for column in self.portfolio.columns]
            names = [
                "" if place in self.patterns.closed_in(first) else name for place, name in enumerate(names)
            ]
            reader = _Rows(self, worlds, names, self.patterns.quiet_in(first))
            if len(rows) == 1:  # formed as it is: nothing to tell apart
                self._into_batch(reader, rows, formed=True)
                return
            if not doubts:
                doubts = dict(zip(rows, reader.doubts(rows), strict=True))
            alike = [row for row in rows if doubts[row] == doubts[first]]
            self._into_batch(reader, alike)
            taken = set(alike)
            rows = [row for row in rows if row not in taken]

    def _into_batch(self, reader: _Rows, rows: Sequence[int], formed: bool = False) -> None:
        worlds = reader.worlds
        varied_ignored = tuple(name for name in worlds.ignored if name in self._varied_facts)
        key = (id(worlds.grounded), tuple(worlds.scenario.records.items()), varied_ignored)
        batch = self._batches.setdefault(key, Batch(worlds))
        alike = {name: domain for name, domain in worlds.domains.items() if not domain.is_known}
        values = reader.values(worlds.grounded, rows)
        batch.rows += rows
        batch.values += values
        if formed:
            batch.open.append(alike)
            return
        batch.open += reader.blanks(
            rows, reader.opened(alike, rows, values) if reader.touched else [alike] * len(rows)
        )

    def known(self, row: int) -> list[int | None]:
        return self._known[row]

    def varies(self, name: str) -> bool:
        return name in self._but


class _Rows:
    """The rows of a group beside the worlds of its first one."""

    def __init__(self, batches: Batches, worlds: Worlds, names: Sequence[str], quiet: Set[int]) -> None:
        self.batches, self.worlds, self.book = batches, worlds, batches.book
        self.places = [
            (name, place)
            for place, name in enumerate(names)
            if name and fact_of(name) not in worlds.ignored and not batches.varies(name)
        ]
        inputs = worlds.grounded.inputs
        self.quiet = [(name, place) for name, place in self.places if place in quiet and name in inputs]
        effects = [e for f in worlds.whole.firings for e in chapter.effects_of(self.book, f.rule)]
        named = dict.fromkeys(e.fact for e in effects if e.fact is not None)
        self.touched = tuple(fact for fact in named if fact in worlds.beliefs and self._changes(fact))

    def _changes(self, fact: str) -> bool:
        belief = self.worlds.beliefs[fact]
        return belief.value is not None and not (belief.origin == "given" and belief.widened == "range")

    def values(self, grounded: Grounded, rows: Sequence[int]) -> list[dict[str, int]]:
        """Every input of a table in each row: from its cells, else as the rows of the group have it."""
        base = {}
        for name in grounded.inputs:
            belief, domain = self.worlds.beliefs.get(name), self.worlds.domains.get(name)
            value = belief.value if belief is not None else None
            base[name] = domain.lo if domain is not None else value if value is not None else 0
        places = [(name, place) for name, place in self.places if name in base]
        found = []
        for row in rows:
            known = self.batches.known(row)
            found.append({**base, **{n: v for n, place in places if (v := known[place]) is not None}})
        return found

    def doubts(self, rows: Sequence[int]) -> list[tuple[int, ...]]:
        """Which rules of the evidence chapter that stand on numbers fire in each row, as bits."""
        grounded = self.worlds.whole.grounded
        given = {n for n, b in self.worlds.beliefs.items() if b.value is not None}
        asked: list[Condition] = []
        for rule in grounded.rules:
            when = rule.when if rule.unless is None else And((rule.when, Not(rule.unless)))
            stands_on = _inputs(grounded, when)
            if stands_on <= given and any(
                isinstance(grounded.variables[n].type, NumberType) for n in stands_on
            ):
                asked.append(when)
        if not asked:
            return [()] * len(rows)
        worlds = (_measured(grounded, values) for values in self.values(grounded, rows))
        return [tuple(int(holds(when, world)) for when in asked) for world in worlds]

    def opened(
        self, alike: Mapping[str, Domain], rows: Sequence[int], values: list[dict[str, int]]
    ) -> list[Mapping[str, Domain]]:
        """What is open in each row, where rules of the evidence chapter make something of its own values open."""
        trace, beliefs = self.worlds.whole, self.worlds.beliefs
        inputs = self.values(trace.grounded, rows)
        found: list[Mapping[str, Domain]] = []
        for i, world in enumerate(values):
            own = _measured(trace.grounded, {n: v for n, v in inputs[i].items() if n in trace.values})
            told = {**trace.values, **{n: v for n, v in own.items() if n in trace.values}}
            before = {}
            for name in self.touched:
                value = told.get(name, world.get(name))
                assert value is not None
                first = beliefs[name]
                plain = replace(
                    first,
                    value=value,
                    domain=Domain.known(value),
                    confidence="",
                    widened="",
                    margin=None,
                    rules=(),
                )
                before[name] = settle(self.book, plain)
            after = chapter.touched(self.book, before, replace(trace, values=told))
            domains = dict(alike)
            for name, belief in after.items():
                domains.pop(name, None)
                if name in world:
                    world[name] = belief.domain.lo
                    if not belief.domain.is_known:
                        domains[name] = belief.domain
            found.append(domains)
        return found

    def blanks(
        self, rows: Sequence[int], opened: Sequence[Mapping[str, Domain]]
    ) -> list[Mapping[str, Domain]]:
        """What is open in each row, with the blanks of its own."""
        if not self.quiet:
            return list(opened)
        kept: dict[tuple[int, tuple[bool, ...]], Mapping[str, Domain]] = {}
        variables = self.worlds.grounded.variables
        found = []
        for row, domains in zip(rows, opened, strict=True):
            known = self.batches.known(row)
            blank = tuple(known[place] is None for _, place in self.quiet)
            key = id(domains), blank
            if key not in kept:
                own = dict(domains)
                for (name, place), is_blank in zip(self.quiet, blank, strict=True):
                    if not is_blank:
                        own.pop(name, None)
                    elif not self.batches.portfolio.columns[place].is_open(
                        self.batches.portfolio.cells[row][place]
                    ):
                        own[name] = everything(variables[name].type)
                kept[key] = {name: own[name] for name in self.worlds.grounded.inputs if name in own}
            found.append(kept[key])
        return found


def _measured(grounded: Grounded, values: Mapping[str, int]) -> dict[str, int]:
    """Some values with every measure that follows from them."""
    found = dict(values)
    for measure in (m for stratum in grounded.strata for m in stratum.measures):
        try:
            found[measure.name] = number(measure.formula, found)
        except Missing:
            continue
    return found


def _inputs(grounded: Grounded, condition: Condition) -> set[str]:
    """The inputs that a condition stands on, through measures."""
    found, waiting = set(), list(reads(condition))
    while waiting:
        name = waiting.pop()
        if name in grounded.measures:
            waiting += reads(grounded.measures[name])
        else:
            found.add(name)
    return found
