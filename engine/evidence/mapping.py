"""A mapping says what the columns of an export are: a small file that a person writes once and uses again next quarter."""

from __future__ import annotations

from collections.abc import Mapping as Table_
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from sharedvalue.engine.errors import Place, Problem, Problems, UserError, did_you_mean
from sharedvalue.engine.evidence.listed import known_as
from sharedvalue.engine.language.facts import Fact
from sharedvalue.engine.language.reader import Reader, as_number, as_yes_no
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.source import Items, Node, Table, Text, parse_file
from sharedvalue.engine.language.types import ChoiceType, NumberType

FORMAT = 1
EMPTY = "Write one with: sharedvalue import EXPORT --write-mapping FILE"
DATE_ORDERS = ("month first", "day first", "year first")


def lists_accounts(format: str) -> bool:  # noqa: A002  # an export's word for it
    """Whether an export lists accounts, which need not be the members."""
    tool = known_as(format)
    return format in ("discourse-users", "slack") or (tool is not None and tool.accounts)


@dataclass(frozen=True)
class Role:
    """What a column may be. `fact` is the percent fact that a share fills, `takes` are the keys it may have, and `of` says whom the
    fact is about where that is not everybody who answers."""

    name: str
    says: str
    fact: str = ""
    takes: tuple[str, ...] = ()
    of: str = ""


