"""A case file becomes facts: every value with its type checked, every unknown left open, every mistake told at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean, mistake
from sharedvalue.engine.language.addresses import Address, known_as, name_of, resolved
from sharedvalue.engine.language.agreed_to import mark, mark_in
from sharedvalue.engine.language.costs import Costs, read_costs
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook, shipped_scenarios
from sharedvalue.engine.language.source import Items, Node, Table, Text, mistake_at, parse_file
from sharedvalue.engine.language.types import (
    ChoiceType,
    FieldSpec,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
    say,
)
from sharedvalue.engine.language.values import expected_of, in_full, maybe_a_share, mend_of, read_value

FORMAT = 1
CONFIDENCES = ("low", "medium", "high")
MAX_RECORDS = 60
MAX_EVIDENCE = 1000


@dataclass(frozen=True)
class Stated:
    """What a scenario says of one value: known (one value), a range, listed values, or unknown (nothing).

    `values` are scaled integers: one for known, two (lowest, highest) for range, any number for listed. `word` is the word
    in which a judgement was given, known as its middle. `against_evidence` is the reason why the value stands though the
    evidence reads otherwise. What is `supposed` is no statement of the case: one value of it stands, whatever the evidence says.
    """

    kind: str
    values: tuple[int, ...]
    confidence: str
    place: Place
    word: str = ""
    against_evidence: str = ""
    by_default: bool = False  # nobody said it: a field of a record that the rule book has a value for
    supposed: bool = False

    @property
    def value(self) -> int | None:
        return self.values[0] if self.kind == "known" else None


@dataclass(frozen=True)
class Expectation:
    """The decision that a scenario says it expects."""

    outcome: str
    modes: frozenset[str] | None


@dataclass(frozen=True)
class Scenario:
    """One case. Values are named as in a grounded table: member_value_now, segments[0].overlap, needs[0].serves[1].

    `entry_lists` says of each map field which list its entries are about: sponsors of needs.serves.
    """

    title: str
    story: str
    source: str
    as_of: dt.date | None
    file: str
    stated: Mapping[str, Stated]
    types: Mapping[str, ValueType]
    texts: Mapping[str, str]
    records: Mapping[str, tuple[str, ...]]
    expect: Expectation | None
    warnings: tuple[str, ...]
    entry_lists: Mapping[str, str] = field(default_factory=dict, compare=False)
    costs: Mapping[str, Costs] = field(default_factory=dict)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return {name: len(keys) for name, keys in self.records.items()}

    def address(self, name: str) -> str:
        """A value's name as a person writes it: segments[experts].overlap."""
        found = name_of(name)
        if found is None or found.record is None:
            return name
        record = self.called(found.fact, found.record)
        others = self.entry_lists.get(f"{found.fact}.{found.field}", "")
        entry = None if found.entry is None else self.called(others, found.entry)
        return str(Address(found.fact, record, found.field, entry))

    def called(self, listed: str, position: int) -> str:
        """The name of a record; its place where it has none."""
        keys = self.records.get(listed, ())
        return keys[position] if position < len(keys) else str(position)

    def resolve(self, address: str) -> str | None:
        """The value's name for what a person wrote, or None."""
        found = resolved(address, self.records, self.entry_lists)
        return None if found is None else str(found)


def load_scenario(path: Path | str, book: RuleBook) -> Scenario:
    """The scenario of a file ('-' for standard input). Raises UserError with every mistake in it."""
    return read_scenario(parse_case(path), book, "standard input" if str(path) == "-" else str(path))


def parse_case(path: Path | str) -> Node:
    """The parsed file of a case, or the case of this name that comes with sharedvalue where there is no such file.

    Raises:
        UserError: SV101 and others for what cannot be read.
    """
    target = Path(path)
    if str(path) == "-" or target.exists():
        return parse_file(path)
    shipped = shipped_scenarios()
    name = target.name.removesuffix(".yaml")
    if name in shipped and target.parent == Path():
        return parse_file(shipped[name])
    if name in shipped:
        raise mistake(
            "SV101",
            str(path),
            "there is no such file",
            f"It comes with sharedvalue: give its name alone, {name}. All of them: sharedvalue scenario list",
        )
    listed = "Check the path. The scenarios that come with sharedvalue: sharedvalue scenario list"
    return parse_file(path, missing=did_you_mean(name, shipped) or listed)


