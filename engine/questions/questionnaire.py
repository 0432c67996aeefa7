"""All questions of the rule book at once, in their groups, with what a case says of each and what its answer is still for.

The interview (ask) leads through the few that matter, one by one; this is for whoever wants to see and change everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.evidence.basis import beside_of, items_of
from sharedvalue.engine.language.facts import GROUP_TITLES, GROUPS, Fact
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated
from sharedvalue.engine.language.types import (
    ChoiceType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
    say,
)
from sharedvalue.engine.questions.ask import Option, expected_answer, kind_of, options_of

OPEN, TURNS, NO_MATTER = "open", "turns", "no_matter"


@dataclass(frozen=True)
class Said:
    """What a case says of one value. `text` is how a person types it: 40, 20-50, yes; empty where nothing is known.

    `listed` are the values of a list of several; `confidence` is how sure one is, where that was said.
    """

    text: str
    listed: tuple[str, ...] = ()
    confidence: str = ""

    @property
    def known(self) -> bool:
        return bool(self.text or self.listed)


@dataclass(frozen=True)
class Evidence:
    """What evidence says of a value. `counts` is what counts in the case, as a person types it: 47, 40-60. `said` is what is told
    of it and of somebody's own number, `decides` which of them does (evidence, estimate, both), `against` why their own stands.
    """

    counts: str
    items: tuple[str, ...]
    said: str
    decides: str
    against: str


@dataclass(frozen=True)
class InWords:
    """A word that a judgement may be given in, with the sentence that says when it fits, and what it can mean: 30 to 49."""

    value: str
    words: str
    fits: str
    band: str


@dataclass(frozen=True)
class Field:
    """A value that can be given: a fact, or a field of a record. `address` is what it is called in edits."""

    name: str
    address: tuple[str, ...]
    title: str
    question: str
    help: str
    how: str
    kind: str
    options: tuple[Option, ...]
    expected: str
    said: Said
    required: bool = False
    assumed: str = ""
    matters: str = OPEN
    unit: str = ""
    low: str = ""
    high: str = ""
    scale: tuple[InWords, ...] = ()
    evidence: Evidence | None = None

    @property
    def known(self) -> bool:
        """Whether something is said of it, by a person or by evidence."""
        return self.said.known or self.evidence is not None

    @property
    def counts(self) -> str:
        """What counts in the case, as a person types it: what evidence reads where that decides, else what was said."""
        if self.evidence is not None and self.evidence.decides == "evidence":
            return self.evidence.counts
        return self.said.text or " or ".join(self.said.listed)

    @property
    def counts_in_words(self) -> str:
        """The same as a person reads it."""
        return self.counts if self.evidence is not None else self.said_in_words

    @property
    def said_in_words(self) -> str:
        """What is said of it as a person reads it: the words of an option, a number, a range; empty where nothing is."""
        known = {o.value: o.words for o in self.options} | {w.value: w.words for w in self.scale}
        return known.get(self.said.text, self.said.text) or " or ".join(
            known.get(v, v) for v in self.said.listed
        )


@dataclass(frozen=True)
class Record:
    """One record of a list, by the name that people gave it."""

    key: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Grid:
    """A field of records that has a value for each record of another list: what each need does for each sponsor.

    `rows` holds, for each record, what is said for each column; `options` are the values to choose from, where they are few.
    """

    field: str
    how: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    options: tuple[Option, ...]


@dataclass(frozen=True)
class List:
    """A list of records: groups of members, needs, sponsors. `new` are the fields that a new record must have."""

    name: str
    title: str
    question: str
    help: str
    how: str
    key: str
    records: tuple[Record, ...]
    new: tuple[Field, ...]
    given: bool
    matters: str = OPEN
    grid: Grid | None = None


@dataclass(frozen=True)
class Group:
    """A group of questions: those that are asked, those that only count with evidence or for the record, and lists."""

    name: str
    title: str
    asked: tuple[Field, ...]
    further: tuple[Field, ...]
    lists: tuple[List, ...]


def questionnaire(book: RuleBook, scenario: Scenario, decision: Decision | None) -> tuple[Group, ...]:
    """The questions in their groups. Those that mean nothing without what was said (no sponsor) are left out."""
    return tuple(_Asker(book, scenario, decision).groups())


class _Asker:
    def __init__(self, book: RuleBook, scenario: Scenario, decision: Decision | None) -> None:
        self.book, self.scenario, self.decision = book, scenario, decision
        self.ignored = set(decision.worlds.ignored) if decision is not None else set()

    def groups(self) -> list[Group]:
        found = []
        for name in GROUPS:
            facts = [
                f
                for f in self.book.facts.values()
                if f.group == name and not f.top_level and self.means_something(f)
            ]
            fields = [self.field(f) for f in sorted(facts, key=_place) if not isinstance(f.type, RecordsType)]
            lists = [self.listed(f, f.type) for f in facts if isinstance(f.type, RecordsType) and f.ask]
            if fields or lists:
                asked = tuple(f for f in fields if f.question)
                found.append(
                    Group(
                        name,
                        GROUP_TITLES[name],
                        asked,
                        tuple(f for f in fields if not f.question),
                        tuple(lists),
                    )
                )
        return found

    def means_something(self, fact: Fact) -> bool:
        if fact.name in self.scenario.stated or fact.name in self.scenario.records:
            return True
        if self.decision is not None and fact.name in self.decision.worlds.unasked:
            return False
        gate = fact.applies_when
        if gate is None:
            return True
        said = self.scenario.stated.get(gate)
        return said is None or said.kind != "known" or said.value != 0

    def matters(self, name: str) -> str:
        if self.decision is None:
            return OPEN
        if any(n == name or n.startswith(f"{name}[") for n in self.decision.pivotal):
            return TURNS
        if any(n == name or n.startswith(f"{name}[") for n in self.decision.immaterial):
            return NO_MATTER
        return OPEN

    def field(self, fact: Fact) -> Field:
        kind, ask = fact.type, fact.ask
        assert not isinstance(kind, RecordsType)
        options = options_of(kind, ask.words if ask else {})
        assumed = ""
        if (
            self.decision is not None
            and fact.name in self.decision.worlds.assumed
            and not isinstance(kind, TextType)
        ):
            value = _typed(self.decision.worlds.assumed[fact.name], kind)
            assumed = next((o.words for o in options if o.value == value), value)
        return Field(
            fact.name,
            (fact.name,),
            fact.title,
            ask.question if ask else "",
            ask.help if ask else "",
            fact.how,
            _kind(kind),
            options,
            expected_answer(kind),
            self.said(fact.name, kind),
            fact.required,
            assumed,
            self.matters(fact.name),
            *_bounds(kind),
            _scale(kind),
            self.evidence(fact.name),
        )

    def evidence(self, name: str) -> Evidence | None:
        """What evidence says of a fact; None without a reading."""
        belief = self.decision.worlds.beliefs.get(name) if self.decision is not None else None
        if belief is None or belief.reading is None or self.decision is None:
            return None
        low, high = say(belief.domain.lo, belief.type), say(belief.domain.hi, belief.type)
        beside = beside_of(belief)
        return Evidence(
            low if low == high else f"{low}-{high}",
            tuple(item.said for item in items_of(self.decision.worlds, belief)),
            beside.said if beside else f"the evidence reads {say(belief.reading, belief.type)}",
            beside.decides if beside else "evidence",
            belief.against,
        )

    def listed(self, fact: Fact, kind: RecordsType) -> List:
        keys = self.scenario.records.get(fact.name, ())
        records = tuple(
            Record(key, tuple(self.of_record(fact, kind, position, key))) for position, key in enumerate(keys)
        )
        new = tuple(
            Field(
                spec.name,
                (spec.name,),
                _title(spec.name),
                "",
                "",
                spec.how,
                _kind(spec.type),
                options_of(spec.type, {}),
                expected_answer(spec.type) if not spec.key else "",
                Said(""),
                spec.key,
                "",
                OPEN,
                *_bounds(spec.type),
                _scale(spec.type),
            )
            for spec in kind.fields
            if not isinstance(spec.type, MapType)
            and (spec.key or (not spec.optional and spec.default is None))
        )
        assert fact.ask is not None
        return List(
            fact.name,
            fact.title,
            fact.ask.question,
            fact.ask.help,
            fact.how,
            kind.key,
            records,
            new,
            fact.name in self.scenario.records,
            self.matters(fact.name),
            self.grid(fact, kind, len(records)),
        )

    def grid(self, fact: Fact, kind: RecordsType, records: int) -> Grid | None:
        for spec in kind.fields:
            if isinstance(spec.type, MapType):
                of = spec.type.of
                columns = self.scenario.records.get(spec.type.list) or self.none_named(spec.type.list)
                rows = tuple(
                    tuple(
                        self.said(f"{fact.name}[{row}].{spec.name}[{column}]", of).text
                        for column in range(len(columns))
                    )
                    for row in range(records)
                )
                values = of.values if isinstance(of, NumberType) else ()
                options = tuple(Option(say(v, of), say(v, of)) for v in values) or options_of(of, {})
                return Grid(spec.name, spec.how, columns, rows, options)
        return None

    def none_named(self, listed: str) -> tuple[str, ...]:
        """What stands for the one record of a list of which nothing is told apart."""
        return tuple(w.none for w in self.book.words.values() if w.list == listed and w.most)[:1]

    def of_record(self, fact: Fact, kind: RecordsType, position: int, key: str) -> list[Field]:
        found = []
        for spec in kind.fields:
            if spec.key or isinstance(spec.type, MapType):
                continue
            name = f"{fact.name}[{position}].{spec.name}"
            said = self.said(name, spec.type)
            found.append(
                Field(
                    name,
                    (fact.name, key, spec.name),
                    _title(spec.name),
                    "",
                    "",
                    spec.how,
                    _kind(spec.type),
                    options_of(spec.type, {}),
                    expected_answer(spec.type),
                    said,
                    False,
                    "",
                    self.matters(name),
                    *_bounds(spec.type),
                    _scale(spec.type),
                )
            )
        return found

    def said(self, name: str, kind: ValueType | TextType) -> Said:
        if isinstance(kind, TextType):
            return Said(self.scenario.texts.get(name, ""))
        stated = self.scenario.stated.get(name)
        return Said("") if stated is None else said_of(stated, kind)


def said_of(stated: Stated, kind: ValueType) -> Said:
    """A stated value as a person types it."""
    values = tuple(_typed(value, kind) for value in stated.values)
    if stated.word:
        return Said(stated.word, (), stated.confidence)
    if stated.kind == "known":
        return Said(values[0], (), stated.confidence)
    if stated.kind == "range":
        return Said("-".join(values), (), stated.confidence)
    if stated.kind == "listed":
        return Said("", values, stated.confidence)
    return Said("", (), stated.confidence)


def _typed(value: int, kind: ValueType) -> str:
    if isinstance(kind, YesNo):
        return "yes" if value else "no"
    if isinstance(kind, ChoiceType):
        return kind.option(value)
    return say(value, kind)


def _kind(kind: ValueType | TextType | MapType) -> str:
    if isinstance(kind, TextType):
        return "date" if kind.unit == "date" else "text"
    assert not isinstance(kind, MapType)
    return kind_of(kind)


def _bounds(kind: object) -> tuple[str, str, str]:
    """The unit, and the lowest and highest value, of a number."""
    if isinstance(kind, NumberType):
        return kind.unit, say(kind.lo, kind), say(kind.hi, kind)
    return "", "", ""


def _scale(kind: object) -> tuple[InWords, ...]:
    if not isinstance(kind, NumberType):
        return ()
    return tuple(
        InWords(
            word.name,
            word.said[:1].upper() + word.said[1:],
            word.fits,
            f"{say(word.lo, kind)} to {say(word.hi, kind)}",
        )
        for word in kind.words
    )


def _place(fact: Fact) -> int:
    return fact.ask.place if fact.ask else 1000


def _title(name: str) -> str:
    return name.replace("_", " ")
