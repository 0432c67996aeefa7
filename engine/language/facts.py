"""The vocabulary: every fact with its type, its owner, how it is estimated and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.expressions import AllOf, Name, Written
from sharedvalue.engine.language.expressions import read as read_expression
from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.source import Items, Node, Table, Text
from sharedvalue.engine.language.types import (
    UNITS,
    ChoiceType,
    FactType,
    FieldSpec,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    YesNo,
)
from sharedvalue.engine.language.values import read_value

OWNERS = ("leader", "sponsor", "members", "leader_and_members", "leader_and_sponsor", "nobody")
GROUP_TITLES = {
    "community": "The community",
    "members": "The members",
    "sponsor": "The sponsor",
    "overlap": "The overlap",
    "membership": "Who is a member",
    "evidence": "Evidence and governance",
}
GROUPS = tuple(GROUP_TITLES)


@dataclass(frozen=True)
class Question:
    """How a fact is asked: `place` orders, `effort` is what it costs to learn (1 a look-up .. 100 a study), `step` the step
    of the whole (see Asking) that it belongs to.

    A question about another fact, such as how that is known, names it in `after`: it is asked only once that one is known.
    """

    question: str
    help: str
    place: int
    effort: int
    words: Mapping[str, str]
    step: str = ""
    after: str = ""


@dataclass(frozen=True)
class Asking:
    """The steps in which is asked. Of the `late` step nothing is among the `first` questions unless `unless` holds."""

    steps: tuple[str, ...] = ()
    late: str = ""
    first: int = 0
    unless: Written | None = None


@dataclass(frozen=True)
class Assumption:
    """A value taken when the fact is left out and `when` is known to hold (always, where there is none).

    `says` are the words for it where the number itself would say too much: 'not young', not '24'.
    """

    value: int
    when: Written | None
    says: str = ""


@dataclass(frozen=True)
class Fact:
    """One fact of the vocabulary. `cost` is (basis, amount) with basis point | unit | once, a house default.

    `applies_when` is the yes_no fact without which it means nothing, `asked_when` what must be able to hold for it to be
    asked or told of. `brief` names it in a few words, inside a sentence; `short` is that, or the title. `words` names the scale of words
    that it may be given in. `stands` says where in a scenario's file a list stands, `example` shows one as it is written.
    `typical` is what an example takes where nothing is known; without it the middle of what may be.
    `goes` is up | forward (through the options) | nowhere for what changes in one way only, or not at all: nobody grows younger.
    """

    name: str
    id: str
    group: str
    title: str
    type: FactType
    required: bool
    review_needs: bool
    applies_when: str | None
    assume: tuple[Assumption, ...]
    how: str
    ask: Question | None
    owner: str
    improves: tuple[str, ...]
    moves: str
    cost: tuple[str, int]
    cites: tuple[str, ...]
    top_level: bool
    reading_discount: tuple[str, str] | None
    held_when: Written | None
    place: Place
    brief: str = ""
    words: str = ""
    asked_when: Written | None = None
    stands: str = ""
    example: str = ""
    goes: str = ""
    typical: int | None = None

    def may_go(self, start: int, to: int) -> bool:
        """Whether it can go from one value to another at all, whoever brings it about."""
        return not self.goes or (to > start and self.goes != "nowhere")

    @property
    def short(self) -> str:
        return self.brief or self.title[:1].lower() + self.title[1:]


def read_type(node: Node | None, reader: Reader, levels: tuple[str, ...]) -> FactType | MapType | None:
    """The type that a `type:` says, or None with a problem noted."""
    if isinstance(node, Text):
        if node.value in UNITS:
            return NumberType.of(node.value)
        if node.value == "yes_no":
            return YesNo()
        if node.value in ("text", "date"):
            return TextType(node.value)
        if node.value == "level":
            return ChoiceType(levels, tuple(range(len(levels))), ordered=True)
        if node.value == "records":
            return _records(reader, levels)
    if isinstance(node, Table):
        return _type_with_arguments(node, reader, levels)
    place = node.place if node else reader.table.place
    reader.problems.add(
        "SV306",
        place,
        f"{reader.what} has no type that the language knows",
        "Use percent, count, months, weight, number, yes_no, {choice: [..]}, {level: [..]}, text, date or records.",
    )
    return None


def _type_with_arguments(node: Table, reader: Reader, levels: tuple[str, ...]) -> FactType | MapType | None:
    below = Reader(node, reader.problems, f"the type of {reader.what}")
    for unit in UNITS:
        if below.has(unit):
            bounds = [as_number(text) for text in below.texts(unit)]
            below.done()
            if len(bounds) != 2 or bounds[0] is None or bounds[1] is None or bounds[0] > bounds[1]:
                below.wrong(unit, "a range [lowest, highest]")
                return NumberType.of(unit)
            return NumberType.of(unit, bounds[0], bounds[1])
    if below.has("choice"):
        options = below.words("choice")
        below.done()
        return ChoiceType.of(options) if options else None
    if below.has("level"):
        options = below.words("level")
        below.done()
        for option in options:
            if option not in levels:
                reader.problems.add(
                    "SV306", node.place, f"'{option}' is not a level", f"Levels: {', '.join(levels)}."
                )
        known = tuple(option for option in options if option in levels)
        return ChoiceType(known, tuple(levels.index(option) for option in known), ordered=True)
    if below.has("map"):
        target = below.text("map", required=True)
        of: NumberType | YesNo = (
            YesNo() if below.text("of", default="number") == "yes_no" else NumberType.of("number", 0, 1)
        )
        values = [as_number(text) for text in below.texts("values")]
        below.done()
        if isinstance(of, NumberType):
            of = replace(of, values=tuple(int(v * of.scale) for v in values if v is not None))
        return MapType(target, of)
    below.done()
    reader.problems.add(
        "SV306",
        node.place,
        f"{reader.what} has no type that the language knows",
        "For example {percent: [-100, 300]} or {choice: [none, possible]}.",
    )
    return None


def _records(reader: Reader, levels: tuple[str, ...]) -> RecordsType:
    specs = []
    for name, below in reader.each("fields", f"field of {reader.what}"):
        kind = read_type(below.node("type"), below, levels)
        if kind is None or isinstance(kind, RecordsType):
            continue
        default = below.scalar("default")
        value = None if default is None else read_value(default, kind)
        if default is not None and value is None:
            below.wrong("default", "a value of the field's type")
        specs.append(
            FieldSpec(
                name,
                kind,
                below.yes_no("key"),
                below.yes_no("optional"),
                value,
                below.text("how"),
                below.word("owner", OWNERS, default="nobody"),
                below.words("improves"),
                below.text("moves"),
                _cost(below),
                below.text("words"),
                _typical(below, kind),
                below.text("title"),
            )
        )
        below.done()
    if sum(spec.key for spec in specs) > 1:
        reader.problems.add(
            "SV306",
            reader.place("fields"),
            f"{reader.what} has more than one key field",
            "Mark one `key: true`.",
        )
    return RecordsType(tuple(specs))


def read_fact(name: str, reader: Reader, levels: tuple[str, ...]) -> Fact | None:
    """One entry of facts.yaml."""
    kind = read_type(reader.node("type"), reader, levels)
    gate, asked_when = _applies(reader)
    fact = Fact(
        name=name,
        id=reader.text("id"),
        group=reader.word("group", GROUPS, required=True, default="community"),
        title=reader.text("title", required=True),
        type=kind if kind is not None and not isinstance(kind, MapType) else TextType(),
        required=reader.yes_no("required"),
        review_needs=reader.yes_no("review_needs"),
        applies_when=gate,
        assume=_assumptions(reader, kind),
        how=reader.text("how", required=True),
        ask=_question(reader.reader("ask"), kind),
        owner=reader.word("owner", OWNERS, default="nobody"),
        improves=reader.words("improves"),
        moves=reader.text("moves"),
        cost=_cost(reader),
        cites=reader.words("cites"),
        top_level=reader.yes_no("top_level"),
        reading_discount=_discount(reader.reader("reading_discount")),
        held_when=_held(reader),
        place=reader.table.place,
        brief=reader.text("brief"),
        words=reader.text("words"),
        asked_when=asked_when,
        stands=reader.text("stands"),
        example=_example(reader),
        goes=reader.word("goes", ("up", "forward", "nowhere")),
        typical=_typical(reader, kind),
    )
    reader.done()
    return fact if kind is not None else None


def _typical(reader: Reader, kind: FactType | MapType | None) -> int | None:
    """The value that examples take where nothing is known, of a type that has one."""
    source = reader.scalar("typical")
    if source is None or kind is None or isinstance(kind, RecordsType):
        return None
    value = read_value(source, kind)
    if not isinstance(value, int):
        reader.wrong("typical", "a value of the type")
        return None
    return value


def _applies(reader: Reader) -> tuple[str | None, Written | None]:
    """When a fact applies: a yes_no fact that it means nothing without, and whatever else must be able to hold."""
    source = reader.scalar("applies_when")
    if source is None:
        return None, None
    try:
        written = read_expression(source)
    except UserError as error:
        reader.problems.extend(error)
        return None, None
    parts = written.node.parts if isinstance(written.node, AllOf) else (written.node,)
    gate = parts[0].name if isinstance(parts[0], Name) else None
    rest = parts[1:] if gate else parts
    if not rest:
        return gate, None
    text = written.source.value
    if gate:
        text = text.strip().removeprefix(gate).strip().removeprefix("and").strip()
    return gate, Written(rest[0] if len(rest) == 1 else AllOf(rest), Text(text, written.source.place))


def _example(reader: Reader) -> str:
    """A text of several lines, as it is written."""
    node = reader.scalar("example")
    return node.value.rstrip() if node else ""


def _question(reader: Reader | None, kind: FactType | MapType | None) -> Question | None:
    if reader is None:
        return None
    words: dict[str, str] = {}
    below = reader.reader("words")
    if below is not None:
        for key in list(below.table.entries):
            words[key] = below.text(key)
        below.done()
        options = kind.options if isinstance(kind, ChoiceType) else ("yes", "no", "true", "false")
        for key in words:
            if key not in options:
                reader.problems.add(
                    "SV304",
                    below.key_place(key),
                    f"'{key}' is not a value of {reader.what}",
                    f"Values: {', '.join(options)}.",
                )
    question = Question(
        reader.text("question", required=True),
        reader.text("help"),
        reader.whole("place", default=1000),
        reader.whole("effort", default=20),
        words,
        reader.text("step"),
        reader.text("after"),
    )
    reader.done()
    return question


def read_asking(reader: Reader | None) -> Asking:
    """`asking:` of facts.yaml."""
    if reader is None:
        return Asking()
    steps, below = reader.words("steps"), reader.reader("late")
    found = Asking(steps)
    if below is not None:
        unless = below.scalar("unless")
        late = below.word("step", steps, required=True)
        found = Asking(steps, late, below.whole("first"), read_expression(unless) if unless else None)
        below.done()
    reader.done()
    return found


def _assumptions(reader: Reader, kind: FactType | MapType | None) -> tuple[Assumption, ...]:
    node = reader.node("assume")
    if node is None or kind is None:
        return ()
    found = []
    for item in node.items if isinstance(node, Items) else (node,):
        below = (
            Reader(item, reader.problems, f"'assume' of {reader.what}") if isinstance(item, Table) else None
        )
        scalar = item if isinstance(item, Text) else below.scalar("value", required=True) if below else None
        condition = below.scalar("when") if below else None
        value = read_value(scalar, kind) if scalar else None
        says = below.text("says") if below else ""
        if below:
            below.done()
        if not isinstance(value, int):
            reader.wrong("assume", "a value of the fact's type")
            continue
        found.append(Assumption(value, read_expression(condition) if condition else None, says))
    return tuple(found)


def _held(reader: Reader) -> Written | None:
    source = reader.scalar("held_when")
    return read_expression(source) if source else None


def _cost(reader: Reader) -> tuple[str, int]:
    below = reader.reader("cost")
    if below is None:
        return ("once", 20)
    for basis in ("point", "unit", "once"):
        if below.has(basis):
            amount = below.whole(basis)
            below.done()
            return (basis, amount)
    below.done()
    reader.wrong("cost", "one of {point: n}, {unit: n}, {once: n}")
    return ("once", 20)


def _discount(reader: Reader | None) -> tuple[str, str] | None:
    if reader is None:
        return None
    pair = (reader.text("only_from", required=True), reader.text("counts", required=True))
    reader.done()
    return pair


def scaled(value: Fraction, kind: NumberType) -> int:
    """A number as its scaled integer, rounded down where it is finer than the scale."""
    return int(value * kind.scale // 1)