def read_scenario(tree: Node, book: RuleBook, file: str) -> Scenario:
    """The scenario of a parsed file."""
    return _ScenarioReader(book, file).read(tree)


def type_of(book: RuleBook, name: str) -> ValueType | None:
    """The type of a value by its name in a scenario: a fact, a field of a record, or an entry of a map."""
    parts = name_of(name)
    fact = None if parts is None else book.facts.get(parts.fact)
    if parts is None or fact is None:
        return None
    if parts.record is None:
        return fact.type if isinstance(fact.type, NumberType | YesNo | ChoiceType) else None
    found = fact.type.field(parts.field) if isinstance(fact.type, RecordsType) else None
    if found is None or isinstance(found.type, MapType) is (parts.entry is None):
        return None
    if isinstance(found.type, MapType):
        return found.type.of
    return None if isinstance(found.type, TextType) else found.type


def read_stated(node: Node, kind: ValueType, what: str, problems: Problems) -> Stated | None:
    """One value: plain, a range or a list written short, 'unknown', {value:, confidence:}, {word:}, {between: [lo, hi]} or
    {one_of: [..]}.

    A judgement may be given in a word: it is known as the word's middle. Between two words lies all that either can mean.
    """
    if isinstance(node, Text) and (known := _plainly_stated(node.value, kind)) is not None:
        return Stated(known.kind, known.values, known.confidence, node.place, known.word)
    if isinstance(node, Text):
        node = in_full(node, kind)
    if isinstance(node, Text):
        if node.value == "unknown" or (node.plain and node.value.lower() in ("", "null", "~")):
            return Stated("unknown", (), "", node.place)
        value = read_value(node, kind)
        if not isinstance(value, int):
            _wrong_value(node, kind, what, problems)
            return None
        return Stated("known", (value,), "", node.place, _word(node, kind))
    if not isinstance(node, Table):
        problems.add(
            "SV205",
            node.place,
            f"{what} must be {expected_of(kind)}",
            "Or {between: [lo, hi]}, {one_of: [..]}, unknown.",
        )
        return None
    below = Reader(node, problems, what)
    confidence, against = below.word("confidence", CONFIDENCES), below.text("against_evidence")
    if below.has("value") or below.has("word"):
        inner = below.node("value") or below.scalar("word")
        found = read_stated(inner, kind, what, problems) if inner else None
        below.done()
        return replace(found, confidence=confidence, against_evidence=against) if found else None
    for key, form in (("between", "range"), ("one_of", "listed")):
        if below.has(key):
            values = _values(below, key, kind, what, problems)
            below.done()
            if (
                values
                and form == "range"
                and (len(values) != 2 or values[0] > values[1] or isinstance(kind, YesNo | ChoiceType))
            ):
                problems.add(
                    "SV205",
                    below.place(key),
                    f"'between' of {what} must be [lowest, highest]",
                    f"Write the lower one first: {say(values[1], kind)}..{say(values[0], kind)}."
                    if len(values) == 2 and isinstance(kind, NumberType)
                    else "Or list values: {one_of: [..]}.",
                )
                return None
            return Stated(form, values, confidence, node.place, "", against) if values else None
    below.done()
    problems.add(
        "SV205",
        node.place,
        f"{what} has no value",
        "Write a value, {value:, confidence:}, {between: [lo, hi]}, {one_of: [..]} or unknown.",
    )
    return None


@lru_cache(maxsize=4096)  # the cells of a table say the same few things over and over
def _plainly_stated(written: str, kind: ValueType) -> Stated | None:
    """What one plain value states, wherever it stands; None for whatever else is written, or wrong."""
    nowhere = Text(written, Place(""))
    value = (
        read_value(nowhere, kind)
        if isinstance(in_full(nowhere, kind), Text) and written != "unknown"
        else None
    )
    if not isinstance(value, int):
        return None
    return Stated("known", (value,), "", nowhere.place, _word(nowhere, kind))