_COUNTED = ("counts", "counts_all_but", "known", "scale", "from", "to", "no_answer")
ROLES: Table_[str, Role] = {
    role.name: role
    for role in (
        Role("value_now", "whether the community helps the person now", "member_value_now", _COUNTED),
        Role("value_outlook", "whether it will still matter in a year or two", "member_value_outlook", _COUNTED),
        Role("openness", "whether the person would take part in what the sponsor needs", "openness_to_realign", _COUNTED,
             of="those who take an active part"),
        Role("share", "a share that fills another fact in points of 100", "", (*_COUNTED, "fact")),
        Role("needs", "what the person needs most: one answer, several, one a row, or free text",
             takes=(*_COUNTED, "needs", "separator", "top", "grouping")),
        Role("satisfied", "how well a need is met", takes=(*_COUNTED, "needs")),
        Role("segment", "the group that the person belongs to", takes=("segments", "separator", "counts_all_but")),
        Role("level", "how experienced the person is", takes=("levels",)),
        Role("participation", "whether the person is core or active", takes=_COUNTED),
        Role("date", "when the answer came in"),
        Role("person", "who it is: matched in memory, never written"),
        Role("joined", "when the person became a member"),
        Role("left", "when the person left; empty for a member"),
        Role("last_active", "when the person was last seen"),
        Role("posted", "when the person last wrote something"),
        Role("core", "whether the person is of the core group", takes=_COUNTED),
        Role("members", "how many members a row stands for"),
        Role("item", "what was viewed, asked or attended: a page, a topic, an event", takes=("needs",)),
        Role("times", "how often the item was viewed, answered or attended"),
        Role("reached", "how many people could have met the item"),
        Role("created", "since when the item is there"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Answers that stand for one thing: a need, a segment or a level. `lo`..`hi` where they are numbers.

    `needed_by` is how many of 100 members have a need, as somebody judges who was asked by nobody.
    """

    name: str
    answers: tuple[str, ...] = ()
    lo: Fraction | None = None
    hi: Fraction | None = None
    within_purpose: bool | None = None
    listed: bool = True
    place: Place = field(default=Place(""), compare=False)
    needed_by: Fraction | None = None


@dataclass(frozen=True)
class Use:
    """What one column (or all rows of one grid question) is.

    An answer counts where it is one of `counts`, none of `but`, a number from `at_least` up, or one up to `at_most` where the low
    end is the better one. `known` and `scale` are all answers that there may be; another one is a mistake. What is in
    `no_answer` is none.
    """

    role: str
    column: str = ""
    question: str = ""
    index: int | None = None
    fact: str = ""
    counts: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    scale: tuple[Fraction, Fraction] | None = None
    at_least: Fraction | None = None
    top: int = 0
    separator: str = ""
    grouping: str = ""
    groups: tuple[Group, ...] = ()
    place: Place = field(default=Place(""), compare=False)
    at_most: Fraction | None = None
    no_answer: tuple[str, ...] = ()

    @property
    def by_number(self) -> bool:
        return self.at_least is not None or self.at_most is not None

    @property
    def named(self) -> str:
        return self.column or self.question


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file. `date` and `population` stand for what the export does not say."""

    file: str
    about: str
    source: str
    columns: tuple[Use, ...]
    date: str = ""
    date_order: str = ""
    population: int = 0
    drawn_from_all: bool = False
    no_answer: tuple[str, ...] = ()
    format: str = ""

    def of(self, *roles: str) -> tuple[Use, ...]:
        return tuple(use for use in self.columns if use.role in roles)

    @property
    def is_register(self) -> bool:
        """Whether rows are members, and not answers."""
        return (
            self.format == "register"
            or lists_accounts(self.format)
            or bool(self.of("joined", "left", "last_active", "posted", "core", "members"))
        )

    @property
    def is_resonance(self) -> bool:
        """Whether rows are pages, topics or events."""
        return bool(self.of("item"))

    @property
    def is_attendance(self) -> bool:
        """Whether rows are people who came, and nothing else is said of them."""
        others = any(use.role not in ("person", "date") for use in self.columns)
        return bool(self.of("person")) and not others and not self.is_register

    def one(self, role: str) -> Use | None:
        return next(iter(self.of(role)), None)


def read_mapping(path: Path | str, book: RuleBook) -> Mapping:
    """The mapping of a file. Raises UserError with every mistake in it (SV451, and SV1xx for the file itself)."""
    return mapping_of(parse_file(path, EMPTY), str(path), book)


def mapping_of(tree: Node, file: str, book: RuleBook) -> Mapping:
    problems = Problems()
    try:
        found = _read(Reader.of(tree, problems, "the mapping", Place(file)), file, book)
        problems.stop_if_any()
    except UserError as error:
        raise UserError(_as_451(problem) for problem in error.problems) from None
    return found


def _as_451(problem: Problem) -> Problem:
    return replace(problem, code="SV451") if problem.code.startswith("SV3") else problem


def _read(reader: Reader, file: str, book: RuleBook) -> Mapping:
    version = reader.scalar("mapping", required=True)
    if version is not None and version.value != str(FORMAT):
        reader.wrong("mapping", f"{FORMAT}, the format that this release reads")
    sources = type_of(book, "evidence[0].source")
    assert isinstance(sources, ChoiceType)
    uses = []
    for position, node in enumerate(reader.items("columns")):
        below = Reader.of(
            node, reader.problems, f"column {position + 1} of the mapping", reader.place("columns")
        )
        uses.append(_use(below, book))
        below.done()
    if not uses:
        reader.problems.add(
            "SV303", reader.table.place, "the mapping names no column", "Add 'columns:' with one entry each."
        )
    found = Mapping(
        file,
        reader.text("about"),
        reader.word("source", sources.options, default="survey"),
        tuple(uses),
        reader.text("date"),
        reader.word("date_order", DATE_ORDERS),
        reader.whole("population"),
        reader.yes_no("drawn_from_all"),
        reader.words("no_answer"),
        reader.text("format"),
    )
    reader.done()
    return found


def _use(below: Reader, book: RuleBook) -> Use:
    role = ROLES[below.word("role", tuple(ROLES), required=True, default="date")]
    if below.has("column") == below.has("question"):
        below.problems.add("SV303", below.table.place, f"{below.what} must have 'column' or 'question', and not both",
                           "'column' is the heading; 'question' stands for all rows of a grid.")  # fmt: skip
    index = below.whole("index", default=-1)
    scale = tuple(n for t in below.texts("scale") if (n := as_number(t)) is not None)
    if below.has("scale") and (len(scale) != 2 or scale[0] >= scale[1]):
        below.wrong("scale", "its two ends, such as [1, 5]")
    name = "needs" if below.has("needs") else "segments" if below.has("segments") else "levels"
    use = Use(
        role.name,
        below.text("column"),
        below.text("question"),
        index if index >= 0 else None,
        below.text("fact", default=role.fact),
        below.words("counts"),
        below.words("counts_all_but"),
        below.words("known"),
        (scale[0], scale[1]) if len(scale) == 2 else None,
        below.number("from"),
        below.whole("top"),
        _separator(below),
        below.text("grouping"),
        tuple(_groups(below, name, book)),
        below.table.place,
        below.number("to"),
        below.words("no_answer"),
    )
    if below.text("role") in ROLES:  # what a column may have cannot be said where its role is not known
        _check(use, role, below, book)
    return use


def _separator(below: Reader) -> str:
    node = below.node("separator")
    return node.value if isinstance(node, Text) else ""


def _groups(below: Reader, key: str, book: RuleBook) -> list[Group]:
    node = below.node(key)
    if isinstance(node, Items | Text):  # labels that are the answers themselves
        return [Group(t.value, (t.value,), place=t.place) for t in below.texts(key)]
    if not isinstance(node, Table):
        return []
    found = []
    for name, inner in node.entries.items():
        place = node.keys[name]
        if isinstance(inner, Text):
            found.append(Group(name, (inner.value,), place=place))
        elif isinstance(inner, Items):
            found.append(Group(name, tuple(i.value for i in inner.items if isinstance(i, Text)), place=place))
        else:
            each = Reader(inner, below.problems, f"'{name}'")
            within = each.scalar("within_purpose")
            found.append(
                Group(
                    name,
                    each.words("answers") or (() if each.has("from") or each.has("to") else (name,)),
                    each.number("from"),
                    each.number("to"),
                    None if within is None else as_yes_no(within),
                    each.yes_no("listed", default=True),
                    place,
                    _needed_by(each),
                )
            )
            each.done()
    if key == "levels":
        kind = type_of(book, "segments[0].level")
        known = kind.options if isinstance(kind, ChoiceType) else ()
        for group in found:
            if group.name not in known:
                below.problems.add("SV304", group.place, f"'{group.name}' is not a level",
                                   did_you_mean(group.name, known) or f"Levels: {', '.join(known)}.")  # fmt: skip
    return found


def _needed_by(below: Reader) -> Fraction | None:
    value = below.number("needed_by")
    if value is not None and not 0 <= value <= 100:
        below.wrong("needed_by", "a number of 100 members, from 0 to 100")
        return None
    return value


def _check(use: Use, role: Role, below: Reader, book: RuleBook) -> None:
    for key in below.table.entries:
        if key not in ("role", "column", "question", "index", *role.takes):
            below.problems.add("SV305", below.key_place(key), f"'{key}' says nothing about a column that is {role.name}",
                               f"It may have: {', '.join(role.takes) or 'nothing more'}.")  # fmt: skip
    fact: Fact | None = book.facts.get(use.fact)
    if "fact" in role.takes and (
        fact is None or not isinstance(fact.type, NumberType) or fact.type.unit != "percent"
    ):
        below.problems.add("SV304", below.place("fact"), f"'{use.fact}' is no fact in points of 100",
                           did_you_mean(use.fact, [n for n, f in book.facts.items() if isinstance(f.type, NumberType)])
                           or "List them with: sharedvalue facts")  # fmt: skip
    counted = role.fact or role.name in ("share", "satisfied", "participation")
    ways = [bool(use.counts), bool(use.but), below.has("from"), below.has("to")]
    rated = role.name == "needs" and below.has("question") and not use.top
    if (counted or rated) and sum(ways) != 1:
        below.problems.add("SV303", below.table.place, f"{below.what} does not say which answers count",
                           "Give one of: 'counts: [answers]', 'counts_all_but: [answers]', 'scale: [1, 5]' with 'from: 4' ('to: 2' where 1 is best)."
                           + (" For a ranking: 'top: 3'." if rated else ""))  # fmt: skip
    if use.by_number and use.scale is None:
        below.problems.add("SV303", below.table.place, f"{below.what} has '{'from' if below.has('from') else 'to'}' without 'scale'",
                           "Add the ends of the scale, such as scale: [1, 5]; an export does not say them.")  # fmt: skip
    if use.role == "satisfied" and not use.groups:
        below.problems.add(
            "SV303", below.table.place, f"{below.what} does not say whose need it is", "Add 'needs: [label]'."
        )


__all__ = [
    "DATE_ORDERS",
    "ROLES",
    "Group",
    "Mapping",
    "Role",
    "Use",
    "lists_accounts",
    "mapping_of",
    "read_mapping",
]
