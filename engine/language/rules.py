"""Rules as they are written: what must hold, what follows, and the words that say why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.expressions import Written, read
from sharedvalue.engine.language.measures import STAGES
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.source import Items, Node, Table, Text

KINDS = ("article", "literature", "house", "note")
MODALITIES = ("will", "could", "possibly", "might", "must", "is")
EFFECTS = ("gives", "caps", "lowers", "sets", "unknown", "spans", "widens_down", "one_of")
_CONCLUSION = re.compile(r"^\s*([a-z][a-z0-9_]*)\s*(?:\(([a-z0-9_,\s]*)\))?\s*$")


@dataclass(frozen=True)
class Conclusion:
    """What a rule concludes, of nothing or of records: need_fixed, qualifies(s)."""

    name: str
    arguments: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Effect:
    """What an evidence rule does to the confidence of a fact (None: the fact of the group)."""

    kind: str
    values: tuple[str, ...]
    fact: str | None
    place: Place


@dataclass(frozen=True)
class When:
    """Something that holds under a condition (None: always): a mode, an action, a risk."""

    name: str
    when: Written | None
    place: Place
    words: str = ""


@dataclass(frozen=True)
class Block:
    """One condition with what follows from it: a whole rule, or one of its cases, parts or branches.

    `records` are the record variables and lists that it runs over: its own, or else those of its rule; so is its `kind`.
    `order` is the place of a branch in the order of choice, `beside` where a house puts it: ("after", "Z03").
    """

    part: str
    records: tuple[tuple[str, str], ...]
    when: Written | None
    unless: Written | None
    concludes: tuple[Conclusion, ...]
    because: Text
    line: Text | None
    otherwise: Text | None
    effects: tuple[Effect, ...]
    advise: tuple[When, ...]
    warn: tuple[When, ...]
    modality: str
    place: Place
    outcome: str = ""
    order: int = 0
    modes: tuple[When, ...] = ()
    kind: tuple[str, ...] = ()
    beside: tuple[str, str] | None = None


@dataclass(frozen=True)
class Rule:
    """A rule of the book. `form` is single | cases | parts | branches; `records` are its record variables and lists."""

    id: str
    chapter: str
    title: str
    kind: tuple[str, ...]
    cites: tuple[str, ...]
    sources: tuple[str, ...]
    records: tuple[tuple[str, str], ...]
    stage: str
    form: str
    blocks: tuple[Block, ...]
    about: str
    place: Place

    def kind_of(self, part: str) -> tuple[str, ...]:
        """The kind of one of its blocks."""
        return next((b.kind for b in self.blocks if b.part == part and b.kind), self.kind)

    @property
    def is_note(self) -> bool:
        return self.kind == ("note",)


def expression(reader: Reader, key: str) -> Written | None:
    """The condition below a key; problems are noted."""
    source = reader.scalar(key)
    if source is None:
        return None
    try:
        return read(source)
    except UserError as error:
        reader.problems.extend(error)
        return None


def read_conditional(reader: Reader, key: str, word: str) -> tuple[When, ...]:
    """A list of names, or of {word: NAME, when: CONDITION}."""
    node = reader.node(key)
    found = []
    for item in node.items if isinstance(node, Items) else () if node is None else (node,):
        if isinstance(item, Text):
            found.append(When(item.value, None, item.place))
        elif isinstance(item, Table):
            below = Reader(item, reader.problems, f"'{key}' of {reader.what}")
            found.append(
                When(
                    below.text(word, required=True),
                    expression(below, "when"),
                    item.place,
                    below.text("words"),
                )
            )
            below.done()
        else:
            reader.wrong(key, f"a list of names, or of {{{word}:, when:}}")
    return tuple(found)


def read_rule(rule_id: str, reader: Reader, chapter: str, stage: str) -> Rule:
    """One entry of `rules:`."""
    kind = _kind(reader)
    if not kind:
        reader.problems.add(
            "SV303", reader.table.place, f"{reader.what} has no 'kind'", f"Kinds: {', '.join(KINDS)}."
        )
    records = _records(reader)
    modality = reader.word("modality", MODALITIES, default="is")
    form = next((f for f in ("cases", "parts", "branches") if reader.has(f)), "single")
    blocks = (
        [_block(reader, "", modality, records)]
        if form == "single"
        else _blocks(reader, form, modality, records)
    )
    rule = Rule(
        rule_id,
        chapter,
        reader.text("title", required=True),
        kind,
        reader.words("cites"),
        reader.words("sources"),
        records,
        reader.word("stage", STAGES, default=stage),
        form,
        tuple(blocks),
        reader.text("about"),
        reader.table.place,
    )
    reader.done()
    return rule


def _kind(reader: Reader) -> tuple[str, ...]:
    kind = reader.words("kind")
    for word in kind:
        if word not in KINDS:
            reader.problems.add(
                "SV304",
                reader.place("kind"),
                f"'{word}' is not a kind of rule",
                f"Kinds: {', '.join(KINDS)}.",
            )
    return kind


def _records(reader: Reader) -> tuple[tuple[str, str], ...]:
    loop = reader.reader("for")
    if loop is None:
        return ()
    records = tuple((variable, loop.text(variable, required=True)) for variable in list(loop.table.entries))
    loop.done()
    return records


def _blocks(reader: Reader, form: str, modality: str, records: tuple[tuple[str, str], ...]) -> list[Block]:
    """The blocks of a rule; what the rule itself says under otherwise, advise and warn goes for each of them."""
    otherwise = reader.scalar("otherwise")
    advise, warn = read_conditional(reader, "advise", "action"), read_conditional(reader, "warn", "risk")
    node = reader.node(form)
    named: list[tuple[str, Node]] = []
    if isinstance(node, Table):
        named = list(node.entries.items())
    elif isinstance(node, Items):
        named = [(str(position), item) for position, item in enumerate(node.items, 1)]
    else:
        reader.wrong(form, "a list of blocks, or a table of named blocks")
    if isinstance(node, Items | Table) and not named:
        reader.problems.add(
            "SV303", node.place, f"{reader.what} has no {form}", "Add one, with its 'because'."
        )
    blocks = []
    for name, item in named:
        below = Reader.of(item, reader.problems, f"{form[:-1]} {name} of {reader.what}", reader.table.place)
        block = _block(below, name, modality, records)
        below.done()
        blocks.append(
            replace(
                block,
                otherwise=block.otherwise or otherwise,
                advise=block.advise + advise,
                warn=block.warn + warn,
            )
        )
    return blocks


def _block(reader: Reader, part: str, modality: str, records: tuple[tuple[str, str], ...]) -> Block:
    because = reader.scalar("because", required=True)
    outcome = reader.text("outcome")
    concludes = tuple(c for text in reader.texts("conclude") if (c := _conclusion(text, reader)) is not None)
    if not reader.texts("conclude") and not outcome and not reader.has("effect"):
        reader.problems.add(
            "SV303", reader.table.place, f"{reader.what} concludes nothing", "Add 'conclude: NAME'."
        )
    name = reader.text("name", default=part)
    return Block(
        part=name,
        records=_records(reader) or records,
        when=expression(reader, "when"),
        unless=expression(reader, "unless"),
        concludes=concludes,
        because=because or Text("", reader.table.place),
        line=reader.scalar("line"),
        otherwise=reader.scalar("otherwise"),
        effects=_effects(reader),
        advise=read_conditional(reader, "advise", "action"),
        warn=read_conditional(reader, "warn", "risk"),
        modality=reader.word("modality", MODALITIES, default=modality),
        place=reader.table.place,
        outcome=outcome,
        order=_order(reader) if outcome else 0,
        modes=read_conditional(reader, "modes", "mode"),
        kind=() if part == "" else _kind(reader),
        beside=_beside(reader) if outcome else None,
    )


def _order(reader: Reader) -> int:
    """The place of a branch in the order of choice; 0 where it stands beside another."""
    place = reader.number("place", required=not (reader.has("after") or reader.has("before")))
    if place is not None and place.denominator != 1:
        reader.problems.add(
            "SV319",
            reader.place("place"),
            f"{reader.what} has a place between two others, which is no place",
            "Say which branch it stands beside instead: 'after: Z03' or 'before: Z06'.",
        )
    return 0 if place is None else int(place)


def _beside(reader: Reader) -> tuple[str, str] | None:
    after, before = reader.text("after"), reader.text("before")
    if after and before:
        reader.wrong("before", "left out where there is an 'after'")
    return ("after", after) if after else ("before", before) if before else None


def _conclusion(text: Text, reader: Reader) -> Conclusion | None:
    match = _CONCLUSION.match(text.value)
    if match is None:
        reader.problems.add(
            "SV302",
            text.place,
            f"'{text.value}' is not a conclusion",
            "Write a name, or name(s) for a record.",
        )
        return None
    arguments = tuple(word.strip() for word in (match.group(2) or "").split(",") if word.strip())
    return Conclusion(match.group(1), arguments, text.place)


def _effects(reader: Reader) -> tuple[Effect, ...]:
    node = reader.node("effect")
    found = []
    for item in node.items if isinstance(node, Items) else () if node is None else (node,):
        if not isinstance(item, Table):
            reader.wrong("effect", "a table such as {gives: medium}")
            continue
        below = Reader(item, reader.problems, f"'effect' of {reader.what}")
        fact = below.text("fact") or None
        for kind in EFFECTS:
            if below.has(kind):
                found.append(Effect(kind, below.words(kind), fact, item.place))
        below.done()
    return tuple(found)