def _values(below: Reader, key: str, kind: ValueType, what: str, problems: Problems) -> tuple[int, ...]:
    values: list[int] = []
    for position, text in enumerate(below.texts(key)):
        value, word = read_value(text, kind), kind.word(text.value) if isinstance(kind, NumberType) else None
        if word is not None and isinstance(kind, NumberType):
            values += (
                range(word.lo, word.hi + 1, kind.step)
                if key == "one_of"
                else [(word.lo, word.hi)[position % 2]]
            )
        elif isinstance(value, int):
            values.append(value)
        else:
            _wrong_value(text, kind, what, problems)
    if not values:
        below.wrong(key, "a list of values")
    return tuple(values)


def _word(text: Text, kind: ValueType) -> str:
    word = kind.word(text.value) if isinstance(kind, NumberType) else None
    return word.name if word else ""


def _wrong_value(text: Text, kind: ValueType, what: str, problems: Problems) -> None:
    shown = text.value if len(text.value) <= 40 else text.value[:37] + "..."
    problems.add("SV205", text.place, f"'{shown}' is not a value of {what}", mend_of(text, kind))


@dataclass
class _ScenarioReader:
    book: RuleBook
    file: str
    problems: Problems = field(default_factory=Problems)
    stated: dict[str, Stated] = field(default_factory=dict)
    types: dict[str, ValueType] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    below: set[str] = field(default_factory=set)  # what was found below `facts:` and stands beside it

    def read(self, tree: Node) -> Scenario:
        if not isinstance(tree, Table):
            raise mistake_at(
                "SV201",
                tree.place,
                "a scenario is a table of keys and values",
                "Start one with: sharedvalue scenario new FILE",
            )
        reader = Reader(tree, self.problems, "the scenario")
        self.format(reader)
        title, story, source = reader.text("title"), reader.text("story"), reader.text("source")
        as_of = self.date(reader.scalar("as_of"), "as_of")
        facts = reader.reader("facts", required=True)
        assert facts is not None
        nodes = dict(facts.table.entries)
        for fact in self.book.facts.values():
            beside = reader.node(fact.name) if fact.top_level else None
            if beside is not None:
                nodes[fact.name] = beside
            elif fact.top_level and fact.name in nodes:
                self.below.add(fact.name)
                self.warnings.append(
                    f"'{fact.name}' stands below 'facts:'; it was read as if it stood beside it"
                )
        if isinstance(reader.node("facts"), Table):  # else that is the mistake to tell
            self.facts(facts, nodes)
        self.evidence(reader, nodes.get("evidence"), as_of)
        self.agreed_to(str(as_of or ""))
        if as_of is not None:
            self.agreed_before(as_of)
        costs = read_costs(reader.reader("costs"), self.book.outcomes)
        expect = self.expectation(reader.reader("expect"))
        reader.done()
        self.problems.stop_if_any()
        return Scenario(
            title or Path(self.file).stem,
            story,
            source,
            as_of,
            self.file,
            self.stated,
            self.types,
            self.texts,
            self.records,
            expect,
            tuple(self.warnings),
            self.book.entry_lists,
            costs,
        )

    def agreed_to(self, as_of: str) -> None:
        """Which outcome each entry of the log agreed to that names its record: that of the mark beside the name, if it is this
        case's. One whose mark is another's, or that has none and names no outcome, agrees to nothing, and that is told."""
        recording = self.book.outcomes.recording
        if not recording.names:
            return
        for position in range(len(self.records.get(recording.log, ()))):
            entry = f"{recording.log}[{position}]"
            named, about = self.texts.get(f"{entry}.{recording.names}", ""), f"{entry}.{recording.about}"
            kind = self.types.get(about)
            if not named or not isinstance(kind, ChoiceType) or about not in self.stated:
                continue
            said = self.stated[about]
            none = [option for option in kind.options if option not in self.book.outcome_names]
            written = none[0] if said.value is None else kind.option(said.value)
            if found := mark_in(named):
                marks = {mark(self.stated, self.texts, as_of, recording.log, o): o for o in kind.options}
                meant = marks.get(found, none[0])
                fits = meant not in none and written in (meant, *none)
                self.stated[about] = replace(
                    said, kind="known", values=(kind.code(meant if fits else none[0]),)
                )
                why = "was made for other facts or another outcome: it agreed to something else"
            else:
                fits, why = written not in none, "names neither its outcome nor, with a mark, its proposal"
            if not fits:
                self.warnings.append(f"{named[:40]} in {recording.log} {why}, and does not count")

    def agreed_before(self, as_of: dt.date) -> None:
        """What was decided before the facts were as they are speaks of another proposal: it says nothing here, and that is told."""
        recording = self.book.outcomes.recording
        kind = self.book.facts[recording.log].type if recording.log in self.book.facts else None
        if not recording.dated or not isinstance(kind, RecordsType):
            return
        for position in range(len(self.records.get(recording.log, ()))):
            entry = f"{recording.log}[{position}]"
            day = self.texts.get(f"{entry}.{recording.dated}", "")
            if not day or day >= str(as_of):  # as year-month-day, days stand in their order
                continue
            unsaid = {f"{entry}.{f.name}": f.default for f in kind.fields if isinstance(f.default, int)}
            if all(self.stated[name].values != (value,) for name, value in unsaid.items()):
                self.warnings.append(
                    f"the entry of {day} in {recording.log} is older than the facts ({as_of}): it agreed to something else, "
                    "and does not count"
                )
            for name, value in unsaid.items():
                self.stated[name] = replace(self.stated[name], kind="known", values=(value,))

    def format(self, reader: Reader) -> None:
        version = reader.scalar("scenario")
        if version is None:
            self.problems.add(
                "SV202",
                reader.table.place,
                "the scenario does not say its format version",
                f"Begin it with 'scenario: {FORMAT}'.",
            )
        elif version.value != str(FORMAT):
            raise mistake_at(
                "SV202",
                version.place,
                f"format version '{version.value}' is not known to this release",
                f"This release reads 'scenario: {FORMAT}'; a newer file needs a newer sharedvalue.",
            )

    def date(self, text: Text | None, what: str) -> dt.date | None:
        if text is None:
            return None
        try:
            return dt.date.fromisoformat(text.value)
        except ValueError:
            self.problems.add(
                "SV205",
                text.place,
                f"'{text.value}' is not a date",
                f"Write {what} as year-month-day: 2026-11-24.",
            )
            return None

    def facts(self, reader: Reader, nodes: Mapping[str, Node]) -> None:
        known = [name for name, fact in self.book.facts.items() if not fact.top_level]
        for name, place in reader.table.keys.items():
            fact = self.book.facts.get(name)
            if name not in self.below and (fact is None or fact.top_level):
                wide = Place(place.file, place.line, place.column, place.text, len(name))
                near = did_you_mean(name, known)
                mend = (
                    f"'{name}' stands beside 'facts:', not below it."
                    if fact
                    else near or "List them with: sharedvalue facts"
                )
                self.problems.add("SV204", wide, f"the rule book has no fact '{name}'", mend)
        lists = [n for n, f in self.book.facts.items() if isinstance(f.type, RecordsType)]
        given = [
            name
            for name in lists
            if name in nodes and not (isinstance(there := nodes[name], Text) and there.value == "unknown")
        ]
        for name in given:  # all keys first: a map field may name the records of another list
            self.keys(name, nodes[name])
        for name, fact in self.book.facts.items():
            node = nodes.get(name)
            if node is None:
                if fact.required:
                    self.problems.add(
                        "SV203",
                        reader.table.place,
                        f"the required fact '{name}' is missing",
                        f"Add it: {name}: true or false.",
                    )
            elif isinstance(fact.type, RecordsType):
                if name in self.records:
                    self.each(fact.name, fact.type, node)
            elif isinstance(fact.type, TextType):
                if isinstance(node, Text):
                    self.texts[name] = node.value
                else:
                    self.problems.add("SV205", node.place, f"{name} must be a text", "Write it in quotes.")
            else:
                self.value(name, fact.type, node, name)
                if fact.required and name in self.stated and self.stated[name].kind != "known":
                    self.problems.add("SV203", node.place, f"'{name}' must be known", "Say true or false.")
        self.imply()

    def value(self, name: str, kind: ValueType, node: Node, what: str) -> None:
        stated = read_stated(node, kind, what, self.problems)
        if stated is not None:
            self.stated[name] = stated
            self.types[name] = kind

    # --- records ----------------------------------------------------------------------------------------------
    def keys(self, listed: str, node: Node) -> None:
        """The name of every record of a list."""
        kind = self.book.facts[listed].type
        assert isinstance(kind, RecordsType)
        if not isinstance(node, Items):
            self.problems.add(
                "SV205",
                node.place,
                f"{listed} must be a list",
                "Write one '- {...}' a record; [] when there are none.",
            )
            return
        evidence = self.book.facts[listed].top_level
        limit = MAX_EVIDENCE if evidence else MAX_RECORDS
        if len(node.items) > limit:
            what = "pieces of evidence" if evidence else listed
            self.problems.add(
                "SV901",
                node.place,
                f"{len(node.items):,} {what} are more than the {limit:,} that one decision can tell apart",
                "Join small ones into larger ones; many communities at once are a portfolio, one row each.",
            )
            return
        key_field = next((spec.name for spec in kind.fields if spec.key), None)
        keys: list[str] = []
        for position, item in enumerate(node.items):
            if not isinstance(item, Table):
                self.problems.add(
                    "SV205",
                    item.place,
                    f"each of {listed} must be a table",
                    "For example - {name: experts, ...}.",
                )
                keys.append(str(position + 1))
                continue
            keys.append(self.record_key(listed, key_field, item, keys, position))
        self.records[listed] = tuple(keys)

    def each(self, listed: str, kind: RecordsType, node: Node) -> None:
        for position, item in enumerate(node.items if isinstance(node, Items) else ()):
            if isinstance(item, Table):
                self.record(listed, kind, item, position)

    def record_key(
        self, listed: str, key_field: str | None, item: Table, keys: Sequence[str], position: int
    ) -> str:
        if key_field is None:
            return str(position + 1)
        node = item.get(key_field)
        if not isinstance(node, Text) or not node.value.strip():
            self.problems.add(
                "SV203",
                item.place,
                f"this record of {listed} has no '{key_field}'",
                f"Add '{key_field}: ...'.",
            )
            return str(position + 1)
        key = " ".join(node.value.split())
        if known_as(key) in map(known_as, keys):
            self.problems.add(
                "SV206", node.place, f"two of {listed} have the {key_field} '{key}'", "Give each its own."
            )
        return key

    def record(self, listed: str, kind: RecordsType, item: Table, position: int) -> None:
        names = [spec.name for spec in kind.fields]
        for name, place in item.keys.items():
            if name not in names:
                wide = Place(place.file, place.line, place.column, place.text, len(name))
                self.problems.add(
                    "SV204",
                    wide,
                    f"a record of {listed} has no '{name}'",
                    did_you_mean(name, names) or f"Known: {', '.join(names)}.",
                )
        for spec in kind.fields:
            node, name = item.get(spec.name), f"{listed}[{position}].{spec.name}"
            if isinstance(spec.type, MapType):
                self.map(name, spec.type, node, spec)
            elif isinstance(spec.type, TextType):
                if isinstance(node, Text):
                    self.texts[name] = " ".join(node.value.split())
                elif node is not None:
                    self.problems.add(
                        "SV205", node.place, f"{spec.name} must be a text", "Write it in quotes."
                    )
            elif node is not None:
                self.value(name, spec.type, node, f"{spec.name} of {self.records[listed][position]}")
            elif isinstance(spec.default, int):
                self.stated[name] = Stated("known", (spec.default,), "", item.place, by_default=True)
                self.types[name] = spec.type

    def map(self, name: str, kind: MapType, node: Node | None, spec: FieldSpec) -> None:
        """A value for each record of another list; a plain value where that list has one record, or was left out."""
        others = self.records.get(kind.list)
        count = len(others) if others is not None else 1
        if isinstance(node, Table):
            keys = [known_as(k) for k in others or ()]
            for key, value in node.entries.items():
                if known_as(key) not in keys:
                    self.problems.add(
                        "SV204",
                        node.keys[key],
                        f"there is none of {kind.list} named '{key}'",
                        did_you_mean(key, others or ()) or f"List it under {kind.list} first.",
                    )
                else:
                    self.map_value(f"{name}[{keys.index(known_as(key))}]", kind, value)
        elif isinstance(node, Items) and isinstance(kind.of, YesNo):
            keys = [known_as(k) for k in others or ()]
            named = [known_as(item.value) for item in node.items if isinstance(item, Text)]
            for item in node.items:
                if not isinstance(item, Text) or known_as(item.value) not in keys:
                    self.problems.add(
                        "SV204",
                        item.place,
                        f"there is none of {kind.list} of this name",
                        f"Known: {', '.join(others or ())}.",
                    )
            for position, key in enumerate(keys):
                self.stated[f"{name}[{position}]"] = Stated("known", (int(key in named),), "", node.place)
                self.types[f"{name}[{position}]"] = kind.of
        elif isinstance(node, Text):
            if count == 1:
                self.map_value(f"{name}[0]", kind, node)
            else:
                self.problems.add(
                    "SV205",
                    node.place,
                    f"{spec.name} needs a value for each of {count} {kind.list}",
                    "Write {name: value, ...}.",
                )
        elif node is not None:
            self.problems.add(
                "SV205",
                node.place,
                f"{spec.name} must be a value, or a table of values",
                "Write {name: value, ...}.",
            )
        if isinstance(spec.default, int):
            for position in range(count):
                if f"{name}[{position}]" not in self.stated:
                    place = node.place if node else Place(self.file)
                    self.stated[f"{name}[{position}]"] = Stated(
                        "known", (spec.default,), "", place, by_default=True
                    )
                    self.types[f"{name}[{position}]"] = kind.of

    def map_value(self, name: str, kind: MapType, node: Node) -> None:
        self.value(name, kind.of, node, name)

    def imply(self) -> None:
        """A map given as a plain value speaks of a list of one: that record is there even if its list was left out."""
        for fact in self.book.facts.values():
            if not isinstance(fact.type, RecordsType) or fact.name not in self.records:
                continue
            for spec in fact.type.fields:
                if (
                    isinstance(spec.type, MapType)
                    and spec.type.list not in self.records
                    and spec.type.list != fact.name
                ):
                    prefix, other = f"{fact.name}[", self.book.facts[spec.type.list]
                    if any(
                        name.startswith(prefix) and f".{spec.name}[" in name for name in self.stated
                    ) and isinstance(other.type, RecordsType):
                        words = next(
                            (w.none for w in self.book.words.values() if w.list == other.name and w.most),
                            other.name,
                        )
                        node = Items(
                            (Table({other.type.key: Text(words, fact.place)}, fact.place),), fact.place
                        )
                        self.keys(other.name, node)
                        self.each(other.name, other.type, node)

    # --- evidence and expectation -------------------------------------------------------------------------------
    def evidence(self, reader: Reader, items: Node | None, as_of: dt.date | None) -> None:
        """Evidence items name a fact; their ages are counted from `as_of`."""
        self.evidence_limit(items)
        for position in range(len(self.records.get("evidence", ()))):
            node = items.items[position] if isinstance(items, Items) else None
            if not isinstance(node, Table):
                continue
            self.evidence_fact(node, position)
            date = self.date(node.get("date") if isinstance(node.get("date"), Text) else None, "the date")  # type: ignore[arg-type]  # checked
            if date is None:
                if node.get("date") is None:
                    self.problems.add(
                        "SV203",
                        node.place,
                        "this evidence has no date",
                        "Add 'date: 2026-05-01', when it was gathered.",
                    )
                continue
            if as_of is None:
                self.problems.add(
                    "SV203",
                    reader.table.place,
                    "evidence needs 'as_of', the date that ages are counted from",
                    "Add 'as_of: 2026-11-24'.",
                )
                return
            if date > as_of:
                self.problems.add(
                    "SV401",
                    node.place,
                    f"this evidence is dated after as_of ({as_of})",
                    "Check the date, or move as_of.",
                )
                continue
            months = (
                (as_of.year - date.year) * 12 + as_of.month - date.month - (1 if as_of.day < date.day else 0)
            )
            self.stated[f"evidence[{position}].age"] = Stated("known", (months,), "", node.place)
            self.types[f"evidence[{position}].age"] = NumberType.of("months")

    def evidence_limit(self, items: Node | None) -> None:
        """The items on one fact are read together, so there may be as many of them as of any records."""
        counts: dict[str, int] = {}
        for position in range(len(self.records.get("evidence", ()))):
            fact = self.texts.get(f"evidence[{position}].fact", "")
            counts[fact] = counts.get(fact, 0) + 1
        for fact, count in counts.items():
            if count > MAX_RECORDS and items is not None:
                self.problems.add(
                    "SV901",
                    items.place,
                    f"{count:,} pieces of evidence on {fact} are more than the {MAX_RECORDS} that are read together",
                    "Join those of one source and one month into one.",
                )

    def evidence_fact(self, node: Table, position: int) -> None:
        text = self.texts.get(f"evidence[{position}].fact", "")
        place = node.entries["fact"].place if "fact" in node.entries else node.place
        fact = self.book.facts.get(text)
        if fact is None or not isinstance(fact.type, NumberType | YesNo | ChoiceType):
            self.problems.add(
                "SV204",
                place,
                f"the rule book has no fact '{text}' that evidence can bear on"
                if text
                else "this evidence does not say which fact it bears on",
                did_you_mean(text, self.book.facts) or "List them with: sharedvalue facts",
            )
            return
        reading = self.stated.get(f"evidence[{position}].reading")
        if reading is not None and reading.value is not None and isinstance(fact.type, NumberType):
            number = Fraction(reading.value, 1000)
            if maybe_a_share(number, fact.type):
                what = f"a reading of {float(number):g} for {text} could mean two things"
                self.problems.add("SV205", place, what, f"If it is {float(100 * number):g} %, write that.")
            elif not fact.type.lo <= number * fact.type.scale <= fact.type.hi:
                self.problems.add(
                    "SV205",
                    place,
                    f"this reading is out of range for {text}",
                    f"It must be {expected_of(fact.type)}.",
                )

    def expectation(self, reader: Reader | None) -> Expectation | None:
        if reader is None:
            return None
        outcome = reader.word("outcome", self.book.outcome_names, required=True)
        modes = frozenset(reader.words("modes")) if reader.has("modes") else None
        for mode in modes or ():
            if mode not in self.book.outcomes.modes:
                self.problems.add(
                    "SV304",
                    reader.place("modes"),
                    f"there is no mode '{mode}'",
                    did_you_mean(mode, self.book.outcomes.modes),
                )
        reader.done()
        return Expectation(outcome, modes)


def with_values(scenario: Scenario, book: RuleBook, settings: Mapping[str, str]) -> Scenario:
    """The scenario with values supposed: {'segments[experts].overlap': '30', 'sponsor_stance': 'fixed|negotiable', 'x': '20..50'}.

    Raises:
        UserError: SV204 for an unknown address, SV205 for a value that does not fit, SV206 for a fact that is set twice.
    """
    problems = Problems()
    stated, types = dict(scenario.stated), dict(scenario.types)
    set_by: dict[str, str] = {}
    for address, written in settings.items():
        name = scenario.resolve(address)
        place = Place(f"--set {address}={written}")
        kind = type_of(book, name) if name else None
        if name is None or kind is None:
            known = [*book.facts, *(scenario.address(n) for n in scenario.stated)]
            problems.add(
                "SV204",
                place,
                f"there is no fact '{address}' here",
                did_you_mean(address, known) or "List them with: sharedvalue facts",
            )
            continue
        if name in set_by:
            what = f"'{address}' and '{set_by[name]}' are the same fact"
            problems.add("SV206", place, what, "Say once what it is.")
        set_by[name] = address
        found = read_stated(Text(written, place), kind, address, problems)
        if found is not None:
            stated[name], types[name] = found, kind
    problems.stop_if_any()
    names = [name for address in settings if (name := scenario.resolve(address)) is not None]
    return supposing(replace(scenario, stated=stated, types=types), names)


def supposing(scenario: Scenario, names: Collection[str]) -> Scenario:
    """The scenario in which what it states of some values is only supposed."""
    supposed = {n: replace(s, supposed=True) for n, s in scenario.stated.items() if n in names}
    return replace(scenario, stated={**scenario.stated, **supposed})


__all__ = ["Scenario", "Stated", "UserError", "load_scenario", "read_scenario", "supposing", "with_values"]
